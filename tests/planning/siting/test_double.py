"""The double standard and capacities equal enumeration; what cannot be met is said."""

from itertools import combinations, combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from planning.siting.double import capacitated_median, double_standard
from planning.siting.errors import CoverInfeasibleError, SitingInputError, SitingKeysError
from planning.siting.instance import Choice
from planning.siting.median import p_median
from tests.planning.siting import cases
from tests.planning.siting.test_covering import small


@settings(max_examples=40, deadline=None)
@given(place=small(), near=st.integers(0, 9), more=st.integers(0, 5), data=st.data())
def test_the_double_standard_equals_enumeration(place, near, more, data):
    units = data.draw(st.integers(1, 2 * len(place.sites)))
    share = data.draw(st.sampled_from([0.0, 0.5, 0.9, 1.0]))
    close, wide = place.dense() <= near, place.dense() <= near + more
    if not wide.any(axis=1).all():
        with pytest.raises(CoverInfeasibleError):
            double_standard(place, Choice(count=units), near=near, far=near + more, share=share)
        return
    values = []
    for plan in combinations_with_replacement(range(len(place.sites)), units):
        count = np.bincount(plan, minlength=len(place.sites))
        once = place.weight @ (close @ count >= 1)
        enough = once >= share * place.weight.sum() * (1 - 1e-9)
        if enough and count.max() <= 2 and (wide @ count >= 1).all():
            values.append(float(place.weight @ (close @ count >= 2)))
    if not values:
        with pytest.raises(SitingInputError, match="do not meet these two standards"):
            double_standard(place, Choice(count=units), near=near, far=near + more, share=share)
        return
    answer = double_standard(place, Choice(count=units), near=near, far=near + more, share=share)
    assert answer.value == pytest.approx(max(values))
    assert answer.bound == pytest.approx(max(values), abs=1e-6)
    assert len(answer.sites) == units


def parted(place, plan, holds) -> float:
    """The least cost of serving all from the sites of a plan, inf where they cannot."""
    cost = (place.weight[:, None] * place.dense()[:, plan]).ravel()
    served = np.kron(np.eye(len(place.demand)), np.ones(len(plan)))
    used = np.kron(place.weight, np.eye(len(plan)))
    found = linprog(cost, A_ub=used, b_ub=holds[plan], A_eq=served, b_eq=np.ones(len(served)))
    return float(found.fun) if found.status == 0 else np.inf


@settings(max_examples=25, deadline=None)
@given(place=small(), data=st.data())
def test_capacities_equal_enumeration(place, data):
    sites = len(place.sites)
    count = data.draw(st.integers(1, sites))
    total = float(place.weight.sum())
    holds = np.array([data.draw(st.sampled_from([0.3, 0.6, 1.0])) * total for _ in range(sites)])
    best = min(parted(place, list(plan), holds) for plan in combinations(range(sites), count))
    capacity = dict(zip(place.sites, holds.tolist(), strict=True))
    if not np.isfinite(best):
        with pytest.raises(SitingInputError, match="within their capacities"):
            capacitated_median(place, Choice(count=count), capacity=capacity)
        return
    answer = capacitated_median(place, Choice(count=count), capacity=capacity)
    assert answer.value == pytest.approx(best, abs=1e-6)
    assert answer.bound == pytest.approx(best, abs=1e-6)


def test_capacity_enough_for_all_is_the_plain_median():
    place = cases.san_francisco()
    capacity = dict.fromkeys(place.sites, float(place.weight.sum()))
    answer = capacitated_median(place, Choice(count=4), capacity=capacity)
    assert answer.value == pytest.approx(p_median(place, Choice(count=4)).value)


def test_what_does_not_fit_is_refused():
    place = cases.san_francisco()
    with pytest.raises(SitingInputError, match="contradict"):
        double_standard(place, Choice(count=4), near=9, far=5, share=0.9)
    with pytest.raises(SitingInputError, match="share from 0 to 1"):
        double_standard(place, Choice(count=4), near=5, far=9, share=2)
    with pytest.raises(SitingKeysError, match="Capacities and sites"):
        capacitated_median(place, Choice(count=4), capacity={"Store_1": 1})
    with pytest.raises(SitingInputError, match="zero or more"):
        capacitated_median(place, Choice(count=4), capacity=dict.fromkeys(place.sites, np.nan))
