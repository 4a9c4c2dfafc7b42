"""The front of fair plans is that of the enumeration of all plans."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.errors import CoverInfeasibleError, SitingInputError, SitingKeysError
from planning.siting.fairness import fairness_front, tail_front, tail_travel
from planning.siting.instance import Choice, of_matrix
from tests.planning.siting import cases
from tests.planning.siting.test_covering import small


@settings(max_examples=40, deadline=None)
@given(place=small(), reach=st.integers(0, 9), data=st.data())
def test_the_front_is_that_of_enumeration(place, reach, data):
    count = data.draw(st.integers(1, len(place.sites)))
    district = {key: data.draw(st.sampled_from("xyz")) for key in place.demand}
    near, points = place.dense() <= reach, set()
    for plan in combinations(range(len(place.sites)), count):
        reached = near[:, list(plan)].any(axis=1)
        shares = []
        for one in set(district.values()):
            here = [district[key] == one for key in place.demand]
            shares.append(place.weight[here] @ reached[here] / place.weight[here].sum())
        points.add((round(float(place.weight @ reached), 6), round(float(min(shares)), 9)))
    front = sorted(
        (one for one in points
         if not any(at[0] >= one[0] and at[1] >= one[1] and at != one for at in points)),
        reverse=True,
    )  # fmt: skip
    found = fairness_front(place, Choice(count=count), reach=reach, district=district)
    # Of plans with the same demand any may come first: the last of each demand is on the front.
    told = {round(one.answer.value, 6): round(one.worst_share, 9) for one in found}
    assert sorted(told.items(), reverse=True) == [pytest.approx(one, abs=1e-6) for one in front]


def test_districts_that_do_not_match_are_named():
    with pytest.raises(SitingKeysError, match="do not match"):
        fairness_front(cases.san_francisco(), Choice(count=2), reach=5000, district={"a": "b"})


@settings(max_examples=15, deadline=None)
@given(place=small(), reach=st.integers(0, 9), share=st.sampled_from([0.1, 0.3, 1.0]),
       data=st.data())  # fmt: skip
def test_the_front_of_the_farthest_part_is_that_of_enumeration(place, reach, share, data):
    count = data.draw(st.integers(1, len(place.sites)))
    travel, points = place.dense(), set()
    for plan in combinations(range(len(place.sites)), count):
        nearest = travel[:, list(plan)].min(axis=1)
        # One by one from the farthest on, until the part is full.
        left, far = share * place.weight.sum(), 0.0
        for at in sorted(range(len(nearest)), key=lambda one: -nearest[one]):
            taken = min(left, place.weight[at])
            far += taken * nearest[at]
            left -= taken
        tail = far / (share * place.weight.sum())
        assert tail_travel(place.weight, nearest, share=share) == pytest.approx(tail)
        points.add((round(float(place.weight @ (nearest <= reach)), 6), round(tail, 6)))
    front = {
        one for one in points
        if not any(at[0] >= one[0] and at[1] <= one[1] and at != one for at in points)
    }  # fmt: skip
    found = tail_front(place, Choice(count=count), reach=reach, share=share, step=1e-3)
    told = {}
    for one in found:
        told[round(one.answer.value, 6)] = one.tail
    assert sorted(told.items()) == [pytest.approx(one, abs=2e-3) for one in sorted(front)]


def test_a_worst_tenth_that_nobody_reaches_is_named():
    place = of_matrix({"a": 1.0, "b": 1.0}, ["s"], [[1.0], [float("inf")]], rows=["a", "b"],
                      columns=["s"])  # fmt: skip
    with pytest.raises(CoverInfeasibleError, match="reached at all from: b"):
        tail_front(place, Choice(count=1), reach=5, step=1.0)
    with pytest.raises(SitingInputError, match="the step above 0"):
        tail_front(place, Choice(count=1), reach=5, step=0.0)


def test_without_a_plan_that_reaches_everybody_the_front_of_the_tail_is_empty():
    place = of_matrix(
        {"a": 1.0, "b": 1.0}, ["x", "y"], [[0.0, np.inf], [np.inf, 0.0]],
        rows=["a", "b"], columns=["x", "y"],
    )  # fmt: skip
    assert tail_front(place, Choice(count=1), reach=1.0, step=1.0) == ()
