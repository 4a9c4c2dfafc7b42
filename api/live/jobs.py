"""What moved among the jobs since the last look: read once for all readers of the stream."""

from datetime import datetime, timedelta

from gis.access import SYSTEM
from gis.database import Database
from gis.jobs.model import JobRecord
from gis.jobs.service import moved_jobs

_OVERLAP = timedelta(seconds=2)
"""A move is stamped before its transaction is committed; so much later it is still found."""


class JobFeed:
    """One per process. Used from one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._since: datetime | None = None
        self._seen: dict[int, datetime] = {}

    def begin(self) -> None:
        """Forget what was read: a first reader wants what moves from now on."""
        self._since = None
        self._seen.clear()

    def read(self) -> list[JobRecord]:
        """Return the jobs that moved since the last look, each as it is now."""
        since = self._since or self._database.clock.now()
        with self._database.read(SYSTEM) as uow:
            found = moved_jobs(uow, since - _OVERLAP)
        fresh = [job for job in found if self._seen.get(job.job_id) != job.updated_at]
        self._seen = {job.job_id: job.updated_at for job in found}
        self._since = max([since, *(job.updated_at for job in found)])
        return fresh
