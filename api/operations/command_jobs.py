"""A command's long work as a job: everybody sees it and can stop it, the command does it itself.

No server need run. The command holds a heartbeat of its own; if it is killed, whoever keeps the
jobs finds that, and the job has failed: nobody else can do it again.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from gis.access import SYSTEM
from gis.database import Database
from gis.jobs import repository
from gis.jobs.errors import JobCancelledError
from gis.jobs.model import Job, JobState, Queue
from gis.jobs.running import Given, Process, Run, perform
from gis.jobs.service import defer
from gis.provision import open_database
from gis.settings import Settings
from gis.words import Words

_LOOK_S = 2.0

Report = Callable[[str, float], None]


class CommandRun(Run):
    """A run that also shows how far it is where the command was typed."""

    show: Report

    def report(self, message: Words, done: float, total: float = 1.0) -> None:
        """Show it here at once, and to everybody else once a second."""
        self.show(message.en, done / (total or 1.0))
        super().report(message, done, total)


def do_as_job(
    settings: Settings,
    job: Job,
    arguments: Mapping[str, Any],
    *,
    show: Report,
    work: Callable[[Run], Given] | None = None,
) -> Given:
    """Do a job in this process, by its own function or by `work`, and return what that gives.

    Raises
    ------
    JobCancelledError
        Somebody asked it to stop.
    """
    database = open_database(settings)
    try:
        with _worker(database) as worker_id:
            with database.unit_of_work(SYSTEM) as uow:
                job_id = defer(uow, job, arguments, queue=Queue.COMMAND)
                repository.take(uow.session, job_id, worker_id=worker_id)
                record = repository.read_job(uow.session, job_id)
            assert record is not None
            with _heartbeat(database, worker_id, job_id) as stop, _ending(database, job_id):
                run = CommandRun(Process(settings, database), record, stop=stop)
                run.show = show
                return perform(run, job, work)
    finally:
        database.close()


@contextmanager
def _worker(database: Database) -> Iterator[int]:
    with database.unit_of_work(SYSTEM) as uow:
        worker_id = repository.register_worker(uow.session)
    try:
        yield worker_id
    finally:
        with database.unit_of_work(SYSTEM) as uow:
            repository.unregister_worker(uow.session, worker_id)


@contextmanager
def _heartbeat(database: Database, worker_id: int, job_id: int) -> Iterator[threading.Event]:
    """Give signs of life, and an event that is set when somebody asks the job to stop."""
    stop, over = threading.Event(), threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_S):
            try:
                with database.unit_of_work(SYSTEM) as uow:
                    repository.beat(uow.session, worker_id)
                    asked = repository.stop_asked(uow.session, job_id)
            except SQLAlchemyError:
                # The database is away: the job itself will find out.
                continue
            if asked:
                stop.set()

    thread = threading.Thread(target=look, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        over.set()
        thread.join()


@contextmanager
def _ending(database: Database, job_id: int) -> Iterator[None]:
    """End the job as its block does; one whose effect was made is never called off."""
    state = JobState.FAILED
    try:
        yield
        state = JobState.DONE
    except (JobCancelledError, KeyboardInterrupt):
        state = JobState.CANCELLED
        raise
    finally:
        with database.unit_of_work(SYSTEM) as uow:
            if state is JobState.CANCELLED and repository.effect_made(uow.session, job_id):
                state = JobState.DONE
            repository.finish(uow.session, job_id, state)
