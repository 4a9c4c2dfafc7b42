"""The assignment of least cost: each row to one column, each column to one row at most. Exact."""

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]


def least_cost(cost: npt.NDArray[np.float64]) -> tuple[IntArray, IntArray]:
    """Return rows and their columns of the cheapest assignment of a (n, m) table; inf = not so.

    Of a table with fewer columns than rows as many rows are left out. By the modified
    Jonker-Volgenant algorithm (D. F. Crouse, IEEE TAES 52 (2016) 1679-1696), scipy's.

    Raises
    ------
    ValueError
        There is none without a pair that is inf.
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost)
    return np.asarray(rows, np.int64), np.asarray(columns, np.int64)
