"""Sparse symmetric systems as bands: factor, solve, determinant, and the inverse within the band.

Areas numbered so that neighbours are near have a narrow band (Cuthill & McKee 1969), and LAPACK's
banded Cholesky is as quick as a general sparse one on maps of some ten thousand areas.
"""

import numpy as np
from scipy.linalg import cho_solve_banded, cholesky_banded
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from routing.engine.compiled import compiled
from surveillance.smooth.areas import FloatArray, IndexArray


class Band:
    """The lower band of a symmetric matrix, rows in a narrow order.

    `lower` (width + 1, n): LAPACK's form, `lower[k, j]` the entry (j + k, j) in the new numbers.
    """

    def __init__(self, matrix: "csr_array[np.float64]") -> None:
        """Take the pattern and entries of `matrix` (n, n)."""
        self.order: IndexArray = np.asarray(reverse_cuthill_mckee(matrix, True), np.int64)
        place = np.empty_like(self.order)
        place[self.order] = np.arange(place.size)
        entries = coo_array(matrix)
        row, column = place[entries.coords[0]], place[entries.coords[1]]
        below = row >= column
        row, column = row[below], column[below]
        self.width = int((row - column).max(initial=0))
        self.lower: FloatArray = np.zeros((self.width + 1, place.size))
        self.lower[row - column, column] = entries.data[below]


def factor(band: FloatArray, diagonal: FloatArray) -> FloatArray:
    """Return Cholesky's factor of a band plus a diagonal (n,), both in the band's order."""
    whole = band.copy()
    whole[0] += diagonal
    return np.asarray(cholesky_banded(whole, overwrite_ab=True, lower=True, check_finite=False))


def solve(factored: FloatArray, right: FloatArray) -> FloatArray:
    """Return x (n,) of the factored system."""
    return np.asarray(cho_solve_banded((factored, True), right, check_finite=False))


def log_determinant(factored: FloatArray) -> float:
    """Return ln of the determinant of the factored matrix."""
    return 2.0 * float(np.log(factored[0]).sum())


def inverse_band(factored: FloatArray) -> FloatArray:
    """Return the entries of the inverse within the band, in the same form."""
    width = factored.shape[0] - 1
    found = _inverse(np.ascontiguousarray(factored.T))
    return np.ascontiguousarray(found[:, width:].T)


@compiled
def _inverse(columns: FloatArray) -> FloatArray:
    """Return the inverse of L Lᵀ within the band (n, 2 width + 1), by Takahashi's recurrence.

    `columns` (n, width + 1) are those of L from the diagonal down. Entry (i, j) of the inverse
    stands at [i, j - i + width], so that what is multiplied lies side by side.
    """
    size, width = columns.shape[0], columns.shape[1] - 1
    found = np.zeros((size, 2 * width + 1))
    for j in range(size - 1, -1, -1):
        last = min(width, size - 1 - j)
        pivot = columns[j, 0]
        below = columns[j, 1 : last + 1]
        for k in range(1, last + 1):
            # Z[j + k, j] = - sum over i > j of L[i, j] Z[i, j + k] / L[j, j]
            beside = found[j + k, width - k + 1 : width - k + 1 + last]
            value = -np.dot(below, beside) / pivot
            found[j, width + k] = value
            found[j + k, width - k] = value
        total = np.dot(below, found[j, width + 1 : width + 1 + last])
        found[j, width] = (1.0 / pivot - total) / pivot
    return found
