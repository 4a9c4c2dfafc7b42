"""Swaps worth making are those that looking at every pair finds, to the second."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.choosing.diverting import is_allowed
from dispatch.choosing.recommend import DIVERSION_GAIN_S
from dispatch.diversions.swaps import (
    NOBODY,
    SwapPatients,
    SwapUnits,
    matrix_of,
    reliefs,
    swaps,
)
from dispatch.triage.protocol import default_protocol

_SIGNED = default_protocol().rules.matrix
MATRIX = matrix_of(
    lambda taking, losing: is_allowed(taking, losing, replaceable=True, matrix=_SIGNED)
)
SECONDS = st.one_of(st.integers(0, 1800).map(float), st.just(math.inf), st.just(math.nan))


@st.composite
def desks(draw: st.DrawFn) -> tuple[SwapUnits, SwapPatients, np.ndarray]:
    n, m = draw(st.integers(0, 6)), draw(st.integers(0, 4))

    def column(of: st.SearchStrategy, count: int, dtype: type) -> np.ndarray:
        return np.array(draw(st.lists(of, min_size=count, max_size=count)), dtype=dtype)

    holds = column(st.integers(NOBODY, m - 1), n, np.int64)
    units = SwapUnits(
        free=(holds == NOBODY) & column(st.booleans(), n, np.bool_),
        divertible=(holds != NOBODY) & column(st.booleans(), n, np.bool_),
        holds=holds, level=column(st.integers(0, 3), n, np.int64),
    )  # fmt: skip
    patients = SwapPatients(
        category=column(st.integers(0, 4), m, np.int64),
        level=column(st.integers(0, 3), m, np.int64),
        may_take=column(st.booleans(), m, np.bool_),
        lost_before=column(st.booleans(), m, np.bool_),
        left_s=column(st.integers(-60, 3600), m, np.float64),
    )
    times_s = column(SECONDS, n * m, np.float64).reshape(n, m)
    return units, patients, times_s


def one_by_one(units, patients, times_s):
    """Return swaps and reliefs as plain loops find them."""
    n, m = times_s.shape
    at = [[t if math.isfinite(t) else math.inf for t in row] for row in times_s.tolist()]

    def nearest(patient: int, level: int) -> tuple[float, int]:
        able = [(at[u][patient], u) for u in range(n) if units.free[u] and units.level[u] >= level]
        return min((one for one in able if one[0] < math.inf), default=(math.inf, NOBODY))

    found, relieved = set(), set()
    for u in range(n):
        if not units.divertible[u]:
            continue
        loser = int(units.holds[u])
        there_s, replacement = nearest(loser, min(units.level[u], patients.level[loser]))
        if replacement != NOBODY and at[u][loser] - there_s >= DIVERSION_GAIN_S:
            relieved.add((replacement, loser, u, at[u][loser] - there_s))
        for i in range(m):
            others = [
                at[v][i] for v in range(n)
                if units.holds[v] == i and units.level[v] >= patients.level[i]
            ]  # fmt: skip
            otherwise = min([*others, nearest(i, patients.level[i])[0]])
            if (
                i != loser and patients.category[loser] > 1 and patients.category[i] > 0
                and patients.category[i] < patients.category[loser] and patients.may_take[i]
                and not patients.lost_before[loser] and replacement != NOBODY
                and there_s <= patients.left_s[loser] and units.level[u] >= patients.level[i]
                and at[u][i] < math.inf and otherwise - at[u][i] >= DIVERSION_GAIN_S
            ):  # fmt: skip
                own = at[u][loser]
                loss = max(there_s - own, 0.0) if own < math.inf else 0.0
                found.add((u, i, loser, replacement, otherwise - at[u][i], loss))
    return found, relieved


@given(desks())
@settings(max_examples=30, deadline=None)
def test_all_swaps_are_those_that_enumeration_finds(desk):
    units, patients, times_s = desk
    found, relieved = one_by_one(units, patients, times_s)
    made = swaps(units, patients, times_s, MATRIX)
    columns = (made.unit, made.taking, made.losing, made.replacement, made.gain_s, made.loss_s)
    listed = list(zip(*(column.tolist() for column in columns), strict=True))
    assert set(listed) == found
    assert len(listed) == len(found)
    order = [(patients.category[one[1]], -one[4]) for one in listed]
    assert order == sorted(order)
    told = reliefs(units, patients, times_s)
    columns = (told.unit, told.patient, told.instead_of, told.gain_s)
    assert set(zip(*(column.tolist() for column in columns), strict=True)) == relieved


def test_a_worked_swap():
    """An ALS drives past an arrest 120 s away to a C3 600 s away; the free one needs 900 and 660 s.

    The arrest gains 780 s; the C3 waits 60 s longer.
    """
    units = SwapUnits(
        free=np.array([False, True]), divertible=np.array([True, False]),
        holds=np.array([1, NOBODY]), level=np.array([2, 2]),
    )  # fmt: skip
    patients = SwapPatients(
        category=np.array([1, 3]), level=np.array([2, 1]), may_take=np.array([True, True]),
        lost_before=np.array([False, False]), left_s=np.array([900.0, 3600.0]),
    )  # fmt: skip
    times_s = np.array([[120.0, 600.0], [900.0, 660.0]])
    made = swaps(units, patients, times_s, MATRIX)
    assert (made.unit.tolist(), made.taking.tolist(), made.replacement.tolist()) == ([0], [0], [1])
    assert (made.gain_s.tolist(), made.loss_s.tolist()) == ([780.0], [60.0])


@pytest.mark.parametrize("rule", [lambda *_: True, lambda *_: False])
def test_no_matrix_takes_from_a_c1_or_for_what_is_not_coded(rule):
    made = matrix_of(rule)
    assert not made[:, :2].any()
    assert not made[0].any()
