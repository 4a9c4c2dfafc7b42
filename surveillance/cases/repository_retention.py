"""All SQL of erasing what is kept of the persons that cases are about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from gis.retention.repository import is_held
from gis.tables.surveillance import Case, CasePerson, CaseReject, CaseVersion
from surveillance.cases.model import DETAILS


def city_and_area(session: Session, case_id: UUID) -> tuple[int, str | None] | None:
    """Return the city and area of a case that the viewer may erase; None where there is none."""
    owner = func.case_owner(case_id).table_valued("city_id", "area_code")
    row = session.execute(select(owner.c.city_id, owner.c.area_code)).one_or_none()
    return None if row is None else (row.city_id, row.area_code)


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


def erase_person(session: Session, case_id: UUID, *, at: datetime) -> int:
    """Erase who a case is, and keep that it was; return how many values there were."""
    erased: int = session.execute(select(func.erase_case_person(case_id, at))).scalar_one()
    return erased


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
            .values(dict.fromkeys(DETAILS))
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
    return or_(*(getattr(CaseVersion, name).is_not(None) for name in DETAILS))
