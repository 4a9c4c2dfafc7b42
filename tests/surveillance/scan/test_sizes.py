"""Sets of clusters of each largest size, and the one that Gini's index chooses."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.scan.gini import gini_index, scan_by_size
from surveillance.scan.model import Cluster, Settings
from surveillance.scan.zones import circles, cut, held_by
from tests.surveillance.scans import GOLDEN, counties, ratio_of


def cluster(observed: int, expected: float, cases: int) -> Cluster:
    return Cluster(0, (0,), 0, 0, observed, expected, cases, 1.0, 0.01, 0.01)


def test_each_size_has_the_clusters_of_satscans_run_of_that_size() -> None:
    """North Carolina, 15 % and 50 %: members and ratios of two runs of SaTScan 10.3.2."""
    table = counties()
    births = table["population"].to_numpy(dtype=float)
    found = scan_by_size(
        circles(table[["x_km", "y_km"]].to_numpy(dtype=float), births, 0.5),
        table["cases"].to_numpy(dtype=np.int64)[:, np.newaxis],
        Settings(), weight=births, expected=births[:, np.newaxis], shares=(0.15, 0.5),
    )  # fmt: skip
    published = json.loads((GOLDEN / "nc_sids_clusters.json").read_text(encoding="utf-8"))
    for mine, run in zip(found.collections, ("poisson_15pct", "poisson_50pct"), strict=True):
        theirs = [one for one in published[run] if one.get("p", one.get("p_value")) <= 0.02]
        assert len(mine.clusters) == len(theirs) > 0
        for ours, other in zip(mine.clusters, theirs, strict=True):
            assert ours.log_likelihood_ratio == pytest.approx(ratio_of(other), abs=1e-6)
            assert ours.observed == other["observed"]
    best = found.best()
    assert best is not None
    assert best.index == max(one.index for one in found.collections) > 0.0
    # three counties' clusters part the map better than half of the state in one
    assert best.share == 0.15


def test_the_index_is_that_of_the_textbook() -> None:
    """One cluster of 30 of 100 cases where 10 were due: the triangle under the curve is 0.2."""
    assert gini_index([cluster(30, 10.0, 100)]) == pytest.approx(0.2)
    assert gini_index([]) == 0.0
    assert gini_index([cluster(5, 15.0, 100)]) == pytest.approx(0.1)


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0.5, 20.0)), min_size=1, max_size=5))
def test_the_index_is_the_mean_difference_of_rates(those: list[tuple[int, float]]) -> None:
    """Gini is half the mean absolute difference of rates, by the expected cases of each unit."""
    cases = 400
    index = gini_index([cluster(count, due, cases) for count, due in those])
    count = np.array([*(one for one, _ in those), cases - sum(one for one, _ in those)])
    due = np.array([*(one for _, one in those), cases - sum(one for _, one in those)])
    rate = count / due
    plain = (np.outer(due, due) * np.abs(rate[:, None] - rate)).sum() / (2 * cases**2)
    assert index == pytest.approx(plain, abs=1e-9)


def test_cut_zones_are_those_made_of_the_smaller_share() -> None:
    random = np.random.default_rng(4)
    xy, people = random.integers(0, 6, (40, 2)).astype(float), random.integers(1, 90, 40)
    whole = circles(xy, people.astype(float), 0.5)
    held = held_by(whole, people.astype(float))
    for share in (0.05, 0.2, 0.5):
        part = cut(whole, held, share * people.sum())
        plain = circles(xy, people.astype(float), share)
        assert part.order.tolist() == plain.order.tolist()
        assert part.start.tolist() == plain.start.tolist()
        assert part.ends.tolist() == plain.ends.tolist()


def test_without_a_significant_cluster_there_is_no_best_set() -> None:
    xy, people = np.arange(12.0).reshape(6, 2), np.full(6, 100.0)
    even = scan_by_size(
        circles(xy, people), np.full((6, 1), 5), Settings(replicates=99), weight=people,
        expected=people[:, None],
    )  # fmt: skip
    assert even.best() is None
    none = scan_by_size(
        circles(xy, people), np.zeros((6, 1), int), Settings(), weight=people,
        expected=people[:, None],
    )  # fmt: skip
    assert none.best() is None
    assert none.scan.cases == 0
