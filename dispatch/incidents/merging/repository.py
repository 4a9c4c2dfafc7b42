"""SQL of links and merges: what is around, what is linked, and moving what an incident has."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Float, cast, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow, sql_point
from gis.tables import Assignment, Call, Incident, IncidentMerge, Patient

_HINT_COLUMNS: list[Any] = [
    Incident.incident_id, Incident.number, Incident.state, Incident.category, Incident.outcome,
    Incident.place_label, Incident.received_at, Incident.complaint_code, Incident.uncertainty_m,
    func.ST_X(Incident.geom).label("lon"), func.ST_Y(Incident.geom).label("lat"),
]  # fmt: skip

MOST_AROUND = 200
"""Looked at, newest first: a city that is hit as a whole must not make a call slow."""


def open_around(
    session: Session, row: AnyRow, *, prefixes: Collection[str], radius_m: float, within_s: float
) -> Sequence[AnyRow]:
    """Return other open incidents of the city near an incident in space and time."""
    margin = timedelta(seconds=within_s)
    return session.execute(
        select(*_HINT_COLUMNS)
        .where(
            Incident.city_id == row.city_id,
            Incident.closed_at.is_(None),
            Incident.cancelled_at.is_(None),
            Incident.received_at.between(row.received_at - margin, row.received_at + margin),
            Incident.incident_id != row.incident_id,
            within(Incident.area_code, prefixes),
            func.ST_DWithin(
                func.geography(Incident.geom), func.geography(sql_point(row.lon, row.lat)),
                cast(radius_m, Float),
            ),
        )
        .order_by(Incident.received_at.desc(), Incident.incident_id)
        .limit(MOST_AROUND)
    ).all()  # fmt: skip


def linked(session: Session, row: AnyRow, *, prefixes: Collection[str]) -> Sequence[AnyRow]:
    """Return the incident that one repeats, and those that repeat it, oldest first."""
    return session.execute(
        select(*_HINT_COLUMNS)
        .where(
            or_(Incident.duplicate_of == row.incident_id, Incident.incident_id == row.duplicate_of),
            within(Incident.area_code, prefixes),
        )
        .order_by(Incident.received_at, Incident.incident_id)
    ).all()


def place_of(row: AnyRow) -> Any:
    """Return the place of an incident as it is stored."""
    return sql_point(row.lon, row.lat)


def insert_merge(session: Session, values: Mapping[str, Any]) -> None:
    """Write down a merge and what moved with it."""
    session.execute(insert(IncidentMerge).values(**values))


def end_merge(session: Session, incident_id: UUID, *, at: datetime) -> AnyRow:
    """Mark the merge of an incident as undone and return it."""
    return session.execute(
        update(IncidentMerge)
        .where(IncidentMerge.incident_id == incident_id, IncidentMerge.undone_at.is_(None))
        .values(undone_at=at)
        .returning(*IncidentMerge.__table__.columns)
    ).one()


def move(session: Session, incident_id: UUID, into: UUID) -> dict[str, list[UUID]]:
    """Let calls, patients and units of an incident be another's; return which."""
    return {
        "call_ids": _give(session, Call.call_id, into, Call.incident_id == incident_id),
        "patient_ids": _give_patients(session, into, Patient.incident_id == incident_id),
        "assignment_ids": _give(
            session, Assignment.assignment_id, into, Assignment.incident_id == incident_id
        ),
    }


def move_back(session: Session, merge: AnyRow) -> None:
    """Give back what moved with a merge and is still where it went."""
    home, into = merge.incident_id, merge.into_id
    _give(
        session, Call.call_id, home,
        Call.call_id.in_(merge.call_ids) & (Call.incident_id == into),
    )  # fmt: skip
    _give_patients(
        session, home, Patient.patient_id.in_(merge.patient_ids) & (Patient.incident_id == into)
    )
    _give(
        session, Assignment.assignment_id, home,
        Assignment.assignment_id.in_(merge.assignment_ids) & (Assignment.incident_id == into),
    )  # fmt: skip


def _give(session: Session, key: Any, to: UUID, which: Any) -> list[UUID]:
    moved = session.scalars(
        update(key.class_)
        .where(which)
        .values(incident_id=to)
        .returning(key)
        .execution_options(synchronize_session=False)
    )
    return list(moved.all())


def _give_patients(session: Session, to: UUID, which: Any) -> list[UUID]:
    """Number them on after those who are there: an ordinal is an incident's own."""
    last = session.execute(
        select(func.coalesce(func.max(Patient.ordinal), 0)).where(Patient.incident_id == to)
    ).scalar_one()
    patients = session.scalars(select(Patient.patient_id).where(which).order_by(Patient.ordinal))
    moved = list(patients.all())
    for at, patient_id in enumerate(moved, start=1):
        session.execute(
            update(Patient)
            .where(Patient.patient_id == patient_id)
            .values(incident_id=to, ordinal=last + at)
        )
    return moved


def first_call_at(session: Session, incident_id: UUID) -> datetime:
    """Return when the first call of an incident came in."""
    return session.execute(
        select(func.min(Call.received_at)).where(Call.incident_id == incident_id)
    ).scalar_one()


def merged_with(session: Session, incident_id: UUID) -> Sequence[UUID]:
    """Return the incidents that were merged into one, and into these, in any order."""
    return session.scalars(
        text("""
        WITH RECURSIVE merged AS (
            SELECT incident_id FROM incident_merges
            WHERE into_id = :incident AND undone_at IS NULL
            UNION
            SELECT below.incident_id FROM incident_merges AS below
            JOIN merged ON below.into_id = merged.incident_id
            WHERE below.undone_at IS NULL
        )
        SELECT incident_id FROM merged
        """),
        {"incident": incident_id},
    ).all()


def moved_ids(session: Session, column: Any, incident_id: UUID) -> Sequence[UUID]:
    """Return the calls or patients (`column` of a merge) that went on with another incident."""
    return session.scalars(
        select(func.unnest(column)).where(
            IncidentMerge.incident_id == incident_id, IncidentMerge.undone_at.is_(None)
        )
    ).all()
