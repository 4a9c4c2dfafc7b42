"""SQL of the live stream: events by position, and the newest vehicle positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from geoalchemy2 import functions as geo
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.tables import Event, OutboxEntry, StreamEntry, Unit, UnitLatestPosition

STALLED_AFTER_S = 5.0
"""An event that waits longer than this for its place says that the sequencer stands still."""


@dataclass(frozen=True, slots=True)
class StreamedEvent:
    """One event with its place in the stream."""

    position: int
    type: str
    subject_kind: str
    subject_id: str
    occurred_at: datetime
    actor: str
    payload: dict[str, Any]
    city_id: int | None
    area_code: str | None


@dataclass(frozen=True, slots=True)
class LatestPosition:
    """Where a unit was last, WGS-84 degrees."""

    unit_id: int
    city_id: int
    area_code: str | None
    lon: float
    lat: float
    heading_deg: float | None
    speed_kmh: float | None
    device_at: datetime
    received_at: datetime


def stream_bounds(session: Session) -> tuple[int, int]:
    """Return the oldest and newest position kept; (1, 0) while the stream is empty."""
    oldest, newest = session.execute(
        select(func.min(StreamEntry.position), func.max(StreamEntry.position))
    ).one()
    return (1, 0) if newest is None else (oldest, newest)


def oldest_waiting_s(session: Session, now: datetime) -> float:
    """Return how long the oldest event has waited for its place in the stream, 0 if none does."""
    oldest = session.execute(
        select(func.min(Event.recorded_at)).join(
            OutboxEntry, OutboxEntry.event_id == Event.event_id
        )
    ).scalar_one()
    return 0.0 if oldest is None else max((now - oldest).total_seconds(), 0.0)


def events_between(session: Session, after: int, *, until: int | None, limit: int) -> Sequence[
    StreamedEvent
]:  # fmt: skip
    """Return the events at positions after `after`, up to and with `until`, in order."""
    query = (
        select(
            StreamEntry.position, Event.type, Event.subject_kind, Event.subject_id,
            Event.occurred_at, Event.actor, Event.payload, Event.city_id, Event.area_code,
        )
        .join(Event, Event.event_id == StreamEntry.event_id)
        .where(StreamEntry.position > after)
        .order_by(StreamEntry.position)
        .limit(limit)
    )  # fmt: skip
    if until is not None:
        query = query.where(StreamEntry.position <= until)
    return [StreamedEvent(*row) for row in session.execute(query)]


def newest_received_at(session: Session) -> datetime | None:
    """Return when the last vehicle position came in."""
    return session.execute(select(func.max(UnitLatestPosition.received_at))).scalar_one()


def positions_since(
    session: Session, since: datetime | None, *, overlap: timedelta
) -> Sequence[LatestPosition]:
    """Return the units whose newest position came in after `since` less `overlap`.

    The overlap catches transactions that stamped their rows earlier than others but committed
    later; the caller drops what it has seen.
    """
    query = select(
        UnitLatestPosition.unit_id, Unit.city_id, Unit.area_code,
        geo.ST_X(UnitLatestPosition.geom), geo.ST_Y(UnitLatestPosition.geom),
        UnitLatestPosition.heading_deg, UnitLatestPosition.speed_kmh,
        UnitLatestPosition.device_at, UnitLatestPosition.received_at,
    ).join(Unit, Unit.unit_id == UnitLatestPosition.unit_id)  # fmt: skip
    if since is not None:
        query = query.where(UnitLatestPosition.received_at > since - overlap)
    return [LatestPosition(*row) for row in session.execute(query)]
