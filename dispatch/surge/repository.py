"""SQL of surge modes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables.waiting import Surge

_COLUMNS = Surge.__table__.columns


def insert_surge(session: Session, values: Mapping[str, Any]) -> bool:
    """Store a surge mode that begins; False where one lasts: the partial unique index decides."""
    stored = session.execute(
        insert(Surge).values(**values).on_conflict_do_nothing().returning(Surge.surge_id)
    ).one_or_none()
    return stored is not None


def list_surges(session: Session, city_id: int, *, limit: int) -> Sequence[AnyRow]:
    """Return the newest surge modes of a city."""
    return session.execute(
        select(*_COLUMNS)
        .where(Surge.city_id == city_id)
        .order_by(Surge.began_at.desc(), Surge.surge_id)
        .limit(limit)
    ).all()


def lasting(session: Session, city_id: int) -> AnyRow | None:
    """Return the surge mode that a city is in."""
    return session.execute(
        select(*_COLUMNS).where(Surge.city_id == city_id, Surge.ended_at.is_(None))
    ).one_or_none()


def hold_surge(session: Session, surge_id: UUID) -> AnyRow | None:
    """Return a surge mode, locked until commit."""
    return session.execute(
        select(*_COLUMNS).where(Surge.surge_id == surge_id).with_for_update()
    ).one_or_none()


def end_surge(session: Session, surge_id: UUID, values: Mapping[str, Any]) -> None:
    """Write down that a surge mode ended."""
    session.execute(update(Surge).where(Surge.surge_id == surge_id).values(**values))
