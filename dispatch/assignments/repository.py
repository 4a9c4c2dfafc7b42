"""SQL of assignments and stamps that are written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.errors import UnitAlreadyAssignedError
from gis.rows import AnyRow
from gis.tables import (
    OPEN_ASSIGNMENT_STATES,
    Assignment,
    AssignmentStamp,
    Incident,
    UnitLatestPosition,
)


def incident_of_assignment(session: Session, assignment_id: UUID) -> UUID | None:
    """Return the incident of an assignment, unlocked: a merge may move it until that is locked."""
    return session.execute(
        select(Assignment.incident_id).where(Assignment.assignment_id == assignment_id)
    ).scalar_one_or_none()


def insert_assignment(session: Session, values: Mapping[str, Any], *, call_sign: str) -> None:
    """Store an assignment; the partial unique index decides between two that press at once.

    Raises
    ------
    UnitAlreadyAssignedError
        The unit has an open assignment; says of which incident.
    """
    # Of two at once the second waits here for the first; no savepoint is needed to go on.
    stored = session.execute(
        insert(Assignment)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(Assignment.assignment_id)
    ).one_or_none()
    if stored is None:
        other = open_incident_number(session, values["unit_id"])
        raise UnitAlreadyAssignedError(call_sign, other)


def open_incident_number(session: Session, unit_id: int) -> str | None:
    """Return the number of the incident a unit is openly assigned to."""
    return session.execute(
        select(Incident.number)
        .join(Assignment, Assignment.incident_id == Incident.incident_id)
        .where(Assignment.unit_id == unit_id, Assignment.state.in_(OPEN_ASSIGNMENT_STATES))
    ).scalar_one_or_none()


def latest_position(session: Session, unit_id: int) -> AnyRow | None:
    """Return the newest position of a unit: lon, lat, accuracy_m, device_at."""
    return session.execute(
        select(
            func.ST_X(UnitLatestPosition.geom).label("lon"),
            func.ST_Y(UnitLatestPosition.geom).label("lat"),
            UnitLatestPosition.accuracy_m,
            UnitLatestPosition.device_at,
        ).where(UnitLatestPosition.unit_id == unit_id)
    ).one_or_none()


def update_assignment(session: Session, assignment_id: UUID, values: Mapping[str, Any]) -> None:
    """Change an assignment and raise its version."""
    session.execute(
        update(Assignment)
        .where(Assignment.assignment_id == assignment_id)
        .values(**values, version=Assignment.version + 1)
    )


def insert_stamp(session: Session, values: Mapping[str, Any]) -> None:
    """Store a status stamp after its assignment's others, which the incident's lock keeps."""
    last = (
        select(func.coalesce(func.max(AssignmentStamp.ordinal), 0))
        .where(AssignmentStamp.assignment_id == values["assignment_id"])
        .scalar_subquery()
    )
    session.execute(insert(AssignmentStamp).values(**values, ordinal=last + 1))


def strike_last_stamp(session: Session, assignment_id: UUID, *, at: datetime) -> None:
    """Mark an assignment's last stamp as undone."""
    last = (
        select(func.max(AssignmentStamp.ordinal))
        .where(AssignmentStamp.assignment_id == assignment_id, AssignmentStamp.undone_at.is_(None))
        .scalar_subquery()
    )
    session.execute(
        update(AssignmentStamp)
        .where(AssignmentStamp.assignment_id == assignment_id, AssignmentStamp.ordinal == last)
        .values(undone_at=at)
    )
