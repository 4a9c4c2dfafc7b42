"""The house's own job: what expired is swept every ten minutes, and at every start."""

from gis.jobs.model import Job, Queue, Timer
from gis.permissions import USER_ADMIN

KEEP_HOUSE = Job(
    name="house.keep",
    queue=Queue.TIMERS,
    label={"zh": "日常维护", "en": "Housekeeping"},
    run="gis.housekeeping:keep_house",
    permission=USER_ADMIN,
    pause_s=30.0,
)
JOBS = (KEEP_HOUSE,)
TIMERS = (Timer(KEEP_HOUSE, cron="*/10 * * * *", at_start=True),)
