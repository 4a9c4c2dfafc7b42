"""A job taken from its queue, as its function gets it."""

import tempfile
import threading
from pathlib import Path
from typing import Any

from gis.access import SYSTEM
from gis.database import Database
from gis.jobs import repository, service
from gis.jobs.model import Job
from gis.jobs.running import Process, Run
from gis.settings import Settings


def running(
    database: Database,
    job: Job,
    *,
    process: Process | None = None,
    settings: Settings | None = None,
    **arguments: Any,
) -> Run:
    """Defer a job, take it, and return its run."""
    if process is None:
        chosen = settings or Settings(
            state_folder=Path(tempfile.gettempdir()) / "none", purpose="simulation"
        )
        process = Process(chosen, database)
    with database.unit_of_work(SYSTEM) as uow:
        job_id = service.defer(uow, job, arguments)
        worker_id = repository.register_worker(uow.session)
        repository.take(uow.session, job_id, worker_id=worker_id)
        record = repository.read_job(uow.session, job_id)
    assert record is not None
    return Run(process, record, stop=threading.Event())
