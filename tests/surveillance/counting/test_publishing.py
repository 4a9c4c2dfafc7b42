"""Counts that are published: by the week of the report, ordinary diseases, as known now."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from gis.access import SYSTEM
from gis.database import Database
from gis.disclosure.model import Counted
from surveillance.cases.repository import lock_source, store_reports
from surveillance.counting.published import CASES, DEATHS
from surveillance.counting.publishing import cases_of_period, deaths_of_period
from tests.surveillance.cases.reports import reports

pytestmark = pytest.mark.database

SINCE, BEFORE = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 8, tzinfo=UTC)


def case(key: str, day: int, **more: object) -> dict[str, object]:
    entered = datetime(2026, 6, day, 9, tzinfo=UTC)
    return {
        "key": key, "classification": "confirmed", "residence_area": "440305",
        "owned_by_area": "440305", "onset_on": date(2026, 6, 1), "entered_on": date(2026, 6, day),
        "entered_at": entered, "stated_at": entered,
    } | more  # fmt: skip


def test_a_case_is_published_in_the_week_of_its_report_unless_it_is_sensitive(
    shared_grid: Database,
) -> None:
    rows = [
        case("a", 2), case("b", 7), case("c", 9), case("suspect", 3, classification="suspect"),
        case("child", 4, age_years=3.0, sensitive="minor"),
        case("hidden", 5, disease="syphilis", sensitive="hiv_sti"),
        case("gone", 6, deleted_at=datetime(2026, 6, 6, 10, tzinfo=UTC)),
    ]  # fmt: skip
    with shared_grid.unit_of_work(SYSTEM) as uow:
        city_id = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
        source = lock_source(uow.session, city_id, "p", kind="line_list", at=BEFORE, by="test")
        store_reports(
            uow.session, reports(rows), city_id=city_id, source_id=source.source_id,
            import_id=None, as_of=datetime(2026, 6, 10, tzinfo=UTC), at=BEFORE,
        )  # fmt: skip
        counted = cases_of_period(uow, city_id, since=SINCE, before=BEFORE)
        uow.session.rollback()
    assert [Counted(one.area_code, one.group, one.people) for one in counted] == [
        Counted("440305", "dengue", 3)
    ]


def test_deaths_are_counted_where_reports_tell_them_and_none_is_a_count(
    shared_grid: Database,
) -> None:
    with shared_grid.unit_of_work(SYSTEM) as uow:
        city_id = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
        source = lock_source(uow.session, city_id, "d", kind="line_list", at=BEFORE, by="test")

        def told(*rows: dict[str, object]) -> list[Counted]:
            store_reports(
                uow.session, reports(rows), city_id=city_id, source_id=source.source_id,
                import_id=None, as_of=datetime(2026, 6, 10, tzinfo=UTC), at=BEFORE,
            )  # fmt: skip
            found = deaths_of_period(uow, city_id, since=SINCE, before=BEFORE)
            return [Counted(one.area_code, one.group, one.people) for one in found]

        # Nobody tells outcomes: that nobody died is not known.
        assert told(case("a", 2)) == []
        assert told(case("b", 3, outcome="cured")) == [Counted("440305", "dengue", 0)]
        died = {"died_on": date(2026, 6, 7), "outcome": "died"}
        assert told(
            case("c", 4, **died), case("d", 5, disease="syphilis", sensitive="hiv_sti", **died),
            case("e", 5, died_on=date(2026, 6, 8), outcome="died"),
        ) == [Counted("440305", "dengue", 1)]  # fmt: skip
        uow.session.rollback()


def test_no_sensitive_disease_is_a_group() -> None:
    assert CASES.groups == DEATHS.groups
    groups = {group.code for group in CASES.groups}
    assert "dengue" in groups
    assert groups.isdisjoint({"syphilis", "hiv", "aids", "gonorrhoea", "tuberculosis"})
    assert CASES.k == 5
