"""The number of a curve whose newest days are expected only, of weeks, and of too few cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.diseases.table import disease_table
from surveillance.reproduction.cori import cori, sliding
from surveillance.reproduction.estimate import LEAST_CASES, estimate, is_weekly
from surveillance.reproduction.intervals import gamma_interval
from surveillance.reproduction.table import SERIAL_INTERVALS

INFLUENZA = SERIAL_INTERVALS["influenza"]
CURVES = st.lists(st.integers(0, 60), min_size=30, max_size=90).map(
    lambda cases: np.array([5.0, *cases])
)


@pytest.mark.parametrize("disease", SERIAL_INTERVALS)
def test_every_interval_is_of_a_known_disease_and_has_a_source(disease: str) -> None:
    its = SERIAL_INTERVALS[disease]
    assert disease_table().get(disease).code == disease
    assert its.mean_days > its.sd_days > 0
    assert its.source.en


@given(CURVES)
def test_it_is_coris_number_where_there_are_cases_enough(cases: np.ndarray) -> None:
    if is_weekly(cases):
        return
    found = estimate(cases, cases, cases, interval=INFLUENZA)
    shares = gamma_interval(mean_days=2.6, sd_days=1.5, days=14)
    first, last = sliding(cases.size)
    plain = cori(cases, shares / shares.sum(), first=first, last=last)
    for window, day in enumerate(last):
        if cases[day - 6 : day + 1].sum() < LEAST_CASES:
            assert np.isnan(found.mean[day])
        elif not np.isnan(found.mean[day]):
            assert found.mean[day] == pytest.approx(plain.mean[window], rel=1e-9)
            assert found.low[day] < found.mean[day] < found.high[day]


@given(CURVES, st.integers(1, 10), st.integers(0, 20))
def test_bounds_widen_with_what_may_still_be_reported(
    cases: np.ndarray, days: int, more: int
) -> None:
    if is_weekly(cases):
        return
    low, high = cases.copy(), cases.copy()
    low[-days:] = np.maximum(low[-days:] - more, 0)
    high[-days:] += more
    plain = estimate(cases, cases, cases, interval=INFLUENZA)
    found = estimate(cases, low, high, interval=INFLUENZA)
    known = ~np.isnan(plain.mean[:-days])
    assert np.array_equal(found.low[:-days][known], plain.low[:-days][known])
    # The newest window: fewer at the end is a lower number, more a higher one.
    if days <= 7 and not np.isnan(found.mean[-1]):
        assert found.low[-1] <= plain.low[-1] + 1e-9
        assert found.high[-1] >= plain.high[-1] - 1e-9


def test_a_missing_day_leaves_its_windows_unknown_and_no_others() -> None:
    cases = np.full(60, 20.0)
    cases[40] = np.nan
    found = estimate(cases, cases, cases, interval=INFLUENZA)
    assert np.isnan(found.mean[40:47]).all()
    assert not np.isnan(found.mean[10:40]).any()


def test_weeks_become_days_and_a_steady_curve_has_a_number_of_one() -> None:
    cases = np.zeros(140)
    cases[6::7] = 70.0
    assert is_weekly(cases)
    found = estimate(cases, cases, cases, interval=INFLUENZA)
    assert found.weekly
    assert found.mean[100:139] == pytest.approx(1.0, abs=0.05)
    assert not is_weekly(np.full(140, 10.0))


def test_too_few_cases_are_not_known() -> None:
    cases = np.zeros(60)
    cases[::9] = 1.0
    assert np.isnan(estimate(cases, cases, cases, interval=INFLUENZA).mean).all()
    assert np.isnan(estimate(cases[:5], cases[:5], cases[:5], interval=INFLUENZA).mean).all()
