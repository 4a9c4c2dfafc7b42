"""Use cases of jobs: defer, list, stop, begin again, find what nobody works on any more.

They never commit. What people ask for, and what fails for good, is written into the log; what
programs defer by the dozen is not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from gis.access import Identity, Permission
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent, canonical_json
from gis.identity_errors import MissingPermissionError
from gis.jobs import repository
from gis.jobs.errors import (
    JobNotFailedError,
    JobOverError,
    JobPageInvalidError,
    JobProcessLostError,
    JobUnknownError,
)
from gis.jobs.model import (
    ENDED,
    KEPT_FOR,
    Job,
    JobKinds,
    JobRecord,
    JobsPage,
    JobState,
    JobView,
    Queue,
    attempts_allowed,
)
from gis.words import alike

MAX_PAGE = 200


def defer(
    uow: WritingUnitOfWork,
    job: Job,
    arguments: Mapping[str, Any] | None = None,
    *,
    due_at: datetime | None = None,
    key: str | None = None,
    alone: str | None = None,
    queue: Queue | None = None,
) -> int:
    """Defer a job in this transaction: it is done if, and only if, the transaction commits.

    arguments : plain JSON, no personal values; `city_id` and `area_code` say whom it concerns
    due_at : not before; None = as soon as somebody is free
    key : while a job of the same key waits, it is that one, brought forward to `due_at`; it
    starts after this transaction, and so sees what it wrote
    alone : jobs of one such name run one after the other
    queue : another than the job's own

    Returns
    -------
    int
        The number of the job.
    """
    whose = queue or job.queue
    if key is not None:
        waiting = repository.hold_waiting(uow.session, key, due_at=due_at, queue=whose)
        if waiting is not None:
            return waiting
    return repository.insert_job(
        uow.session, name=job.name, queue=whose, arguments=arguments or {}, key=key,
        alone=alone, due_at=due_at,
    )  # fmt: skip


def request(uow: WritingUnitOfWork, job: Job, arguments: Mapping[str, Any]) -> JobView:
    """Defer a job that a person asks for, and write that into the log."""
    job_id = defer(uow, job, arguments)
    record = repository.read_job(uow.session, job_id)
    assert record is not None
    _emit(uow, "job.deferred", record)
    return view(record, uow.house.jobs, uow.identity)


def defer_once(
    uow: WritingUnitOfWork, job: Job, arguments: Mapping[str, Any], *, alone: str | None = None
) -> int | None:
    """Defer a job unless one of the same name and arguments is kept: None then.

    Also one that has failed for good counts: what a timer asks for again and again is not begun
    again and again.
    """
    key = f"once {job.name} {canonical_json(arguments).decode()}"
    # Held first: of two who ask at the same moment the second sees what the first did.
    waiting = repository.hold_waiting(uow.session, key, due_at=None, queue=job.queue)
    if waiting is not None or repository.exists_like(uow.session, job.name, arguments):
        return None
    return defer(uow, job, arguments, key=key, alone=alone)


def list_jobs(
    uow: UnitOfWork,
    *,
    states: Sequence[JobState] = (),
    city_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> JobsPage:
    """Return jobs the viewer may see, newest first.

    Raises
    ------
    JobPageInvalidError
        `limit` is not 1 to 200, or `before` is no number of a job.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise JobPageInvalidError(f"A page has 1 to {MAX_PAGE} jobs.")
    if before is not None and before < 1:
        raise JobPageInvalidError("The cursor is none that a page gave.")
    found: list[JobRecord] = []
    # Areas are held by permission: kinds with the same are asked for together.
    by_permission: dict[Permission, list[str]] = {}
    for job in uow.house.jobs.visible_to(uow.identity):
        by_permission.setdefault(job.permission, []).append(job.name)
    for permission, names in by_permission.items():
        found += repository.read_jobs(
            uow.session, names=names, areas=uow.identity.jurisdictions(permission), states=states,
            city_id=city_id, before=before, limit=limit + 1,
        )  # fmt: skip
    found.sort(key=lambda record: -record.job_id)
    page = found[:limit]
    more = len(found) > limit
    return JobsPage(
        tuple(view(record, uow.house.jobs, uow.identity) for record in page),
        page[-1].job_id if more else None,
    )


def moved_jobs(uow: UnitOfWork, since: datetime) -> list[JobRecord]:
    """Return all jobs that moved at `since` or later, the oldest move first.

    All of them: who looks on from the last move it saw, and gets only some, may stand still.
    """
    return repository.moved_since(uow.session, since)


def may_see(identity: Identity, record: JobRecord, kinds: JobKinds) -> bool:
    """Return whether `identity` may see a job."""
    kind = kinds.get(record.name)
    return kind is not None and identity.allows(kind.permission, record.area_code)


def show_job(uow: UnitOfWork, job_id: int) -> JobView:
    """Return one job; `JobUnknownError` if there is none for this viewer."""
    return view(_visible(uow, job_id), uow.house.jobs, uow.identity)


def cancel_job(uow: WritingUnitOfWork, job_id: int) -> JobView:
    """Stop a job: one that waits at once, one that runs within seconds, without half effects.

    Asking again changes nothing.

    Raises
    ------
    JobUnknownError, MissingPermissionError
        There is no such job for this viewer, or it may only be looked at.
    JobOverError
        It has ended otherwise.
    """
    record = _controlled(uow, job_id)
    if record.state is JobState.CANCELLED or record.cancel_requested_by is not None:
        return view(record, uow.house.jobs, uow.identity)
    if not repository.ask_to_stop(uow.session, job_id, by=uow.identity.label):
        record = _visible(uow, job_id)
        raise JobOverError(job_id, record.state)
    _emit(uow, "job.cancelled", record)
    return show_job(uow, job_id)


def retry_job(uow: WritingUnitOfWork, job_id: int) -> JobView:
    """Begin a job again that failed for good, with all its tries.

    Raises
    ------
    JobUnknownError, MissingPermissionError
        There is no such job for this viewer, or it may only be looked at.
    JobNotFailedError
        It has not failed, or only its own command can begin it again.
    """
    record = _controlled(uow, job_id)
    if record.state is not JobState.FAILED or record.queue is Queue.COMMAND:
        raise JobNotFailedError(job_id, record.state)
    repository.begin_again(uow.session, job_id, at=uow.clock.now())
    repository.reset_attempts(uow.session, job_id)
    repository.wake(uow.session, record.queue)
    _emit(uow, "job.retried", record)
    return show_job(uow, job_id)


def recover_jobs(uow: WritingUnitOfWork, *, silent_s: float) -> int:
    """Put jobs whose worker is gone back into their queues; returns how many.

    One that lost its worker as often as it may be tried has failed, with a sentence that says so.
    """
    lost = repository.stalled_jobs(uow.session, silent_s=silent_s)
    for job_id, asked_to_stop in lost:
        record = repository.read_job(uow.session, job_id)
        assert record is not None  # held by this transaction
        if repository.effect_made(uow.session, job_id):
            repository.finish(uow.session, job_id, JobState.DONE)
        elif asked_to_stop:
            repository.finish(uow.session, job_id, JobState.CANCELLED)
        else:
            error = JobProcessLostError("ended without a word")
            repository.note_error(uow.session, job_id, code=error.code, sentence=str(error))
            kind, attempt = uow.house.jobs.get(record.name), record.attempts + 1
            if kind is None or attempt >= attempts_allowed(kind, record.queue):
                fail(uow, record)
            else:
                at = uow.clock.now() + timedelta(seconds=kind.pause_after(attempt))
                repository.begin_again(uow.session, job_id, at=at)
    return len(lost)


def sweep_jobs(uow: WritingUnitOfWork) -> int:
    """Remove jobs that ended longer ago than they are kept; returns how many."""
    now = uow.clock.now()
    swept = repository.delete_ended(uow.session, before=now - KEPT_FOR)
    for job in uow.house.jobs:
        if job.kept < KEPT_FOR:
            swept += repository.delete_done(uow.session, job.name, before=now - job.kept)
    return swept


def fail(uow: WritingUnitOfWork, record: JobRecord) -> None:
    """End a job as failed and say so in the log."""
    repository.finish(uow.session, record.job_id, JobState.FAILED)
    announce_failure(uow, record)


def announce_failure(uow: WritingUnitOfWork, record: JobRecord) -> None:
    """Write into the log that a job failed for good."""
    _emit(uow, "job.failed", record)


def view(record: JobRecord, kinds: JobKinds, viewer: Identity) -> JobView:
    """Return a job as `viewer` is shown it; one that no room declares any more by its bare name."""
    kind = kinds.get(record.name)
    return JobView(
        job_id=record.job_id,
        name=record.name,
        label=alike(record.name) if kind is None else kind.label,
        queue=record.queue.value,
        state=record.state.value,
        city_id=record.city_id,
        requested_by=record.requested_by,
        created_at=record.created_at,
        due_at=record.due_at,
        started_at=record.started_at,
        ended_at=record.ended_at,
        attempts=record.attempts,
        attempts_allowed=attempts_allowed(kind, record.queue),
        done=record.done,
        total=record.total,
        message=record.message,
        error_code=record.error_code,
        error=record.error,
        result=record.result,
        cancel_requested=record.cancel_requested_by is not None and record.state not in ENDED,
        may_control=kind is not None and _may_control(viewer, record, kind),
    )


def _visible(uow: UnitOfWork, job_id: int) -> JobRecord:
    record = repository.read_job(uow.session, job_id)
    if record is None or not may_see(uow.identity, record, uow.house.jobs):
        raise JobUnknownError(job_id)
    return record


def _controlled(uow: UnitOfWork, job_id: int) -> JobRecord:
    record = _visible(uow, job_id)
    kind = uow.house.jobs[record.name]
    if not _may_control(uow.identity, record, kind):
        raise MissingPermissionError(kind.control)
    return record


def _may_control(identity: Identity, record: JobRecord, kind: Job) -> bool:
    return record.requested_by == identity.label or identity.allows(kind.control, record.area_code)


def _emit(uow: WritingUnitOfWork, type_: str, record: JobRecord) -> None:
    uow.emit(
        NewEvent(
            "job", str(record.job_id), type_, {"name": record.name}, uow.clock.now(),
            city_id=record.city_id, area_code=record.area_code,
        )
    )  # fmt: skip
