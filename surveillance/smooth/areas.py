"""Areas with their cases, the cases expected, and who borders on whom."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from gis.words import Words
from surveillance.smooth.errors import AreasUnusableError

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """n areas: `cases` and `expected` (n,) float64, `borders` (pairs, 2) int64 rows that touch.

    Expected cases are above 0, of any scale (a population will do). A pair may stand once or both
    ways round. Raises `AreasUnusableError` where they do not fit together.
    """

    cases: FloatArray
    expected: FloatArray
    borders: IndexArray

    def __post_init__(self) -> None:
        """Refuse what is no map."""
        if self.cases.ndim != 1 or self.cases.shape != self.expected.shape or not self.cases.size:
            raise AreasUnusableError("each needs its cases and its expected cases")
        if not np.isfinite(self.cases).all() or (self.cases < 0).any():
            raise AreasUnusableError("cases are missing or negative; leave such an area out")
        if not np.isfinite(self.expected).all() or (self.expected <= 0).any():
            raise AreasUnusableError("an area has no population; leave it out")
        pairs = self.borders
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise AreasUnusableError("borders are pairs of areas")
        if pairs.size and not (pairs.min() >= 0 and pairs.max() < self.cases.size):
            raise AreasUnusableError("a border leads to an area that is not there")
        if (pairs[:, 0] == pairs[:, 1]).any():
            raise AreasUnusableError("an area borders on itself")

    def due(self) -> FloatArray:
        """Return expected cases (n,) that add up to all cases."""
        return np.asarray(self.expected * (self.cases.sum() / self.expected.sum()))

    def adjacency(self) -> "csr_array[np.float64]":
        """Return 1 where two areas touch (n, n), both ways round."""
        a, b = self.borders[:, 0], self.borders[:, 1]
        size = self.cases.size
        ones = np.ones(2 * a.size)
        both = (np.concatenate((a, b)), np.concatenate((b, a)))
        near = csr_array(coo_array((ones, both), shape=(size, size)))
        near.data[:] = 1.0
        return near

    def islands(self) -> npt.NDArray[np.bool_]:
        """Return which areas (n,) have no neighbour."""
        return np.asarray(self.adjacency().sum(axis=1) == 0)

    def parts(self) -> IndexArray:
        """Return to which connected part of the map each area (n,) belongs."""
        return np.asarray(connected_components(self.adjacency(), directed=False)[1], np.int64)


def island_words(count: int) -> Words:
    """Return what a person is told of areas without a neighbour."""
    return Words(
        en="{count} areas border on no other: their risk leans on that of the whole map, not on "
        "neighbours.",
        zh="{count}个区域没有相邻区域：其风险向全图平均水平收缩，而非向邻区收缩。",
    ).filled(count=str(count))
