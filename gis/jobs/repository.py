"""SQL of the jobs: deferring through the library, and what stands beside its tables.

The library's own connector is never opened here: every statement runs on the connection of the
unit of work, and so belongs to its transaction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from procrastinate.jobs import Job as LibraryJob
from procrastinate.manager import JobManager, get_channel_for_queues
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector
from sqlalchemy import (
    ColumnElement,
    RowMapping,
    column,
    delete,
    exists,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from gis.jobs.model import ENDED, JobRecord, JobState, Queue
from gis.jurisdiction import within
from gis.tables.jobs import JobEffect, JobRow
from gis.words import Words

JOBS_CHANNEL = "goldenhour_jobs"
"""Carries the number of each job that moved."""
SECONDS_TO_NEXT = (
    "SELECT extract(epoch FROM min(scheduled_at) - clock_timestamp()) FROM procrastinate_jobs"
    " WHERE status = 'todo' AND queue_name = %s AND scheduled_at > clock_timestamp()"
)
"""How long until the next job of a queue falls due, NULL if none waits for its time."""

_LOOK_AGAIN = json.dumps({"type": "job_inserted", "job_id": 0})
_HOLD_WAITING = """
    WITH held AS (
        UPDATE procrastinate_jobs SET scheduled_at = CASE
            WHEN CAST(:due_at AS timestamptz) IS NULL OR scheduled_at IS NULL THEN NULL
            ELSE LEAST(scheduled_at, CAST(:due_at AS timestamptz)) END
        WHERE queueing_lock = :key AND status = 'todo'
        RETURNING id
    )
    SELECT id, CAST(pg_notify(:channel, :payload) AS text) FROM held
"""
_LOCK_KEY_UNLESS_HELD = """
    UNION ALL SELECT NULL, CAST(pg_advisory_xact_lock(hashtextextended(:key, 4403124)) AS text)
    WHERE NOT EXISTS (SELECT FROM held)
"""
_HOLD = text(_HOLD_WAITING)
_HOLD_ELSE_LOCK = text(_HOLD_WAITING + _LOCK_KEY_UNLESS_HELD)
_LIBRARY = JobManager(SyncPsycopgConnector())
_QUEUED = table("procrastinate_jobs", column("id"), column("args", JSONB))
_ELSEWHERE = frozenset({"arguments", "result"})
_RECORDS = (
    select(
        *(getattr(JobRow, one.name) for one in fields(JobRecord) if one.name not in _ELSEWHERE),
        JobEffect.result, _QUEUED.c.args.label("arguments"),
    )
    .join(_QUEUED, _QUEUED.c.id == JobRow.job_id)
    .join(JobEffect, JobEffect.job_id == JobRow.job_id, isouter=True)
)  # fmt: skip


def insert_job(
    session: Session,
    *,
    name: str,
    queue: Queue,
    arguments: Mapping[str, Any],
    key: str | None,
    alone: str | None,
    due_at: datetime | None,
) -> int:
    """Put a job into the queue and return its number.

    key : of jobs of one key at most one waits; alone : of jobs of one name at most one runs.
    The arguments `city_id` and `area_code`, and who this transaction is of, become the job's.
    """
    job = LibraryJob(
        queue=queue.value, lock=alone, queueing_lock=key, task_name=name,
        task_kwargs=dict(arguments), scheduled_at=due_at,
    )  # fmt: skip
    connection = session.connection().connection.driver_connection
    number = _LIBRARY.defer_job(job, connection=connection).id
    assert number is not None
    return number


def hold_waiting(
    session: Session, key: str, *, due_at: datetime | None, queue: Queue
) -> int | None:
    """Return the job of `key` that waits, held so that it starts after this transaction only.

    It is brought forward to `due_at` (None = now) if that is earlier, and whoever serves `queue`
    looks again then: who looked while it was held has passed it by. None if none waits; nobody
    else can put one there before this transaction ends.
    """
    sought = {
        "key": key, "due_at": due_at, "channel": _channel(queue), "payload": _LOOK_AGAIN,
    }  # fmt: skip
    held: int | None = session.execute(_HOLD_ELSE_LOCK, sought).scalar_one()
    if held is None:
        # A statement of its own: it sees what the one put there whom the lock let us wait for.
        held = session.execute(_HOLD, sought).scalar_one_or_none()
    return held


def wake(session: Session, queue: Queue) -> None:
    """Tell whoever serves `queue` to look, once this transaction is committed."""
    session.execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {"channel": _channel(queue), "payload": _LOOK_AGAIN},
    )


def _channel(queue: Queue) -> str:
    (channel,) = get_channel_for_queues([queue.value])
    return channel


def take(session: Session, job_id: int, *, worker_id: int) -> None:
    """Give a job that was just deferred to a worker, before anybody else sees it."""
    session.execute(
        text(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker_id"
            " WHERE id = :job_id AND status = 'todo'"
        ),
        {"job_id": job_id, "worker_id": worker_id},
    )


def exists_like(session: Session, name: str, arguments: Mapping[str, Any]) -> bool:
    """Return whether a job of this name and with these arguments is kept, in whatever state."""
    found = session.execute(
        text(
            "SELECT 1 FROM procrastinate_jobs"
            " WHERE task_name = :name AND args = CAST(:args AS jsonb) LIMIT 1"
        ),
        {"name": name, "args": json.dumps(dict(arguments))},
    )
    return found.first() is not None


def read_jobs(
    session: Session,
    *,
    names: Sequence[str],
    areas: Sequence[str],
    states: Sequence[JobState] = (),
    city_id: int | None = None,
    before: int | None = None,
    limit: int,
) -> list[JobRecord]:
    """Return jobs of these names, newest first, those with a number below `before`.

    areas : jurisdictions; a job without an area is everybody's
    """
    statement = _RECORDS.where(JobRow.name.in_(names), within(JobRow.area_code, areas))
    if states:
        statement = statement.where(JobRow.state.in_([state.value for state in states]))
    if city_id is not None:
        statement = statement.where(JobRow.city_id == city_id)
    if before is not None:
        statement = statement.where(JobRow.job_id < before)
    rows = session.execute(statement.order_by(JobRow.job_id.desc()).limit(limit)).mappings().all()
    return _records(rows)


def read_job(session: Session, job_id: int) -> JobRecord | None:
    """Return one job, None if there is none."""
    rows = session.execute(_RECORDS.where(JobRow.job_id == job_id)).mappings().all()
    return next(iter(_records(rows)), None)


def moved_since(session: Session, at: datetime) -> list[JobRecord]:
    """Return the jobs that moved at `at` or later, those that moved first in front."""
    rows = session.execute(
        _RECORDS.where(JobRow.updated_at >= at).order_by(JobRow.updated_at, JobRow.job_id)
    ).mappings().all()  # fmt: skip
    return _records(rows)


def _records(rows: Sequence[RowMapping]) -> list[JobRecord]:
    return [
        JobRecord(
            **{
                **row, "queue": Queue(row["queue"]), "state": JobState(row["state"]),
                "message": None if row["message"] is None else Words.from_json(row["message"]),
            }
        )
        for row in rows
    ]  # fmt: skip


def ask_to_stop(session: Session, job_id: int, *, by: str) -> bool:
    """Cancel a job that waits, ask one that runs to stop; False if it is over."""
    asked = session.execute(
        text("SELECT procrastinate_cancel_job_v1(:job_id, true, false)"), {"job_id": job_id}
    ).scalar_one()
    if asked is None:
        return False
    session.execute(
        update(JobRow)
        .where(JobRow.job_id == job_id)
        .values(cancel_requested_by=by, updated_at=text("clock_timestamp()"))
    )
    return True


def stop_asked(session: Session, job_id: int) -> bool:
    """Return whether somebody asked the job to stop, or it is no longer there."""
    asked: bool = session.execute(
        text(
            "SELECT NOT EXISTS (SELECT 1 FROM procrastinate_jobs"
            " WHERE id = :job_id AND NOT abort_requested)"
        ),
        {"job_id": job_id},
    ).scalar_one()
    return asked


def begin_again(session: Session, job_id: int, *, at: datetime) -> None:
    """Put a job that failed, or that nobody works on any more, back into its queue."""
    session.execute(
        text("SELECT procrastinate_retry_job_v2(:job_id, :at, NULL, NULL, NULL)"),
        {"job_id": job_id, "at": at},
    )
    session.execute(
        update(JobRow).where(JobRow.job_id == job_id).values(done=0, total=None, message=None)
    )


def reset_attempts(session: Session, job_id: int) -> None:
    """Let a job that a person begins again have all its tries once more."""
    session.execute(
        text("UPDATE procrastinate_jobs SET attempts = 0 WHERE id = :job_id"), {"job_id": job_id}
    )


def finish(session: Session, job_id: int, state: JobState) -> None:
    """End a job that waits or runs."""
    status = {
        JobState.DONE: "succeeded", JobState.FAILED: "failed", JobState.CANCELLED: "aborted",
    }[state]  # fmt: skip
    session.execute(
        text(
            "SELECT procrastinate_finish_job_v1(:job_id,"
            " CAST(:status AS procrastinate_job_status), false)"
        ),
        {"job_id": job_id, "status": status},
    )


def note_progress(
    session: Session, job_id: int, *, done: float, total: float | None, message: Words
) -> None:
    """Write down how far a job is."""
    session.execute(
        update(JobRow)
        .where(JobRow.job_id == job_id)
        .values(
            done=done, total=total, message=message.as_json(), updated_at=text("clock_timestamp()")
        )
    )


def note_error(session: Session, job_id: int, *, code: str, sentence: str) -> None:
    """Write down why a job failed this time."""
    session.execute(
        update(JobRow)
        .where(JobRow.job_id == job_id)
        .values(error_code=code, error=sentence, updated_at=text("clock_timestamp()"))
    )


def claim_effect(session: Session, job_id: int, *, at: datetime) -> bool:
    """Mark the job's effect as made, in this transaction; False if it was made before.

    A second run of the same job waits here until the first has committed or failed.
    """
    claimed = session.execute(
        insert(JobEffect)
        .values(job_id=job_id, made_at=at)
        .on_conflict_do_nothing()
        .returning(JobEffect.job_id)
    )
    return claimed.first() is not None


def effect_made(session: Session, job_id: int) -> bool:
    """Return whether the job's effect is in the database."""
    made: bool = session.execute(select(exists().where(JobEffect.job_id == job_id))).scalar_one()
    return made


def note_result(session: Session, job_id: int, result: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what a job gives, in the transaction of its effect."""
    kept = dict(result)
    session.execute(
        insert(JobEffect)
        .values(job_id=job_id, made_at=at, result=kept)
        .on_conflict_do_update(index_elements=[JobEffect.job_id], set_={"result": kept})
    )


def register_worker(session: Session) -> int:
    """Make a heartbeat and return its number."""
    number: int = session.execute(
        text("SELECT worker_id FROM procrastinate_register_worker_v1()")
    ).scalar_one()
    return number


def beat(session: Session, worker_id: int) -> None:
    """Say that the worker lives."""
    session.execute(text("SELECT procrastinate_update_heartbeat_v1(:id)"), {"id": worker_id})


def unregister_worker(session: Session, worker_id: int) -> None:
    """Take a worker's heartbeat away."""
    session.execute(text("SELECT procrastinate_unregister_worker_v1(:id)"), {"id": worker_id})


def stalled_jobs(session: Session, *, silent_s: float) -> list[tuple[int, bool]]:
    """Return jobs that run at nobody's: (number, asked to stop), held for this transaction.

    Their worker is gone, or has not given a sign of life for `silent_s` seconds.
    """
    rows = session.execute(
        text(
            "SELECT job.id, job.abort_requested FROM procrastinate_jobs job"
            " LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id"
            " WHERE job.status = 'doing' AND (worker.id IS NULL"
            "   OR worker.last_heartbeat < now() - make_interval(secs => :silent_s))"
            " ORDER BY job.id FOR UPDATE OF job SKIP LOCKED"
        ),
        {"silent_s": silent_s},
    )
    return [(row[0], row[1]) for row in rows]


def delete_done(session: Session, name: str, *, before: datetime) -> int:
    """Remove jobs of one name that were done before a time; returns how many."""
    return _delete(
        session, JobRow.name == name, JobRow.state == JobState.DONE.value, JobRow.ended_at < before
    )


def delete_ended(session: Session, *, before: datetime) -> int:
    """Remove jobs, however they ended, that did so before a time; returns how many."""
    return _delete(
        session, JobRow.state.in_([state.value for state in ENDED]), JobRow.ended_at < before
    )


def _delete(session: Session, *which: ColumnElement[bool]) -> int:
    # Our row goes with the library's by trigger.
    chosen = _QUEUED.c.id.in_(select(JobRow.job_id).where(*which))
    return len(session.execute(delete(_QUEUED).where(chosen).returning(_QUEUED.c.id)).all())
