"""The house's own job: what expired is swept every ten minutes, and at every start."""

from gis.jobs.model import Job, Queue, Timer
from gis.permissions import USER_ADMIN
from gis.words import Words

KEEP_HOUSE = Job(
    name="house.keep",
    queue=Queue.TIMERS,
    label=Words(en="Housekeeping", zh="日常维护"),
    run="gis.housekeeping:keep_house",
    permission=USER_ADMIN,
    pause_s=30.0,
)
JOBS = (KEEP_HOUSE,)
TIMERS = (Timer(KEEP_HOUSE, cron="*/10 * * * *", at_start=True),)
