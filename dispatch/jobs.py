"""The timer of dispatch: alarms are kept up to date."""

from datetime import timedelta

from dispatch.permissions import INCIDENT_READ
from gis.jobs.model import Job, Queue, Timer
from gis.words import Words

WATCH_ALARMS = Job(
    name="dispatch.alarms",
    queue=Queue.TIMERS,
    label=Words(en="Watch alarms", zh="检查警报"),
    run="dispatch.incidents.alarm_keeping:watch_alarms",
    permission=INCIDENT_READ,
    attempts=1,
    kept=timedelta(minutes=10),
)

JOBS = (WATCH_ALARMS,)
TIMERS = (Timer(WATCH_ALARMS, cron="* * * * * */15"),)
