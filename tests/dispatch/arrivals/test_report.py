"""Predicted against actual arrival times, from calls that were really dispatched."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from api.http.answers import json_text
from dispatch.arrivals import report as service_calibration
from dispatch.arrivals.prediction import Prediction
from dispatch.arrivals.report import EXCLUSIONS, FEWEST_SHOWN, Drives, arrival_report, read_drives
from dispatch.arrivals.views import arrivals_view, table
from dispatch.assignments import service as assignments_service
from dispatch.errors import PeriodInvalidError
from dispatch.incidents import calls
from dispatch.model import AssignmentState, StampSource
from gis.access import ANONYMOUS, SYSTEM, Identity
from gis.cities import CityUnknownError
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.identity_errors import MissingPermissionError
from tests.dispatch.conftest import NOW
from tests.identities import granted

pytestmark = pytest.mark.database

FREE_UNIT = text(
    "SELECT u.unit_id FROM units u JOIN shifts s USING (unit_id) WHERE s.during @> :now"
    " AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.unit_id = u.unit_id"
    " AND a.state NOT IN ('no_transport', 'diverted')) ORDER BY 1 LIMIT 1"
)
HOUR = timedelta(hours=1)


def by_road(predicted_s, *, low_s=None, high_s=None):
    return Prediction(
        predicted_s, "road", low_s=0.8 * predicted_s if low_s is None else low_s,
        high_s=1.3 * predicted_s if high_s is None else high_s, topology_id="t",
        conditions_id="c",
    )  # fmt: skip


@pytest.fixture
def driven(database, city, take, clock, dispatcher):
    """Return a function that sends the first free unit, lets it drive, arrive and finish."""

    def drive(
        prediction, actual_s=None, *, lon=114.05, last="no_transport", by_way_of=(), between=None,
        **shown,
    ):  # fmt: skip
        incident = take(lon)
        with database.read(SYSTEM) as uow:
            unit_id = uow.session.execute(FREE_UNIT, {"now": clock.now()}).scalar_one()
        with database.unit_of_work(dispatcher) as uow:
            sent = assignments_service.assign(
                uow, incident.incident_id, unit_id=unit_id, prediction=prediction, **shown
            )  # fmt: skip
        if between is not None:
            clock.advance(1.0)
            between(incident)
        for state, wait_s in [
            ("en_route", 30.0), *by_way_of, ("on_scene", actual_s), (last, 900.0)
        ]:  # fmt: skip
            if wait_s is None:
                continue
            clock.advance(wait_s)
            with database.unit_of_work(dispatcher) as uow:
                assignments_service.stamp(
                    uow, sent.assignment_id, state=AssignmentState(state),
                    source=StampSource.CONSOLE,
                )  # fmt: skip

    return drive


@pytest.fixture
def report(database, city, clock, dispatcher):
    """Return a function that reports on everything as somebody sees it."""

    def reported(identity=dispatcher):
        with database.read(identity) as uow:
            drives = read_drives(
                uow, city.city_id, from_at=NOW - HOUR, to_at=clock.now() + HOUR
            )  # fmt: skip
        return arrival_report(drives)

    return reported


@pytest.fixture
def single_drives_shown(monkeypatch):
    """Tell of single drives too, so that few are enough to see which counts as what."""
    monkeypatch.setattr(service_calibration, "FEWEST_SHOWN", 1)


@pytest.mark.usefixtures("single_drives_shown")
def test_errors_are_counted_and_what_is_left_out_is_named(driven, report):
    for predicted_s, actual_s in ((300.0, 330.0), (400.0, 400.0), (500.0, 560.0)):
        driven(by_road(predicted_s), actual_s)
    driven(Prediction(fault="no_road"), 100.0)
    driven(by_road(200.0), 4 * 3600.0)
    driven(Prediction(200.0, "straight_line", distance_m=1_200.0), 90.0)
    driven(by_road(200.0), last="diverted")
    found = report()
    overall = found.report.overall
    # Errors 30, 0 and 60 s; late two of three; 0.8 to 1.3 times holds all three.
    assert (found.assignments, overall.n) == (7, 3)
    assert overall.median_error_s.value == pytest.approx(30.0)
    assert overall.p50_miss_s.value == pytest.approx(30.0)
    assert overall.late.value == pytest.approx(2 / 3)
    assert (overall.coverage.value, overall.n_interval) == (pytest.approx(1.0), 3)
    assert found.excluded == {"no_prediction": 1, "absurd": 1, "by_straight_line": 1, "diverted": 1}
    assert found.excluded.keys() <= EXCLUSIONS.keys()
    assert overall.n + sum(found.excluded.values()) == found.assignments
    lines = table(found)
    assert any(line.startswith("全部 All") for line in lines)
    assert lines[-2:] == ["未计入 1：没有按道路的预计时间。",
                          "Left out 1: no prediction by road was kept."]  # fmt: skip
    told = json.loads(json_text(arrivals_view(found)))
    assert told["overall"]["median_error_s"]["value"] == pytest.approx(30.0)
    assert told["overall"]["median_error_s"]["low"] is None


@pytest.mark.usefixtures("single_drives_shown")
def test_what_was_only_shown_is_not_compared(driven, report):
    failed = Prediction(fault="failed: RuntimeError")
    for basis in (None, "road", "straight_line"):
        driven(failed, 100.0, predicted_travel_time_s=90.0, predicted_by=basis)
    driven(by_road(90.0), 100.0, predicted_travel_time_s=10.0, predicted_by="straight_line")
    found = report()
    assert found.excluded == {"no_prediction": 3}
    assert found.report.overall.median_error_s.value == pytest.approx(10.0)


@pytest.mark.usefixtures("single_drives_shown")
def test_drives_to_another_place_or_with_a_wait_are_not_compared(
    database, driven, report, dispatcher
):  # fmt: skip
    def correct(incident):
        with database.unit_of_work(dispatcher) as uow:
            point = DeclaredPoint(114.06, 22.55, Datum.WGS84, 5.0)
            calls.locate(uow, incident.incident_id, point=point)

    driven(by_road(300.0), 600.0, by_way_of=[("staging", 200.0)])
    driven(by_road(300.0), 600.0, between=correct)
    driven(by_road(300.0), 310.0)
    found = report()
    assert found.excluded == {"staged": 1, "place_moved": 1}
    assert found.report.overall.median_error_s.value == pytest.approx(10.0)


@pytest.mark.usefixtures("single_drives_shown")
def test_the_interval_is_the_one_told_at_dispatch(driven, report):
    driven(by_road(300.0, low_s=100.0, high_s=500.0), 480.0)  # a stale position: wider than 1.3
    driven(by_road(300.0, low_s=290.0, high_s=310.0), 320.0)
    driven(Prediction(300.0, "road", topology_id="t"), 300.0)  # from before intervals were kept
    overall = report().report.overall
    assert (overall.n, overall.n_interval) == (3, 2)
    assert overall.coverage.value == pytest.approx(0.5)


def test_each_sees_the_drives_of_the_own_areas_only(driven, report, city):
    for lon in (114.05, 114.05, 114.15):
        driven(by_road(300.0), 310.0, lon=lon)

    def of(*grants):
        identity = Identity(UUID(int=7), "zhang.wei", "Zhang Wei", grants=grants)
        return report(identity).assignments

    assert of(granted("dispatcher", city.west_code)) == 2
    assert of(granted("planner", city.east_code)) == 1
    # Either permission opens its area, and only that.
    both = (granted("dispatcher", city.west_code), granted("planner", city.east_code))
    assert of(*both) == 3
    assert of(granted("planner", "4404")) == 0
    assert of(granted("planner", "4404"), granted("cdc", "")) == 0


def drive_of(hour, *, distance_m=3_000.0, error_s=10.0):
    started_at = datetime(2026, 5, 4, hour, 15, tzinfo=UTC)
    return SimpleNamespace(
        state="no_transport", predicted_travel_time_s=300.0, predicted_by="road",
        predicted_low_s=240.0, predicted_high_s=390.0, predicted_distance_m=distance_m,
        topology_id="t", prediction_fault=None, started_at=started_at,
        ended_at=started_at + timedelta(seconds=300.0 + error_s), staged=False, place_moved=None,
    )  # fmt: skip


def reported_on(rows, zone="UTC"):
    day = datetime(2026, 5, 4, tzinfo=UTC)
    return arrival_report(Drives(1, zone, day, day + timedelta(days=1), rows))


def test_hours_and_distances_with_few_drives_are_not_shown():
    rows = [drive_of(8, distance_m=800.0) for _ in range(FEWEST_SHOWN)]
    rows += [drive_of(9, error_s=777.0) for _ in range(FEWEST_SHOWN - 1)]
    found = reported_on(rows)
    assert found.report.overall.n == 9
    assert [(one.hour, one.n) for one in found.report.by_hour] == [(8, 5)]
    assert [one.name_en for one in found.report.by_distance] == ["0–2 km"]
    assert found.small_groups == {"by_hour": 4, "by_distance": 4, "excluded": 0}
    told = json.loads(json_text(arrivals_view(found)))
    assert told["small_groups"] == {
        "by_hour_drives": 4, "by_distance_drives": 4, "excluded_drives": 0
    }  # fmt: skip
    assert [one["hour"] for one in told["by_hour"]] == [8]
    assert [(one["from_m"], one["to_m"]) for one in told["by_distance"]] == [(0.0, 2000.0)]
    assert "777" not in json.dumps(told["by_hour"] + told["by_distance"])
    assert "4 more in hours with fewer than 5 drives, not shown apart." in table(found)
    assert "另有 4 次在不足5次的时段，不单独列出。" in table(found)


def numbers_in(told):
    """Return every number of a group but the numbers of drives."""
    return [
        number
        for estimate in told.values() if isinstance(estimate, dict)
        for name, number in estimate.items() if name in ("value", "low", "high")
    ]  # fmt: skip


@pytest.mark.parametrize("n", [1, FEWEST_SHOWN - 1])
def test_of_fewer_drives_than_five_nothing_is_told_but_how_many(n):
    found = reported_on([drive_of(8, error_s=77.0)] * n)
    told = json.loads(json_text(arrivals_view(found)))
    assert (told["assignments"], told["compared"], told["overall"]["drives"]) == (n, n, n)
    assert len(numbers_in(told["overall"])) == 6 * 3
    assert set(numbers_in(told["overall"])) == {None}
    assert (told["by_hour"], told["by_distance"]) == ([], [])
    zh = "计入不足5次，不显示误差。"
    en = "Fewer than 5 drives compared: their errors are not shown."
    assert {"zh": zh, "en": en} in told["remarks"]
    lines = table(found)
    assert {zh, en} < set(lines)
    assert not any("77" in line for line in lines)
    assert next(line for line in lines if line.startswith("全部 All")).count("[") == 0


def test_of_five_drives_the_errors_are_told():
    found = reported_on([drive_of(8, error_s=77.0)] * FEWEST_SHOWN)
    assert found.report.overall.median_error_s.value == 77.0
    assert not any("不显示" in line for line in table(found))


def test_a_share_within_few_intervals_is_not_told():
    untold = [drive_of(8) for _ in range(FEWEST_SHOWN)]
    for row in untold[1:]:
        row.predicted_low_s = row.predicted_high_s = None
    found = reported_on(untold)
    for one in (found.report.overall, *found.report.by_hour, *found.report.by_distance):
        assert (one.n, one.n_interval) == (FEWEST_SHOWN, 1)
        assert np.isnan(one.coverage.value)
        assert one.late.value == 1.0


def test_reasons_of_few_drives_are_counted_together():
    rows = [drive_of(8) for _ in range(FEWEST_SHOWN + 8)]
    for row in rows[:FEWEST_SHOWN]:
        row.staged = True
    for row in rows[FEWEST_SHOWN : FEWEST_SHOWN + 2]:
        row.place_moved = True
    rows[-1].ended_at = None
    found = reported_on(rows)
    assert (found.excluded, found.small_groups["excluded"]) == ({"staged": 5}, 3)
    told = json.loads(json_text(arrivals_view(found)))
    assert [(one["reason"], one["drives"]) for one in told["excluded"]] == [("staged", 5)]
    assert told["small_groups"]["excluded_drives"] == 3
    lines = table(found)
    assert lines[-2:] == [
        "另有 3 次未计入，各原因均不足5次，不单独列出。",
        "3 more left out, for reasons with fewer than 5 drives each.",
    ]
    for name in ("place_moved", "never_arrived"):
        assert not any(
            words in line for words in (EXCLUSIONS[name].en, EXCLUSIONS[name].zh) for line in lines
        )


def test_who_only_plans_gets_whole_days_and_no_single_drive(driven, database, city, clock):
    driven(by_road(300.0), 377.0)
    minute = {"from_at": NOW, "to_at": NOW + timedelta(minutes=1)}
    day = (datetime(2026, 5, 3, 16, tzinfo=UTC), datetime(2026, 5, 4, 16, tzinfo=UTC))

    def of(*grants):
        identity = Identity(UUID(int=7), "zhang.wei", "Zhang Wei", grants=grants)
        with database.read(identity) as uow:
            return read_drives(uow, city.city_id, **minute)

    planner, dispatcher = granted("planner", "4403"), granted("dispatcher", "4403")
    drives = of(planner)
    assert (drives.from_at, drives.to_at) == day  # midnights in Shanghai
    assert "377" not in json_text(arrivals_view(arrival_report(drives)))
    assert np.isnan(arrival_report(drives).report.overall.median_error_s.value)
    exact = (minute["from_at"], minute["to_at"])
    for grants, period in [
        ((dispatcher,), exact),
        ((planner, dispatcher), exact),
        ((planner, granted("dispatcher", "")), exact),
        # Who dispatches in one district reads no single call of the other.
        ((planner, granted("dispatcher", city.west_code)), day),
    ]:
        drives = of(*grants)
        assert (drives.from_at, drives.to_at) == period, grants


@given(
    after_s=st.integers(0, 10 * 365 * 86_400),
    seconds=st.integers(1, 40 * 86_400),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/Santiago", "Asia/Kathmandu"]),
)
def test_whole_days_enclose_the_period_and_no_day_more(after_s, seconds, zone):
    begin = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=after_s)
    end = begin + timedelta(seconds=seconds)
    first, last = service_calibration._whole_days(begin, end, zone=ZoneInfo(zone))
    assert first <= begin < end <= last
    assert begin - first < timedelta(hours=25)
    assert last - end < timedelta(hours=25)
    # Days are the city's: where clocks skip midnight, the day begins at the first time there is.
    for at in (first, last):
        day, before = (one.astimezone(ZoneInfo(zone)).date()
                       for one in (at, at - timedelta(seconds=1)))  # fmt: skip
        assert day > before
    assert service_calibration._whole_days(first, last, zone=ZoneInfo(zone)) == (first, last)


def test_hours_are_the_citys():
    found = reported_on([drive_of(20)] * 6, zone="Asia/Shanghai")
    assert [one.hour for one in found.report.by_hour] == [4]
    assert table(found)[0] == "2026-05-04 08:00 - 2026-05-05 08:00 (Asia/Shanghai)"


@pytest.mark.parametrize("width", [80, 100, None])
def test_the_table_fits_the_terminal(width):
    rng = np.random.default_rng(1)
    hours, far_m = rng.integers(0, 24, 2000).tolist(), rng.gamma(2, 3000, 2000).tolist()
    late_s = rng.normal(0, 80, 2000).tolist()
    rows = [
        drive_of(hour, distance_m=distance_m, error_s=error_s)
        for hour, distance_m, error_s in zip(hours, far_m, late_s, strict=True)
    ]
    rows += [drive_of(3, distance_m=None)] * 6
    lines = table(reported_on(rows), width=width)
    widest = max(sum(2 if one >= "\u2e80" else 1 for one in line) for line in lines)
    assert widest <= (width or 160)
    # Dashes and signs that some terminals show in two columns would shift the table.
    assert not set("–−∞…·") & set("".join(lines))
    assert any(line.startswith("距离不明 distance unknown") for line in lines)


def test_nothing_to_compare_is_no_error(report):
    found = report()
    assert (found.assignments, found.report.overall.n) == (0, 0)
    assert "0 assignments, 0 compared." in table(found)
    assert json.loads(json_text(arrivals_view(found)))["overall"]["drives"] == 0


def test_only_planners_and_dispatchers_may_ask(database, city):
    with database.read(ANONYMOUS) as uow, pytest.raises(MissingPermissionError):
        read_drives(uow, city.city_id, from_at=None, to_at=None)
    with database.read(SYSTEM) as uow, pytest.raises(CityUnknownError):
        read_drives(uow, city.city_id + 1, from_at=None, to_at=None)


@pytest.mark.parametrize(
    ("from_at", "to_at", "why"),
    [
        (None, datetime(1, 1, 10, tzinfo=UTC), "between 2000 and 2100"),
        (datetime(1, 1, 10, tzinfo=UTC), None, "between 2000 and 2100"),
        (None, datetime(9999, 12, 31, tzinfo=UTC), "between 2000 and 2100"),
        (NOW, NOW - HOUR, "not before its end"),
        (NOW, NOW, "not before its end"),
        (NOW - timedelta(days=401), NOW, "at most 400"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(database, city, from_at, to_at, why):
    with database.read(SYSTEM) as uow, pytest.raises(PeriodInvalidError, match=why):
        read_drives(uow, city.city_id, from_at=from_at, to_at=to_at)


def test_without_a_period_it_is_the_last_four_weeks(database, city, clock):
    with database.read(SYSTEM) as uow:
        found = read_drives(uow, city.city_id, from_at=None, to_at=None)
    assert (found.from_at, found.to_at) == (clock.now() - timedelta(days=28), clock.now())
