"""Measures of inequality in exact fractions, and by their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.inequality import concentration_index, inequality


def test_cases_in_exact_fractions():
    # 1, 2, 3, 4: mean absolute difference 20/16 over twice the mean 5: 1/4.
    assert inequality([1, 2, 3, 4], [1, 1, 1, 1]).gini == pytest.approx(1 / 4, rel=1e-14)
    # One of four has everything: 3/4, and ln 4.
    one = inequality([0, 0, 0, 8], [1, 1, 1, 1])
    assert (one.gini, one.theil) == pytest.approx((3 / 4, math.log(4)), rel=1e-14)
    assert one.palma is None
    even = inequality([7, 7, 7], [1, 50, 3])
    assert even.gini == pytest.approx(0.0, abs=1e-15)
    assert even.theil == pytest.approx(0.0, abs=1e-15)
    assert even.palma == pytest.approx(1 / 4, rel=1e-14)
    # 1 … 10, one person each: the best-off has 10, the worst-off four 1 + 2 + 3 + 4.
    assert inequality(range(1, 11), np.ones(10)).palma == pytest.approx(1.0, rel=1e-14)
    # Two places of 5 and 15 people with 1 and 3 each: poorest 8 have 5 + 3·3, best 2 have 6.
    assert inequality([1, 3], [5, 15]).palma == pytest.approx(6 / 14, rel=1e-14)


def test_concentration_by_another_standing():
    # Shares 1/3 and 2/3 at ranks 1/4 and 3/4: 2 (1/3·1/4 + 2/3·3/4) - 1 = 1/6.
    assert concentration_index([1, 2], [1, 1], rank_by=[10, 20]) == pytest.approx(1 / 6)
    assert concentration_index([1, 2], [1, 1], rank_by=[20, 10]) == pytest.approx(-1 / 6)
    # Those alike share one rank, in whatever order they stand.
    assert concentration_index([1, 2], [1, 1], rank_by=[5, 5]) == pytest.approx(0.0, abs=1e-15)


def test_what_cannot_be_said():
    with pytest.raises(AccessibilityInputError, match="Nobody has anything"):
        inequality([0, 0], [1, 1])
    with pytest.raises(AccessibilityInputError, match="1 values are negative"):
        inequality([-1, 2], [1, 1])
    with pytest.raises(AccessibilityInputError, match="1 numbers of people"):
        inequality([1, 2], [1, np.nan])
    with pytest.raises(AccessibilityInputError, match="2 values and 1"):
        inequality([1, 2], [1])
    with pytest.raises(AccessibilityInputError, match="one standing"):
        concentration_index([1, 2], [1, 1], rank_by=[1, np.nan])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 6)), min_size=1, max_size=8))
def test_a_place_of_three_people_counts_as_three(places):
    values = [value for value, _ in places]
    if not any(values):
        return
    each = [value for value, people in places for _ in range(people)]
    found = inequality(values, [people for _, people in places])
    mean, n = sum(each) / len(each), len(each)
    gini = sum(abs(a - b) for a in each for b in each) / (2 * n * n * mean)
    theil = sum(a / mean * math.log(a / mean) for a in each if a) / n
    assert found.gini == pytest.approx(gini, abs=1e-12)
    assert found.theil == pytest.approx(theil, abs=1e-12)
    # Ten times as many people, so that a tenth of them is whole.
    tenfold = sorted(each * 10)
    poorest = sum(tenfold[: 4 * n])
    if poorest:
        assert found.palma == pytest.approx(sum(tenfold[-n:]) / poorest, rel=1e-9)
    else:
        assert found.palma is None
