"""Zhang's move-up on the instances of JEMSS.jl, in both forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.moveup.assignment import TooFewSlotsError, by_assignment
from tests.dispatch.moveup.programme import by_programme

# JEMSS.jl, test/test_zhang_ip.jl: slots of stations 1, 1, 2, 2.
STATION, BENEFIT = [0, 0, 1, 1], [4.0, 1.0, 3.0, 2.0]


@pytest.mark.parametrize("solve", [by_assignment, by_programme])
@pytest.mark.parametrize(
    ("movable", "hospital", "stands"),
    [
        # The comment there says 4 - 1.5 is more than 3; it is 2.5, so that the unit stays.
        ([[1.5, 0]], [], ([1], [])),
        ([[0.5, 0]], [], ([0], [])),
        ([], [[5, 5]], ([], [-1])),
        ([[0, 2], [0, 1]], [], ([0, 1], [])),
        ([[0, 2], [1, 0], [0.5, 0]], [[1, 0.1]], ([0, 1, 0], [1])),
        ([[0, 2.2], [0, 2.1]], [[-2, 4], [-2, 4]], ([1, 1], [0, 0])),
    ],
)
def test_the_instances_of_jemss(solve, movable, hospital, stands):
    found = solve(STATION, BENEFIT, movable_cost=movable, hospital_cost=hospital)
    assert (found.movable.tolist(), found.at_hospital.tolist()) == stands


@st.composite
def fleets(draw):
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stations, movable, away = (draw(st.integers(*span)) for span in ((1, 4), (0, 4), (0, 3)))
    station = np.sort(np.concatenate([np.arange(stations), chance.integers(0, stations, 4)]))
    benefit = np.concatenate(
        [np.sort(chance.integers(0, 9, n))[::-1] for n in np.bincount(station)]
    )
    return (
        station,
        benefit,
        *(chance.integers(-2, 9, (n, stations)).astype(float) for n in (movable, away)),
    )


@settings(max_examples=30, deadline=None)
@given(fleets())
def test_both_forms_are_worth_the_same(fleet):
    station, benefit, movable, away = fleet
    if len(movable) > len(station):
        return
    values = []
    for solve in (by_assignment, by_programme):
        found = solve(station, benefit, movable_cost=movable, hospital_cost=away)
        values.append(found.value)
        used = np.concatenate([found.movable, found.at_hospital])
        used = used[used >= 0]
        assert (np.bincount(used, minlength=9) <= np.bincount(station, minlength=9)).all()
        cost = np.concatenate([movable, away])
        where = np.concatenate([found.movable, found.at_hospital])
        worth = sum(
            benefit[station == one][: (where == one).sum()].sum() for one in set(used.tolist())
        )
        driven = sum(cost[row, one] for row, one in enumerate(where) if one >= 0)
        assert found.value == pytest.approx(worth - driven)
    assert values[0] == pytest.approx(values[1])


def test_more_units_than_slots_are_refused():
    for solve in (by_assignment, by_programme):
        with pytest.raises(TooFewSlotsError):
            solve([0], [1.0], movable_cost=[[0.0], [0.0]], hospital_cost=[])
