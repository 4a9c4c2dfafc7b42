"""A bulletin read: what the cases say, for whom, and what published cells leave of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from gis.access import EVERYWHERE, SYSTEM, Grant, Identity, system_within
from gis.cities import require_city
from gis.clock import FixedClock
from gis.database import Database
from gis.disclosure.model import Rhythm
from gis.disclosure.periods import period_of
from gis.disclosure.service import release
from gis.documents import Document, KeyFigures, Paragraph, Table
from gis.report_periods import parse_period
from gis.tables import Area, Population
from gis.words import LANGUAGES, Words
from maps.reports.reading import read_report
from surveillance.bulletin.model import Missing, Of
from surveillance.bulletin.published import read_published
from surveillance.bulletin.reading import read_bulletin
from surveillance.bulletin.report import compose
from surveillance.cases.repository import close_import, lock_source, open_import, store_reports
from surveillance.counting.published import CASES, DEATHS
from surveillance.permissions import CASES_READ, CASES_SENSITIVE, SURVEILLANCE_READ
from tests.surveillance.cases.reports import reports
from tests.surveillance.cluster_runs.stored import store_cluster, store_cluster_run
from tests.surveillance.signals.stored import store_signal

pytestmark = pytest.mark.database

WEST, EAST = "440305", "440306"
NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
WEEK = parse_period("2026-W24")
"""8 to 14 June."""
FROM = date(2025, 6, 10)
"""Reports begin on a Tuesday of week 24 of 2025, which is reported in part."""


def case(key: str, day: date, **more: Any) -> dict[str, Any]:
    entered = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return {
        "key": key, "classification": "confirmed", "residence_area": WEST, "owned_by_area": WEST,
        "onset_on": day - timedelta(days=2), "diagnosed_on": day, "entered_on": day,
        "entered_at": entered, "stated_at": entered, "review_state": "final", "age_years": 30.0,
        "sex": "female",
    } | more  # fmt: skip


def rows() -> Iterator[dict[str, Any]]:
    yield case("first", FROM)
    for number in range(12):
        yield case(f"now{number}", date(2026, 6, 8 + number % 7))
    for number in range(8):
        dead = {"died_on": date(2026, 6, 6), "outcome": "died"} if number < 6 else {}
        yield case(f"before{number}", date(2026, 6, 1), **dead)
    for number in range(2):
        yield case(f"east{number}", date(2026, 6, 9), residence_area=EAST, owned_by_area=EAST)
    for number in range(6):
        yield case(
            f"child{number}", date(2026, 6, 10), disease="hand_foot_mouth", age_years=3.0,
            sensitive="minor",
        )  # fmt: skip
    yield case("died", date(2026, 6, 11), disease="typhoid", died_on=date(2026, 6, 14),
               outcome="died")  # fmt: skip
    yield case("hidden", date(2026, 6, 11), disease="syphilis", sensitive="hiv_sti")
    yield case("suspect", date(2026, 6, 11), classification="suspect")
    yield case("lost", date(2026, 6, 12), residence_area=None, owned_by_area=None, sex=None)


@pytest.fixture(scope="module")
def city(shared_grid: Database) -> int:
    shared_grid.clock = FixedClock(NOW)
    with shared_grid.unit_of_work(SYSTEM) as uow:
        city_id: int = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
        source_id = lock_source(
            uow.session, city_id, "b", kind="line_list", at=NOW, by="test"
        ).source_id
        import_id = uow.ids.new()
        open_import(
            uow.session, import_id, source_id=source_id, file_name="b.csv", sha256=bytes(32),
            as_of=datetime(2026, 6, 14, 12, tzinfo=UTC), at=NOW, by="test",
        )  # fmt: skip
        stored = store_reports(
            uow.session, reports(list(rows())), city_id=city_id, source_id=source_id,
            import_id=import_id, as_of=NOW, at=NOW,
        )  # fmt: skip
        close_import(uow.session, import_id, stored, repeated=0, rejected=0, fields_lost=0, told=[])
        west = uow.session.scalars(select(Area.area_id).where(Area.code == WEST)).one()
        uow.session.execute(insert(Population).values(
            area_id=west, counted_on=date(2025, 1, 1), persons=50_000, base="resident", source="c"
        ))  # fmt: skip
        store_signal(uow, city_id, area_code=WEST)
        store_signal(uow, city_id, area_code=EAST, disease="typhoid")
        run_id = store_cluster_run(uow, city_id)
        store_cluster(uow, city_id, places=[WEST], run_id=run_id)
        store_cluster(uow, city_id, places=[WEST, EAST], run_id=run_id, disease="measles")
        store_cluster(uow, city_id, places=[WEST], run_id=run_id, disease="syphilis",
                      sensitive="hiv_sti")  # fmt: skip
        for first in (date(2026, 6, 1), date(2026, 6, 8)):
            for count in (CASES, DEATHS):
                release(uow, count, require_city(uow, city_id), period_of(first, Rhythm.WEEK))
    return city_id


def table(document: Document, name: str) -> dict[str, dict[str, Any]]:
    """Return a table as first cell → column → cell."""
    (found,) = (one for one in document.tables if one.name == name)
    keys = [column.key for column in found.columns]
    lines = [*found.rows, *([found.total] if found.total else [])]
    return {
        line[0].en: dict(zip(keys, (one.en if isinstance(one, Words) else one for one in line),
                             strict=True))
        for line in lines
        if isinstance(line[0], Words)
    }  # fmt: skip


def paragraphs(document: Document) -> str:
    return "\n".join(one.words.en for one in document.blocks if isinstance(one, Paragraph))


def test_cases_and_deaths_stand_beside_the_week_before_and_last_year(
    shared_grid: Database, city: int
) -> None:
    with shared_grid.read(SYSTEM) as uow:
        document = compose(read_bulletin(uow, city, WEEK), as_of=NOW)
    found = table(document, "diseases")
    dengue = found["Dengue (B)"]
    # 12 of the west, 2 of the east, 1 of nowhere; a suspect does not count.
    assert (dengue["cases"], dengue["before"], dengue["before_percent"]) == (15, 8, 87.5)
    # Last year's week was reported from Tuesday on: nothing is compared with it.
    assert (dengue["year_before"], dengue["year_before_percent"]) == ("≥ 1", "reported in part")
    assert dengue["to_date_percent"] == "reported in part"
    assert dengue["to_date"] == 23
    assert found["Hand, foot and mouth disease (C)"]["cases"] == 6
    assert found["Hand, foot and mouth disease (C)"]["before_percent"] == "from 0"
    assert found["Typhoid (B)"]["deaths"] == 1
    assert "Syphilis" not in repr(document)
    assert found["All diseases"]["cases"] == 22
    areas = table(document, "areas")
    assert areas["West"]["cases"] == 19
    assert areas["in none of these"]["cases"] == 1
    assert areas["East"]["rate"] is None
    assert "residents of the whole are not known" in paragraphs(document)
    assert "Late by the law (2 h or 24 h): 0 of 22" in paragraphs(document)
    fields = table(document, "completeness")
    assert (fields["sex"]["there"], fields["area of residence"]["there"]) == (21, 21)
    assert set(table(document, "signals")) == {"Dengue", "Typhoid"}
    assert set(table(document, "clusters")) == {"Dengue", "Measles"}
    assert table(document, "clusters")["Measles"]["place"] == "2 areas in West, East"
    assert document.period == "2026-W24"
    (figures,) = (one for one in document.blocks if isinstance(one, KeyFigures))
    assert figures.figures[-1].value == 2
    assert figures.figures[-1].detail.en == "1 of 7 days judged"


def test_who_may_read_one_district_reads_of_its_people_only_children_with_them(
    shared_grid: Database, city: int
) -> None:
    with shared_grid.read(system_within(CASES_READ, [WEST], CASES_SENSITIVE)) as uow:
        west = compose(read_bulletin(uow, city, WEEK), as_of=NOW)
    with shared_grid.read(system_within(CASES_READ, [EAST], CASES_SENSITIVE)) as uow:
        east = compose(read_bulletin(uow, city, WEEK), as_of=NOW)
    assert table(west, "diseases")["All diseases"]["cases"] == 19
    assert set(table(west, "areas")) == {"West"}
    assert set(table(west, "signals")) == {"Dengue"}
    assert set(table(west, "clusters")) == {"Dengue"}
    assert "found no cluster" in paragraphs(east)
    assert table(east, "diseases")["All diseases"]["cases"] == 2
    assert "West" not in repr(east)
    assert "only, as far as its asker's account goes" in paragraphs(west)


def test_a_period_without_a_report_says_so_and_counts_nothing(
    shared_grid: Database, city: int
) -> None:
    with shared_grid.read(SYSTEM) as uow:
        early = compose(read_bulletin(uow, city, parse_period("2024-W01")), as_of=NOW)
        late = compose(read_bulletin(uow, city, parse_period("2026-W25")), as_of=NOW)
        month = compose(read_bulletin(uow, city, parse_period("2026-06")), as_of=NOW)
    for document in (early, late):
        assert document.tables == ()
        assert "This says nothing of how many fell ill" in paragraphs(document)
        assert not any(isinstance(one, KeyFigures) for one in document.blocks)
    # June is reported until its 14th.
    assert "not reported whole" in paragraphs(month)
    assert "No cluster run" not in paragraphs(month)
    assert table(month, "diseases")["Dengue (B)"]["cases"] == "≥ 23"
    assert table(month, "diseases")["Dengue (B)"]["before_percent"] == "reported in part"


def test_everybody_else_reads_published_cells_and_no_small_count(
    shared_grid: Database, city: int
) -> None:
    with shared_grid.read(system_within(SURVEILLANCE_READ, [EVERYWHERE])) as uow:
        whole = compose(read_published(uow, city, WEEK), as_of=NOW)
    viewer = Identity(7, "p", "p", grants=(
        Grant("x", EVERYWHERE, permissions=frozenset({SURVEILLANCE_READ})),
    ))  # fmt: skip
    with shared_grid.read(viewer) as uow:
        told = read_published(uow, city, WEEK)
        again = read_published(uow, city, parse_period("2026-06"))
        document = compose(told, as_of=NOW)
    dengue = table(document, "diseases")["Dengue (B)"]
    assert dengue["cases"] == table(whole, "diseases")["Dengue (B)"]["cases"]
    for one in (*told.rows, told.everything):
        for of in Of:
            assert one.deaths is not None
            for count in (one.cases[of], one.deaths[of]):
                assert count.value is None or count.value == 0 or count.value >= CASES.k
    for area in told.areas:
        for count in area.by_disease.values():
            assert count.value is None or count.value == 0 or count.value >= CASES.k
    typhoid = next(one for one in told.rows if one.code == "typhoid")
    assert typhoid.cases[Of.PERIOD].why is Missing.HIDDEN
    # Who died is told by cells of its own: six of dengue the week before, one of typhoid hidden.
    dead = {one.code: one.deaths for one in told.rows if one.deaths is not None}
    assert dead["dengue"][Of.BEFORE].value == 6
    assert dead["dengue"][Of.PERIOD].value == 0
    assert dead["typhoid"][Of.PERIOD].why is Missing.HIDDEN
    assert dead["typhoid"][Of.YEAR_BEFORE].why is Missing.NOT_PUBLISHED
    assert told.everything.deaths is not None
    assert told.everything.deaths[Of.PERIOD].why is Missing.HIDDEN
    assert "Deaths are published nine days" in paragraphs(document)
    # No week of last year is published: not known, and no zero.
    assert dengue["year_before"] == "not published"
    assert told.quality is None
    assert all(one.cases_7 is None and one.expected is None for one in told.signals)
    assert {one.disease.en for one in told.signals} == {"a disease of class B"}
    assert again.spans[Of.PERIOD].first == date(2026, 6, 1)
    assert "East" not in table(document, "signals")
    assert set(table(document, "clusters")) == {"a disease of class B"}
    assert "observed" not in table(document, "clusters")["a disease of class B"]


def test_whoever_may_not_read_cases_gets_none_by_the_inner_bulletin(
    shared_grid: Database, city: int
) -> None:
    viewer = Identity(7, "p", "p", grants=(
        Grant("x", EVERYWHERE, permissions=frozenset({SURVEILLANCE_READ})),
    ))  # fmt: skip
    with shared_grid.read(viewer) as uow:
        found = read_bulletin(uow, city, WEEK)
    assert found.rows == []
    assert found.signals == []


def test_a_bulletin_is_a_report_of_the_house_in_every_language(
    shared_grid: Database, city: int
) -> None:
    with shared_grid.read(SYSTEM) as uow:
        found = read_report(uow, uow.house.reports["bulletin"], city, period="2026-W24")
        newest = read_report(uow, uow.house.reports["bulletin"], city)
    assert newest.document.period == "2026-W24"
    assert set(found.grounds) == {"map"}
    for language in LANGUAGES:
        assert all(
            block.words.in_language(language)
            for block in found.document.blocks
            if isinstance(block, Paragraph)
        )
    assert any(isinstance(block, Table) for block in found.document.blocks)
