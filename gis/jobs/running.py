"""One try of one job: what its function is given, and what is noted of how it went."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from gis.access import SYSTEM, Identity
from gis.database import Database, WritingUnitOfWork
from gis.errors import (
    GoldenHourError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
)
from gis.jobs import repository, service
from gis.jobs.errors import (
    EffectMadeError,
    JobCancelledError,
    JobOutOfMemoryError,
    UndeclaredJobError,
)
from gis.jobs.model import Job, JobRecord, Queue, attempts_allowed
from gis.rooms.house import resolve
from gis.settings import Settings
from gis.words import Words, alike

REPORT_EVERY_S = 1.0
"""Progress is written at most so often; the first report and the last are always."""

_PERMANENT = (
    InvalidInputError, NotFoundError, PermissionDeniedError, JobOutOfMemoryError,
    UndeclaredJobError, MemoryError,
)  # fmt: skip
_log = logging.getLogger("goldenhour.jobs")
Kept = TypeVar("Kept")
Given = TypeVar("Given")


class Stop(Protocol):
    """Says whether the job is to end; a `threading.Event` is one."""

    def is_set(self) -> bool:
        """Return whether somebody asked."""
        ...


class Process:
    """What a process that runs many jobs keeps from one to the next."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self._kept: dict[str, Any] = {}

    def keep(self, name: str, make: Callable[[], Kept]) -> Kept:
        """Return what was made under `name`, making it the first time."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: Kept = self._kept[name]
        return kept


class Run:
    """One try of one job. Its function reports, makes its effect once, and stops when asked."""

    def __init__(self, process: Process, record: JobRecord, *, stop: Stop) -> None:
        self.process = process
        self.settings = process.settings
        self.database = process.database
        self.record = record
        self.arguments: Mapping[str, Any] = record.arguments
        self.stop = stop
        self._effect_made = False
        self._reported_at_s = -REPORT_EVERY_S

    def report(self, message: Words, done: float, total: float = 1.0) -> None:
        """Show that `done` of `total` is done and what is being done now.

        Raises
        ------
        JobCancelledError
            Somebody asked the job to stop, and its effect is not made.
        """
        self.go_on()
        if time.monotonic() - self._reported_at_s < REPORT_EVERY_S and done < total:
            return
        with self.database.unit_of_work(SYSTEM) as uow:
            repository.note_progress(
                uow.session, self.record.job_id, done=done, total=total, message=message
            )
        self._reported_at_s = time.monotonic()

    def step(self, words: str, share: float) -> None:
        """Report a step that only has English words, `share` (0 to 1) of the whole done."""
        self.report(alike(words), share)

    def go_on(self) -> None:
        """Do nothing; `JobCancelledError` if somebody asked the job to stop.

        After its effect there is nothing left to stop: "cancelled" would say that nothing was done.
        """
        if self.stop.is_set() and not self._effect_made:
            raise JobCancelledError

    @contextmanager
    def effect(
        self, identity: Identity = SYSTEM, *, database: Database | None = None
    ) -> Iterator[WritingUnitOfWork]:
        """Open the transaction of the job's effect, which is made once however often it runs.

        `database` : another way in, such as the owner's.

        Raises
        ------
        EffectMadeError
            An earlier try made it, though it could not say so; the job is done.
        JobCancelledError
            Somebody asked the job to stop, before the effect.
        """
        self.go_on()
        with (database or self.database).unit_of_work(identity) as uow:
            if not repository.claim_effect(uow.session, self.record.job_id, at=uow.clock.now()):
                raise EffectMadeError(self.record.job_id)
            yield uow
        self._effect_made = True

    def give(self, uow: WritingUnitOfWork, result: Mapping[str, Any]) -> None:
        """Keep what the job gives, in the transaction of `uow`."""
        repository.note_result(uow.session, self.record.job_id, result, at=uow.clock.now())


def execute(process: Process, job: Job, job_id: int, *, stop: Stop) -> None:
    """Do a job that was taken from its queue; what fails is noted beside it, and raised.

    Raises
    ------
    JobCancelledError
        It was asked to stop and did.
    """
    with process.database.read(SYSTEM) as uow:
        record = repository.read_job(uow.session, job_id)
    if record is None:
        return
    run = Run(process, record, stop=stop)
    try:
        perform(run, job)
    except EffectMadeError:
        _log.info("job %s had made its effect before", job_id)


def perform(run: Run, job: Job, work: Callable[[Run], Given] | None = None) -> Given:
    """Return what a job's function gives, or `work` in its place.

    What fails is noted beside the job, and raised.
    """
    with _Noting(run, job):
        if work is None:
            if job.run is None:
                raise UndeclaredJobError(job.name)
            work = resolve(job.run)
        return work(run)


def is_permanent(error: BaseException) -> bool:
    """Return whether trying again would end the same way."""
    return isinstance(error, _PERMANENT)


def sentence_of(error: BaseException, *, memory_mib: int) -> tuple[str, str]:
    """Return code and sentence of what a job failed with."""
    match error:
        case MemoryError():
            known: GoldenHourError = JobOutOfMemoryError(memory_mib)
            return known.code, str(known)
        case GoldenHourError():
            return error.code, str(error)
        case OperationalError():
            return "database_unavailable", "The database did not answer while the job ran."
    return (
        "internal_error",
        f"Something unforeseen went wrong ({type(error).__name__}). The worker's log says where.",
    )


def note_failure(
    database: Database, record: JobRecord, job: Job, *, code: str, sentence: str, last: bool
) -> None:
    """Write down why a try failed; after the `last` one also into the log of events."""
    try:
        with database.unit_of_work(SYSTEM) as uow:
            repository.note_error(uow.session, record.job_id, code=code, sentence=sentence)
            if last or record.attempts + 1 >= attempts_allowed(job, record.queue):
                service.announce_failure(uow, record)
    except SQLAlchemyError as lost:
        _log.warning("job %s: why it failed is not noted: %s", record.job_id, type(lost).__name__)


class _Noting:
    """Notes whatever error its block raises, foreseen or not, and lets it pass.

    Whoever ends the process (Ctrl-C) makes no error of the job.
    """

    def __init__(self, run: Run, job: Job) -> None:
        self._run, self._job = run, job

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception) or isinstance(
            error, (JobCancelledError, EffectMadeError)
        ):
            return
        run = self._run
        code, sentence = sentence_of(error, memory_mib=run.settings.heavy_memory_mib)
        # A command tells whoever typed it by itself.
        if run.record.queue is not Queue.COMMAND:
            _log.warning(
                "job %s (%s): %s", run.record.job_id, self._job.name, sentence,
                exc_info=error if code == "internal_error" else None,
            )  # fmt: skip
        note_failure(
            run.database, run.record, self._job, code=code, sentence=sentence,
            last=is_permanent(error),
        )  # fmt: skip
