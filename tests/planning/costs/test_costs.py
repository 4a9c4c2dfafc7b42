"""Costs over five years are the sums one reckons by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.costs.errors import CostsInputError
from planning.costs.model import (
    Duty,
    Prices,
    enlarging_costs,
    prices_of,
    station_costs,
    unit_costs,
    upgrading_costs,
)

PRICES = Prices(
    currency="CNY", source="made for this test", build=3_000_000, rent_a_year=120_000,
    vehicle=500_000, crew_a_year=1_800_000, enlarge=200_000, upgrade=150_000,
    running_a_year=100_000, upgrade_crew_a_year=400_000, vehicle_years=4,
)  # fmt: skip


def test_a_station_with_one_unit_over_five_years():
    found = station_costs(PRICES)
    # Built, a vehicle; rent, crew and running five times, and the second vehicle in the fifth year.
    assert found.at_once == 3_000_000 + 500_000
    assert found.over_years == 5 * (120_000 + 1_800_000 + 100_000) + 500_000
    assert found.total == found.at_once + found.over_years


def test_a_unit_of_half_the_day_costs_half_the_crew_and_a_whole_vehicle():
    whole, half = unit_costs(PRICES), unit_costs(PRICES, Duty.HALF_DAY)
    assert whole.at_once == half.at_once == 500_000
    assert half.over_years == 5 * 950_000 + 500_000
    assert whole.over_years == 5 * 1_900_000 + 500_000
    both = station_costs(PRICES, {Duty.ALL_DAY: 1, Duty.HALF_DAY: 1})
    assert both.total == pytest.approx(station_costs(PRICES).total + half.total)


def test_enlarging_needs_no_new_house_and_a_higher_level_costs_its_crew():
    assert enlarging_costs(PRICES, {Duty.ALL_DAY: 2}).at_once == 2 * (200_000 + 500_000)
    assert upgrading_costs(PRICES, 2).total == 2 * (150_000 + 5 * 400_000)
    more = unit_costs(PRICES, higher_level=True)
    assert more.total - unit_costs(PRICES).total == upgrading_costs(PRICES, 1).total


@given(st.floats(0, 0.2), st.integers(1, 12))
def test_later_money_is_worth_less(discount, years):
    plain = station_costs(PRICES, years=years)
    found = station_costs(replace(PRICES, discount=discount), years=years)
    assert found.at_once == plain.at_once
    assert found.total <= plain.total
    assert station_costs(PRICES, years=years + 1).total > plain.total


def test_a_discount_by_hand():
    rent = replace(PRICES, discount=0.1, crew_a_year=0, running_a_year=0, vehicle=0, build=0)
    assert station_costs(rent, years=3).total == pytest.approx(120_000 * (1 + 0.9 + 0.81))


def test_a_file_of_prices_is_read_or_refused_by_name():
    given = {"currency": "CNY", "source": "bureau", "build": "3e6", "rent_a_year": 1,
             "vehicle": 2, "crew_a_year": 3}  # fmt: skip
    assert prices_of(given).build == 3_000_000
    for wrong, words in (
        ({"rent": 1}, "no price rent"), ({"build": "much"}, "build is no number: much"),
        ({"build": -1}, "build is -1"), ({"vehicle_years": 1.5}, "whole years"),
        ({"vehicle_years": 0}, "lasts a year or more"), ({"source": ""}, "their source"),
        ({"discount": 1.0}, "discount is below 1"),
    ):  # fmt: skip
        with pytest.raises(CostsInputError, match=words):
            prices_of(given | wrong)
    with pytest.raises(CostsInputError, match="lacks build"):
        prices_of({name: one for name, one in given.items() if name != "build"})
    with pytest.raises(CostsInputError, match="a year or more, not 0"):
        station_costs(PRICES, years=0)
    with pytest.raises(CostsInputError, match="cannot be -1 units"):
        station_costs(PRICES, {Duty.ALL_DAY: -1})
