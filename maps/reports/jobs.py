"""The jobs of reports: one is made, in a process of its own; those that expired are removed."""

from gis.jobs.model import Job, Queue, Timer
from gis.permissions import RESOURCE_READ, USER_ADMIN
from gis.words import Words

MAKE_REPORT = Job(
    name="report.make",
    queue=Queue.HEAVY,
    label=Words(en="Make a report", zh="生成报告"),
    run="maps.reports.job:make_report",
    permission=RESOURCE_READ,
    longest_s=900.0,
    # V8, which draws the charts, sets 64 GiB of addresses aside for its pointers.
    reserves_mib=96 * 1024,
)
SWEEP_REPORTS = Job(
    name="report.sweep",
    queue=Queue.TIMERS,
    label=Words(en="Remove reports that expired", zh="清除过期报告"),
    run="maps.reports.job:sweep_reports",
    permission=USER_ADMIN,
    pause_s=30.0,
)
JOBS = (MAKE_REPORT, SWEEP_REPORTS)
TIMERS = (Timer(SWEEP_REPORTS, cron="20 * * * *"),)
