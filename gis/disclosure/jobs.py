"""The job that publishes what is due, every night and at every start."""

from gis.jobs.model import Job, Queue, Timer
from gis.permissions import PUBLISHED_COUNTS_READ
from gis.words import Words

RELEASE = Job(
    name="disclosure.release",
    queue=Queue.HEAVY,
    label=Words(en="Publish counts of complete periods", zh="发布已结束时段的人数统计"),
    run="gis.disclosure.work:release_due",
    permission=PUBLISHED_COUNTS_READ,
)
JOBS = (RELEASE,)
TIMERS = (Timer(RELEASE, cron="40 2 * * *", at_start=True),)
