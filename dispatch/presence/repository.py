"""SQL of presence."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import User
from gis.tables.presence import Presence

_MOST_SWEPT = 100


def seen_on(session: Session, desk_id: UUID, *, since: datetime) -> UUID | None:
    """Return the incident that a desk has had open since then."""
    return session.scalar(
        select(Presence.incident_id).where(Presence.desk_id == desk_id, Presence.seen_at >= since)
    )


def put(session: Session, values: Mapping[str, Any]) -> None:
    """Store what a desk looks at; one that is somebody else's stays as it is."""
    session.execute(
        insert(Presence)
        .values(**values)
        .on_conflict_do_update(
            index_elements=[Presence.desk_id],
            set_={name: values[name] for name in ("incident_id", "seen_at")},
            where=Presence.user_id == values["user_id"],
        )
    )


def remove(session: Session, desk_id: UUID, *, user_id: UUID) -> UUID | None:
    """Forget a user's desk and return what it looked at."""
    return session.scalar(
        delete(Presence)
        .where(Presence.desk_id == desk_id, Presence.user_id == user_id)
        .returning(Presence.incident_id)
    )


def sweep(session: Session, *, before: datetime) -> None:
    """Forget desks that have said nothing since; what somebody else is sweeping is left to them."""
    old = (
        select(Presence.desk_id)
        .where(Presence.seen_at < before)
        .limit(_MOST_SWEPT)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(Presence).where(Presence.desk_id.in_(old)))


def desks_at(session: Session, incident_id: UUID, *, since: datetime) -> Sequence[AnyRow]:
    """Return the desks that have had an incident open since then: desk_id, user_id, name."""
    return session.execute(
        select(Presence.desk_id, Presence.user_id, User.display_name)
        .join(User, User.user_id == Presence.user_id)
        .where(Presence.incident_id == incident_id, Presence.seen_at >= since)
        .order_by(User.display_name, Presence.desk_id)
    ).all()


def notify(session: Session, channel: str, payload: str) -> None:
    """Tell whoever listens, with the commit."""
    session.execute(select(func.pg_notify(channel, payload)))
