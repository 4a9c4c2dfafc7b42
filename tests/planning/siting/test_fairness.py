"""The front of fair plans is that of the enumeration of all plans."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.errors import SitingKeysError
from planning.siting.fairness import fairness_front
from planning.siting.instance import Choice
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
