"""Sparse symmetric systems: factor, solve, determinant, the inverse where the matrix has entries.

SuperLU without pivoting is Cholesky's factorisation of a positive definite matrix, in an order that
keeps it sparse (minimum degree).
"""

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import SuperLU, splu

from routing.engine.compiled import compiled
from surveillance.smooth.areas import FloatArray, IndexArray


class Factored:
    """A factored matrix A (n, n): A = L D Lᵀ after `place` (n,) has numbered the rows anew."""

    def __init__(self, matrix: "csc_array[np.float64]") -> None:
        """Factor a positive definite `matrix`."""
        self._lu: SuperLU = splu(
            matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )  # fmt: skip
        self._pivots = np.asarray(self._lu.U.diagonal(), np.float64)

    def solve(self, right: FloatArray) -> FloatArray:
        """Return x (n,) of A x = right."""
        return np.asarray(self._lu.solve(right))

    def log_determinant(self) -> float:
        """Return ln of the determinant of A."""
        return float(np.log(self._pivots).sum())

    def inverse(self, row: IndexArray, column: IndexArray) -> tuple[FloatArray, FloatArray]:
        """Return the diagonal (n,) of A's inverse, and its entries at (row, column) (k,).

        These must be places where A has entries, off the diagonal.
        """
        lower = csc_array(self._lu.L)
        lower.sort_indices()
        start, to = lower.indptr.astype(np.int64), lower.indices.astype(np.int64)
        values, diagonal = _inverse(start, to, lower.data, self._pivots)
        place = np.asarray(self._lu.perm_c, np.int64)
        a, b = place[row], place[column]
        return diagonal[place], _taken(start, to, values, np.minimum(a, b), np.maximum(a, b))


@compiled
def _inverse(
    start: IndexArray, to: IndexArray, lower: FloatArray, pivots: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the inverse of L D Lᵀ where L has entries, and its diagonal (Takahashi 1973).

    L by columns, rows rising from the diagonal down: entries of column j are those from `start[j]`.
    """
    size = pivots.size
    values, diagonal = np.zeros(lower.size), np.zeros(size)
    place = np.full(size, -1, np.int64)
    for j in range(size - 1, -1, -1):
        first, last = start[j] + 1, start[j + 1]
        for q in range(first, last):
            place[to[q]] = q
        for q in range(first, last):
            k = to[q]
            values[q] -= lower[q] * diagonal[k]
            for r in range(start[k] + 1, start[k + 1]):
                # Z[i, j] = - sum over k > j of L[k, j] Z[i, k]; each Z[i, k] serves both ways
                at = place[to[r]]
                if first <= at < last:
                    values[at] -= lower[q] * values[r]
                    values[q] -= lower[at] * values[r]
        total = 0.0
        for q in range(first, last):
            total += lower[q] * values[q]
        diagonal[j] = 1.0 / pivots[j] - total
    return values, diagonal


@compiled
def _taken(
    start: IndexArray, to: IndexArray, values: FloatArray, column: IndexArray, row: IndexArray
) -> FloatArray:
    """Return the entries at (row, column), row > column, found by halving."""
    found = np.zeros(row.size)
    for k in range(row.size):
        low, high = start[column[k]] + 1, start[column[k] + 1]
        while low < high:
            middle = (low + high) // 2
            if to[middle] < row[k]:
                low = middle + 1
            else:
                high = middle
        found[k] = values[low]
    return found
