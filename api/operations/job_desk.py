"""What the command line does with jobs, as the system sees them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gis.access import SYSTEM
from gis.database import Database
from gis.jobs import service
from gis.jobs.model import ENDED, JobState, JobView
from gis.provision import open_database
from gis.settings import Settings

_LOOK_S = 1.0
_OPEN = (JobState.WAITING, JobState.RUNNING, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class JobDesk:
    """The jobs of an opened database."""

    database: Database

    def listed(self, *, ended: bool, limit: int) -> tuple[JobView, ...]:
        """Return jobs, newest first; without `ended` those that wait, run or have failed."""
        with self.database.read(SYSTEM) as uow:
            page = service.list_jobs(
                uow, states=() if ended else _OPEN, limit=limit
            )  # fmt: skip
        return page.jobs

    def show(self, job_id: int) -> JobView:
        """Return one job."""
        with self.database.read(SYSTEM) as uow:
            return service.show_job(uow, job_id)

    def cancel(self, job_id: int) -> JobView:
        """Stop a job."""
        with self.database.unit_of_work(SYSTEM) as uow:
            return service.cancel_job(uow, job_id)

    def retry(self, job_id: int) -> JobView:
        """Begin a failed job again."""
        with self.database.unit_of_work(SYSTEM) as uow:
            return service.retry_job(uow, job_id)

    def watched(self, job_id: int | None) -> Iterator[tuple[JobView, ...]]:
        """Yield once a second what is to be shown, to the end of `job_id`, or for ever."""
        while True:
            if job_id is not None:
                job = self.show(job_id)
                yield (job,)
                if job.state in ENDED:
                    return
            else:
                with self.database.read(SYSTEM) as uow:
                    yield service.list_jobs(uow, states=(JobState.RUNNING,)).jobs
            time.sleep(_LOOK_S)


@contextmanager
def job_desk(settings: Settings) -> Iterator[JobDesk]:
    """Open a database that is there."""
    database = open_database(settings)
    try:
        yield JobDesk(database)
    finally:
        database.close()
