"""Knox's test against R `surveillance`, by hand, and by chance."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.interaction.errors import CasePairsError
from surveillance.interaction.knox import knox


@pytest.mark.parametrize(
    ("kind", "pairs", "expected", "p"),
    [("B", 116, 90.8448827292, 0.0131), ("C", 34, 22.3255295, 0.0139)],
)
def test_meningococcal_disease_in_germany(
    shared_data: Path, kind: str, pairs: int, expected: float, p: float
) -> None:
    """R: `knox(dt, ds, eps.t = 14, eps.s = 50)`; p by exchanging times, not pairs."""
    cases = pd.read_csv(shared_data / "surveillance" / "knox" / "imdepi_events.csv")
    cases = cases[cases["type"] == kind]
    found = knox(
        cases[["x", "y"]].to_numpy() * 1000, cases["time"].to_numpy(), within_m=50_000, within=14,
        replicates=9_999,
    )  # fmt: skip
    assert found.near_in_both == pairs
    assert found.expected == pytest.approx(expected, abs=1e-6)
    assert found.p == pytest.approx(p, abs=3 * np.sqrt(2 * p * (1 - p) / 9_999))


def test_four_cases_by_hand() -> None:
    """Places: 0 and 1, 2 and 3 are near; times: 0 and 1 alone; of six pairs one is both."""
    xy = np.array([[0, 0], [1, 0], [100, 0], [101, 0]], dtype=float)
    found = knox(xy, np.array([1.0, 2.0, 10.0, 20.0]), within_m=1, within=1, replicates=5_999)
    assert (found.near_in_place, found.near_in_time, found.near_in_both) == (2, 1, 1)
    assert found.expected == pytest.approx(2 / 6)
    assert found.p == pytest.approx(1 / 3, abs=0.03)


@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.floats(0, 3), st.floats(0, 3))
def test_pairs_are_those_of_all_distances(seed: int, n: int, metres: float, days: float) -> None:
    random = np.random.default_rng(seed)
    xy, at = random.integers(0, 5, (n, 2)).astype(float), random.integers(0, 5, n).astype(float)
    found = knox(xy, at, within_m=metres, within=days, replicates=5, seed=seed)
    first, second = np.triu_indices(n, 1)
    near = np.hypot(*(xy[first] - xy[second]).T) <= metres
    soon = np.abs(at[first] - at[second]) <= days
    assert (found.near_in_place, found.near_in_time) == (near.sum(), soon.sum())
    assert found.near_in_both == (near & soon).sum()
    assert (found.null <= min(near.sum(), soon.sum())).all()


def test_by_chance_the_mean_of_the_exchanges_is_what_was_due() -> None:
    random = np.random.default_rng(4)
    found = knox(
        random.uniform(0, 10, (60, 2)), random.uniform(0, 10, 60), within_m=2, within=2,
        replicates=4_000,
    )  # fmt: skip
    assert found.null.mean() == pytest.approx(found.expected, abs=5 * found.null.std() / 63)


@pytest.mark.parametrize(
    ("xy", "at", "within_m", "within", "says"),
    [
        (np.zeros((1, 2)), np.zeros(1), 1, 1, "two cases"),
        (np.zeros((3, 2)), np.zeros(2), 1, 1, "a place and a time"),
        (np.array([[0, np.nan], [0, 0]]), np.zeros(2), 1, 1, "missing"),
        (np.zeros((2, 2)), np.zeros(2), -1, 1, "0 or more"),
        (np.zeros((2, 2)), np.zeros(2), 1, np.nan, "0 or more"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    xy: Any, at: Any, within_m: float, within: float, says: str
) -> None:
    with pytest.raises(CasePairsError, match=says):
        knox(xy, at, within_m=within_m, within=within)
