"""The job of studies: one is worked out, in a process of its own."""

from gis.jobs.model import Job, Queue
from gis.words import Words
from planning.permissions import STUDY_WRITE

STUDY = Job(
    name="planning.study",
    queue=Queue.HEAVY,
    label=Words(en="Work out a planning study", zh="计算规划方案"),
    run="planning.studies.work:work_out",
    permission=STUDY_WRITE,
    longest_s=3 * 3600.0,
)
JOBS = (STUDY,)
