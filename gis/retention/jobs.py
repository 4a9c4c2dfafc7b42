"""The jobs of retention: the night's erasures, and their copy beside the backups."""

from gis.jobs.model import Job, Queue, Timer
from gis.permissions import PRIVACY_ADMIN
from gis.words import Words

CARRY_OUT = Job(
    name="retention.carry_out",
    queue=Queue.HEAVY,
    label=Words(en="Erase what is past its period", zh="删除超过保存期限的信息"),
    run="gis.retention.running:carry_out",
    permission=PRIVACY_ADMIN,
    pause_s=600.0,
)
COPY_ERASURES = Job(
    name="retention.copy_erasures",
    queue=Queue.TIMERS,
    label=Words(en="Copy the lists of erasures and corrections", zh="备份删除与更正记录"),
    run="gis.retention.running:copy_erasures",
    permission=PRIVACY_ADMIN,
    pause_s=30.0,
)
JOBS = (CARRY_OUT, COPY_ERASURES)
TIMERS = (
    Timer(CARRY_OUT, cron="10 19 * * *"),
    Timer(COPY_ERASURES, cron="5 * * * *", at_start=True),
)
