"""A person who was erased is not written again, whoever reports what of the case."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from gis.access import EVERYWHERE, SYSTEM, Grant, Identity
from gis.database import Database, WritingUnitOfWork
from gis.permissions import PRIVACY_ADMIN
from gis.tables.surveillance import Case, CaseErasure, CasePerson, CaseVersion
from surveillance.cases import repository
from surveillance.cases.errors import CaseNotFoundError
from surveillance.cases.model import DETAILS
from surveillance.cases.retention import cases_of_number, find_case, forget_case
from tests.surveillance.cases.reports import reports

pytestmark = pytest.mark.database

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WHO = {
    "name": "王芳", "phone": "13800138000", "address": "1 Elm", "person_digest": bytes(32),
    "institution": "Elm School", "institution_key": "elm", "occupation": "pupil",
    "reporting_unit": "Elm Clinic", "residence": "SRID=4326;POINT(114.05 22.55)",
    "residence_area": "440305", "owned_by_area": "440305", "onset_on": date(2026, 3, 1),
}  # fmt: skip


def officer(area: str = EVERYWHERE) -> Identity:
    return Identity(
        UUID(int=9), "p", "p", grants=(Grant("x", area, permissions=frozenset({PRIVACY_ADMIN})),)
    )


@pytest.fixture
def uow(shared_grid: Database) -> Iterator[WritingUnitOfWork]:
    """A transaction that leaves nothing behind."""
    with shared_grid.unit_of_work(SYSTEM) as uow:
        yield uow
        uow.session.rollback()


def take(uow: WritingUnitOfWork, *rows: dict[str, Any], source: str = "cards") -> None:
    city_id = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
    source_id = repository.lock_source(
        uow.session, city_id, source, kind="line_list", at=NOW, by="test"
    ).source_id
    repository.store_reports(
        uow.session, reports(rows), city_id=city_id, source_id=source_id, import_id=None,
        as_of=NOW, at=NOW,
    )  # fmt: skip


def case_of(uow: WritingUnitOfWork, key: str) -> UUID:
    return uow.session.scalars(select(Case.case_id).where(Case.source_key == key)).one()


def known(uow: WritingUnitOfWork, key: str) -> set[str]:
    """Return what of a case leads to a person: columns of any version, and the person's row."""
    case_id = case_of(uow, key)
    found = {
        name
        for version in uow.session.execute(
            select(*(getattr(CaseVersion, name) for name in DETAILS)).where(
                CaseVersion.case_id == case_id
            )
        ).mappings()
        for name, value in version.items()
        if value is not None
    }
    if uow.session.scalars(select(CasePerson.case_id).where(CasePerson.case_id == case_id)).all():
        found.add("person")
    return found


def report(key: str, day: int, **more: Any) -> dict[str, Any]:
    return {"key": key, "stated_at": datetime(2026, 3, day, tzinfo=UTC), **WHO, **more}


def test_a_newer_report_of_the_case_comes_in_without_who_it_is(uow: WritingUnitOfWork) -> None:
    take(uow, report("a", 2))
    assert {"person", "residence", "person_digest", "institution"} <= known(uow, "a")
    assert forget_case(uow, str(case_of(uow, "a"))) == 4
    assert known(uow, "a") == set()
    take(uow, report("a", 5, classification="confirmed"))
    take(uow, report("a", 1, classification="probable"))
    assert known(uow, "a") == set()
    versions = uow.session.scalars(
        select(CaseVersion.classification).where(CaseVersion.case_id == case_of(uow, "a"))
    ).all()
    assert set(versions) == {"suspect", "confirmed", "probable"}
    # The same file again is still the same: nothing is counted as a revision of it.
    take(uow, report("a", 5, classification="confirmed"))
    assert len(versions) == 3


def test_so_does_another_report_of_the_same_case_and_no_other_illness(
    uow: WritingUnitOfWork,
) -> None:
    take(uow, report("a", 2))
    forget_case(uow, str(case_of(uow, "a")))
    later = date(2026, 3, 1) + timedelta(days=61)
    take(
        uow, report("same", 3, onset_on=date(2026, 3, 20)), report("again", 3, onset_on=later),
        report("other", 3, disease="measles"), report("nobody", 3, person_digest=None),
        report("else", 3, person_digest=bytes([1] * 32)), source="clinic",
    )  # fmt: skip
    assert known(uow, "same") == set()
    for key in ("again", "other", "nobody", "else"):
        assert "person" in known(uow, key), key


def test_a_privacy_officer_erases_a_case_without_reading_cases(shared_grid: Database) -> None:
    with shared_grid.unit_of_work(SYSTEM) as uow:
        take(uow, report("officer", 2, phone="13900139000"), source="officer")
        case_id = str(case_of(uow, "officer"))
    with (
        shared_grid.unit_of_work(officer("440306")) as uow,
        pytest.raises(CaseNotFoundError),
    ):
        forget_case(uow, case_id)
    with shared_grid.unit_of_work(officer("440305")) as uow:
        assert find_case(uow, case_id) == case_id
        assert cases_of_number(uow, "13900139000") == [case_id]
        assert forget_case(uow, case_id) == 4
        assert uow.session.scalars(select(CaseErasure.case_id)).all() == [UUID(case_id)]
    with shared_grid.unit_of_work(SYSTEM) as uow:
        assert known(uow, "officer") == set()
    nobody = Identity(UUID(int=8), "n", "n", grants=())
    with shared_grid.read(nobody) as uow:
        assert uow.session.scalars(select(CaseErasure.case_id)).all() == []
