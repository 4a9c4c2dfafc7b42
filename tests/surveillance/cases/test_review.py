"""Two reports of one case are found, shown to who may read both, and decided once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from gis.access import SYSTEM
from gis.database import Database, WritingUnitOfWork
from surveillance.cases import repository, review
from surveillance.cases.errors import CaseDecidedError
from surveillance.cases.model import DateProblem
from surveillance.cases.repository_review import find_doubles
from tests.surveillance.cases.reports import reports

pytestmark = pytest.mark.database

ONE, OTHER = b"1" * 32, b"2" * 32
ALIKE: dict[str, Any] = {
    "name": "王伟", "phone": "13800138000", "sex": "male", "age_years": 30.0,
    "onset_on": date(2026, 3, 1), "residence_area": "1",
}  # fmt: skip


@pytest.fixture
def uow(shared_grid: Database) -> Iterator[WritingUnitOfWork]:
    with shared_grid.unit_of_work(SYSTEM) as uow:
        yield uow
        uow.session.rollback()


@pytest.fixture(scope="module")
def city_id(shared_grid: Database) -> int:
    with shared_grid.read(SYSTEM) as uow:
        return uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()


def take(uow: WritingUnitOfWork, city_id: int, *rows: dict[str, Any]) -> int:
    at = uow.clock.now()
    source_id = repository.lock_source(
        uow.session, city_id, "test", kind="line_list", at=at, by="test"
    ).source_id
    repository.store_reports(
        uow.session, reports(rows), city_id=city_id, source_id=source_id, import_id=None,
        as_of=at, at=at,
    )  # fmt: skip
    return find_doubles(uow.session, city_id, at=at)


@pytest.mark.parametrize(
    ("other", "score"),
    [
        ({"person_digest": ONE}, 0.6),
        ({**ALIKE, "person_digest": ONE}, 1.0),
        (ALIKE, 0.9),
        ({**ALIKE, "phone": "+86 138 0013 8000"}, 0.9),
        ({**ALIKE, "name": "李娜"}, 0.6),
        ({**ALIKE, "phone": None}, 0.6),
        ({**ALIKE, "phone": None, "sex": "female"}, None),
        ({**ALIKE, "disease": "measles", "person_digest": ONE}, None),
        ({**ALIKE, "onset_on": date(2026, 9, 1), "person_digest": ONE}, None),
        ({"person_digest": OTHER}, None),
    ],
)
def test_a_pair_is_scored_by_what_agrees(
    uow: WritingUnitOfWork, city_id: int, other: dict[str, Any], score: float | None
) -> None:
    found = take(uow, city_id, {"key": "a", **ALIKE, "person_digest": ONE}, {"key": "b", **other})
    assert found == (0 if score is None else 1)
    doubles = review.look_through(uow, city_id).doubles
    assert [pytest.approx(one.score) for one in doubles] == ([] if score is None else [score])


def test_a_pair_across_imports_is_found_and_decided_once(
    uow: WritingUnitOfWork, city_id: int
) -> None:
    assert take(uow, city_id, {"key": "a", "person_digest": ONE}) == 0
    assert take(uow, city_id, {"key": "b", "person_digest": ONE}) == 1
    (double,) = review.look_through(uow, city_id).doubles
    assert (double.first.source_key, double.second.source_key) == ("a", "b")
    review.decide_double(uow, double.first_id, double.second_id, same=True)
    with pytest.raises(CaseDecidedError):
        review.decide_double(uow, double.first_id, double.second_id, same=False)
    assert review.look_through(uow, city_id).doubles == ()
    same_as = text("SELECT same_as_id FROM cases WHERE source_key = 'b'")
    assert uow.session.execute(same_as).scalar_one() == double.first_id
    # A later report of the pair does not open it again.
    take(uow, city_id, {"key": "b", "person_digest": ONE, "classification": "confirmed"})
    assert review.look_through(uow, city_id).doubles == ()


def test_impossible_days_are_put_away_and_a_new_version_has_its_own(
    uow: WritingUnitOfWork, city_id: int
) -> None:
    problem = {"date_problems": "{death_before_onset}"}
    take(uow, city_id, {"key": "a", **problem})
    (finding,) = review.look_through(uow, city_id).findings
    assert finding.words.zh == "死亡日期早于发病日期"
    review.decide_finding(
        uow, finding.case_id, DateProblem.DEATH_BEFORE_ONSET, decision="reported_back"
    )
    assert review.look_through(uow, city_id).findings == ()
    with pytest.raises(CaseDecidedError):
        review.decide_finding(uow, uuid4(), DateProblem.BEFORE_BIRTH, decision="right")
    later = uow.clock.now() + timedelta(seconds=-1)
    take(uow, city_id, {"key": "a", **problem, "stated_at": later, "sex": "male"})
    assert len(review.look_through(uow, city_id).findings) == 0
    take(uow, city_id, {"key": "a", **problem, "sex": "female"})
    assert len(review.look_through(uow, city_id).findings) == 1


def test_late_reports_are_counted_by_unit_and_the_law_of_the_disease(
    uow: WritingUnitOfWork, city_id: int
) -> None:
    seen = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
    uow.clock = type("Clock", (), {"now": lambda _: datetime(2026, 4, 1, tzinfo=UTC)})()

    def report(key: str, disease: str, hours: float | None, days: int = 0) -> dict[str, Any]:
        return {
            "key": key, "disease": disease, "reporting_unit": "一院", "stated_at": seen,
            "diagnosed_on": date(2026, 3, 1), "entered_on": date(2026, 3, 1 + days),
            "diagnosed_at": None if hours is None else seen,
            "entered_at": None if hours is None else seen + timedelta(hours=hours),
        }  # fmt: skip

    take(
        uow, city_id, report("1", "cholera", 1.5), report("2", "cholera", 3),
        report("3", "dengue", 23), report("4", "dengue", 25), report("5", "dengue", None, 1),
        report("6", "dengue", None, 2), report("7", "chickenpox", 99),
    )  # fmt: skip
    (unit,) = review.look_through(uow, city_id).delays
    assert (unit.reporting_unit, unit.reports, unit.late_2h, unit.late_24h) == ("一院", 7, 1, 2)
    assert unit.median_h == 23
    (whole,) = review.look_through(uow, city_id).completeness
    assert (whole.cases, whole.filled["diagnosed_on"], whole.filled["onset_on"]) == (7, 7, 0)
