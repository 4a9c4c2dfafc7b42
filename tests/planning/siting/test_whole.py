"""Everybody is reached: by the fewest sites, twice, or from as near as can be."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.answer import Ended, Limits
from planning.siting.errors import CoverInfeasibleError
from planning.siting.instance import Choice, of_matrix, of_pairs
from planning.siting.whole import lscp, lscp_backup, p_center
from tests.planning.siting import cases
from tests.planning.siting.test_covering import small


def test_san_francisco_needs_eight_stores():
    answer = lscp(cases.san_francisco(), reach=5000)
    assert (answer.value, answer.bound, answer.ended) == (8, 8, Ended.PROVEN)
    assert (answer.serves >= 0).all()


def test_backup_has_as_few_stores_and_more_people_reached_twice():
    place = cases.san_francisco()
    answer = lscp_backup(place, reach=5000)
    assert len(answer.sites) == 8
    assert answer.gap == 0
    near = place.dense() <= 5000
    best = max(
        float(place.weight @ (near[:, list(plan)].sum(axis=1) >= 2))
        for plan in combinations(range(16), 8)
        if near[:, list(plan)].any(axis=1).all()
    )
    assert answer.value == best


def test_the_center_of_san_francisco():
    # PySAL spopt: 7403.0638 by four stores.
    answer = p_center(cases.san_francisco(), Choice(count=4))
    assert answer.value == pytest.approx(7403.06381, abs=5e-6)
    assert answer.ended is Ended.PROVEN


@pytest.mark.parametrize(
    "number", [1, 2, 6, *(pytest.param(at, marks=pytest.mark.acceptance) for at in range(7, 21))]
)
def test_published_centers_are_proven(number):
    place, count = cases.pmed(number)
    answer = p_center(place, Choice(count=count))
    assert answer.value == answer.bound == cases.published("kcenteropt.txt")[number]
    assert answer.ended is Ended.PROVEN
    assert len(answer.sites) == count
    chosen = [place.sites.index(key) for key in answer.sites]
    assert place.dense()[:, chosen].min(axis=1).max() == answer.value


@settings(max_examples=60, deadline=None)
@given(place=small(), reach=st.integers(0, 9), data=st.data())
def test_fewest_equals_enumeration_or_names_who_is_beyond(place, reach, data):
    fixed = data.draw(st.sets(st.sampled_from(place.sites), max_size=2))
    forbidden = data.draw(st.sets(st.sampled_from(place.sites), max_size=2)) - fixed
    if len(forbidden) == len(place.sites):
        return
    near = place.dense() <= reach
    may = [at for at, key in enumerate(place.sites) if key not in forbidden]
    choice = Choice(fixed=sorted(fixed), forbidden=sorted(forbidden))
    alone = ~near[:, may].any(axis=1)
    if alone.any():
        with pytest.raises(CoverInfeasibleError) as told:
            lscp(place, choice, reach=reach)
        assert set(told.value.unreached) == {place.demand[at] for at in np.flatnonzero(alone)}
        return
    stands = {place.sites.index(key) for key in fixed}
    plans = [
        plan for size in range(len(may) + 1) for plan in combinations(may, size)
        if stands <= set(plan) and near[:, list(plan)].any(axis=1).all()
    ]  # fmt: skip
    best = min(map(len, plans))
    answer = lscp(place, choice, reach=reach)
    assert answer.value == answer.bound == len(answer.sites) == best
    assert near[:, [place.sites.index(key) for key in answer.sites]].any(axis=1).all()
    twice = max(
        float(place.weight @ (near[:, list(plan)].sum(axis=1) >= 2))
        for plan in plans if len(plan) == best
    )  # fmt: skip
    backup = lscp_backup(place, choice, reach=reach)
    assert backup.value == pytest.approx(twice)
    assert backup.bound == pytest.approx(twice, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(place=small(), data=st.data())
def test_the_center_equals_enumeration(place, data):
    count = data.draw(st.integers(1, len(place.sites)))
    best = min(
        place.dense()[:, list(plan)].min(axis=1).max()
        for plan in combinations(range(len(place.sites)), count)
    )
    answer = p_center(place, Choice(count=count))
    assert answer.value == answer.bound == best


def test_who_cannot_be_reached_at_all_is_named():
    place = of_pairs({"a": 1, "far": 1}, ["s", "t"], [("a", "s", 3.0), ("a", "t", 1.0)],
                     complete=False)  # fmt: skip
    with pytest.raises(CoverInfeasibleError, match="far"):
        p_center(place, Choice(count=1))
    with pytest.raises(CoverInfeasibleError, match=r"1 of 2 places .* far\."):
        lscp(place, reach=5)


def test_out_of_time_says_what_is_known():
    chance = np.random.default_rng(3)
    xy = chance.uniform(0, 10, (400, 2))
    travel = np.hypot(*(xy[:, None] - xy[:60]).transpose(2, 0, 1))
    rows, columns = cases.keys(400), cases.keys(60)
    place = of_matrix(dict.fromkeys(rows, 1.0), columns, travel, rows=rows, columns=columns)
    full = p_center(place, Choice(count=6))
    told = []
    answer = p_center(place, Choice(count=6), limits=Limits(
        stop=lambda: len(told) > 4, progress=told.append))  # fmt: skip
    assert answer.ended is Ended.STOPPED
    assert answer.bound <= full.value <= answer.value
