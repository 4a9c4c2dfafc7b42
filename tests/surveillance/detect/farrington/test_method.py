"""Farrington: bulk goldens, thresholds by hand, one by one and batched, bad series."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from surveillance.detect.farrington.method import FLEXIBLE, Farrington, Threshold
from surveillance.detect.farrington.quantiles import counts_above, upper_count
from surveillance.detect.model import Outcome
from surveillance.series.model import Panel, Step
from tests.surveillance.goldens import apart, number, weekly

ALL_JUDGED = replace(FLEXIBLE, least_cases=0)
WEEKS = 330


def panel(counts: np.ndarray, **more: np.ndarray) -> Panel:
    return Panel(counts=counts, starts_on=date(2016, 1, 4), step=Step.WEEK, **more)


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    seed = draw(st.integers(0, 2**32 - 1))
    chance = np.random.default_rng(seed)
    counts = chance.poisson(draw(st.sampled_from([0.2, 3.0, 40.0])), (3, WEEKS)).astype(float)
    counts[chance.random(counts.shape) < draw(st.sampled_from([0.0, 0.1]))] = np.nan
    return panel(counts)


@pytest.mark.parametrize(
    ("file", "series", "detector"),
    [
        (
            "salmNewport_germany_2011_vignette_confarrington", "salmNewport_germany",
            Farrington(years=4, n_seasons=1, down_weigh_from=1, left_out=3, trend_p=0.05,
                       threshold=Threshold.DELTA, least_cases=0),
        ),
        (
            "salmNewport_germany_2011_vignette_connoufaily", "salmNewport_germany",
            Farrington(years=4, least_cases=0),
        ),
        (
            "salmonella_agona_defaults", "salmonella_agona",
            Farrington(n_seasons=1, left_out=3, trend_p=0.05, threshold=Threshold.DELTA),
        ),
    ],
)  # fmt: skip
def test_published_series(shared_data: Path, file: str, series: str, detector: Farrington) -> None:
    folder = shared_data / "surveillance"
    with (folder / "series" / f"{series}_weekly.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    with (folder / "farrington_flexible" / f"{file}.csv").open(encoding="utf-8") as lines:
        golden = list(csv.DictReader(lines))
    last = list(table[0])[-1]
    start = date.fromisoformat(table[0]["epoch"])
    counts = np.array([[float(row[last]) for row in table]])
    first = int(golden[0]["index"]) - 1
    judged = detector.judge(Panel(counts=counts, starts_on=start, step=Step.WEEK), first=first)
    size = len(golden)
    for ours, theirs in (("expected", "expected"), ("threshold", "upperbound")):
        said = np.array([number(row[theirs]) for row in golden])
        assert apart(getattr(judged, ours)[0, :size], said) < 1e-6
    assert judged.alarm[0, :size].tolist() == [row["alarm"] == "1" for row in golden]


@pytest.mark.parametrize(("phi", "upper", "p"), [(1.5, 10, 0.03763657), (1.0, 9, 0.01369527)])
def test_published_thresholds_of_the_plug_in(phi: float, upper: int, p: float) -> None:
    # tests/testthat of R surveillance 1.26.0: mean 5, alpha .05, 11 cases.
    mean, of_phi = np.array([5.0]), np.array([phi])
    assert upper_count(mean, of_phi, 0.05) == upper
    assert counts_above(np.array([10.0]), mean, of_phi) == pytest.approx(p, abs=1e-8)


@given(
    mean=st.floats(1e-6, 1e4), phi=st.one_of(st.just(1.0), st.floats(1.001, 50)),
    alpha=st.sampled_from([0.05, 0.01, 0.001]),
)  # fmt: skip
def test_the_least_count_with_so_small_a_tail(mean: float, phi: float, alpha: float) -> None:
    law = poisson(mean) if phi == 1 else nbinom(mean / (phi - 1), 1 / phi)
    found = upper_count(np.array([mean]), np.array([phi]), alpha)[0]
    assert law.sf(found) <= alpha * (1 + 1e-9)
    assert found == 0 or law.sf(found - 1) > alpha * (1 - 1e-9)


@given(table=panels())
def test_batched_is_one_by_one(table: Panel) -> None:
    whole = ALL_JUDGED.judge(table, first=WEEKS - 4)
    for row in range(table.n_series):
        alone = ALL_JUDGED.judge(panel(table.counts[[row]]), first=WEEKS - 4)
        for name in ("expected", "threshold", "p_value", "alarm", "outcome"):
            assert np.array_equal(getattr(alone, name)[0], getattr(whole, name)[row],
                                  equal_nan=True)  # fmt: skip


@given(table=panels(), constant=st.integers(0, 100))
def test_an_area_that_never_changes_changes_nothing_of_others(table: Panel, constant: int) -> None:
    more = np.vstack([np.full((1, WEEKS), float(constant)), table.counts])
    whole = ALL_JUDGED.judge(panel(more), first=WEEKS - 2)
    alone = ALL_JUDGED.judge(table, first=WEEKS - 2)
    assert np.array_equal(whole.threshold[1:], alone.threshold, equal_nan=True)
    assert not whole.alarm[0].any()


@given(table=panels())
def test_judging_the_last_week_alone_is_judging_it_with_others(table: Panel) -> None:
    last = ALL_JUDGED.judge(table, first=WEEKS - 1)
    more = ALL_JUDGED.judge(table, first=WEEKS - 9)
    assert np.array_equal(last.threshold[:, 0], more.threshold[:, -1], equal_nan=True)


def test_with_more_people_more_cases_are_expected() -> None:
    _, table = weekly()
    of_rates = replace(ALL_JUDGED, population=True)
    persons = np.full_like(table.counts, 50_000.0)
    persons[:, -1] *= 1.1
    counted = Panel(counts=table.counts, starts_on=table.starts_on, step=Step.WEEK,
                    population=persons)  # fmt: skip
    plain = ALL_JUDGED.judge(table, first=415)
    rates = of_rates.judge(counted, first=415)
    said = plain.outcome == Outcome.JUDGED
    assert rates.expected[said] == pytest.approx(1.1 * plain.expected[said], rel=1e-9)


def test_the_newest_week_is_judged_by_what_is_expected_so_far() -> None:
    _, table = weekly()
    known = np.ones_like(table.counts)
    known[:, -1] = 0.4
    late = replace(table, known=known)
    plain, judged = (ALL_JUDGED.judge(one, first=415) for one in (table, late))
    said = judged.outcome == Outcome.JUDGED
    assert judged.expected[said] == pytest.approx(0.4 * plain.expected[said], rel=1e-6)


def test_what_bad_series_come_to() -> None:
    quiet = np.random.default_rng(5).poisson(4.0, WEEKS).astype(float)
    gap, early, unreported, one = (quiet.copy() for _ in range(4))
    gap[20:250] = np.nan
    early[100:110] = np.nan
    unreported[-1] = np.nan
    one[:] = 0
    one[-60] = 1
    counts = np.array([gap, early, unreported, one, np.zeros(WEEKS)])
    judged = ALL_JUDGED.judge(panel(counts), first=WEEKS - 1)
    assert [Outcome(int(one)) for one in judged.outcome[:, 0]] == [
        Outcome.TOO_FEW_REPORTS, Outcome.JUDGED, Outcome.NO_REPORT, Outcome.JUDGED,
        Outcome.NOT_FITTED,
    ]  # fmt: skip
    assert not judged.alarm.any()
    assert judged.expected[3, 0] == pytest.approx(0, abs=1e-6)
    short = ALL_JUDGED.judge(panel(counts[:, -200:]), first=199)
    assert (short.outcome[[0, 1, 3, 4]] == Outcome.TOO_SHORT).all()


def test_fewer_than_five_cases_in_four_weeks_are_not_judged() -> None:
    counts = np.random.default_rng(5).poisson(0.4, (1, WEEKS)).astype(float)
    counts[0, -4:] = [0, 0, 0, 4]
    assert Outcome(int(FLEXIBLE.judge(panel(counts), first=WEEKS - 1).outcome[0, 0])) is (
        Outcome.TOO_FEW_CASES
    )
    counts[0, -1] = 5
    assert FLEXIBLE.judge(panel(counts), first=WEEKS - 1).alarm.all()


def test_an_old_outbreak_lowers_no_guard_when_it_is_left_out() -> None:
    counts = np.random.default_rng(7).poisson(5.0, (1, WEEKS)).astype(float)
    calm = ALL_JUDGED.judge(panel(counts), first=WEEKS - 1).threshold[0, 0]
    outbreak = counts.copy()
    outbreak[0, WEEKS - 53 - 3 : WEEKS - 53 + 4] += 60
    seen = ALL_JUDGED.judge(panel(outbreak), first=WEEKS - 1).threshold[0, 0]
    usable = outbreak == counts
    left_out = ALL_JUDGED.judge(panel(outbreak, usable=usable), first=WEEKS - 1).threshold[0, 0]
    assert seen > calm
    assert abs(left_out - calm) <= 2
