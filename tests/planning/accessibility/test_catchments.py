"""Catchments: to the nearest, and with room."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.accessibility.catchments import catchments_with_room, nearest_catchments
from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.model import TravelTimes


def test_the_nearest_within_a_closed_limit():
    times = TravelTimes.of_matrix(
        [[10.0, 30.0], [60.0, 70.0], [60.5, np.inf], [5.0, 5.0]],
        demand="abcd", supply="XY",
    )  # fmt: skip
    people = {"a": 1, "b": 2, "c": 4, "d": 8}
    found = nearest_catchments(times, population=people, limit_min=60.0)
    assert found.people.tolist() == [11.0, 0.0]  # d: as near to both, X stands first
    assert found.unserved.tolist() == [0.0, 0.0, 4.0, 0.0]
    assert found.mean_min == pytest.approx((10 + 2 * 60 + 8 * 5) / 11)


def test_room_is_given_to_whom_it_helps_most_in_any_order():
    # Whoever asks X first would take it all; the best answer leaves it to who has nothing else.
    minutes = {"a": [10.0, 20.0], "b": [30.0, np.inf]}
    for order in itertools.permutations(minutes):
        times = TravelTimes.of_matrix(
            [minutes[key] for key in order], demand=order, supply=["X", "Y"]
        )
        found = catchments_with_room(
            times, {"X": 5, "Y": 5}, population={"a": 5, "b": 5}, limit_min=30.0
        )
        assert found.people.tolist() == [5.0, 5.0]
        assert found.unserved.sum() == 0.0
        assert found.mean_min == pytest.approx(25.0)
    with pytest.raises(AccessibilityInputError, match="above 0 minutes"):
        catchments_with_room(times, {"X": 1, "Y": 1}, population={"a": 5, "b": 5}, limit_min=0.0)


@settings(max_examples=12)
@given(st.integers(0, 2**32 - 1))
def test_with_room_for_all_everybody_goes_to_the_nearest(seed):
    chance = np.random.default_rng(seed)
    minutes = chance.uniform(1, 60, (5, 3))
    people = dict(enumerate(chance.integers(0, 20, 5).tolist()))
    times = TravelTimes.of_matrix(minutes, demand=range(5), supply=range(3))
    near = nearest_catchments(times, population=people, limit_min=40.0)
    wide = catchments_with_room(
        times, dict.fromkeys(range(3), 100), population=people, limit_min=40.0
    )
    assert wide.people == pytest.approx(near.people)
    assert wide.unserved == pytest.approx(near.unserved)
    tight = catchments_with_room(
        times, dict.fromkeys(range(3), 9), population=people, limit_min=40.0
    )
    assert (tight.people <= 9.0).all()
    assert tight.unserved.sum() >= near.unserved.sum()
    assert tight.people.sum() + tight.unserved.sum() == pytest.approx(sum(people.values()))
