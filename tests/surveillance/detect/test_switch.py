"""Regression or EWMA: which of the two, and the regression written out."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from surveillance.detect.ewma import Ewma
from surveillance.detect.model import Outcome
from surveillance.detect.switch import Switch
from surveillance.series.model import Panel, Step

DAYS = 40


def panel(*series: np.ndarray, step: Step = Step.DAY) -> Panel:
    return Panel(counts=np.array(series), starts_on=date(2026, 1, 1), step=step)


def weekday_counts(seed: int) -> np.ndarray:
    """Return counts that are high on workdays, so that weekdays explain them."""
    chance = np.random.default_rng(seed)
    return chance.poisson(np.where(np.arange(DAYS) % 7 < 5, 40, 5)).astype(float)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), burst=st.integers(0, 60))
def test_the_regression_written_out(seed: int, burst: int) -> None:
    counts = weekday_counts(seed)
    counts[-1] += burst
    judged = Switch().judge(panel(counts), first=DAYS - 1)
    base = np.arange(DAYS - 1 - 2 - 28, DAYS - 1 - 2)
    day = np.array([*base, DAYS - 1])
    design = np.column_stack([day, *(day % 7 == weekday for weekday in range(7))]).astype(float)
    solved = np.linalg.lstsq(design[:-1], counts[base], rcond=None)[0]
    error = np.sum((counts[base] - design[:-1] @ solved) ** 2) / 20
    spread = max(np.sqrt(error * 35 * 24 / (28 * 21)), 1.01 / round(float(t.ppf(0.95, 20)), 5))
    mean = max(float(design[-1] @ solved), 0)
    assert judged.expected[0, 0] == pytest.approx(mean, abs=1e-6)
    assert judged.p_value[0, 0] == pytest.approx(t.sf((counts[-1] - mean) / spread, 20), abs=1e-9)
    assert np.array_equal(judged.alarm, judged.observed > judged.threshold)


def test_what_weekdays_do_not_explain_is_averaged() -> None:
    noise = np.random.default_rng(2).poisson(5.0, DAYS).astype(float)
    switched, averaged = (one.judge(panel(noise), first=DAYS - 1) for one in (Switch(), Ewma()))
    assert switched.p_value == pytest.approx(averaged.p_value)


def test_weeks_and_gaps_are_averaged() -> None:
    gap = weekday_counts(3)
    gap[20] = np.nan
    for table in (panel(gap), panel(weekday_counts(3), step=Step.WEEK)):
        switched, averaged = (one.judge(table, first=DAYS - 1) for one in (Switch(), Ewma()))
        assert switched.threshold == pytest.approx(averaged.threshold)


def test_an_all_zero_and_a_young_series() -> None:
    judged = Switch().judge(panel(np.zeros(DAYS)), first=0)
    assert (judged.outcome[0, :13] == Outcome.TOO_SHORT).all()
    assert not judged.alarm.any()
