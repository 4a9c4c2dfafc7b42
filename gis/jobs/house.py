"""The house's own jobs: what expired is swept, at every start too; a backup is made when asked."""

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
MAKE_BACKUP = Job(
    name="backup.make",
    queue=Queue.HEAVY,
    label=Words(en="Make a backup", zh="备份"),
    run="api.operations.backup_work:make_backup",
    permission=USER_ADMIN,
)
JOBS = (KEEP_HOUSE, MAKE_BACKUP)
TIMERS = (Timer(KEEP_HOUSE, cron="*/10 * * * *", at_start=True),)
