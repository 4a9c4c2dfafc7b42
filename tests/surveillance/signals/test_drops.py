"""Far fewer than were due: a broken feed is told, an ending epidemic and quiet series are not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from gis.words import alike
from surveillance.series.keys import ALL_AGES, ALL_DISEASES, WHOLE_CITY, SeriesKey
from surveillance.series.model import Panel, Step
from surveillance.signals.drops import UnitReports, dropped_series, silent_units
from surveillance.signals.model import Kind, Rules, Watched

LAST = date(2026, 6, 30)
ENDED = datetime(2026, 7, 1, tzinfo=UTC)
AREAS = ("A", "B", "C", "D")


def watched(weekly, *, seed=3):
    """Return series of each area that follow a mean by week, and those of the whole city."""
    chance = np.random.default_rng(seed)
    daily = np.repeat(np.asarray(weekly, dtype=float) / 7, 7)
    rows = chance.poisson(daily, (len(AREAS), daily.size)).astype(float)
    keys = [SeriesKey("mumps", area, ALL_AGES) for area in AREAS]
    return Watched(
        keys=(*keys, SeriesKey("mumps", WHOLE_CITY, ALL_AGES)),
        panel=Panel(counts=np.vstack([rows, rows.sum(axis=0)]), step=Step.DAY,
                    starts_on=LAST - timedelta(days=daily.size - 1)),
        names={"mumps": alike("mumps")},
        places={area: alike(f"District {area}") for area in AREAS},
        fixed={},
    )  # fmt: skip


def broken(made, areas, *, days=7):
    """Return the same without the last days of some areas."""
    counts = made.panel.counts.copy()
    for row, key in enumerate(made.keys[:-1]):
        if key.area_code in areas:
            counts[-1, -days:] -= counts[row, -days:]
            counts[row, -days:] = 0
    return replace(made, panel=replace(made.panel, counts=counts))


def areas_of(signals):
    return [one.key.area_code for one in signals]


def test_a_district_that_falls_silent_is_told_and_never_as_good_news():
    (found,) = dropped_series(broken(watched([40] * 12), {"B"}), Rules())
    assert (found.kind, found.key.area_code, found.observed) == (Kind.DROP, "B", 0)
    assert found.expected == pytest.approx(40, rel=0.2)
    assert found.reason.en.startswith("mumps, District B: only 0 cases in seven days where ")
    assert "Reports may be missing" in found.reason.en
    assert "不可据此认为疫情好转" in found.reason.zh


def test_a_feed_that_breaks_everywhere_is_told_once():
    assert areas_of(dropped_series(broken(watched([40] * 12), set(AREAS)), Rules())) == [WHOLE_CITY]


@pytest.mark.parametrize("days", [7, 14, 21])
def test_what_stays_silent_stays_told(days):
    made = broken(watched([60] * 14), {"B"}, days=days)
    assert areas_of(dropped_series(made, Rules())) == ["B"]


def test_an_epidemic_that_ends_by_itself_is_no_drop():
    ending = [50, 100, 200, 400, 800, 800, 600, 400, 240, 140, 80, 46]
    for until in range(9, len(ending) + 1):
        assert dropped_series(watched(ending[:until]), Rules()) == ()


def test_quiet_and_steady_series_are_told_at_most_seldom():
    told = [dropped_series(watched([level] * 12, seed=seed), Rules())
            for level in (0.5, 3, 40) for seed in range(40)]  # fmt: skip
    assert sum(map(len, told)) <= 1


def test_a_missing_report_is_no_drop():
    made = watched([40] * 12)
    counts = made.panel.counts.copy()
    counts[:, -7:] = np.nan
    assert dropped_series(replace(made, panel=replace(made.panel, counts=counts)), Rules()) == ()


def arrivals(by_week, *, unit, area="A1"):
    """Return moments of the reports of a unit, so many in each of the sevens that end the day."""
    weeks = len(by_week)
    return [
        (unit, area, ENDED - timedelta(days=7 * (weeks - week), seconds=-3600 * (1 + n % 160)))
        for week, count in enumerate(by_week)
        for n in range(count)
    ]


def silent(rows, *, reported_from=date(2025, 1, 1)):
    unit, area, moments = (list(column) for column in zip(*rows, strict=True))
    return silent_units(
        UnitReports(
            np.array(unit, dtype=object), np.array(area, dtype=object),
            np.array([one.replace(tzinfo=None) for one in moments], dtype="datetime64[us]"),
        ),
        day=LAST, ended=ENDED, reported_from=reported_from, rules=Rules(),
        places={"A": alike("District A")}, area_of={"A1": "A"},
    )  # fmt: skip


def test_a_unit_that_stops_reporting_is_named_over_all_diseases():
    steady = arrivals([20, 22, 19, 21, 20, 18, 22, 20, 21], unit="East hospital")
    (found,) = silent(steady + arrivals([30, 28, 31, 30, 29, 30, 32, 30, 1], unit="市立医院"))
    assert found.key == SeriesKey(ALL_DISEASES, "A", ALL_AGES)
    assert found.institution.name == "市立医院"
    assert (found.observed, found.cases_7, found.recent[-1]) == (1, 1, 1)
    assert found.reason.zh.startswith(
        "市立医院，District A：近7天各病种仅报告1例，按前8周应有约30例"
    )


def test_of_a_unit_that_just_began_nothing_is_known():
    rows = arrivals([0, 0, 0, 0, 0, 0, 30, 30, 0], unit="New clinic")
    assert silent(rows, reported_from=LAST - timedelta(days=20)) == ()
