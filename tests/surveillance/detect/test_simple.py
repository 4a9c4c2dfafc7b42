"""EWMA, fixed values, moving percentiles, first cases, drops, false discoveries."""

from datetime import date, timedelta
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, nbinom, poisson, t

from surveillance.detect.cidars import FixedValue, MovingPercentile, percentile_of
from surveillance.detect.discoveries import false_discovery_rate
from surveillance.detect.drop import DataDrop
from surveillance.detect.ewma import Ewma
from surveillance.detect.model import Detector, Outcome
from surveillance.detect.rare import FirstCase
from surveillance.series.model import Panel, Step

START = date(2015, 1, 1)
DAYS = 365 * 5 + 20


def panel(*series: np.ndarray | list[float], step: Step = Step.DAY) -> Panel:
    return Panel(counts=np.array(series, np.float64), starts_on=START, step=step)


def noise(seed: int, *, mean: float = 5.0, days: int = DAYS) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, days).astype(float)


def ewma_by_hand(counts: np.ndarray, weight: float) -> list[tuple[float, int]]:
    """Return t and degrees of freedom of one average from the 14th day on, written day by day."""
    average, found = counts[0], []
    for day in range(1, counts.size):
        if day < 13:
            average = weight * counts[day] + (1 - weight) * average
            continue
        base = counts[max(0, day - 2 - 28) : day - 2]
        size, rest = base.size, 1 - weight
        warning, alert = (round(float(t.ppf(1 - p, size - 1)), 5) for p in (0.025, 0.01))
        scale = weight / (2 - weight) + 1 / size - 2 * rest**3 * (1 - rest**size) / size
        constant = (0.1289 - (0.2414 - 0.1826 * rest**4) * np.log(0.5)) * weight / warning
        sigma = max(weight / warning * (1 + 0.5 * rest**2),
                    base.std(ddof=1) * np.sqrt(scale) + constant)  # fmt: skip
        average = weight * counts[day] + rest * average
        score = (average - base.mean()) / sigma
        found.append((float(score), size - 1))
        if abs(score) > alert:
            average = base.mean() + np.sign(score) * alert * sigma
    return found


@given(seed=st.integers(0, 2**32 - 1), burst=st.integers(0, 30))
def test_ewma_is_the_recursion_written_day_by_day(seed: int, burst: int) -> None:
    counts = noise(seed, days=60)
    counts[45] += burst
    judged = Ewma().judge(panel(counts), first=13)
    slow, quick = ewma_by_hand(counts, 0.4), ewma_by_hand(counts, 0.9)
    plain = [t.sf(max(a, b), freedom) for (a, freedom), (b, _) in zip(slow, quick, strict=True)]
    assert judged.p_value[0] == pytest.approx(plain, abs=1e-9)
    assert judged.alarm[0].tolist() == [p < 0.01 for p in plain]
    assert np.array_equal(judged.alarm, judged.observed > judged.threshold)


def test_moving_percentile_is_that_of_twenty_five_blocks_by_date() -> None:
    counts = noise(3)
    judged = MovingPercentile().judge(panel(counts), first=DAYS - 1)
    today = START + timedelta(days=DAYS - 1)
    blocks = []
    for year in range(2015, 2020):
        for shift in range(-2, 3):
            last = (date(year, today.month, today.day) - START).days + 7 * shift
            blocks.append(counts[last - 6 : last + 1].sum() if last >= 6 else None)
    assert None in blocks  # five years back the series had not begun
    assert Outcome(int(judged.outcome[0, 0])) is Outcome.TOO_SHORT
    short = MovingPercentile(years=4).judge(panel(counts), first=DAYS - 1)
    assert short.threshold[0, 0] == pytest.approx(np.percentile(np.array(blocks[5:], float), 80))
    assert short.observed[0, 0] == counts[-7:].sum()


def test_moving_percentile_of_a_month_and_of_a_disease() -> None:
    counts = noise(4)
    (month,) = {(START + timedelta(days=DAYS - 1)).month}
    strict = MovingPercentile(years=4, by_month={month: 50.0}).judge(panel(counts), first=DAYS - 1)
    usual = MovingPercentile(years=4).judge(panel(counts), first=DAYS - 1)
    assert strict.threshold[0, 0] <= usual.threshold[0, 0]
    assert (percentile_of("dengue"), percentile_of("mumps")) == (90, 80)


def test_seven_days_with_a_missing_report_are_not_judged() -> None:
    counts = noise(5)
    counts[-3] = np.nan
    judged = MovingPercentile(years=4).judge(panel(counts), first=DAYS - 1)
    assert Outcome(int(judged.outcome[0, 0])) is Outcome.NO_REPORT


def test_fixed_value_alarms_from_its_cases_on() -> None:
    judged = FixedValue(cases=2).judge(panel([0.0, 1, 2, np.nan]), first=0)
    assert judged.alarm[0].tolist() == [False, False, True, False]


def test_first_case_in_five_years() -> None:
    quiet = np.zeros(DAYS)
    quiet[-1] = 1
    second, early, missing = quiet.copy(), quiet.copy(), quiet.copy()
    second[-400] = 1
    early[0] = 1
    missing[300:900] = np.nan
    judged = FirstCase().judge(panel(quiet, second, early, missing), first=DAYS - 1)
    assert judged.alarm[:, 0].tolist() == [True, False, True, False]
    assert Outcome(int(judged.outcome[3, 0])) is Outcome.TOO_FEW_REPORTS
    short = FirstCase().judge(panel(quiet[-900:]), first=899)
    assert Outcome(int(short.outcome[0, 0])) is Outcome.TOO_SHORT


def test_a_unit_that_fell_silent() -> None:
    counts = noise(6, mean=12.0, days=70)
    silent, gone, rare = counts.copy(), counts.copy(), np.zeros(70)
    silent[-1], gone[-1] = 0, np.nan
    rare[::9] = 1
    judged = DataDrop().judge(panel(counts, silent, gone, rare), first=69)
    assert judged.alarm[:, 0].tolist() == [False, True, False, False]
    assert Outcome(int(judged.outcome[2, 0])) is Outcome.NO_REPORT


@given(seed=st.integers(0, 2**32 - 1), mean=st.floats(2, 60), count=st.integers(0, 60))
def test_a_drop_has_the_lower_tail_as_p(seed: int, mean: float, count: int) -> None:
    counts = noise(seed, mean=mean, days=9)
    counts[-1] = count
    judged = DataDrop().judge(panel(counts, step=Step.WEEK), first=8)
    base = counts[:8]
    if base.sum() == 0:
        assert Outcome(int(judged.outcome[0, 0])) is Outcome.TOO_FEW_CASES
        return
    phi = max(base.var(ddof=1) / base.mean(), 1)
    law = poisson(base.mean()) if phi == 1 else nbinom(base.mean() / (phi - 1), 1 / phi)
    assert judged.p_value[0, 0] == pytest.approx(law.cdf(count), abs=1e-9)
    assert bool(judged.alarm[0, 0]) == (law.cdf(count) <= 0.001)


@pytest.mark.parametrize(
    "detector", [Ewma(), MovingPercentile(years=1), FirstCase(years=1), DataDrop()],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
@settings(max_examples=5)
@given(seed=st.integers(0, 2**32 - 1))
def test_batched_is_one_by_one(detector: Detector, seed: int) -> None:
    counts = noise(seed, mean=1.0, days=1200).reshape(3, 400)
    counts[0, 350:360] = np.nan
    whole = detector.judge(panel(*counts), first=390)
    for row in range(3):
        alone = detector.judge(panel(counts[row]), first=390)
        assert np.array_equal(alone.threshold[0], whole.threshold[row], equal_nan=True)
        assert np.array_equal(alone.alarm[0], whole.alarm[row])


def test_false_discoveries_as_published() -> None:
    # Benjamini and Hochberg 1995, section 4.1: of 15 p-values four are below .05 for the rate.
    p = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
                  0.4262, 0.5719, 0.6528, 0.7590, 1.0])  # fmt: skip
    assert (false_discovery_rate(p) <= 0.05).sum() == 4
    assert (false_discovery_rate(p, method="by") <= 0.05).sum() == 3


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40), st.sampled_from(["bh", "by"]))
def test_rates_are_those_of_scipy(p_values: list[float], method: Literal["bh", "by"]) -> None:
    p = np.array(p_values)
    found = false_discovery_rate(p, method=method)
    assert np.allclose(found, false_discovery_control(p, method=method), rtol=1e-12, atol=0)


@given(seed=st.integers(0, 2**32 - 1))
def test_what_was_not_tested_counts_for_nothing(seed: int) -> None:
    p = np.random.default_rng(seed).random((4, 5))
    more = np.hstack([p, np.full((4, 2), np.nan)])
    assert np.allclose(false_discovery_rate(more)[:, :5], false_discovery_rate(p))
    assert np.isnan(false_discovery_rate(more)[:, 5:]).all()
