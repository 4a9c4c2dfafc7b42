"""Stored runs: raised, known again, muted until a new case, ended; who sees them, and what."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import delete, insert, select, text

from gis.access import SYSTEM
from gis.cities import list_cities
from gis.concurrency import StaleVersionError
from gis.database import Database, WritingUnitOfWork
from gis.settings import Settings
from gis.tables import Event
from gis.tables.signals import SurveillanceRun, SurveillanceSeries, SurveillanceSignal
from gis.tables.surveillance import CaseImport, CaseSource
from surveillance.cases import repository as cases
from surveillance.cases.model import Counts
from surveillance.counting.repository_counts import learn_frame
from surveillance.signals import repository
from surveillance.signals.curves import disease_view, diseases_seen
from surveillance.signals.day import judge_parts
from surveillance.signals.errors import (
    AdvisoryRefusedError,
    NothingReportedError,
    RunOutOfOrderError,
    SignalEndedError,
)
from surveillance.signals.lifecycle import QUIET_DAYS, State
from surveillance.signals.material import read_material
from surveillance.signals.model import Rules
from surveillance.signals.replay import take_reports
from surveillance.signals.service import advise, decide, judged_day, set_budget, store_judged
from surveillance.signals.today import end_reporter, today
from surveillance.signals.work import day_due, judge_city, rules_in
from tests.surveillance.cases.reports import reports

pytestmark = pytest.mark.database

DAY = date(2026, 6, 10)
RULES = Rules()


def run_day(uow: WritingUnitOfWork, city_id: int, day: date, *, rules: Rules):
    material = read_material(uow, city_id, first_day=day, last_day=day, date_basis=None, level=None)
    return store_judged(uow, judged_day(material, day, rules=rules))


@pytest.fixture(scope="module")
def city(shared_grid: Database) -> tuple[Database, int, str]:
    with shared_grid.read(SYSTEM) as uow:
        city_id = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
        area = uow.session.execute(
            text("SELECT code FROM areas WHERE level = 'district' AND valid_to IS NULL"
                 " ORDER BY code LIMIT 1")
        ).scalar_one()  # fmt: skip
    return shared_grid, city_id, area


@pytest.fixture
def uow(city: tuple[Database, int, str]) -> Iterator[WritingUnitOfWork]:
    """A transaction that leaves nothing behind."""
    with city[0].unit_of_work(SYSTEM) as uow:
        yield uow
        uow.session.rollback()


class Book:
    """Cases of one city, handed in day by day."""

    def __init__(self, uow: WritingUnitOfWork, city: tuple[Database, int, str]) -> None:
        self.uow, self.city_id, self.area, self.count = uow, city[1], city[2], 0
        rows = []
        chance = np.random.default_rng(4)
        for back in range(1, 1990):
            for _ in range(chance.poisson(0.25)):
                rows.append(self.row(DAY - timedelta(days=back)))
        self.take(rows, DAY - timedelta(days=1))

    def row(self, day: date, **more: object) -> dict[str, object]:
        self.count += 1
        entered = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        return {
            "key": f"card-{self.count}", "disease": "dengue", "classification": "confirmed",
            "residence_area": self.area, "owned_by_area": self.area, "age_years": 30.0,
            "onset_on": day, "entered_on": day, "entered_at": entered, "stated_at": entered,
        } | more  # fmt: skip

    def take(self, rows: list[dict[str, object]], day: date) -> None:
        take_reports(
            self.uow, self.city_id, source="cards", file_name=f"{day}", reports=reports(rows),
            as_of=datetime(day.year, day.month, day.day, 23, tzinfo=UTC),
        )  # fmt: skip

    def day(self, day: date, cases: int, **more: object):
        """Hand in cases of a day, and judge it."""
        self.take([self.row(day, **more) for _ in range(cases)], day)
        return run_day(self.uow, self.city_id, day, rules=RULES)

    def signal(self):
        rows = self.uow.session.execute(
            select(SurveillanceSignal).where(SurveillanceSignal.city_id == self.city_id)
        ).scalars()
        return max(rows, key=lambda row: row.raised_on)

    def events(self) -> list[str]:
        return list(
            self.uow.session.execute(
                select(Event.type)
                .where(Event.subject_kind == "signal")
                .order_by(Event.subject_id, Event.subject_version)
            ).scalars()
        )


@pytest.fixture
def book(uow: WritingUnitOfWork, city: tuple[Database, int, str]) -> Book:
    return Book(uow, city)


def test_a_signal_is_raised_known_again_and_decided_on(book: Book) -> None:
    assert book.day(DAY, 0).signals == 0
    run = book.day(DAY + timedelta(days=1), 14)
    assert run.signals == 1
    signal = book.signal()
    assert (signal.disease, signal.area_code, signal.state) == ("dengue", book.area, "new")
    assert (signal.raised_on, signal.cases_7 >= 14) == (run.day, True)
    assert book.events() == ["signal.raised"]

    with pytest.raises(StaleVersionError):
        decide(book.uow, signal.signal_id, wanted=State.ACKNOWLEDGED, note=None,
               expected_version=7)  # fmt: skip
    decided = decide(book.uow, signal.signal_id, wanted=State.ACKNOWLEDGED, note="visited")
    assert (decided.state, decided.state_by, decided.note, decided.version) == (
        "acknowledged", "system", "visited", 2,
    )  # fmt: skip
    again = decide(book.uow, signal.signal_id, wanted=State.ACKNOWLEDGED, note="visited")
    assert again.version == 2
    # The same series on the next day, with new cases: no second signal, and it stays acknowledged.
    book.day(DAY + timedelta(days=2), 6)
    later = book.uow.session.execute(select(SurveillanceSignal.__table__)).one()
    assert (later.signal_id, later.state) == (signal.signal_id, "acknowledged")
    assert later.last_on == DAY + timedelta(days=2)
    assert book.events() == ["signal.raised", "signal.acknowledged"]


def test_a_muted_signal_sleeps_until_a_new_case(book: Book) -> None:
    book.day(DAY + timedelta(days=1), 14)
    signal_id = book.signal().signal_id
    decide(book.uow, signal_id, wanted=State.MUTED, note=None)
    book.day(DAY + timedelta(days=2), 0)
    row = repository.find_signal(book.uow.session, signal_id)
    assert (row.state, row.last_on) == ("muted", DAY + timedelta(days=2))
    book.day(DAY + timedelta(days=3), 1)
    row = repository.find_signal(book.uow.session, signal_id)
    assert row.state == "new"
    assert book.events() == ["signal.raised", "signal.muted", "signal.woken"]


def test_a_signal_ends_after_two_quiet_weeks_and_is_not_raised_without_a_new_case(
    book: Book,
) -> None:
    book.day(DAY + timedelta(days=1), 14)
    signal_id = book.signal().signal_id
    book.day(DAY + timedelta(days=9 + QUIET_DAYS + 1), 0)
    assert repository.find_signal(book.uow.session, signal_id).state == "ended"
    with pytest.raises(SignalEndedError):
        decide(book.uow, signal_id, wanted=State.MUTED, note=None)
    assert book.events() == ["signal.raised", "signal.ended"]
    book.day(DAY + timedelta(days=9 + QUIET_DAYS + 2), 15)
    assert book.signal().signal_id != signal_id


def test_days_go_forward_and_a_day_may_be_judged_again(book: Book) -> None:
    book.day(DAY + timedelta(days=1), 14)
    run_day(book.uow, book.city_id, DAY + timedelta(days=1), rules=RULES)
    assert book.events() == ["signal.raised"]
    with pytest.raises(RunOutOfOrderError, match="--look"):
        run_day(book.uow, book.city_id, DAY, rules=RULES)


def test_a_city_without_a_report_has_nothing_to_judge(
    uow: WritingUnitOfWork, city: tuple[Database, int, str]
) -> None:
    with pytest.raises(NothingReportedError):
        run_day(uow, city[1], DAY, rules=RULES)
    assert today(uow, city[1]).run is None


def test_the_morning_shows_signals_with_their_last_days(book: Book) -> None:
    book.day(DAY + timedelta(days=1), 14)
    view = today(book.uow, book.city_id)
    assert view.judged == [book.city_id]
    (signal,) = view.signals
    assert signal.numbers
    assert signal.recent[-1] == 14
    assert len(signal.recent) == 60
    assert signal.reason.zh.startswith("登革热")
    assert any(one.alarm for one in signal.opinions)
    assert (view.earlier, view.kept) == ([], [])


def test_a_disease_is_shown_with_curve_seasons_areas_and_ages(book: Book) -> None:
    run = book.day(DAY + timedelta(days=1), 14)
    seen = diseases_seen(book.uow, book.city_id).diseases
    assert seen[0].disease == "dengue"
    view = disease_view(book.uow, book.city_id, "dengue", area_code=book.area)
    assert view.weeks[-1].last_day == run.day
    assert view.weeks[-1].alarm
    assert view.weeks[-1].cases > view.weeks[-1].threshold > view.weeks[-1].expected
    assert view.seasons[-1].year == 2026
    assert next(one.area_code for one in view.areas) == book.area
    assert {one.age_group: one.cases for one in view.ages}["15-39"] >= 14
    assert view.reproduction.interval_days == 16.0
    assert (view.reproduction.why_not is None) == bool(view.reproduction.days)
    assert disease_view(book.uow, book.city_id, "dengue", area_code="nowhere") is None


def test_reports_corrected_later_leave_an_earlier_day_as_it_was_known(book: Book) -> None:
    first = DAY + timedelta(days=1)
    book.day(first, 14)
    cards = book.count
    moved = datetime(2026, 6, 12, 9, tzinfo=UTC)
    book.take(
        [
            book.row(first, key=f"card-{number}", disease="chikungunya", stated_at=moved)
            for number in range(cards - 13, cards + 1)
        ],
        DAY + timedelta(days=2),
    )
    run_day(book.uow, book.city_id, first, rules=RULES)
    counts = {
        row.disease: row.cases[-1]
        for row in book.uow.session.execute(
            select(SurveillanceSeries.disease, SurveillanceSeries.cases).where(
                SurveillanceSeries.area_code.is_(None), SurveillanceSeries.age_group == "*",
                SurveillanceSeries.date_basis == "entry",
            )
        )
    }  # fmt: skip
    assert counts["dengue"] == 14
    assert counts.get("chikungunya", 0) == 0
    run_day(book.uow, book.city_id, DAY + timedelta(days=2), rules=RULES)
    view = disease_view(book.uow, book.city_id, "dengue", area_code=None)
    assert view.weeks[-1].cases < 14


def test_a_city_is_judged_between_two_transactions(
    city: tuple[Database, int, str], monkeypatch
) -> None:
    database, city_id, _ = city
    open_now = []
    seen = []

    def watched(opened):
        @contextmanager
        def inner(asker):
            with opened(asker) as uow:
                open_now.append(uow)
                yield uow
                open_now.pop()

        return inner

    with database.unit_of_work(SYSTEM) as uow:
        Book(uow, city)
    monkeypatch.setattr(database, "read", watched(database.read))
    monkeypatch.setattr(database, "unit_of_work", watched(database.unit_of_work))
    monkeypatch.setattr(
        "surveillance.signals.service.judge_parts",
        lambda parts, rules, day: seen.append(len(open_now)) or judge_parts(parts, rules, day=day),
    )
    run = judge_city(database, city_id, DAY, rules=RULES)
    assert (run.day, seen) == (DAY, [0])
    with database.read(SYSTEM) as uow:
        assert day_due(uow, list_cities(uow.session)[0]) is None
    with database.unit_of_work(SYSTEM) as uow:
        for table in (CaseSource, SurveillanceRun, SurveillanceSeries):
            uow.session.execute(delete(table))


def test_what_comes_in_on_the_next_morning_counts_and_a_list_may_have_no_day_of_entry(
    uow: WritingUnitOfWork, city: tuple[Database, int, str]
) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    today_there = uow.clock.now().astimezone(zone).date()
    yesterday = today_there - timedelta(days=1)
    rows = [
        {"key": f"n-{number}", "disease": "measles", "classification": "confirmed",
         "residence_area": city[2], "owned_by_area": city[2], "onset_on": yesterday}
        for number in range(6)
    ]  # fmt: skip
    take_reports(
        uow, city[1], source="list", file_name="this morning", reports=reports(rows),
        as_of=uow.clock.now(),
    )  # fmt: skip
    run = run_day(uow, city[1], yesterday, rules=RULES)
    assert run.date_basis == "onset"
    assert (run.unplaced, run.undated) == (0, 0)
    counts = uow.session.execute(
        select(SurveillanceSeries.cases).where(
            SurveillanceSeries.disease == "measles", SurveillanceSeries.area_code == city[2],
            SurveillanceSeries.age_group == "*", SurveillanceSeries.date_basis == "onset",
        )
    ).scalar_one()  # fmt: skip
    assert counts[-1] == 6


def test_weekly_reports_are_judged_beside_line_lists_and_missing_ones_are_said(
    uow: WritingUnitOfWork, city: tuple[Database, int, str]
) -> None:
    _, city_id, area = city
    monday = DAY - timedelta(days=DAY.weekday() + 7)
    weeks = 300
    first = monday - timedelta(days=7 * (weeks - 1))
    at = datetime(2026, 6, 9, tzinfo=UTC)
    source_id = cases.lock_source(
        uow.session, city_id, "sentinels", kind="counts", at=at, by="test"
    ).source_id
    chance = np.random.default_rng(1)
    counts = chance.poisson(6.0, weeks).astype(float)
    counts[-1] = 40
    starts = np.datetime64(first, "D") + 7 * np.arange(weeks)
    uow.session.execute(
        insert(CaseImport).values(
            import_id=uow.ids.new(), source_id=source_id, file_name="w", sha256=b"1" * 32, as_of=at,
            told=[], imported_at=at, imported_by="test",
            **dict.fromkeys(("rows_read", "rows_new", "rows_revised", "rows_deleted",
                             "rows_unchanged", "rows_repeated", "rows_rejected", "fields_lost"), 0),
        )
    )  # fmt: skip
    import_id = uow.session.execute(select(CaseImport.import_id)).scalar_one()
    said = {
        "disease": "influenza_like_illness", "area_code": area, "date_basis": "onset",
        "place_basis": "residence", "sex": "all", "classification": "all",
    }  # fmt: skip
    cases.store_counts(
        uow.session,
        Counts(columns={
            **{name: np.full(weeks, value, object) for name, value in said.items()},
            "period_from": starts, "period_until": starts + 7, "age_from": np.zeros(weeks),
            "age_below": np.full(weeks, np.nan), "cases": counts, "deaths": np.full(weeks, np.nan),
        }),
        city_id=city_id, source_id=source_id, import_id=import_id, as_of=at, at=at,
    )  # fmt: skip
    learn_frame(uow.session, source_id)
    run = run_day(uow, city_id, DAY, rules=RULES)
    assert [(one["disease"], one["source"], one["days"]) for one in run.covered] == [
        ("influenza_like_illness", "sentinels", 7)
    ]
    view = today(uow, city_id)
    (signal,) = view.signals
    assert (signal.disease, signal.observed, signal.area_code) == (
        "influenza_like_illness", 40, area,
    )  # fmt: skip
    assert "By the reports of sentinels" in signal.reason.en
    assert view.missing == []
    # Two weeks later nobody has reported: that is said, not judged as zero.
    run = run_day(uow, city_id, DAY + timedelta(days=14), rules=RULES)
    assert (run.judged, run.unjudged) == (0, {"no_report": run.series})
    (missing,) = today(uow, city_id).missing
    assert (missing.source, missing.rhythm, missing.periods) == ("sentinels", "week", 2)
    end_reporter(uow, missing.frame_id, DAY)
    assert today(uow, city_id).missing == []


def test_staff_say_how_many_alarms_they_can_verify_and_each_version_stays(
    uow: WritingUnitOfWork, city: tuple[Database, int, str]
) -> None:
    settings = Settings()
    assert rules_in(uow, settings, city[1]).alarms_a_day == settings.surveillance_alarms_a_day
    assert set_budget(uow, city[1], 7).version == 1
    assert set_budget(uow, city[1], 7).version == 1
    said = set_budget(uow, city[1], 3)
    assert (said.version, said.alarms_a_day, said.set_by) == (2, 3, "system")
    assert rules_in(uow, settings, city[1]).alarms_a_day == 3


@pytest.mark.acceptance
def test_a_unit_that_stops_is_told_apart_from_what_is_more_frequent(book: Book) -> None:
    unit = {"reporting_unit": "市立医院", "reporting_area": book.area}
    rows = [
        book.row(DAY - timedelta(days=back), disease="mumps", **unit)
        for back in range(7, 90) for _ in range(6)
    ]  # fmt: skip
    book.take(rows, DAY)
    run = run_day(book.uow, book.city_id, DAY, rules=RULES)
    found = today(book.uow, book.city_id)
    named = {one.institution: one for one in found.drops}
    assert set(named) >= {"市立医院"}
    assert {one.kind for one in found.drops} == {"drop"}
    assert (named["市立医院"].disease, named["市立医院"].opinions) == (None, [])
    assert not {one.kind for one in (*found.signals, *found.kept)} & {"drop"}
    # It takes nothing from what staff can verify, and is no advice for dispatch.
    assert run.signals == len(found.signals)
    with pytest.raises(AdvisoryRefusedError):
        advise(book.uow, named["市立医院"].signal_id, days=7)
    # The same unit on the next day is the same signal; who sees no numbers hears nothing of it.
    book.day(DAY + timedelta(days=1), 0)
    again = {one.institution: one for one in today(book.uow, book.city_id).drops}
    assert again["市立医院"].signal_id == named["市立医院"].signal_id
    outlined = {row.signal_id for row in repository.outlines(book.uow.session, book.city_id)}
    assert not outlined & {one.signal_id for one in again.values()}


def test_a_disease_is_told_by_calendar_month_beside_the_year_before(book: Book) -> None:
    book.day(DAY, 3)
    view = disease_view(book.uow, book.city_id, "dengue", area_code=None)
    assert view is not None
    months = view.months
    assert (len(months), months[-1].first_day, months[-1].whole) == (24, DAY.replace(day=1), False)
    series = next(
        one
        for one in repository.find_series(book.uow.session, book.city_id, diseases=["dengue"])
        if one.area_code is None and one.age_group == "*" and one.date_basis == "entry"
    )
    days = [series.starts_on + timedelta(days=n) for n in range(len(series.cases))]
    for month in months:
        its = [case for day, case in zip(days, series.cases, strict=True)
               if day.replace(day=1) == month.first_day]  # fmt: skip
        assert month.cases == sum(its)
    assert months[-1].year_before == months[-13].cases
