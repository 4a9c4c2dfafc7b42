"""The hypercube model against the worked example of Larson and Odoni, and against M/M/n."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.kernels.errors import OverloadedQueueError, TooManyServersError
from gis.kernels.hypercube import (
    EXACT_WITHIN_A_SECOND,
    correction_factors,
    mean_travel,
    solve,
    solve_approximately,
    solve_exactly,
)
from gis.kernels.queueing import erlang_b, erlang_c

# Larson and Odoni, Urban Operations Research, section 5.4.3: three units, offered load 1.5; the
# ten atoms gathered by their list of preference.
LOAD = [0.50, 0.25, 0.35, 0.40]
PREFERENCE = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]]


def test_the_exact_workloads_of_the_book():
    found = solve_exactly(LOAD, PREFERENCE, waiting=True)
    assert found.busy == pytest.approx([0.5574, 0.4734, 0.4693], abs=5e-5)  # section 5.4.4
    assert found.all_busy == pytest.approx(0.23684, abs=5e-6)
    assert found.dispatched[:2, 0] @ LOAD[:2] == pytest.approx(0.75 * (1 - 0.55736), abs=1e-4)
    own = sum(
        load * found.dispatched[place, PREFERENCE[place][0]] for place, load in enumerate(LOAD)
    )
    # Inter-area dispatches among calls that find somebody free or wait: 0.43529 in the book,
    # where a call that waited gets the unit that frees first, at equal chance.
    assert 1.0 - own / 1.5 - 0.23684 / 3 == pytest.approx(0.43529, abs=1e-4)


def test_the_approximation_of_the_book():
    assert correction_factors(3, 1.5, waiting=True) == pytest.approx(
        [1.0, 0.73684, 0.63158],
        abs=5e-6,  # section 5.5.2
    )
    found = solve_approximately(LOAD, PREFERENCE, waiting=True, rounds=3)
    assert found.busy == pytest.approx([0.5627, 0.4716, 0.4657], abs=2e-4)  # section 5.5.3
    exact = solve_exactly(LOAD, PREFERENCE, waiting=True)
    settled = solve_approximately(LOAD, PREFERENCE, waiting=True)
    assert settled.busy == pytest.approx(exact.busy, abs=0.01)
    assert settled.dispatched == pytest.approx(exact.dispatched, abs=0.02)


def test_the_two_units_of_the_book_without_a_queue():
    # Section 5.3.3: load 5/4 on [-1, 1], half of it beyond 0.75, the rest even below; units at
    # 0.75 and -0.25, so that 9/14 of the calls are nearer to unit 1. Results of the section.
    share = 9 / 14
    found = solve_exactly([1.25 * share, 1.25 * (1 - share)], [[0, 1], [1, 0]], waiting=False)
    assert found.busy == pytest.approx([0.49010, 0.43774], abs=5e-6)
    assert found.all_busy == pytest.approx(0.257732, abs=5e-7)
    assert found.dispatched[0, 1] == pytest.approx(0.232368, abs=5e-7)
    assert found.dispatched[1, 0] == pytest.approx(0.180003, abs=5e-7)


def two_units_parted(west_of_first):
    """Return mean travel and workloads of the section's city, parted so far west of unit 1."""
    border, per_mile = 0.75 - west_of_first, 0.5 / 1.75
    strips = [(0.75, 1.0), (border, 0.75), (-1.0, border)]
    load = 1.25 * np.array([0.5, per_mile * west_of_first, per_mile * (1.75 - west_of_first)])

    def mean_distance(start, end, unit):
        def half_square(x):
            return 0.5 * x * abs(x)

        return (half_square(end - unit) - half_square(start - unit)) / (end - start)

    travel = [[mean_distance(*strip, unit) for unit in (0.75, -0.25)] for strip in strips]
    found = solve(load, [[0, 1], [0, 1], [1, 0]], waiting=False)
    return mean_travel(found, load, travel), found.busy


def test_the_nearest_unit_is_not_the_best_border_of_two():
    # Section 5.3.3: parted at equal travel, 1/2 mile, and best at 53/126 mile west of unit 1.
    at_equal, _ = two_units_parted(1 / 2)
    best, busy = two_units_parted(53 / 126)
    assert at_equal == pytest.approx(0.462459, abs=5e-7)
    assert best == pytest.approx(0.461659, abs=5e-7)
    assert busy == pytest.approx([0.48594, 0.44189], abs=5e-6)
    for near in (-1e-3, 1e-3):
        assert two_units_parted(53 / 126 + near)[0] > best


@pytest.mark.parametrize("units", [3, 6, 9, 12])
def test_how_far_the_approximation_is_off(units):
    chance = np.random.default_rng(units)
    for rho in (0.2, 0.5, 0.8):
        stand, homes = chance.uniform(0, 1, (units, 2)), chance.uniform(0, 1, (60, 2))
        order = np.argsort(((homes[:, None] - stand) ** 2).sum(axis=2), axis=1)
        load = chance.dirichlet(np.ones(60)) * units * rho
        exact = solve(load, order, waiting=True)
        near = solve_approximately(load, order, waiting=True)
        assert np.abs(exact.busy - near.busy).max() < 0.03
        assert np.abs(exact.busy - near.busy).mean() < 0.012
        off = load @ (exact.dispatched - near.dispatched) / load.sum()
        assert np.abs(off).max() < 0.011


def test_more_units_than_can_be_solved_exactly_are_approximated():
    units = EXACT_WITHIN_A_SECOND + 1
    order = [list(range(units)), list(range(units))[::-1]]
    near = solve_approximately([3.0, 3.0], order, waiting=True)
    assert (solve([3.0, 3.0], order, waiting=True).busy == near.busy).all()


@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize(
    ("units", "total"),
    [(5, 0.0), (5, 5e-324), (26, 1e-20), (200, 2.0), (1_000, 1.0), (1_000, 200.0), (1_000, 950.0)],
)
def test_large_fleets_and_hardly_any_calls_have_an_answer(units, total, waiting):
    chance = np.random.default_rng(1)
    order = np.array([chance.permutation(units) for _ in range(8)])
    found = solve(np.full(8, total / 8), order, waiting=waiting)
    blocked = erlang_b(units, total) if total > 1e-300 else 0.0
    carried = total if waiting else total * (1.0 - blocked)
    assert found.busy.sum() == pytest.approx(carried, rel=1e-6)
    assert ((found.busy >= 0.0) & (found.busy < 1.0)).all()
    sent = found.dispatched.sum(axis=1)
    np.testing.assert_allclose(sent, 1.0 - found.all_busy, rtol=1e-9)


@st.composite
def towns(draw):
    units, places = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    order = np.array([chance.permutation(units) for _ in range(places)])
    return chance.dirichlet(np.ones(places)) * units * draw(st.floats(0.05, 0.95)), order


@settings(deadline=None)
@given(towns(), st.booleans())
def test_whoever_is_preferred_all_together_are_as_busy_as_like_servers(town, waiting):
    load, order = town
    units, total = order.shape[1], float(load.sum())
    waits = float((erlang_c if waiting else erlang_b)(units, total))
    for one in (solve_exactly, solve_approximately):
        found = one(load, order, waiting=waiting)
        assert found.all_busy == pytest.approx(waits, rel=1e-7)
        assert found.busy.sum() == pytest.approx(total * (1 if waiting else 1 - waits), rel=1e-7)
        assert (found.busy >= 0).all()
        assert found.dispatched.sum(axis=1) == pytest.approx(1.0 - waits, rel=1e-6)
    if not waiting:
        exact = solve_exactly(load, order, waiting=False)
        # Flow balance: what a unit does is what it is sent to.
        assert exact.busy == pytest.approx(load @ exact.dispatched, rel=1e-6)


def test_six_units_against_a_direct_solution():
    chance = np.random.default_rng(5)
    order = np.array([chance.permutation(6) for _ in range(30)])
    load = chance.dirichlet(np.ones(30)) * 4.0
    rates = np.zeros((64, 64))
    for state in range(64):
        for unit in range(6):
            if state >> unit & 1:
                rates[state, state ^ (1 << unit)] += 1.0
        for place in range(30):
            free = [unit for unit in order[place] if not state >> unit & 1]
            if free:
                rates[state, state | (1 << free[0])] += load[place]
    generator = (rates - np.diag(rates.sum(axis=1))).T
    generator[0] = 1.0
    shares = np.linalg.solve(generator, np.eye(64)[0])
    busy = [sum(shares[state] for state in range(64) if state >> unit & 1) for unit in range(6)]
    found = solve_exactly(load, order, waiting=False)
    assert found.busy == pytest.approx(busy, rel=1e-10)
    assert found.all_busy == pytest.approx(shares[63], rel=1e-10)


def test_like_units_with_even_lists_are_equally_busy():
    order = [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    for one in (solve_exactly, solve_approximately):
        assert np.ptp(one([0.4, 0.4, 0.4], order, waiting=True).busy) < 1e-9


def test_what_cannot_be_solved_says_why():
    with pytest.raises(TooManyServersError, match="approximation"):
        solve_exactly([0.1], [list(range(20))], waiting=True)
    with pytest.raises(OverloadedQueueError):
        solve_exactly([2.5], [[0, 1]], waiting=True)
    many = solve_approximately([6.0, 6.0], [list(range(40)), list(range(40))[::-1]], waiting=True)
    assert many.busy.sum() == pytest.approx(12.0)
    assert many.busy[0] > many.busy[20]
