"""Expected coverage against Daskin's formula and against counting all states."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.kernels.expected_coverage import (
    Sets,
    cover_gained_of,
    cover_lost,
    cover_lost_of,
    covered_share,
    expected_cover,
    marginal_cover,
    nobody_free,
    nobody_free_of,
)

# The instance of JEMSS.jl (test/test_mclp.jl): four demands, three sites.
DEMAND = np.array([2.0, 2.0, 1.0, 1.0])
REACH = np.array([[1, 0, 1], [1, 1, 0], [0, 1, 0], [0, 0, 1]])


def best(units, busy):
    """The best objective over all ways to put units on the three sites."""
    ways = (way for way in product(range(units + 1), repeat=3) if sum(way) == units)
    return max(expected_cover(DEMAND, REACH @ np.array(way), busy) for way in ways)


@pytest.mark.parametrize(
    ("busy", "objectives"),
    [(0.0, [4, 6, 6]), (0.2, [3.2, 4.8, 5.44, 5.76]), (0.3, [2.8, 4.2, 5.04, 5.46]),
     (0.5, [2.0, 3.0, 4.0, 4.5])],
)  # fmt: skip
def test_the_best_plans_of_a_small_instance(busy, objectives):
    # Without busy units this is maximal covering: 4, 6, 6 in JEMSS' own test.
    assert [best(n, busy) for n in range(1, len(objectives) + 1)] == pytest.approx(objectives)


def test_daskins_marginals():
    assert marginal_cover(0.3, [1, 2, 3]) == pytest.approx([0.7, 0.21, 0.063])
    assert covered_share([0, 1, 2, 3], 0.3) == pytest.approx([0.0, 0.7, 0.91, 0.973])
    # JEMSS, one unit at site 1 and one at 2, q = 0.3: what one more would add at each site.
    within = REACH @ np.array([1, 1, 0])
    added = [DEMAND @ (REACH[:, site] * marginal_cover(0.3, within + 1)) for site in range(3)]
    assert added == pytest.approx([0.546, 0.336, 1.12])


@st.composite
def fleets(draw):
    places, units = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    busy = np.where(chance.random(units) < 0.2, chance.integers(0, 2, units), chance.random(units))
    return chance.random(places), chance.random((places, units)) < 0.5, busy


@settings(deadline=None)
@given(fleets())
def test_every_state_counted_gives_the_same(fleet):
    demand, covers, busy = fleet
    units = len(busy)
    uncovered, lost = np.zeros(len(demand)), np.zeros(units)
    for state in product([False, True], repeat=units):
        free = np.array(state)
        chance = np.where(free, 1 - busy, busy).prod()
        helped = covers & free
        uncovered += chance * ~helped.any(axis=1)
        for unit in range(units):
            others = np.delete(helped, unit, axis=1).any(axis=1)
            lost[unit] += chance * (demand * (helped[:, unit] & ~others)).sum()
    assert nobody_free(covers, busy) == pytest.approx(uncovered)
    assert cover_lost(demand, covers, busy) == pytest.approx(lost)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.floats(0.0, 0.99))
def test_equal_busy_shares_are_mexclp(counts, busy):
    covers = np.array([[unit < count for unit in range(6)] for count in counts])
    shares = 1.0 - nobody_free(covers, np.full(6, busy))
    assert shares == pytest.approx(covered_share(counts, busy))


def sets_of(covers):
    return Sets.of([np.flatnonzero(one).astype(np.int32) for one in covers.T], len(covers))


@settings(deadline=None, max_examples=30)
@given(fleets())
def test_sets_give_what_tables_give(fleet):
    demand, covers, busy = fleet
    sets = sets_of(covers)
    assert nobody_free_of(sets, busy) == pytest.approx(nobody_free(covers, busy))
    assert cover_lost_of(demand, sets, busy) == pytest.approx(cover_lost(demand, covers, busy))
    alike = np.full(len(busy), busy[0])
    assert cover_lost_of(demand, sets, alike) == pytest.approx(cover_lost(demand, covers, alike))


def test_dmexclp_on_the_instance_of_jemss():
    # JEMSS.jl, src/move_up/dmexclp.jl: with one unit each at sites 1 and 2 and q = 0.3 the next
    # goes to site 3; with one at site 1 and q = 0.5 all three add the same.
    bases = sets_of(REACH.astype(bool))
    for held, busy, added in (([0, 1], 0.3, [0.546, 0.336, 1.12]), ([0], 0.5, [1.0, 1.0, 1.0])):
        free = sets_of(REACH[:, held].astype(bool))
        nobody = nobody_free_of(free, np.full(len(held), busy))
        assert cover_gained_of(DEMAND, bases, nobody, busy=busy) == pytest.approx(added)


def test_no_unit_covers_nobody_and_loses_nothing():
    nobody = Sets.of([], 3)
    assert nobody_free_of(nobody, []).tolist() == [1.0, 1.0, 1.0]
    assert cover_lost_of([1.0, 1.0, 1.0], nobody, []).tolist() == []
