"""Reproduction numbers: published rows, growth, days that are missing, days out of weeks."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.reproduction.cori import cori, infectiousness, sliding
from surveillance.reproduction.intervals import gamma_interval
from surveillance.reproduction.wallinga_teunis import by_day, wallinga_teunis
from surveillance.reproduction.weekly import daily_cases, growth_of
from surveillance.series.errors import CountsUnusableError

INTERVAL = np.array([0, 0.2, 0.35, 0.25, 0.15, 0.05])
CASES = st.lists(st.integers(0, 200), min_size=20, max_size=60).map(
    lambda cases: np.array([1.0, *cases])
)


def test_published_influenza_of_2009(shared_data: Path) -> None:
    folder = shared_data / "surveillance" / "epiestim"
    with (folder / "Flu2009_incidence.csv").open(encoding="utf-8") as lines:
        cases = np.array([float(row["I"]) for row in csv.DictReader(lines)])
    with (folder / "Flu2009_si_distr.csv").open(encoding="utf-8") as lines:
        interval = np.array([float(row["si"]) for row in csv.DictReader(lines)])
    first, last = sliding(cases.size)
    found = cori(cases, interval, first=first, last=last)
    # R EpiEstim 2.2-4, first window.
    assert found.mean[0] == pytest.approx(1.735609, abs=1e-6)
    assert found.sd[0] == pytest.approx(0.4090869, abs=1e-6)
    assert found.quantile(0.025)[0] == pytest.approx(1.028632, abs=1e-6)
    assert found.quantile(0.975)[0] == pytest.approx(2.624496, abs=1e-6)
    by_case = wallinga_teunis(cases, gamma_interval(mean_days=2.6, sd_days=1.5, days=cases.size),
                              first=first, last=last)  # fmt: skip
    assert by_case[0] == pytest.approx(1.53400150570759, abs=1e-6)


def test_an_interval_sums_to_one_and_has_its_mean() -> None:
    share = gamma_interval(mean_days=4.7, sd_days=2.9, days=80)
    assert share.sum() == pytest.approx(1, abs=1e-9)
    assert share @ np.arange(80) == pytest.approx(4.7, abs=1e-6)
    with pytest.raises(ValueError, match="above one day"):
        gamma_interval(mean_days=1.0, sd_days=1.0, days=5)


@given(cases=CASES)
def test_each_case_but_those_without_a_source_was_infected_once(cases: np.ndarray) -> None:
    infected = by_day(cases, INTERVAL) @ cases
    force = infectiousness(cases, INTERVAL)
    sourced = cases[1:][force[1:] > 0].sum()
    assert infected == pytest.approx(sourced)


@given(cases=CASES, times=st.integers(2, 9))
def test_more_of_the_same_is_the_same_number_and_surer(cases: np.ndarray, times: int) -> None:
    first, last = sliding(cases.size)
    once = cori(cases, INTERVAL, first=first, last=last, prior_mean=1, prior_sd=1e3)
    more = cori(times * cases, INTERVAL, first=first, last=last, prior_mean=1, prior_sd=1e3)
    seen = (once.shape > 5) & (once.scale < 1)
    assert more.mean[seen] == pytest.approx(once.mean[seen], rel=1e-2)
    assert (more.sd[seen] < once.sd[seen]).all()


def test_a_missing_day_is_no_day_without_cases() -> None:
    cases = np.full(40, 20.0)
    cases[20] = np.nan
    first, last = sliding(40)
    found = cori(cases, INTERVAL, first=first, last=last).mean
    rests = (first <= 25) & (last >= 20)
    assert np.isnan(found[rests]).all()
    assert not np.isnan(found[~rests & (last >= 3)]).any()
    with pytest.raises(CountsUnusableError, match="days missing"):
        by_day(cases, INTERVAL)


def test_what_is_no_interval() -> None:
    for wrong in ([0.5, 0.5], [0.0, 0.5], [0.0, 1.5, -0.5]):
        with pytest.raises(CountsUnusableError, match="serial interval"):
            infectiousness(np.ones(5), np.array(wrong))


@pytest.mark.parametrize("rate", [-0.2, -0.01, 0.0, 0.05, 0.3])
def test_growth_and_number_are_one_another(rate: float) -> None:
    number = 1 / (INTERVAL @ np.exp(-rate * np.arange(INTERVAL.size)))
    assert growth_of(float(number), INTERVAL) == pytest.approx(rate, abs=1e-9)


def test_days_out_of_weeks_grow_as_the_weeks_do() -> None:
    rate = 0.08
    daily = 10 * np.exp(rate * np.arange(70))
    weekly = daily.reshape(-1, 7).sum(axis=1)
    found = daily_cases(weekly, INTERVAL, prior_mean=1, prior_sd=1e3)
    assert found.reshape(-1, 7).sum(axis=1) == pytest.approx(weekly)
    assert found[14:] == pytest.approx(daily[14:], rel=0.02)


def test_a_week_without_cases_and_a_missing_week() -> None:
    weekly = np.array([5.0, 0, 0, 12, 30])
    assert daily_cases(weekly, INTERVAL).reshape(-1, 7).sum(axis=1) == pytest.approx(weekly)
    with pytest.raises(CountsUnusableError, match="missing"):
        daily_cases(np.array([5.0, np.nan, 3]), INTERVAL)
