"""Compiles the searches before anybody waits for one."""

import numpy as np

from planning.siting.cover_bound import CoverBound
from planning.siting.cover_search import CoverSearch
from planning.siting.covers import joined, within
from planning.siting.instance import Choice, of_matrix, room
from planning.siting.median import MedianSearch, listed


def prepare_kernels() -> None:
    """Run each search once, on three places: compiled, or read from numba's cache."""
    keys = ["a", "b", "c"]
    travel = np.abs(np.subtract.outer(np.arange(3.0), np.arange(3.0)))
    for kind in (np.float64, np.float32):
        few = of_matrix(
            dict.fromkeys(keys, 1.5), keys, travel.astype(kind), rows=keys, columns=keys
        )
        among = room(few, Choice(count=1))
        medians = MedianSearch(listed(few, among, 1), 1, seed=1)
        medians.ascend(1)
        medians.from_dual()
        medians.shake()
    cover, once = joined(within(few, 0.0), few.weight), np.array([0.0, 1.0])
    CoverSearch(cover, among, once, seed=1).more(1)
    CoverBound(cover, among, once).more(1)
