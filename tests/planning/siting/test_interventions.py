"""What a budget is spent on is the best of all that could be; what the next site buys."""

from dataclasses import replace
from itertools import chain, combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from planning.siting.errors import BudgetTooSmallError, SitingInputError, SitingKeysError
from planning.siting.instance import Choice, Instance, of_matrix
from planning.siting.interventions import (
    Kind,
    Offer,
    Standing,
    best_interventions,
    next_sites,
    served_today,
)
from planning.siting.maximal import mclp
from tests.planning.siting import cases
from tests.planning.siting.test_covering import small

LEVELS = {"basic": 0.75, "advanced": 0.25}


def served(place: Instance, reach: float, capacity: dict, level: dict, shares: dict) -> float:
    """Most demand that sites with these capacities and levels serve, by scipy."""
    rank = {name: at for at, name in enumerate(shares)}
    near = place.dense() <= reach
    pairs = [
        (i, j, name) for i in range(len(place.demand)) for j, key in enumerate(place.sites)
        for name in shares
        if near[i, j] and key in capacity and rank[level[key]] >= rank[name]
    ]  # fmt: skip
    if not pairs:
        return 0.0
    need = {(i, name): at for at, (i, name) in enumerate(
        (i, name) for i in range(len(place.demand)) for name in shares)}  # fmt: skip
    rows = np.zeros((len(need) + len(place.sites), len(pairs)))
    for at, (i, j, name) in enumerate(pairs):
        rows[need[i, name], at] = rows[len(need) + j, at] = 1.0
    most = [place.weight[i] * shares[name] for i, name in need]
    most += [min(capacity.get(key, 0.0), 1e9) for key in place.sites]
    return -linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=most).fun


def outcome(offers, stands):
    """Capacity and level by site; None where it cannot be done."""
    capacity = {key: one.capacity for key, one in stands.items()}
    level = {key: one.level for key, one in stands.items()}
    for one in offers:
        if one.kind is Kind.BUILD:
            if one.site in capacity:
                return None
            capacity[one.site], level[one.site] = one.capacity, one.level
    for one in offers:
        if one.kind is not Kind.BUILD and one.site not in capacity:
            return None
        if one.kind is Kind.ENLARGE:
            capacity[one.site] += one.capacity
        if one.kind is Kind.UPGRADE:
            level[one.site] = max(level[one.site], one.level, key=list(LEVELS).index)
    return capacity, level


@st.composite
def proposed(draw):
    place = draw(small())
    stood = draw(st.sets(st.sampled_from(place.sites)))
    level = st.sampled_from(list(LEVELS))
    stands = {
        key: Standing(capacity=draw(st.integers(0, 20)), level=draw(level))
        for key in sorted(stood)
    }  # fmt: skip
    offers = []
    for at in range(draw(st.integers(1, 6))):
        key = draw(st.sampled_from(place.sites))
        built = {one.site for one in offers if one.kind is Kind.BUILD}
        kind = Kind.BUILD
        if key in stands or key in built:
            kind = draw(st.sampled_from([Kind.ENLARGE, Kind.UPGRADE] if key in stands else Kind))
        offers.append(Offer(
            key=f"o{at}", site=key, kind=kind, cost=draw(st.integers(0, 6)),
            capacity=draw(st.integers(0, 20)), level=draw(level),
        ))  # fmt: skip
    return place, stands, tuple(offers)


@settings(max_examples=20, deadline=None)
@given(case=proposed(), reach=st.integers(0, 9), budget=st.integers(6, 14))
def test_the_plan_is_the_best_of_all(case, reach, budget):
    place, stands, offers = case
    best = 0.0
    every = chain.from_iterable(combinations(offers, n) for n in range(len(offers) + 1))
    for some in every:
        state = outcome(some, stands)
        if state is not None and sum(one.cost for one in some) <= budget:
            best = max(best, served(place, reach, *state, LEVELS))
    plan = best_interventions(
        place, offers, budget=budget, reach=reach, stands=stands, levels=LEVELS
    )
    assert plan.answer.value == pytest.approx(best, abs=1e-6)
    assert plan.answer.bound == pytest.approx(best, abs=1e-5)
    # What is told of the plan is the plan.
    taken = [one for one in offers if one.key in plan.chosen]
    capacity, _ = outcome(taken, stands)
    assert plan.capacity == pytest.approx(capacity)
    assert plan.cost == sum(one.cost for one in taken) <= budget
    assert sum(plan.load.values()) == pytest.approx(best, abs=1e-6)
    assert sum(plan.served.values()) == pytest.approx(best, abs=1e-6)
    assert all(plan.load[key] <= capacity[key] + 1e-6 for key in plan.load)
    assert set(plan.answer.sites) == set(capacity)
    assert place.weight @ plan.share == pytest.approx(best, abs=1e-6)
    before, share = served_today(place, reach=reach, stands=stands, levels=LEVELS)
    assert before == pytest.approx(served(place, reach, *outcome((), stands), LEVELS), abs=1e-6)
    assert place.weight @ share == pytest.approx(before, abs=1e-6)


def test_without_capacities_it_is_the_cover_of_a_budget():
    # PySAL spopt's San Francisco: each of 16 stores at a price of one, 4 of them.
    place = cases.san_francisco()
    offers = [
        Offer(key=one, site=one, kind=Kind.BUILD, cost=1.0, capacity=np.inf) for one in place.sites
    ]
    plan = best_interventions(place, offers, budget=4.0, reach=5000, stands={})
    assert plan.answer.value == pytest.approx(875_247)
    assert plan.answer.gap < 1e-6
    assert len(plan.chosen) == len(plan.answer.sites) == 4
    assert (np.bincount(plan.answer.serves[plan.answer.serves >= 0]) > 0).sum() <= 4


def test_a_full_station_is_enlarged_rather_than_a_far_one_built():
    place = of_matrix({"a": 10.0, "b": 2.0}, ["s", "t"], [[1.0, 9.0], [9.0, 1.0]],
                      rows=["a", "b"], columns=["s", "t"])  # fmt: skip
    offers = [
        Offer(key="grow", site="s", kind=Kind.ENLARGE, cost=3.0, capacity=5.0),
        Offer(key="new", site="t", kind=Kind.BUILD, cost=3.0, capacity=5.0),
    ]
    stands = {"s": Standing(capacity=5.0)}
    plan = best_interventions(place, offers, budget=5.0, reach=2.0, stands=stands)
    assert (plan.chosen, plan.answer.value, plan.cost) == (("grow",), 10.0, 3.0)
    assert plan.capacity == {"s": 10.0}
    both = best_interventions(place, offers, budget=6.0, reach=2.0, stands=stands)
    assert (both.answer.value, both.load) == (12.0, {"s": 10.0, "t": 2.0})


def test_what_cannot_be_meant_is_said():
    place = of_matrix({"a": 10.0}, ["s", "t"], [[1.0, 2.0]], rows=["a"], columns=["s", "t"])
    new = Offer(key="new", site="t", kind=Kind.BUILD, cost=3.0, capacity=5.0)
    stands = {"s": Standing()}

    def asked(*offers, budget=5.0, stands=stands, levels=None):
        return best_interventions(
            place, offers, budget=budget, reach=5.0, stands=stands, levels=levels or {"any": 1.0}
        )

    with pytest.raises(BudgetTooSmallError, match="the cheapest offer, new, costs 3"):
        asked(new, budget=2.0)
    with pytest.raises(SitingKeysError, match="have no travel: nowhere"):
        asked(replace(new, site="nowhere"))
    with pytest.raises(SitingKeysError, match="stand already"):
        asked(replace(new, site="s"))
    with pytest.raises(SitingKeysError, match="Nothing stands at t"):
        asked(replace(new, kind=Kind.ENLARGE))
    with pytest.raises(SitingKeysError, match="named more often: new"):
        asked(new, new)
    with pytest.raises(SitingKeysError, match="no level best"):
        asked(replace(new, level="best"))
    with pytest.raises(SitingInputError, match="zero or more"):
        asked(replace(new, cost=float("nan")))
    with pytest.raises(SitingInputError, match="add up to 1"):
        asked(new, levels={"any": 0.5})
    with pytest.raises(SitingInputError, match="Say which level"):
        asked(new, levels={"any": 0.5, "more": 0.5})
    with pytest.raises(SitingInputError, match="Nothing is offered"):
        asked()


def test_what_the_next_station_buys():
    place = cases.san_francisco()
    first = mclp(place, Choice(count=2), reach=5000, exact=True)
    rows = next_sites(place, first.sites, most=3, reach=5000, cost_each=20.0)
    assert [one.more for one in rows] == [0, 1, 2, 3]
    assert rows[0].answer.value == first.value
    for before, after in pairwise(rows):
        assert after.gain == after.answer.value - before.answer.value
        assert after.gain_at_least <= after.gain <= after.gain_at_most
        assert set(first.sites) <= set(after.answer.sites)
        assert after.cost == 20.0 * after.more
        assert after.cost_of_gain is None or after.cost_of_gain * after.gain == pytest.approx(20.0)
    with pytest.raises(SitingInputError, match="No site stands yet"):
        next_sites(place, (), most=1, reach=5000, cost_each=1.0)
