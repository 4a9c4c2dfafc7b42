"""How personal values of cases end: the rules of the night, and what is erased on demand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from surveillance.cases import repository_retention as repository
from surveillance.cases.errors import CaseNotFoundError


def find_case(uow: UnitOfWork, given: str) -> str:
    """Return the id of a case named by its id or by its report's number.

    Raises
    ------
    CaseNotFoundError
        There is none within the viewer's jurisdiction.
    """
    case_id = _as_id(given) or repository.by_key(uow.session, given)
    if case_id is None or _owner(uow, case_id) is None:
        raise CaseNotFoundError(given)
    return str(case_id)


def forget_case(uow: WritingUnitOfWork, case_id: str) -> int:
    """Erase who a case is, its point and its person's hash; return how many values there were.

    No later report of the case writes them again (`repository.store_reports`).

    Raises
    ------
    CaseNotFoundError
    """
    found = UUID(case_id)
    repository.lock_case(uow.session, found)
    owner = _owner(uow, found)
    if owner is None:
        raise CaseNotFoundError(case_id)
    erased = repository.erase_person(uow.session, found, at=uow.clock.now())
    city_id, area_code = owner
    uow.emit(
        NewEvent(
            "case", case_id, "case.person_erased", {"count": erased}, uow.clock.now(),
            city_id=city_id, area_code=area_code,
        )
    )  # fmt: skip
    return erased


def cases_of_number(uow: UnitOfWork, number: str) -> Sequence[str]:
    """Return the cases with a telephone number, with the country's code or without it."""
    return [str(one) for one in repository.by_phone(uow.session, number)]


def cases_of_name(uow: UnitOfWork, name: str) -> Sequence[str]:
    """Return the cases under exactly this name, of the person or of a guardian."""
    return [str(one) for one in repository.by_name(uow.session, name)]


def persons_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Delete names, telephones and addresses."""
    return repository.persons_past(uow.session, before, at=uow.clock.now(), limit=limit)


def details_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Empty points of residence, hashes, institutions and what else leads to a person."""
    return repository.details_past(uow.session, before, at=uow.clock.now(), limit=limit)


def rejects_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Delete refused rows."""
    return repository.rejects_past(uow.session, before, limit=limit)


def _owner(uow: UnitOfWork, case_id: UUID) -> tuple[int, str | None] | None:
    return repository.city_and_area(uow.session, case_id)


def _as_id(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
