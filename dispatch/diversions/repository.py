"""SQL of diversions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.diversions.errors import DiversionOfferedError
from gis.rows import AnyRow
from gis.tables import OPEN_ASSIGNMENT_STATES, Assignment, Diversion, Unit

_COLUMNS: list[Any] = [*Diversion.__table__.columns, Unit.call_sign]


def insert_offer(session: Session, values: Mapping[str, Any], *, call_sign: str) -> None:
    """Store an offer; the partial unique index decides between two that ask one unit at once.

    Raises
    ------
    DiversionOfferedError
        The unit is being asked already.
    """
    stored = session.execute(
        insert(Diversion)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(Diversion.diversion_id)
    ).one_or_none()
    if stored is None:
        raise DiversionOfferedError(call_sign)


def find_offer(session: Session, diversion_id: UUID, *, lock: bool = False) -> AnyRow | None:
    """Return an offer with its unit's call sign; locked until commit."""
    statement = (
        select(*_COLUMNS)
        .join(Unit, Unit.unit_id == Diversion.unit_id)
        .where(Diversion.diversion_id == diversion_id)
    )
    return session.execute(
        statement.with_for_update(of=Diversion) if lock else statement
    ).one_or_none()  # fmt: skip


def open_offer(session: Session, unit_id: int) -> AnyRow | None:
    """Return the offer that a unit has not answered yet."""
    return session.execute(
        select(*_COLUMNS)
        .join(Unit, Unit.unit_id == Diversion.unit_id)
        .where(Diversion.unit_id == unit_id, Diversion.state == "offered")
    ).one_or_none()


def open_offers_of(session: Session, incident_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return the offers not answered yet that ask for incidents or would take from them."""
    return session.execute(
        select(*_COLUMNS)
        .join(Unit, Unit.unit_id == Diversion.unit_id)
        .where(
            Diversion.state == "offered",
            or_(
                Diversion.incident_id.in_(incident_ids),
                Diversion.losing_incident_id.in_(incident_ids),
            ),
        )
        .order_by(Diversion.diversion_id)
    ).all()


def end_offer(session: Session, diversion_id: UUID, values: Mapping[str, Any]) -> None:
    """Write down how an offer ended."""
    session.execute(
        update(Diversion).where(Diversion.diversion_id == diversion_id).values(**values)
    )


def at_work(session: Session, incident_id: UUID) -> Sequence[int]:
    """Return the units that an incident has."""
    return session.scalars(
        select(Assignment.unit_id).where(
            Assignment.incident_id == incident_id, Assignment.state.in_(OPEN_ASSIGNMENT_STATES)
        )
    ).all()


def tasks_of(session: Session, unit_ids: Collection[int]) -> Mapping[int, AnyRow]:
    """Return by unit its open assignment: assignment_id, incident_id, state."""
    rows = session.execute(
        select(
            Assignment.unit_id, Assignment.assignment_id, Assignment.incident_id, Assignment.state
        ).where(
            Assignment.unit_id.in_(unit_ids), Assignment.state.in_(OPEN_ASSIGNMENT_STATES)
        )
    )  # fmt: skip
    return {row.unit_id: row for row in rows}
