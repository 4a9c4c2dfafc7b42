"""SQL of move-ups."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import (
    OPEN_ASSIGNMENT_STATES,
    Assignment,
    Incident,
    Shift,
    Station,
    Unit,
    UnitLatestPosition,
)
from gis.tables.moveups import MoveUp

OPEN = ("accepted", "at_post")


def names(session: Session, city_id: int) -> Mapping[int, AnyRow]:
    """Return by unit its call sign and station's name, and whether it is being moved."""
    rows = session.execute(
        select(
            Unit.unit_id, Unit.call_sign, Unit.area_code, Station.name.label("station_name"),
            MoveUp.move_id,
        )
        .join(Station, Station.station_id == Unit.station_id)
        .outerjoin(MoveUp, and_(MoveUp.unit_id == Unit.unit_id, MoveUp.state.in_(OPEN)))
        .where(Unit.city_id == city_id)
    )  # fmt: skip
    return {row.unit_id: row for row in rows}


def station_names(session: Session, city_id: int) -> Mapping[int, str]:
    """Return the names of a city's stations."""
    rows = session.execute(
        select(Station.station_id, Station.name).where(Station.city_id == city_id)
    )
    return {row.station_id: row.name for row in rows}


def moved(session: Session, city_id: int, *, at: datetime) -> Mapping[int, AnyRow]:
    """Return by unit how many moves it made in its shift, and when the last was decided."""
    rows = session.execute(
        select(
            MoveUp.unit_id, func.count().label("moves"), func.max(MoveUp.decided_at).label("last")
        )
        .join(Shift, and_(Shift.unit_id == MoveUp.unit_id, Shift.during.contains(at)))
        .where(
            MoveUp.city_id == city_id, MoveUp.state != "declined",
            MoveUp.decided_at >= func.lower(Shift.during),
        )
        .group_by(MoveUp.unit_id)
    )  # fmt: skip
    return {row.unit_id: row for row in rows}


def declined_since(session: Session, city_id: int, since: datetime) -> Collection[tuple[int, int]]:
    """Return unit and station of the moves that were declined since."""
    rows = session.execute(
        select(MoveUp.unit_id, MoveUp.station_id).where(
            MoveUp.city_id == city_id, MoveUp.state == "declined", MoveUp.decided_at >= since
        )
    )
    return {(row.unit_id, row.station_id) for row in rows}


def accepted_since(session: Session, city_id: int, since: datetime) -> int:
    """Return how many moves of a city were accepted since."""
    return (
        session.scalar(
            select(func.count()).where(
                MoveUp.city_id == city_id, MoveUp.state != "declined", MoveUp.decided_at >= since
            )
        )
        or 0
    )


def has_task(session: Session, unit_id: int) -> bool:
    """Return whether a unit has an open assignment."""
    found = session.scalar(
        select(Assignment.assignment_id).where(
            Assignment.unit_id == unit_id, Assignment.state.in_(OPEN_ASSIGNMENT_STATES)
        )
    )
    return found is not None


def insert_move(session: Session, values: Mapping[str, Any]) -> bool:
    """Store a decision; False where the unit is being moved: the unique index decides."""
    stored = session.execute(
        insert(MoveUp).values(**values).on_conflict_do_nothing().returning(MoveUp.move_id)
    ).one_or_none()
    return stored is not None


def change(session: Session, move_id: UUID, values: Mapping[str, Any]) -> None:
    """Write down what became of a locked move."""
    session.execute(update(MoveUp).where(MoveUp.move_id == move_id).values(**values))


def find_move(
    session: Session, move_id: UUID, prefixes: Collection[str], *, lock: bool = False
) -> AnyRow | None:
    """Return a decision; locked until commit."""
    statement = _MOVES.where(MoveUp.move_id == move_id, within(Unit.area_code, prefixes))
    return session.execute(
        statement.with_for_update(of=MoveUp) if lock else statement
    ).one_or_none()


def list_moves(
    session: Session, city_id: int, prefixes: Collection[str], *, since: datetime
) -> Sequence[AnyRow]:
    """Return the decisions since, and those that are open, the newest first."""
    return session.execute(
        _MOVES.where(
            MoveUp.city_id == city_id, within(Unit.area_code, prefixes),
            (MoveUp.decided_at >= since) | MoveUp.state.in_(OPEN),
        ).order_by(MoveUp.decided_at.desc(), MoveUp.move_id).limit(200)
    ).all()  # fmt: skip


def open_moves(session: Session, city_id: int, *, at: datetime) -> Sequence[AnyRow]:
    """Return the open moves, locked, with what became of their units since.

    task_id: the unit's open assignment; apart_m: from its newest position since the decision to
    the post, None where there is none.
    """
    task = aliased(Assignment)
    latest = UnitLatestPosition
    return session.execute(
        select(
            *MoveUp.__table__.columns, Unit.call_sign, Unit.area_code,
            Unit.out_of_service_reason, Station.name.label("station_name"),
            task.assignment_id.label("task_id"), Shift.shift_id,
            func.ST_Distance(
                func.geography(latest.geom), func.geography(Station.geom)
            ).label("apart_m"),
        )
        .join(Unit, Unit.unit_id == MoveUp.unit_id)
        .join(Station, Station.station_id == MoveUp.station_id)
        .outerjoin(
            task, and_(task.unit_id == Unit.unit_id, task.state.in_(OPEN_ASSIGNMENT_STATES))
        )
        .outerjoin(Shift, and_(Shift.unit_id == Unit.unit_id, Shift.during.contains(at)))
        .outerjoin(
            latest, and_(latest.unit_id == Unit.unit_id, latest.device_at >= MoveUp.decided_at)
        )
        .where(MoveUp.city_id == city_id, MoveUp.state.in_(OPEN))
        .order_by(MoveUp.move_id)
        .with_for_update(of=MoveUp)
    ).all()  # fmt: skip


_MOVES = (
    select(
        *MoveUp.__table__.columns, Unit.call_sign, Unit.area_code,
        Station.name.label("station_name"), Incident.number.label("incident_number"),
    )
    .join(Unit, Unit.unit_id == MoveUp.unit_id)
    .join(Station, Station.station_id == MoveUp.station_id)
    .outerjoin(Assignment, Assignment.assignment_id == MoveUp.assignment_id)
    .outerjoin(Incident, Incident.incident_id == Assignment.incident_id)
)  # fmt: skip
