"""Rates by hour of the week, and calls over cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.kernels.rates import rate_per_1e5
from planning.demand.errors import DemandInputError
from planning.demand.grid import demand_grid
from planning.demand.week import WEEK_H, weekly_rates


def test_without_a_kernel_a_rate_is_calls_over_hours_with_its_exact_interval():
    counts = np.zeros(WEEK_H * 4)
    counts[5::WEEK_H] = [3, 1, 2, 4]
    counts[6] = np.nan  # one hour that nobody counted
    found = weekly_rates(counts, first_hour_of_week=0, width_h=0.0)
    assert found.rate[5] == 10 / 4
    assert found.hours[6] == 3
    garwood = rate_per_1e5(10, 4.0)
    assert (found.low[5], found.high[5]) == pytest.approx((garwood.low / 1e5, garwood.high / 1e5))
    assert found.low[7] == found.rate[7] == 0.0 < found.high[7]


@given(st.integers(0, WEEK_H - 1), st.floats(0.5, 4.0), st.integers(0, 2**32 - 1))
def test_smoothing_keeps_the_calls_and_narrows_the_interval(start, width, seed):
    counts = np.random.default_rng(seed).poisson(3.0, WEEK_H * 3).astype(float)
    smooth = weekly_rates(counts, first_hour_of_week=start, width_h=width)
    rough = weekly_rates(counts, first_hour_of_week=start, width_h=0.0)
    assert smooth.rate.sum() == pytest.approx(rough.rate.sum())
    assert ((smooth.low <= smooth.rate) & (smooth.rate <= smooth.high)).all()
    assert (smooth.high - smooth.low).mean() < (rough.high - rough.low).mean()
    turned = weekly_rates(np.roll(counts, -start), first_hour_of_week=0, width_h=width)
    again = weekly_rates(np.roll(counts, -start), first_hour_of_week=7, width_h=width)
    assert np.roll(turned.rate, 7) == pytest.approx(again.rate)


def test_weeks_that_nobody_counted_are_no_zeros():
    with pytest.raises(DemandInputError, match="68 hours of the week were never counted"):
        weekly_rates(np.ones(100), first_hour_of_week=0, width_h=0.0)
    with pytest.raises(DemandInputError, match="0 or more"):
        weekly_rates([-1.0], first_hour_of_week=0)


def test_calls_follow_people_by_night_and_by_day():
    people = {
        "night": {"0-64": [100.0, 0.0], "65+": [0.0, 10.0]},
        "day": {"0-64": [0.0, 100.0], "65+": [0.0, 10.0]},
    }
    rate = np.full(WEEK_H, 4.0)
    found = demand_grid(people, {"0-64": 1.0, "65+": 10.0}, rate)
    assert found.calls_per_hour(3).tolist() == [2.0, 2.0]
    assert found.calls_per_hour(12).tolist() == [0.0, 4.0]
    for hour in range(WEEK_H):
        assert found.calls_per_hour(hour).sum() == pytest.approx(4.0)
    with pytest.raises(DemandInputError, match=r"differ: 65\+"):
        demand_grid(people, {"0-64": 1.0}, rate)
    with pytest.raises(DemandInputError, match="Nobody is there by night"):
        demand_grid(
            {"night": {"a": [0.0]}, "day": {"a": [1.0]}}, {"a": 1.0}, rate
        )  # fmt: skip
    with pytest.raises(DemandInputError, match="168 hours"):
        demand_grid(people, {"0-64": 1.0, "65+": 10.0}, [1.0])
