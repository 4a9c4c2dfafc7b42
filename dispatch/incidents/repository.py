"""SQL of incidents: calls, patients, assignments, stamps, their events, and cities.

Every read of an incident passes the viewer's jurisdiction. Locks are taken in one order: incident,
unit, hospital.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from gis.events import StoredEvent
from gis.jurisdiction import within
from gis.paging import Cursor, older_than
from gis.rows import AnyRow
from gis.tables import (
    Assignment,
    AssignmentStamp,
    Call,
    Diversion,
    Event,
    Facility,
    Incident,
    Patient,
    PersonalAccess,
    PersonalValue,
    Unit,
)
from gis.tables.waiting import Deadline

_LON = func.ST_X(Incident.geom).label("lon")
_LAT = func.ST_Y(Incident.geom).label("lat")
_TAKING, _LOSING = aliased(Incident), aliased(Incident)
_REPLACING = aliased(Unit)
_OFFER_COLUMNS: dict[str, Any] = {
    **{name: getattr(Diversion, name) for name in (
        "diversion_id", "incident_id", "losing_incident_id", "unit_id", "state", "loss_s",
        "offered_at", "expires_at", "ended_at",
    )},
    "number": _TAKING.number, "category": _TAKING.category, "losing_number": _LOSING.number,
    "losing_category": _LOSING.category, "call_sign": Unit.call_sign,
    "replacement": _REPLACING.call_sign,
}  # fmt: skip
_DIVERSIONS = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(*(
                    part for name, column in _OFFER_COLUMNS.items()
                    for part in (literal(name), column)
                )),
                Diversion.offered_at,
            )
        )
    )
    .join(_TAKING, _TAKING.incident_id == Diversion.incident_id)
    .join(_LOSING, _LOSING.incident_id == Diversion.losing_incident_id)
    .join(Unit, Unit.unit_id == Diversion.unit_id)
    .outerjoin(_REPLACING, _REPLACING.unit_id == Diversion.replacement_unit_id)
    .where(
        or_(
            Diversion.incident_id == Incident.incident_id,
            Diversion.losing_incident_id == Incident.incident_id,
        )
    )
    .correlate(Incident)
    .scalar_subquery()
    .label("diversions")
)  # fmt: skip
"""The offers that concern an incident as one value: read with it, they ask no statement more."""

_CALL_BACK_DUE_AT = (
    select(Deadline.due_at)
    .where(
        Deadline.incident_id == Incident.incident_id, Deadline.kind == "call_back",
        Deadline.state.in_(("open", "due", "escalated")),
    )
    .correlate(Incident)
    .scalar_subquery()
    .label("call_back_due_at")
)  # fmt: skip
"""When a patient who waits is to be called again; the partial unique index allows one."""

_INCIDENT_COLUMNS: list[Any] = [
    *(column for column in Incident.__table__.columns if column.name != "geom"), _DIVERSIONS,
    _CALL_BACK_DUE_AT,
]  # fmt: skip
SHOWN_COLUMNS: list[Any] = [*_INCIDENT_COLUMNS, _LON, _LAT]
"""What an incident is shown from."""


_ASSIGNMENT_COLUMNS: list[Any] = [
    *Assignment.__table__.columns, Unit.call_sign, Unit.level, Incident.place_changed_at,
    Facility.name.label("destination_name"), Facility.name_zh.label("destination_name_zh"),
]  # fmt: skip


def next_number(session: Session, city_id: int, *, local_day: str) -> str:
    """Return the next incident number of a city and local day, `YYYYMMDD-NNNN`.

    Calls of one city and day wait for one another here until commit, so no number comes twice and
    none is left out.
    """
    lock_name = f"incident-number:{city_id}:{local_day}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock_name, 0))))
    last = session.execute(
        select(func.max(func.split_part(Incident.number, "-", 2).cast(Incident.version.type)))
        .where(
            Incident.city_id == city_id,
            Incident.number >= f"{local_day}-", Incident.number < f"{local_day}.",
        )
    ).scalar_one()  # fmt: skip
    return f"{local_day}-{(last or 0) + 1:04d}"


def insert_incident(session: Session, values: Mapping[str, Any]) -> None:
    """Store a new incident."""
    session.execute(insert(Incident).values(**values))


def insert_call(session: Session, values: Mapping[str, Any]) -> None:
    """Store a call."""
    session.execute(insert(Call).values(**values))


def find_incident(
    session: Session, incident_id: UUID, *, prefixes: Collection[str], lock: bool = False
) -> AnyRow | None:
    """Return an incident of the jurisdiction (all columns, lon, lat); locked until commit."""
    statement = select(*SHOWN_COLUMNS).where(
        Incident.incident_id == incident_id, within(Incident.area_code, prefixes)
    )
    if lock:
        statement = statement.with_for_update()
    return session.execute(statement).one_or_none()


def find_incidents(session: Session, incident_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return incidents wherever they are, as `find_incident` does one; unknown ids are left out."""
    return session.execute(
        select(*SHOWN_COLUMNS).where(Incident.incident_id.in_(incident_ids))
    ).all()


def list_incidents(
    session: Session,
    city_id: int,
    *,
    prefixes: Collection[str],
    open_only: bool,
    limit: int,
    after: Cursor | None,
) -> Sequence[AnyRow]:
    """Return incidents of a city, newest first, `after` a place in the list."""
    statement = select(*SHOWN_COLUMNS).where(
        Incident.city_id == city_id, within(Incident.area_code, prefixes)
    )
    if open_only:
        statement = statement.where(Incident.closed_at.is_(None), Incident.cancelled_at.is_(None))
    if after is not None:
        statement = statement.where(older_than(after, Incident.received_at, Incident.incident_id))
    return session.execute(
        statement.order_by(Incident.received_at.desc(), Incident.incident_id.desc()).limit(limit)
    ).all()


def update_incident(session: Session, incident_id: UUID, values: Mapping[str, Any]) -> int:
    """Change an incident, raise its version, return the new version."""
    return session.execute(
        update(Incident)
        .where(Incident.incident_id == incident_id)
        .values(**values, version=Incident.version + 1)
        .returning(Incident.version)
    ).scalar_one()


def list_assignments(session: Session, incident_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return the assignments of incidents with call sign and destination, oldest first."""
    return session.execute(
        select(
            *_ASSIGNMENT_COLUMNS,
        )
        .join(Unit, Unit.unit_id == Assignment.unit_id)
        .join(Incident, Incident.incident_id == Assignment.incident_id)
        .outerjoin(Facility, Facility.facility_id == Assignment.destination_facility_id)
        .where(Assignment.incident_id.in_(incident_ids))
        .order_by(Assignment.created_at, Assignment.assignment_id)
    ).all()  # fmt: skip


def list_stamps(session: Session, assignment_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return the stamps of assignments in order of recording, without those that were undone."""
    return session.execute(
        select(*AssignmentStamp.__table__.columns)
        .where(
            AssignmentStamp.assignment_id.in_(assignment_ids), AssignmentStamp.undone_at.is_(None)
        )
        .order_by(AssignmentStamp.assignment_id, AssignmentStamp.ordinal)
    ).all()


def assignment_states(session: Session, incident_id: UUID) -> Sequence[str]:
    """Return the states of an incident's assignments."""
    return session.scalars(
        select(Assignment.state).where(Assignment.incident_id == incident_id)
    ).all()


def list_patients(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return an incident's patients in order."""
    return session.execute(
        select(*Patient.__table__.columns)
        .where(Patient.incident_id == incident_id)
        .order_by(Patient.ordinal)
    ).all()


def insert_patient(session: Session, values: Mapping[str, Any]) -> None:
    """Store a patient."""
    session.execute(insert(Patient).values(**values))


def list_calls(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return an incident's calls, oldest first, without personal values."""
    columns: list[Any] = [column for column in Call.__table__.columns if column.name != "geom"]
    return session.execute(
        select(*columns, func.ST_X(Call.geom).label("lon"), func.ST_Y(Call.geom).label("lat"))
        .where(Call.incident_id == incident_id)
        .order_by(Call.received_at, Call.call_id)
    ).all()


def personal_values(session: Session, *, kind: str, subject_id: str) -> dict[str, str]:
    """Return the personal values of one subject by field; row-level security filters them."""
    rows = session.execute(
        select(PersonalValue.field, PersonalValue.value).where(
            PersonalValue.subject_kind == kind, PersonalValue.subject_id == subject_id
        )
    )
    return {row.field: row.value for row in rows}


_HOLDERS = {
    "call": Call.__table__.c.call_id, "patient": Patient.__table__.c.patient_id,
}  # fmt: skip
"""Whose personal values are of an incident, by the key that names them."""


def insert_personal_access(session: Session, values: Mapping[str, Any]) -> None:
    """Write down who read personal values, and why; with the area they are of now."""
    member = _HOLDERS[values["subject_kind"]]
    area_code = (
        select(Incident.area_code)
        .where(
            Incident.incident_id == member.table.c.incident_id,
            member == UUID(values["subject_id"]),
        )
        .scalar_subquery()
    )
    session.execute(insert(PersonalAccess).values(**values, area_code=area_code))


def list_events(session: Session, *, kind: str, subject_id: str) -> list[StoredEvent]:
    """Return one subject's events by version."""
    rows = session.execute(
        select(*Event.__table__.columns)
        .where(Event.subject_kind == kind, Event.subject_id == subject_id)
        .order_by(Event.subject_version)
    )
    return [StoredEvent(**row._mapping) for row in rows]


def incident_of_call(session: Session, call_id: UUID) -> UUID | None:
    """Return the incident a call belongs to; None if there is no such call."""
    return session.execute(
        select(Call.incident_id).where(Call.call_id == call_id)
    ).scalar_one_or_none()


def personal_value(session: Session, *, kind: str, subject_id: str, field: str) -> AnyRow | None:
    """Return one personal value with its salt and when it was written, if the viewer may see it."""
    return session.execute(
        select(*PersonalValue.__table__.columns).where(
            PersonalValue.subject_kind == kind,
            PersonalValue.subject_id == subject_id,
            PersonalValue.field == field,
        )
    ).one_or_none()


def forget_personal_value(session: Session, value_id: UUID) -> None:
    """Delete a personal value that another one contains."""
    session.execute(delete(PersonalValue).where(PersonalValue.value_id == value_id))


def keep_as_earlier(session: Session, stored: AnyRow, *, value_id: UUID, field: str) -> None:
    """Put a personal value under the name of an earlier version; salt and time stay with it."""
    forget_personal_value(session, stored.value_id)
    session.execute(
        insert(PersonalValue).values(**{**stored._mapping, "value_id": value_id, "field": field})
    )


def all_values(session: Session, *, kind: str, subject_id: str) -> Sequence[AnyRow]:
    """Return a subject's values of all versions, oldest first, that the viewer may see."""
    return session.execute(
        select(*PersonalValue.__table__.columns)
        .where(PersonalValue.subject_kind == kind, PersonalValue.subject_id == subject_id)
        .order_by(PersonalValue.created_at, PersonalValue.field)
    ).all()


def move_personal_values(session: Session, incident_id: UUID, *, area_code: str | None) -> None:
    """Put the personal values of an incident's calls and patients under its area."""
    session.execute(
        text("SELECT move_personal_values(:incident, :area)"),
        {"incident": incident_id, "area": area_code},
    )


def incident_id_by_number(session: Session, number: str) -> UUID | None:
    """Return the newest incident of this number, over all cities; None if there is none."""
    return session.execute(
        select(Incident.incident_id)
        .where(Incident.number == number)
        .order_by(Incident.received_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def count_incidents(
    session: Session, city_id: int, *, since: datetime, before: datetime
) -> Sequence[tuple[str | None, str | None, bool, int]]:
    """Return area, category, simulated, and how many incidents came in, each once.

    For publication only: it passes no jurisdiction, and what it returns is not shown as it is.
    """
    rows = session.execute(
        select(Incident.area_code, Incident.category, Incident.simulated, func.count())
        .where(
            Incident.city_id == city_id, Incident.received_at >= since,
            Incident.received_at < before, Incident.cancelled_at.is_(None),
            Incident.duplicate_of.is_(None),
        )
        .group_by(Incident.area_code, Incident.category, Incident.simulated)
    )  # fmt: skip
    return [(area, category, simulated, count) for area, category, simulated, count in rows]
