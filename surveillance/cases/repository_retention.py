"""All SQL of erasing what is kept of the persons that cases are about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.retention.repository import is_held
from gis.tables.surveillance import Case, CasePerson, CaseReject, CaseVersion

_DETAILS = (
    "residence", "person_key", "person_digest", "institution", "institution_key", "occupation",
    "reporting_unit", "deleted_reason", "transferred_to",
)  # fmt: skip


def city_and_area(
    session: Session, case_id: UUID, *, prefixes: Sequence[str]
) -> tuple[int, str | None] | None:
    """Return the city and area of a case within `prefixes`; None where there is none."""
    row = session.execute(
        select(Case.city_id, CaseVersion.owned_by_area)
        .join(CaseVersion, CaseVersion.case_id == Case.case_id)
        .where(
            Case.case_id == case_id,
            CaseVersion.known_until.is_(None),
            within(CaseVersion.owned_by_area, prefixes),
        )
    ).one_or_none()
    return None if row is None else (row.city_id, row.owned_by_area)


def lock_case(session: Session, case_id: UUID) -> None:
    """Lock a case for this transaction."""
    session.execute(select(Case.case_id).where(Case.case_id == case_id).with_for_update())


def by_key(session: Session, source_key: str) -> UUID | None:
    """Return the one case of a report's number; None where none or several have it."""
    found = session.scalars(select(Case.case_id).where(Case.source_key == source_key).limit(2))
    ids = found.all()
    return ids[0] if len(ids) == 1 else None


def by_phone(session: Session, number: str) -> Sequence[UUID]:
    """Return the cases with a telephone number, the newest first."""
    return session.scalars(
        select(CasePerson.case_id)
        .where(
            func.phone_digits(CasePerson.phone) == func.phone_digits(number),
            func.phone_digits(number) != "",
        )
        .order_by(CasePerson.written_at.desc())
    ).all()


def by_name(session: Session, name: str) -> Sequence[UUID]:
    """Return the cases under exactly this name, the newest first."""
    return session.scalars(
        select(CasePerson.case_id)
        .where(or_(CasePerson.name == name, CasePerson.guardian == name))
        .order_by(CasePerson.written_at.desc())
    ).all()


def erase_person(session: Session, case_id: UUID) -> int:
    """Erase who a case is; return how many values there were."""
    person = session.execute(
        delete(CasePerson)
        .where(CasePerson.case_id == case_id)
        .returning(CasePerson.name, CasePerson.guardian, CasePerson.phone, CasePerson.address)
    ).one_or_none()
    emptied = session.scalars(
        update(CaseVersion)
        .where(CaseVersion.case_id == case_id, _has_details())
        .values(dict.fromkeys(_DETAILS))
        .returning(CaseVersion.case_id)
        .execution_options(synchronize_session=False)
    ).all()
    return sum(value is not None for value in person or ()) + len(emptied)


def persons_past(session: Session, before: datetime, *, at: datetime, limit: int) -> int:
    """Delete names, telephones and addresses written before; return how many rows."""
    past = (
        select(CasePerson.case_id)
        .where(CasePerson.written_at < before, ~is_held("case", CasePerson.case_id, at))
        .order_by(CasePerson.written_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return len(
        session.scalars(
            delete(CasePerson)
            .where(CasePerson.case_id.in_(past))
            .returning(CasePerson.case_id)
            .execution_options(synchronize_session=False)
        ).all()
    )


def details_past(session: Session, before: datetime, *, at: datetime, limit: int) -> int:
    """Empty points, hashes and institutions of versions recorded before; return how many."""
    past = (
        select(CaseVersion.case_id, CaseVersion.stated_at)
        .where(
            CaseVersion.recorded_at < before,
            _has_details(),
            ~is_held("case", CaseVersion.case_id, at),
        )
        .order_by(CaseVersion.recorded_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    return len(
        session.scalars(
            update(CaseVersion)
            .where(
                CaseVersion.case_id == past.c.case_id,
                CaseVersion.stated_at == past.c.stated_at,
            )
            .values(dict.fromkeys(_DETAILS))
            .returning(CaseVersion.case_id)
            .execution_options(synchronize_session=False)
        ).all()
    )


def rejects_past(session: Session, before: datetime, *, limit: int) -> int:
    """Delete refused rows of imports before; return how many."""
    past = (
        select(CaseReject.reject_id)
        .where(CaseReject.rejected_at < before)
        .order_by(CaseReject.rejected_at)
        .limit(limit)
    )
    return len(
        session.scalars(
            delete(CaseReject)
            .where(CaseReject.reject_id.in_(past))
            .returning(CaseReject.reject_id)
            .execution_options(synchronize_session=False)
        ).all()
    )


def _has_details() -> ColumnElement[bool]:
    return or_(*(getattr(CaseVersion, name).is_not(None) for name in _DETAILS))
