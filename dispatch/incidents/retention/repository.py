"""SQL that ends personal values: of one incident, call or patient, or of those past a period.

What a hold keeps is left out. Rows of a rule are locked as they are found; one that somebody works
on waits for the next night.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    delete,
    func,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from dispatch.incidents.merging.repository import moved_ids
from gis.retention.repository import is_held
from gis.rows import AnyRow
from gis.tables import (
    Assignment,
    Call,
    Incident,
    IncidentMerge,
    Patient,
    PersonalValue,
    Shift,
    ShiftCrew,
)
from gis.tables.calls import CallerDigest, CallerFix, LocationLink

BLUR_DEGREES = 0.01
"""About a kilometre: the place of an incident that is past its period."""
BLUR_M = 1000.0
_NO_TIMES = {
    "predicted_travel_time_s": None, "predicted_low_s": None, "predicted_high_s": None,
    "predicted_distance_m": None, "shown_travel_time_s": None,
}  # fmt: skip
_NO_DETAILS = {"age_years": None, "sex": None, "triage_colour": None}


def erase_values(session: Session, kind: str, subject_ids: Sequence[str]) -> int:
    """Delete the personal values of calls or patients; return how many."""
    erased = session.scalars(
        delete(PersonalValue)
        .where(PersonalValue.subject_kind == kind, PersonalValue.subject_id.in_(subject_ids))
        .returning(PersonalValue.value_id)
        .execution_options(synchronize_session=False)
    )
    return len(erased.all())


def erase_telephone(session: Session, call_ids: Sequence[UUID]) -> int:
    """Delete hashes, positions of phones and links of calls; return how many positions went."""
    for table in (CallerDigest, LocationLink):
        session.execute(
            delete(table)
            .where(table.__table__.c.call_id.in_(call_ids))
            .execution_options(synchronize_session=False)
        )
    fixes = session.scalars(
        delete(CallerFix)
        .where(CallerFix.call_id.in_(call_ids))
        .returning(CallerFix.fix_id)
        .execution_options(synchronize_session=False)
    )
    return len(fixes.all())


def erase_versions(session: Session, kind: str, *, subject_id: str, field: str) -> None:
    """Delete one personal value of a call or patient with all its earlier versions."""
    session.execute(
        delete(PersonalValue)
        .where(
            PersonalValue.subject_kind == kind,
            PersonalValue.subject_id == subject_id,
            or_(
                PersonalValue.field == field,
                PersonalValue.field.startswith(f"{field}.", autoescape=True),
            ),
        )
        .execution_options(synchronize_session=False)
    )


def details_of(session: Session, patient_id: UUID) -> AnyRow | None:
    """Return a patient's age and sex; None if the viewer may see no such patient."""
    return session.execute(
        select(Patient.age_years, Patient.sex).where(Patient.patient_id == patient_id)
    ).one_or_none()


def set_detail(session: Session, patient_id: UUID, values: Mapping[str, Any]) -> None:
    """Set a patient's age or sex."""
    session.execute(
        update(Patient)
        .where(Patient.patient_id == patient_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def erase_times(session: Session, incident_id: UUID) -> None:
    """Empty the times and the distance to its place that an incident's assignments keep."""
    session.execute(
        update(Assignment).where(Assignment.incident_id == incident_id).values(**_NO_TIMES)
    )


def erase_details(session: Session, patient_id: UUID) -> None:
    """Empty a patient's age, sex and triage colour."""
    session.execute(update(Patient).where(Patient.patient_id == patient_id).values(**_NO_DETAILS))


def calls_of(session: Session, incident_id: UUID) -> Sequence[UUID]:
    """Return the calls of an incident, also those that went on with another one."""
    own = session.scalars(select(Call.call_id).where(Call.incident_id == incident_id)).all()
    return [*own, *moved_ids(session, IncidentMerge.call_ids, incident_id)]


def patients_of(session: Session, incident_id: UUID) -> Sequence[UUID]:
    """Return the patients of an incident, also those that went on with another one."""
    own = session.scalars(
        select(Patient.patient_id).where(Patient.incident_id == incident_id)
    ).all()
    return [*own, *moved_ids(session, IncidentMerge.patient_ids, incident_id)]


def incident_of_patient(session: Session, patient_id: UUID) -> UUID | None:
    """Return the incident of a patient; None if there is no such patient."""
    return session.execute(
        select(Patient.incident_id).where(Patient.patient_id == patient_id)
    ).scalar_one_or_none()


def calls_from(session: Session, number: str) -> Sequence[str]:
    """Return the calls from a telephone number, newest first."""
    return session.scalars(
        select(PersonalValue.subject_id)
        .where(
            PersonalValue.subject_kind == "call",
            PersonalValue.field == "caller_number",
            func.phone_digits(PersonalValue.value) == func.phone_digits(number),
            func.phone_digits(number) != "",
        )
        .order_by(PersonalValue.created_at.desc())
    ).all()


def named(session: Session, kind: str, field: str, name: str) -> Sequence[str]:
    """Return the calls or patients under exactly this name, newest first."""
    return session.scalars(
        select(PersonalValue.subject_id)
        .where(
            PersonalValue.subject_kind == kind, PersonalValue.field == field,
            PersonalValue.value == name,
        )
        .order_by(PersonalValue.created_at.desc())
    ).all()  # fmt: skip


def values_past(session: Session, kind: str, before: datetime, *, at: datetime, limit: int) -> int:
    """Delete the values of calls or patients older than `before`; return how many."""
    owner: Any = Call if kind == "call" else Patient
    key = Call.call_id if kind == "call" else Patient.patient_id
    past = (
        select(PersonalValue.value_id)
        .outerjoin(owner, cast(key, Text) == PersonalValue.subject_id)
        .where(
            PersonalValue.subject_kind == kind,
            PersonalValue.created_at < before,
            or_(owner.incident_id.is_(None), ~is_held("incident", owner.incident_id, at)),
            ~is_held(kind, PersonalValue.subject_id, at),
        )
        .order_by(PersonalValue.created_at)
        .limit(limit)
        .with_for_update(of=PersonalValue, skip_locked=True)
    )
    return _count(
        session,
        delete(PersonalValue)
        .where(PersonalValue.value_id.in_(past))
        .returning(PersonalValue.value_id),
    )


def details_past(session: Session, before: datetime, *, at: datetime, limit: int) -> int:
    """Empty age, sex and triage colour of patients older than `before`; return how many."""
    past = (
        select(Patient.patient_id)
        .where(
            Patient.created_at < before,
            or_(
                Patient.age_years.is_not(None),
                Patient.sex.is_not(None),
                Patient.triage_colour.is_not(None),
            ),
            ~is_held("incident", Patient.incident_id, at),
            ~is_held("patient", Patient.patient_id, at),
        )
        .order_by(Patient.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return _count(
        session,
        update(Patient)
        .where(Patient.patient_id.in_(past))
        .values(**_NO_DETAILS)
        .returning(Patient.patient_id),
    )


def answers_past(session: Session, before: datetime, *, at: datetime, limit: int) -> int:
    """Empty triage answers and reasons of cancellation of ended incidents; return how many."""
    said = or_(Incident.triage_answers.is_not(None), Incident.cancel_reason.is_not(None))
    return _count(
        session,
        update(Incident)
        .where(Incident.incident_id.in_(_ended(before, at=at, limit=limit, where=said)))
        # None would be the JSON null, which is a value.
        .values(triage_answers=null(), cancel_reason=None)
        .returning(Incident.incident_id),
    )


def places_past(session: Session, before: datetime, *, at: datetime, limit: int) -> int:
    """Move places of ended incidents to a grid of about a kilometre; return how many."""
    exact = and_(
        Incident.geom.is_not(None),
        or_(func.coalesce(Incident.uncertainty_m, 0) < BLUR_M, Incident.place_label.is_not(None)),
    )
    moved = session.scalars(
        update(Incident)
        .where(Incident.incident_id.in_(_ended(before, at=at, limit=limit, where=exact)))
        .values(
            geom=func.ST_SnapToGrid(Incident.geom, BLUR_DEGREES), place_label=None,
            uncertainty_m=func.greatest(Incident.uncertainty_m, BLUR_M),
        )
        .returning(Incident.incident_id)
        .execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    session.execute(
        update(Call).where(Call.incident_id.in_(moved)).values(geom=None, uncertainty_m=None)
    )
    return len(moved)


def times_past(session: Session, before: datetime, *, at: datetime, limit: int) -> int:
    """Empty the predicted and shown times of assignments; return how many."""
    past = (
        select(Assignment.assignment_id)
        .where(
            Assignment.created_at < before,
            or_(*(getattr(Assignment, name).is_not(None) for name in _NO_TIMES)),
            ~is_held("incident", Assignment.incident_id, at),
        )
        .order_by(Assignment.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return _count(
        session,
        update(Assignment)
        .where(Assignment.assignment_id.in_(past))
        .values(**_NO_TIMES)
        .returning(Assignment.assignment_id),
    )


def crews_past(session: Session, before: datetime, *, limit: int) -> int:
    """Delete who was on board during shifts that ended before; return how many."""
    past = (
        select(ShiftCrew.shift_id, ShiftCrew.crew_member_id)
        .join(Shift, Shift.shift_id == ShiftCrew.shift_id)
        .where(func.upper(Shift.during) < before)
        .limit(limit)
    )
    return _count(
        session,
        delete(ShiftCrew)
        .where(tuple_(ShiftCrew.shift_id, ShiftCrew.crew_member_id).in_(past))
        .returning(ShiftCrew.shift_id),
    )


def _ended(before: datetime, *, at: datetime, limit: int, where: ColumnElement[bool]) -> Any:
    return (
        select(Incident.incident_id)
        .where(
            func.coalesce(Incident.closed_at, Incident.cancelled_at) < before,
            where,
            ~is_held("incident", Incident.incident_id, at),
        )
        .order_by(Incident.received_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _count(session: Session, statement: Any) -> int:
    changed = session.execute(statement.execution_options(synchronize_session=False))
    return len(changed.all())
