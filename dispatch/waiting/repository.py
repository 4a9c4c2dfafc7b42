"""SQL of deadlines. Rows are written while their incident is locked."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, aliased

from dispatch.waiting.model import RUNNING
from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import Assignment, Diversion, Incident, Unit
from gis.tables.waiting import Deadline

_NEXT_UNIT = aliased(Unit)
_COLUMNS: list[Any] = [
    *Deadline.__table__.columns, Unit.call_sign, _NEXT_UNIT.call_sign.label("next_unit"),
]  # fmt: skip
_RUNS = Deadline.state.in_([state.value for state in RUNNING])


def _select() -> Any:
    return (
        select(*_COLUMNS)
        .outerjoin(Assignment, Assignment.assignment_id == Deadline.assignment_id)
        .outerjoin(Unit, Unit.unit_id == Assignment.unit_id)
        .outerjoin(_NEXT_UNIT, _NEXT_UNIT.unit_id == Deadline.next_unit_id)
    )


def running(session: Session, incident_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return the deadlines of incidents that are not over, the next one first."""
    rows: Sequence[AnyRow] = session.execute(
        _select()
        .where(Deadline.incident_id.in_(incident_ids), _RUNS)
        .order_by(Deadline.due_at, Deadline.deadline_id)
    ).all()
    return rows


def find_deadline(session: Session, deadline_id: UUID) -> AnyRow | None:
    """Return a deadline with the call sign of its crew."""
    row: AnyRow | None = session.execute(
        _select().where(Deadline.deadline_id == deadline_id)
    ).one_or_none()
    return row


def last_call_back(session: Session, incident_id: UUID) -> AnyRow | None:
    """Return when somebody last called a patient again, and what came of it."""
    return session.execute(
        select(Deadline.ended_at, Deadline.result)
        .where(
            Deadline.incident_id == incident_id, Deadline.kind == "call_back",
            Deadline.state == "done",
        )
        .order_by(Deadline.ended_at.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip


def replacements(session: Session, incident_id: UUID) -> Collection[UUID]:
    """Return the assignments to an incident in the place of units that were diverted from it."""
    return set(session.scalars(
        select(Diversion.replacement_assignment_id).where(
            Diversion.losing_incident_id == incident_id,
            Diversion.replacement_assignment_id.is_not(None),
        )
    ))  # fmt: skip


def insert_deadlines(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store deadlines that begin."""
    if rows:
        session.execute(insert(Deadline), rows)


def change_deadline(session: Session, deadline_id: UUID, values: Mapping[str, Any]) -> None:
    """Write into a deadline of a locked incident."""
    session.execute(update(Deadline).where(Deadline.deadline_id == deadline_id).values(**values))


def waiting_incidents(
    session: Session, city_id: int, prefixes: Collection[str], *, states: Collection[str]
) -> Sequence[UUID]:
    """Return the open incidents of a city in some states."""
    return session.scalars(
        select(Incident.incident_id).where(
            Incident.city_id == city_id, within(Incident.area_code, prefixes),
            Incident.closed_at.is_(None), Incident.cancelled_at.is_(None),
            Incident.state.in_(states),
        )
    ).all()  # fmt: skip


def open_of_city(session: Session, city_id: int) -> Sequence[UUID]:
    """Return the incidents of a city with running deadlines."""
    return session.scalars(
        select(Deadline.incident_id).where(Deadline.city_id == city_id, _RUNS).distinct()
    ).all()
