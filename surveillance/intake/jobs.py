"""The job that takes a file of cases in; the file waits in the state folder."""

from gis.jobs.model import Job, Queue
from gis.words import Words
from surveillance.permissions import CASES_IMPORT

IMPORT = Job(
    name="surveillance.import",
    queue=Queue.HEAVY,
    label=Words(en="Import a file of cases", zh="导入病例文件"),
    run="api.operations.case_uploads:import_waiting",
    permission=CASES_IMPORT,
    attempts=2,
)
JOBS = (IMPORT,)
