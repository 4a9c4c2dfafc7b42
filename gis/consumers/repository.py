"""SQL of consumers: where each stands in the stream, what it could not handle."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.rooms.model import ConsumedEvent
from gis.tables import ConsumerCursor, Event, ParkedEvent, StreamEntry


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a consumer stands: all up to `position` is dealt with.

    failures : how often the next event of its has failed; not tried again before `retry_at`
    """

    position: int
    failures: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that a consumer gave up on, and why."""

    consumer: str
    position: int
    event_type: str
    subject_kind: str
    subject_id: str
    reason: str
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a consumer is, for people. `behind` counts positions, not events of its."""

    consumer: str
    position: int
    behind: int
    failures: int
    retry_at: datetime | None
    reason: str | None
    parked: int


def take_cursor(session: Session, consumer: str) -> Cursor | None:
    """Lock a consumer's cursor until the transaction ends; None while another process has it."""
    session.execute(upsert(ConsumerCursor).values(consumer=consumer).on_conflict_do_nothing())
    row = session.execute(
        select(ConsumerCursor.position, ConsumerCursor.failures, ConsumerCursor.retry_at)
        .where(ConsumerCursor.consumer == consumer)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return None if row is None else Cursor(*row)


def move_cursor(
    session: Session,
    consumer: str,
    cursor: Cursor,
    *,
    reason: str | None,
    at: datetime,
) -> None:
    """Store where the consumer stands now."""
    session.execute(
        update(ConsumerCursor)
        .where(ConsumerCursor.consumer == consumer)
        .values(
            position=cursor.position, failures=cursor.failures, retry_at=cursor.retry_at,
            reason=reason, moved_at=at,
        )
    )  # fmt: skip


def check_deferred(session: Session) -> None:
    """Check now what constraints would check at the commit only.

    Raises
    ------
    IntegrityError
        One does not hold.
    """
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def events_after(
    session: Session, position: int, *, until: int, types: Collection[str], limit: int
) -> Sequence[ConsumedEvent]:
    """Return the events of `types` at positions after `position`, up to and with `until`."""
    rows = session.execute(
        _consumed()
        .where(
            StreamEntry.position > position,
            StreamEntry.position <= until,
            Event.type.in_(sorted(types)),
        )
        .order_by(StreamEntry.position)
        .limit(limit)
    )
    return [ConsumedEvent(*row) for row in rows]


def event_at(session: Session, position: int) -> ConsumedEvent:
    """Return the event at a position that is there."""
    return ConsumedEvent(
        *session.execute(_consumed().where(StreamEntry.position == position)).one()
    )


def park(
    session: Session, consumer: str, event: ConsumedEvent, *, reason: str, at: datetime
) -> None:
    """Keep an event for a person to look at."""
    session.execute(
        insert(ParkedEvent).values(
            consumer=consumer, position=event.position, event_type=event.type,
            subject_kind=event.subject_kind, subject_id=event.subject_id, reason=reason,
            parked_at=at,
        )
    )  # fmt: skip


def take_parked(session: Session, consumer: str, position: int) -> bool:
    """Remove a parked event; returns whether it was there. Its row stays locked until the end."""
    removed = session.execute(
        delete(ParkedEvent)
        .where(ParkedEvent.consumer == consumer, ParkedEvent.position == position)
        .returning(ParkedEvent.position)
    ).first()
    return removed is not None


def list_parked(session: Session) -> Sequence[Parked]:
    """Return every parked event, oldest first."""
    rows = session.execute(
        select(
            ParkedEvent.consumer, ParkedEvent.position, ParkedEvent.event_type,
            ParkedEvent.subject_kind, ParkedEvent.subject_id, ParkedEvent.reason,
            ParkedEvent.parked_at,
        ).order_by(ParkedEvent.parked_at, ParkedEvent.consumer, ParkedEvent.position)
    )  # fmt: skip
    return [Parked(*row) for row in rows]


def list_standings(session: Session) -> Sequence[Standing]:
    """Return how far each consumer is, ordered by name."""
    head = select(func.coalesce(func.max(StreamEntry.position), 0)).scalar_subquery()
    parked = (
        select(func.count())
        .where(ParkedEvent.consumer == ConsumerCursor.consumer)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ConsumerCursor.consumer, ConsumerCursor.position, head - ConsumerCursor.position,
            ConsumerCursor.failures, ConsumerCursor.retry_at, ConsumerCursor.reason, parked,
        ).order_by(ConsumerCursor.consumer)
    )  # fmt: skip
    return [Standing(*row) for row in rows]


def _consumed() -> Select[Any]:
    return select(
        StreamEntry.position, Event.event_id, Event.type, Event.subject_kind, Event.subject_id,
        Event.subject_version, Event.occurred_at, Event.actor, Event.payload, Event.city_id,
        Event.area_code,
    ).join(Event, Event.event_id == StreamEntry.event_id)  # fmt: skip
