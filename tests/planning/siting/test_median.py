"""p-median reaches published optima, agrees with enumeration, and its bound holds."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.answer import Ended, Limits
from planning.siting.errors import CoverInfeasibleError, SitingInputError
from planning.siting.instance import Choice, of_matrix, of_pairs
from planning.siting.median import p_median
from tests.planning.siting import cases
from tests.planning.siting.test_covering import small


@pytest.mark.parametrize(
    "number", [1, 2, 6, *(pytest.param(at, marks=pytest.mark.acceptance) for at in range(7, 21))]
)
def test_published_medians_are_found(number):
    place, count = cases.pmed(number)
    answer = p_median(place, Choice(count=count))
    # J. E. Beasley, OR-Library: pmedopt.
    assert answer.value == cases.published("pmedopt.txt")[number]
    assert answer.bound <= answer.value
    assert answer.gap < 0.011
    assert len(answer.sites) == count


def test_the_median_of_san_francisco():
    # PySAL spopt: 2848268129.7145 by four stores, 2982.12686 m a person.
    answer = p_median(cases.san_francisco(), Choice(count=4))
    assert answer.value == pytest.approx(2848268129.7145, abs=1e-4)
    assert answer.ended is Ended.PROVEN


def test_every_number_of_stores_is_that_of_enumeration():
    known = json.loads(cases.file("spopt_sf", "bruteforce_optima.json").read_text())
    for count in range(1, 7):
        answer = p_median(cases.san_francisco(), Choice(count=count))
        assert answer.value == pytest.approx(known[f"p{count}"]["pmedian"][0], rel=1e-12)
        assert answer.bound <= answer.value * (1 + 1e-12)


@settings(max_examples=60, deadline=None)
@given(place=small(), data=st.data())
def test_the_median_equals_enumeration_and_its_bound_holds(place, data):
    sites = len(place.sites)
    count = data.draw(st.integers(1, sites))
    fixed = data.draw(st.sets(st.sampled_from(place.sites), max_size=count))
    forbidden = data.draw(st.sets(st.sampled_from(place.sites), max_size=sites - count)) - fixed
    names = [{place.sites[at] for at in plan} for plan in combinations(range(sites), count)]
    costs = [
        float(place.weight @ place.dense()[:, list(plan)].min(axis=1))
        for plan, name in zip(combinations(range(sites), count), names, strict=True)
        if fixed <= name and not forbidden & name
    ]
    answer = p_median(place, Choice(count=count, fixed=sorted(fixed), forbidden=sorted(forbidden)))
    assert answer.value == pytest.approx(min(costs))
    assert answer.bound <= min(costs) + 1e-9
    assert fixed <= set(answer.sites)
    assert not forbidden & set(answer.sites)


def test_short_lists_of_sites_change_no_bound():
    chance = np.random.default_rng(5)
    xy = chance.uniform(0, 10, (300, 2))
    travel = np.hypot(*(xy[:, None] - xy[:120]).transpose(2, 0, 1))
    rows, columns = cases.keys(300), cases.keys(120)
    exact = of_matrix(dict.fromkeys(rows, 2.0), columns, travel, rows=rows, columns=columns)
    single = of_matrix(dict.fromkeys(rows, 2.0), columns, travel.astype(np.float32), rows=rows,
                       columns=columns)  # fmt: skip
    one, other = (p_median(at, Choice(count=24)) for at in (exact, single))
    assert other.value == pytest.approx(one.value, rel=1e-4)
    assert max(one.bound, other.bound) <= min(one.value, other.value) * (1 + 1e-6)
    assert max(one.gap, other.gap) < 0.01


def test_places_that_few_sites_reach_decide_or_are_named():
    pairs = [("a", "s", 1.0), ("a", "t", 2.0), ("b", "s", 1.0), ("c", "u", 5.0), ("c", "s", 90.0)]
    place = of_pairs({"a": 1, "b": 1, "c": 1}, ["s", "t", "u"], pairs, complete=False)
    assert p_median(place, Choice(count=2)).value == 7.0
    assert p_median(place, Choice(count=1)).sites == ("s",)
    with pytest.raises(CoverInfeasibleError, match=r"none is reached from: b, c"):
        p_median(place, Choice(count=1, fixed=["t"]))
    with pytest.raises(CoverInfeasibleError, match=r"at all from: b"):
        p_median(place, Choice(count=1, forbidden=["s"]))


def test_stopping_keeps_the_best_plan_with_its_bound():
    place, count = cases.pmed(6)
    told = []
    limits = Limits(stop=lambda: len(told) >= 2, progress=told.append)
    answer = p_median(place, Choice(count=count), limits=limits)
    assert answer.ended is Ended.STOPPED
    # The published optimum is between them.
    assert answer.bound <= 7824 <= answer.value


def test_the_same_seed_gives_the_same_plan():
    place, count = cases.pmed(2)
    runs = [p_median(place, Choice(count=count), limits=Limits(seed=7)) for _ in range(2)]
    assert runs[0].sites == runs[1].sites
    assert runs[0].bound == runs[1].bound


def test_it_counts_sites():
    with pytest.raises(SitingInputError, match="counts sites"):
        p_median(cases.pmed(1)[0], Choice(budget=3))


def test_a_place_of_little_demand_is_not_left_out_for_being_little():
    place = of_matrix(
        {"a": 1.2e6, "b": 3.4e-4}, ["x", "y"], [[3.0, 0.0], [2.0, np.inf]],
        rows=["a", "b"], columns=["x", "y"],
    )  # fmt: skip
    answer = p_median(place, Choice(count=1))
    assert answer.sites == ("x",)
    assert answer.value == pytest.approx(3.6e6 + 6.8e-4)
    assert answer.bound <= answer.value
