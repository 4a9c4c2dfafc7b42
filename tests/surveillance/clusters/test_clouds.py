"""Clouds of cases against the definition, pair by pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveillance.clusters.clouds import clouds
from surveillance.clusters.errors import CasesUnusableError


def plain(xy: np.ndarray, at: np.ndarray, far: float, long: float, least: int) -> list[int]:
    """Grow each cloud from its first core, case by case, as Ester et al. and Birant & Kut do."""
    count = len(xy)
    near = [
        [k for k in range(count)
         if np.hypot(*(xy[i] - xy[k])) <= far and abs(at[i] - at[k]) <= long]
        for i in range(count)
    ]  # fmt: skip
    core = [len(one) >= least for one in near]
    found = [-1] * count
    number = 0
    for i in range(count):
        if not core[i] or found[i] >= 0:
            continue
        open_ = [i]
        while open_:
            k = open_.pop()
            if found[k] < 0:
                found[k] = number
                open_ += [j for j in near[k] if core[j] and found[j] < 0]
        number += 1
    for i in range(count):
        if not core[i]:
            reach = [(float(np.hypot(*(xy[i] - xy[k]))), k) for k in near[i] if core[k]]
            found[i] = found[min(reach)[1]] if reach else -1
    first = {}
    for one in found:
        if one >= 0:
            first.setdefault(one, len(first))
    return [first.get(one, -1) for one in found]


@settings(deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 5), st.sampled_from([0, 1, 2, 5])
)
def test_clouds_are_those_of_the_definition(seed: int, count: int, least: int, long: int) -> None:
    random = np.random.default_rng(seed)
    xy = random.integers(0, 12, (count, 2)).astype(float)
    at = random.integers(0, 15, count).astype(float)
    found = clouds(xy, at, within_m=2.0, within=float(long), least=least)
    assert found.tolist() == plain(xy, at, 2.0, float(long), least)


def test_two_bursts_in_one_street_are_two_clouds_by_time() -> None:
    xy = np.zeros((10, 2))
    at = np.array([0, 1, 2, 3, 3, 40, 41, 41, 42, 80.0])
    found = clouds(xy, at, within_m=50, within=5, least=3)
    assert found.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1, -1]


def test_a_case_without_place_or_time_is_in_no_cloud() -> None:
    xy = np.array([[0.0, 0], [0, 0], [np.nan, 0], [0, 0]])
    at = np.array([0.0, 0, 0, np.nan])
    assert clouds(xy, at, within_m=1, within=1, least=2).tolist() == [0, 0, -1, -1]
    assert clouds(np.zeros((0, 2)), np.zeros(0), within_m=1, within=1, least=1).size == 0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(CasesUnusableError, match="a place and a time"):
        clouds(np.zeros((2, 2)), np.zeros(3), within_m=1, within=1, least=2)
    with pytest.raises(CasesUnusableError, match="from 0 on"):
        clouds(np.zeros((2, 2)), np.zeros(2), within_m=-1, within=1, least=2)
    with pytest.raises(CasesUnusableError, match="at least one"):
        clouds(np.zeros((2, 2)), np.zeros(2), within_m=1, within=1, least=0)
