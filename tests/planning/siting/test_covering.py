"""MCLP and MEXCLP reach published optima, agree with enumeration, and their bounds hold."""

import json
from itertools import combinations, combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.answer import Ended, Limits, Progress
from planning.siting.instance import Choice, Instance, of_matrix
from planning.siting.maximal import mclp, mexclp
from planning.siting.scenarios import phases
from tests.planning.siting import cases

FEW = Limits(rounds=60)


@pytest.mark.parametrize(
    ("size", "reach", "optima"),
    [
        (324, 800, (5461, 8790, 11604, 12106, 12152)),
        (402, 800, (6555, 11339, 14690, 15658, 15970, 15984)),
        (324, 1200, (9932, 11555, 12152)),
        (402, 1200, (10607, 14832, 15984)),
        (402, 1600, (15438, 15984)),
    ],
)
def test_sao_jose_dos_campos_is_proven(size, reach, optima):
    # Lorena & Pereira; optima proven with HiGHS at a gap of 1e-9.
    place = cases.sao_jose(size)
    for count, best in enumerate(optima, start=1):
        answer = mclp(place, Choice(count=count), reach=reach, limits=FEW, exact=True)
        assert (answer.value, answer.bound, answer.ended) == (best, best, Ended.PROVEN)
        assert len(answer.sites) == count


def test_san_francisco_covers_what_the_library_of_python_says():
    # PySAL spopt, notebook facloc-real-world: 875,247 of 955,113 within 5,000 m by 4 stores. Its
    # demand file is in another order than its travel: by position it gives 870,187.
    answer = mclp(cases.san_francisco(), Choice(count=4), reach=5000, exact=True)
    assert (answer.value, answer.ended) == (875_247, Ended.PROVEN)


def test_every_number_of_stores_is_that_of_enumeration():
    known = json.loads(cases.file("spopt_sf", "bruteforce_optima.json").read_text())
    place = cases.san_francisco()
    for count in range(1, 7):
        answer = mclp(place, Choice(count=count), reach=5000, limits=FEW, exact=True)
        assert answer.value == answer.bound == known[f"p{count}"]["mclp"][0]


def test_expected_cover_is_that_of_enumerated_multisets():
    known = json.loads(cases.file("spopt_sf", "bruteforce_optima.json").read_text())
    place = cases.san_francisco()
    for name in (one for one in known if one.startswith("mexclp")):
        busy, units = (float(part.lstrip("qK")) for part in name.split("_")[1:])
        answer = mexclp(place, Choice(count=int(units)), reach=5000, busy_share=busy, limits=FEW,
                        exact=True)  # fmt: skip
        assert answer.value == pytest.approx(known[name][0], rel=1e-9)
        assert answer.gap < 1e-6


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("city", "reach", "count", "best"),
    [
        # Maximo, Cordeau, Nascimento 2023; the first is proven.
        ("NewYork", 400, 50, 1_153_640), ("NewYork", 400, 60, 1_288_174),
        ("NewYork", 400, 70, 1_396_333), ("NewYork", 400, 80, 1_481_434),
        ("NewYork", 400, 90, 1_539_992), ("NewYork", 400, 100, 1_574_256),
        ("SanFrancisco", 600, 50, 617_592), ("SanFrancisco", 600, 60, 683_139),
        ("SanFrancisco", 600, 70, 733_772), ("SanFrancisco", 600, 80, 769_781),
        ("SanFrancisco", 600, 90, 791_562), ("SanFrancisco", 600, 100, 802_307),
    ],
)  # fmt: skip
def test_real_cities_within_three_fifths_of_a_percent_of_the_best_known(city, reach, count, best):
    place = cases.real_city(city)
    answer = mclp(
        place, Choice(count=count), reach=reach, limits=Limits(seconds=11.0, rounds=10**6)
    )
    assert best * 0.994 <= answer.value <= answer.bound
    # What is best known bounds nothing; the bound has to be above it.
    assert best <= answer.bound <= best * 1.02


@st.composite
def small(draw) -> Instance:
    places, sites = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    travel = draw(st.lists(st.lists(st.integers(0, 9), min_size=sites, max_size=sites),
                           min_size=places, max_size=places))  # fmt: skip
    weight = draw(st.lists(st.integers(1, 50), min_size=places, max_size=places))
    return of_matrix(
        {f"p{at}": one / 4 for at, one in enumerate(weight)}, cases.keys(sites, "s"),
        np.array(travel, dtype=float), rows=cases.keys(places, "p"), columns=cases.keys(sites, "s"),
    )  # fmt: skip


def by_enumeration(place: Instance, plans, reach: float, worth) -> float:
    near = place.dense() <= reach
    return max(float(place.weight @ worth(near[:, list(plan)].sum(axis=1))) for plan in plans)


@settings(max_examples=60, deadline=None)
@given(place=small(), reach=st.integers(0, 9), data=st.data())
def test_cover_equals_enumeration_and_its_bound_holds(place, reach, data):
    sites = len(place.sites)
    count = data.draw(st.integers(1, sites))
    fixed = data.draw(st.sets(st.sampled_from(place.sites), max_size=count))
    forbidden = data.draw(st.sets(st.sampled_from(place.sites), max_size=sites - count)) - fixed
    plans = [
        plan for plan in combinations(range(sites), count)
        if {place.sites[at] for at in plan} >= fixed
        and not {place.sites[at] for at in plan} & forbidden
    ]  # fmt: skip
    best = by_enumeration(place, plans, reach, lambda reached: reached > 0)
    choice = Choice(count=count, fixed=sorted(fixed), forbidden=sorted(forbidden))
    plain = mclp(place, choice, reach=reach, limits=FEW)
    assert plain.value <= best * (1 + 1e-9) <= plain.bound * (1 + 2e-9) + 1e-9
    exact = mclp(place, choice, reach=reach, limits=FEW, exact=True)
    assert exact.value == pytest.approx(best, rel=1e-9)
    assert exact.bound == pytest.approx(best, rel=1e-6, abs=1e-9)
    assert set(fixed) <= set(exact.sites)
    assert not set(forbidden) & set(exact.sites)
    served = np.flatnonzero(exact.serves >= 0)
    assert place.weight[served].sum() == pytest.approx(exact.value)


@settings(max_examples=40, deadline=None)
@given(place=small(), reach=st.integers(0, 9), data=st.data())
def test_cover_within_a_budget_equals_enumeration(place, reach, data):
    price = {key: data.draw(st.integers(1, 9)) for key in place.sites}
    budget = data.draw(st.integers(min(price.values()), 20))
    every = [
        plan for size in range(len(price) + 1) for plan in combinations(range(len(price)), size)
    ]
    plans = [plan for plan in every if sum(price[place.sites[at]] for at in plan) <= budget]
    best = by_enumeration(place, plans, reach, lambda reached: reached > 0)
    answer = mclp(place, Choice(budget=budget, price=price), reach=reach, limits=FEW, exact=True)
    assert answer.value == pytest.approx(best, rel=1e-9)
    assert answer.bound == pytest.approx(best, rel=1e-6, abs=1e-9)
    assert sum(price[key] for key in answer.sites) <= budget


@settings(max_examples=30, deadline=None)
@given(place=small(), reach=st.integers(0, 9), busy=st.floats(0, 0.95), units=st.integers(1, 4))
def test_expected_cover_equals_enumeration(place, reach, busy, units):
    near = place.dense() <= reach
    best = max(
        float(place.weight @ (1 - busy ** near[:, list(plan)].sum(axis=1)))
        for plan in combinations_with_replacement(range(len(place.sites)), units)
    )
    answer = mexclp(
        place, Choice(count=units), reach=reach, busy_share=busy, limits=FEW, exact=True
    )
    assert answer.value == pytest.approx(best, rel=1e-7)
    assert answer.bound >= best * (1 - 1e-9)
    assert len(answer.sites) <= units


def test_a_reach_met_exactly_covers():
    place = of_matrix({"a": 1.0}, ["s"], [[5.0]], rows=["a"], columns=["s"])
    assert mclp(place, Choice(count=1), reach=5.0).value == 1.0
    assert mclp(place, Choice(count=1), reach=np.nextafter(5.0, 0)).value == 0.0


def test_the_same_seed_gives_the_same_plan_and_another_may_not():
    place = cases.sao_jose(324) if cases.LOCATION.is_dir() else cases.san_francisco()
    runs = [mclp(place, Choice(count=4), reach=800, limits=FEW) for _ in range(2)]
    assert runs[0].sites == runs[1].sites
    assert [(at.value, at.bound) for at in runs[0].trace] == [
        (at.value, at.bound) for at in runs[1].trace
    ]
    assert runs[0].input_digest == runs[1].input_digest


def test_stopping_keeps_the_best_with_a_bound_that_holds():
    place, told = cases.pmed(6)[0], []

    def stop() -> bool:
        return len(told) >= 2

    limits = Limits(stop=stop, progress=told.append)
    answer = mclp(place, Choice(count=20), reach=20, limits=limits)
    assert answer.ended is Ended.STOPPED
    assert isinstance(told[0], Progress)
    assert 0 < answer.value == told[-1].value <= answer.bound == told[-1].bound
    full = mclp(place, Choice(count=20), reach=20, limits=Limits(rounds=200), exact=True)
    assert answer.value <= full.value <= answer.bound


def test_progress_only_gets_better():
    told: list[Progress] = []
    mclp(
        cases.pmed(2)[0], Choice(count=8), reach=25, limits=Limits(rounds=60, progress=told.append)
    )
    values, bounds = [at.value for at in told], [at.bound for at in told]
    assert values == sorted(values)
    assert bounds == sorted(bounds, reverse=True)


def jemss(demand, reach):
    """An instance of JEMSS.jl: which of the sites (rows) reaches which of the points (columns)."""
    points, sites = (
        [f"p{at}" for at in range(len(demand))],
        [f"s{at + 1}" for at in range(len(reach))],
    )
    travel = np.where(np.array(reach).T == 1, 1.0, np.inf)
    return of_matrix(dict(zip(points, demand, strict=True)), sites, travel, rows=points,
                     columns=sites)  # fmt: skip


REACH = [[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1]]


@pytest.mark.parametrize(
    ("count", "best", "sites"),
    [(1, 4, {("s1",)}), (2, 6, {("s2", "s3")}), (3, 6, {("s1", "s2", "s3")})],
)
def test_mclp_of_jemss(count, best, sites):
    # JEMSS.jl, test/test_mclp.jl, "small".
    place = jemss([2.0, 2.0, 1.0, 1.0], REACH)
    answer = mclp(place, Choice(count=count), reach=1.0, limits=FEW, exact=True)
    assert (answer.value, answer.bound) == (best, best)
    assert answer.sites in sites


@pytest.mark.parametrize(
    ("busy", "best"),
    [(0.0, (4, 6, 6)), (0.2, (3.2, 4.8, 5.44, 5.76)), (0.3, (2.8, 4.2, 5.04, 5.46)),
     (0.5, (2.0, 3.0, 4.0, 4.5))],
)  # fmt: skip
def test_mexclp_on_the_instance_of_jemss(busy, best):
    # Objectives of JEMSS' solveMexclp!: the k-th unit adds (1 - q) q^(k - 1); exhaustively checked.
    place = jemss([2.0, 2.0, 1.0, 1.0], REACH)
    for units, value in enumerate(best, start=1):
        answer = mexclp(
            place, Choice(count=units), reach=1.0, busy_share=busy, limits=FEW, exact=True
        )
        assert answer.value == pytest.approx(value, rel=1e-9)


def test_the_nested_order_of_jemss_is_met_by_phases():
    # JEMSS.jl, test/test_nested_mclp.jl, "small", equal weights: sites 1, 2, 3 in this order.
    place = jemss([5.0, 3.0, 2.0, 1.0], REACH)
    plans = phases(place, (1, 2, 3), Choice(), reach=1.0, limits=FEW, exact=True)
    assert [set(plan.sites) for plan in plans] == [{"s1"}, {"s1", "s2"}, {"s1", "s2", "s3"}]
    assert [plan.value for plan in plans] == [8, 10, 11]


def test_prices_that_add_up_to_the_budget_but_for_rounding_fit_into_it():
    place = of_matrix(
        {"a": 1.0, "b": 1.0}, ["x", "y"], [[0.0, 9.0], [9.0, 0.0]],
        rows=["a", "b"], columns=["x", "y"],
    )  # fmt: skip
    price = {"x": 0.1, "y": 0.2}
    assert mclp(place, Choice(budget=0.3, price=price), reach=1).value == 2.0
    fixed = Choice(budget=0.3, price=price, fixed=["x", "y"])
    assert mclp(place, fixed, reach=1).value == 2.0
    assert mclp(place, Choice(budget=0.1 * 3, price={"x": 0.3, "y": 9}), reach=1).value == 1.0


@pytest.mark.parametrize("busy", [1e-4, 1e-8, 1e-12, 1e-20])
def test_units_that_are_hardly_ever_busy_end_the_search(busy: float) -> None:
    """Second units are worth next to nothing then: rounding alone is no gain, or swaps go round."""
    chance = np.random.default_rng(76)
    for _ in range(60):
        places, sites = chance.integers(2, 9), chance.integers(2, 7)
        rows, columns = cases.keys(places, "p"), cases.keys(sites, "s")
        weight = chance.choice([1.0, 2.0, 0.1, 7.3, 1e-3], places)
        place = of_matrix(
            dict(zip(rows, weight.tolist(), strict=True)), columns,
            chance.integers(0, 12, (places, sites)).astype(float), rows=rows, columns=columns,
        )  # fmt: skip
        answer = mexclp(place, Choice(count=4), reach=8, busy_share=busy, limits=FEW)
        near = place.dense() <= 8
        best = max(
            float(weight @ (1 - busy ** near[:, list(plan)].sum(axis=1)))
            for plan in combinations_with_replacement(range(sites), 4)
        )
        assert answer.value == pytest.approx(best, rel=1e-6)
