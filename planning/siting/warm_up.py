"""Compiles the searches before anybody waits for one."""

import numpy as np

from planning.siting.answer import Limits
from planning.siting.instance import Choice, of_matrix
from planning.siting.maximal import mclp


def prepare_kernels() -> None:
    """Run each search once, on three places: compiled, or read from numba's cache."""
    keys = ["a", "b", "c"]
    travel = np.abs(np.subtract.outer(np.arange(3.0), np.arange(3.0)))
    few = of_matrix(dict.fromkeys(keys, 1.0), keys, travel, rows=keys, columns=keys)
    mclp(few, Choice(count=1), reach=0.0, limits=Limits(rounds=1, gap=-1.0))
