"""Scenarios and hours equal enumeration; phases nest; bootstraps say how sure a site is."""

from functools import partial
from itertools import combinations, count, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.spreading import over_dask
from planning.siting.answer import Answer, Ended, Limits
from planning.siting.errors import SitingInputError, SitingKeysError
from planning.siting.instance import Choice, of_matrix
from planning.siting.maximal import mclp
from planning.siting.median import p_median
from planning.siting.scenarios import (
    Scenario,
    best_of_seeds,
    how_often_chosen,
    mclp_by_hours,
    mclp_of_scenarios,
    phases,
)
from tests.planning.siting import cases
from tests.planning.siting.test_covering import small

FEW = Limits(rounds=60)


@settings(max_examples=30, deadline=None)
@given(place=small(), reach=st.integers(0, 9), data=st.data())
def test_scenarios_equal_enumeration(place, reach, data):
    sites = len(place.sites)
    count = data.draw(st.integers(1, sites))
    slower = data.draw(st.integers(1, 3))
    night = of_matrix(
        dict(zip(place.demand, (place.weight[::-1] * 2).tolist(), strict=True)), place.sites,
        place.dense() * slower, rows=place.demand, columns=place.sites,
    )  # fmt: skip
    both = [Scenario(0.25, night), Scenario(0.75, place)]
    best = max(
        sum(
            one.probability
            * (one.instance.weight @ (one.instance.dense() <= reach)[:, list(plan)].any(axis=1))
            for one in both
        )
        for plan in combinations(range(sites), count)
    )
    answer = mclp_of_scenarios(both, Choice(count=count), reach=reach, limits=FEW, exact=True)
    assert answer.value == pytest.approx(best)
    assert answer.bound == pytest.approx(best, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(place=small(), reach=st.integers(0, 9), data=st.data())
def test_hours_equal_enumeration(place, reach, data):
    sites = len(place.sites)
    count = data.draw(st.integers(1, sites))
    doors = {key: data.draw(st.tuples(st.booleans(), st.booleans())) for key in place.sites}
    share, near = np.array([0.7, 0.3]), place.dense() <= reach
    best = max(
        sum(
            share[at]
            * (
                place.weight
                @ (near & [doors[key][at] for key in place.sites])[:, list(plan)].any(1)
            )
            for at in range(2)
        )
        for plan in combinations(range(sites), count)
    )
    answer = mclp_by_hours(place, Choice(count=count), reach=reach, share=share, is_open=doors,
                           limits=FEW, exact=True)  # fmt: skip
    assert answer.value == pytest.approx(best)
    assert answer.bound == pytest.approx(best, abs=1e-9)


def test_phases_nest_and_say_what_the_order_costs():
    place = cases.san_francisco()
    plans = phases(place, [1, 2, 4, 6], Choice(), reach=5000, limits=FEW, exact=True)
    for before, after in pairwise(plans):
        assert set(before.sites) < set(after.sites)
    for plan in plans:
        free = mclp(place, Choice(count=len(plan.sites)), reach=5000, limits=FEW, exact=True)
        assert plan.value <= free.value == plan.bound
    with pytest.raises(SitingInputError, match="rise"):
        phases(place, [2, 1], Choice(), reach=5000)


def test_a_site_that_nothing_can_replace_is_always_chosen():
    place = cases.san_francisco()
    often = how_often_chosen(place, Choice(count=4, fixed=["Store_1"]), reach=5000, repeats=20)
    assert often["Store_1"] == 1.0
    assert sum(often.values()) == pytest.approx(4, abs=0.2)
    again = how_often_chosen(place, Choice(count=4, fixed=["Store_1"]), reach=5000, repeats=20)
    assert again == often


def test_bootstraps_in_parts_are_the_same_and_what_is_stopped_counts():
    place = cases.san_francisco()
    often = partial(how_often_chosen, place, Choice(count=3), reach=5000, repeats=24)
    assert often(parts=7, spread=lambda work, parts: [*map(work, parts)][::-1]) == often()
    assert often(seed=2) != often()
    assert often(stop=lambda: True) == {}
    asked = count()
    half = often(parts=4, stop=lambda: next(asked) >= 2)
    assert half == often(repeats=12)


def test_the_best_of_seeds_has_the_tightest_bound():
    place = cases.san_francisco()
    answers = {}

    def solve(seed: int) -> Answer:
        limits = Limits(rounds=seed, seed=seed)
        answers[seed] = p_median(place, Choice(count=4), limits=limits)
        return answers[seed]

    best = best_of_seeds(solve, [1, 2, 3])
    assert best.value == min(one.value for one in answers.values())
    assert best.bound == max(one.bound for one in answers.values())
    most = best_of_seeds(
        lambda seed: mclp(place, Choice(count=4), reach=5000, limits=Limits(seed=seed)), [1, 2]
    )
    assert most.value == most.bound == 875_247
    assert most.ended is Ended.PROVEN
    with pytest.raises(SitingInputError, match="One seed"):
        best_of_seeds(solve, [])


@pytest.mark.acceptance
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_of_two_draws_the_same_bootstraps():
    from distributed import LocalCluster

    place = cases.san_francisco()
    often = partial(how_often_chosen, place, Choice(count=4), reach=5000, repeats=40)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        over_dask(cluster.scheduler_address) as (spread, parts),
    ):
        assert often(spread=spread, parts=parts) == often()


def test_what_does_not_fit_is_refused():
    place = cases.san_francisco()
    with pytest.raises(SitingInputError, match="add up to 1"):
        mclp_of_scenarios([Scenario(0.5, place)], Choice(count=1), reach=1)
    with pytest.raises(SitingInputError, match="no scenario"):
        mclp_of_scenarios([], Choice(count=1), reach=1)
    other = of_matrix({"a": 1.0}, ["s"], [[1.0]], rows=["a"], columns=["s"])
    with pytest.raises(SitingKeysError, match="differ in their sites"):
        mclp_of_scenarios([Scenario(0.5, place), Scenario(0.5, other)], Choice(count=1), reach=1)
    with pytest.raises(SitingKeysError, match="do not match: s"):
        mclp_by_hours(other, Choice(count=1), reach=1, share=[1.0], is_open={})
    with pytest.raises(SitingInputError, match="each of the 2 periods"):
        mclp_by_hours(other, Choice(count=1), reach=1, share=[0.5, 0.5], is_open={"s": [True]})
    with pytest.raises(SitingInputError, match="below 1"):
        how_often_chosen(other, Choice(count=1), reach=1, travel_share=1.0)
