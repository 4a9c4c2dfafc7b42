"""Sites far apart, and plans nearly as good as the best, equal enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.answer import Ended, Limits
from planning.siting.errors import SitingInputError, SitingKeysError
from planning.siting.instance import Choice
from planning.siting.spread import near_optimal, p_dispersion
from tests.planning.siting import cases
from tests.planning.siting.test_covering import small


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(2, 7), data=st.data())
def test_dispersion_equals_enumeration(seed, size, data):
    travel = np.random.default_rng(seed).integers(0, 12, (size, size)).astype(float)
    place = cases.square(travel)
    count = data.draw(st.integers(2, size))
    fixed = data.draw(st.sets(st.sampled_from(place.sites), max_size=count))
    apart = np.minimum(travel, travel.T)
    best = max(
        min(apart[a, b] for a, b in combinations(plan, 2))
        for plan in combinations(range(size), count)
        if fixed <= {place.sites[at] for at in plan}
    )
    answer = p_dispersion(place, Choice(count=count, fixed=sorted(fixed)))
    assert (answer.value, answer.bound, answer.ended) == (best, best, Ended.PROVEN)
    assert len(answer.sites) == count
    assert fixed <= set(answer.sites)


@settings(max_examples=25, deadline=None)
@given(place=small(), reach=st.integers(0, 9), data=st.data())
def test_the_best_plans_are_those_of_enumeration(place, reach, data):
    count = data.draw(st.integers(1, len(place.sites)))
    near = place.dense() <= reach
    every = sorted(
        (float(place.weight @ near[:, list(plan)].any(axis=1))
         for plan in combinations(range(len(place.sites)), count)), reverse=True,
    )  # fmt: skip
    found = near_optimal(place, Choice(count=count), reach=reach, plans=4, limits=Limits(rounds=20))
    assert [one.value for one in found] == pytest.approx(every[:4])
    assert [one.bound for one in found] == pytest.approx(every[:4], abs=1e-6)
    assert len({one.sites for one in found}) == len(found)


def test_san_franciscos_second_plan_is_known_to_be_the_second():
    place = cases.san_francisco()
    first, second = near_optimal(place, Choice(count=4), reach=5000, plans=2)
    assert first.value == 875_247
    assert second.value == second.bound < first.value


def test_a_plan_within_the_gap_asked_for_is_not_called_proven():
    place = cases.san_francisco()
    plans = near_optimal(place, Choice(count=4), reach=5000, plans=3, limits=Limits(gap=0.2))
    assert len(plans) == 3
    assert any(one.gap > 1e-6 for one in plans)
    for one in plans:
        assert one.gap <= 0.2
        assert one.ended is (Ended.PROVEN if one.gap <= 1e-6 else Ended.GAP)


def test_what_does_not_fit_is_refused():
    place = cases.san_francisco()
    with pytest.raises(SitingKeysError, match="between sites"):
        p_dispersion(place, Choice(count=2))
    with pytest.raises(SitingInputError, match="two sites"):
        p_dispersion(cases.square(np.ones((3, 3))), Choice(count=1))
    with pytest.raises(SitingInputError, match="number of sites"):
        near_optimal(place, Choice(budget=3), reach=5, plans=1)
    with pytest.raises(SitingInputError, match="One plan"):
        near_optimal(place, Choice(count=3), reach=5, plans=0)
