"""Simulated cases: as many as stated, when stated, the same each time; outbreaks on top of them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from surveillance.simulation.diseases import DISEASES
from surveillance.simulation.draw import choose_outbreaks, daily_rates, draw_cases
from surveillance.simulation.model import NO_OUTBREAK, InjectedOutbreak

RESIDENTS = np.array([40_000.0, 90_000.0, 20_000.0])
SPAN = {"first": date(2021, 1, 1), "until": date(2024, 1, 1)}
OUTBREAK = InjectedOutbreak(
    disease="mumps", area=1, starts_on=date(2022, 5, 2), cases=60, median_days=9
)


def draw(**more):
    return draw_cases(
        RESIDENTS, **SPAN, **{"diseases": DISEASES, "seed": 4, "outbreaks": (OUTBREAK,)} | more
    )


def test_the_same_seed_gives_the_same_cases_another_one_others():
    one, again, other = draw(), draw(), draw(seed=5)
    for column in ("disease", "area", "onset", "reported", "age", "female", "outbreak"):
        assert (getattr(one, column) == getattr(again, column)).all()
    assert one.onset.size != other.onset.size or (one.onset != other.onset).any()


@pytest.mark.parametrize("disease", DISEASES, ids=lambda one: one.code)
def test_a_year_has_the_stated_rate_and_its_peak_on_the_stated_day(disease):
    days = np.arange("2021-01-01", "2025-01-01", dtype="datetime64[D]")
    rates = daily_rates(disease, days, southern=False)
    assert rates.sum() / 4 * 1e5 == pytest.approx(disease.rate_per_1e5, rel=0.01)
    smooth = np.convolve(rates[:365], np.ones(7) / 7, mode="same")
    assert abs(int(smooth.argmax()) + 1 - disease.peak_day) <= 4
    south = daily_rates(disease, days, southern=True)
    assert rates[disease.peak_day] > south[disease.peak_day]


def test_counts_are_as_many_as_expected_and_spread_as_stated():
    flu = replace(DISEASES[0], swing=0.0)
    cases = draw(diseases=(flu,), outbreaks=())
    days = (SPAN["until"] - SPAN["first"]).days
    expected = RESIDENTS.sum() * flu.rate_per_1e5 / 1e5 / 365.25 * days
    assert cases.onset.size == pytest.approx(expected, rel=0.1)
    by_day = np.zeros((RESIDENTS.size, days))
    np.add.at(by_day, (cases.area, (cases.onset - cases.onset.min()).astype(int)), 1)
    assert (by_day.var(axis=1) / by_day.mean(axis=1)).mean() == pytest.approx(flu.spread, rel=0.2)


def test_an_outbreak_comes_on_top_in_its_place_and_time_and_is_known():
    with_it, without = draw(), draw(outbreaks=())
    its = with_it.outbreak != NO_OUTBREAK
    assert its.sum() == 60
    assert set(with_it.area[its]) == {1}
    assert {with_it.diseases[number] for number in with_it.disease[its]} == {"mumps"}
    assert with_it.onset[its].min() >= np.datetime64("2022-05-02")
    assert np.median((with_it.onset[its] - np.datetime64("2022-05-02")).astype(int)) == (
        pytest.approx(9, abs=3)
    )
    assert (with_it.onset[~its] == without.onset).all()


def test_another_disease_changes_no_case_of_the_others():
    few, more = draw(diseases=DISEASES[:2], outbreaks=()), draw(diseases=DISEASES[:3], outbreaks=())
    assert (few.onset == more.onset[more.disease < 2]).all()


def test_reports_never_come_before_the_onset_and_ages_lie_in_their_groups():
    cases = draw()
    assert (cases.reported >= cases.onset).all()
    assert (cases.age >= 0).all()
    hfmd = cases.disease == 1
    assert (cases.age[hfmd] < 5).mean() == pytest.approx(0.86, abs=0.05)


def test_outbreaks_are_chosen_by_the_seed_within_the_span():
    chosen = choose_outbreaks(3, **SPAN, diseases=DISEASES, a_year=20, seed=2)
    assert chosen == choose_outbreaks(3, **SPAN, diseases=DISEASES, a_year=20, seed=2)
    assert 30 <= len(chosen) <= 90
    assert all(SPAN["first"] <= one.starts_on < SPAN["until"] for one in chosen)
    assert all(one.cases >= 5 and 0 <= one.area < 3 for one in chosen)
