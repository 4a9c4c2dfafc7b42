"""The rational agents against worked cases, and against what an equilibrium is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.model import TravelTimes
from planning.accessibility.rational import rational


def test_one_town_parts_between_a_near_and_a_far_practice():
    # 100 people, two practices of 1: rho = 50. x at X costs x/50, at Y (100-x)/50 + 30/60:
    # equal at x = 62.5, cost 1.25.
    times = TravelTimes.of_matrix([[0.0, 30.0]], demand=["a"], supply=["X", "Y"])
    found = rational(times, {"X": 1, "Y": 1}, population={"a": 100})
    assert found.people == pytest.approx([62.5, 37.5])
    assert found.cost == pytest.approx([1.25])


def test_nobody_goes_where_the_way_alone_costs_more():
    times = TravelTimes.of_matrix(
        [[0.0, 200.0], [200.0, 0.0], [10.0, np.inf], [np.inf, np.inf]],
        demand=["a", "b", "nobody", "cut off"], supply=["X", "Y"],
    )  # fmt: skip
    people = {"a": 100, "b": 100, "nobody": 0, "cut off": 5}
    found = rational(times, {"X": 1, "Y": 1}, population=people)
    assert found.people == pytest.approx([100.0, 100.0])
    rho = 205 / 2
    assert found.cost == pytest.approx([100 / rho, 100 / rho, 100 / rho + 10 / 60, np.inf])
    with pytest.raises(AccessibilityInputError, match="no crowd"):
        rational(times, {"X": 0, "Y": 0}, population=people)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 6))
def test_nobody_gains_by_going_elsewhere(seed, places, sites):
    chance = np.random.default_rng(seed)
    minutes = chance.uniform(0, 90, (places, sites))
    people = chance.integers(0, 500, places).astype(float)
    people[0] += 1.0
    supply = chance.integers(1, 20, sites).astype(float)
    times = TravelTimes.of_matrix(minutes, demand=range(places), supply=range(sites))
    found = rational(
        times, dict(enumerate(supply)), population=dict(enumerate(people)), most_regret=1e-9
    )
    assert found.regret <= 1e-9
    assert found.people.sum() == pytest.approx(people.sum())
    crowd = found.people / (supply * people.sum() / supply.sum())
    least = (minutes / 60.0 + crowd).min(axis=1)
    paid = float(people @ found.cost)
    assert paid - float(people @ least) <= 1e-6 * paid
