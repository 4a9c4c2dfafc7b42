"""What was seen of legs in each hour of the week, summed up so that later drives can be added."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gis.week import HOURS_OF_WEEK
from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray, freeze

HALF_LIFE_DAYS = 90.0
"""A drive counts half after this time: streets and their traffic change with the seasons."""
FORGOTTEN_DRIVES = 0.05
"""Of a cell with less than this nothing is kept: one drive of more than a year ago."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class LegCells:
    """c cells, sorted by leg, then hour, each once. A drive weighs w: 1 when new, less with age.

    leg : (c,) int32; hour : (c,) int16 of the week, 0 = Monday 00:00
    drives : (c,) float64 above 0, sum of w; drives_square : (c,) float64 above 0, sum of w^2
    pace_s_per_m : (c,) float64 weighted mean; pace_square : (c,) float64 weighted sum of squares
    about it
    """

    leg: IndexArray
    hour: NDArray[np.int16]
    drives: FloatArray
    drives_square: FloatArray
    pace_s_per_m: FloatArray
    pace_square: FloatArray

    @classmethod
    def of(
        cls,
        leg: IndexArray,
        hour: NDArray[np.int16],
        *,
        drives: FloatArray,
        drives_square: FloatArray,
        pace_s_per_m: FloatArray,
        pace_square: FloatArray,
    ) -> Self:
        """Sum up rows (k,) of cells in any order; a drive of its own is (1, 1, pace, 0)."""
        key, cell = np.unique(leg.astype(np.int64) * HOURS_OF_WEEK + hour, return_inverse=True)

        def summed(rows: FloatArray) -> FloatArray:
            return np.bincount(cell, rows, minlength=key.size).astype(np.float64)

        total = summed(drives)
        mean = summed(drives * pace_s_per_m) / total
        apart = pace_square + drives * (pace_s_per_m - mean[cell]) ** 2
        return cls(
            leg=freeze((key // HOURS_OF_WEEK).astype(np.int32)),
            hour=freeze((key % HOURS_OF_WEEK).astype(np.int16)),
            drives=freeze(total),
            drives_square=freeze(summed(drives_square)),
            pace_s_per_m=freeze(mean),
            pace_square=freeze(summed(apart)),
        )

    @classmethod
    def of_drives(
        cls, leg: IndexArray, hour: NDArray[np.int16], pace_s_per_m: FloatArray
    ) -> Self:  # fmt: skip
        """Sum up new drives (k,), one row for each."""
        one = np.ones(leg.size)
        return cls.of(
            leg, hour, drives=one, drives_square=one, pace_s_per_m=pace_s_per_m,
            pace_square=np.zeros(leg.size),
        )  # fmt: skip

    @classmethod
    def none(cls) -> Self:
        """Return no cells."""
        return cls.of_drives(np.empty(0, np.int32), np.empty(0, np.int16), np.empty(0))

    @property
    def key(self) -> IdArray:
        """One number (c,) int64 for each leg and hour, rising."""
        return self.leg.astype(np.int64) * HOURS_OF_WEEK + self.hour

    @property
    def freedom(self) -> FloatArray:
        """Degrees of freedom (c,) of `pace_square`, as old as the drives are.

        The expected sum of squares is this many times the variance of one drive: n - 1 of n new
        drives, w (n - 1) if each of them weighs w.
        """
        return freedom_of(self.drives, self.drives_square / self.drives)

    def aged(self, days: FloatArray | float) -> Self:
        """Return the cells with the weight they have after some days, of each or (c,)."""
        weight = np.power(0.5, np.maximum(days, 0.0) / HALF_LIFE_DAYS)
        return type(self)(
            leg=self.leg,
            hour=self.hour,
            drives=freeze(self.drives * weight),
            drives_square=freeze(self.drives_square * weight**2),
            pace_s_per_m=self.pace_s_per_m,
            pace_square=freeze(self.pace_square * weight),
        )

    def take(self, rows: BoolArray) -> Self:
        """Return some of the cells, (c,) bool."""
        return type(self)(
            leg=freeze(self.leg[rows]),
            hour=freeze(self.hour[rows]),
            drives=freeze(self.drives[rows]),
            drives_square=freeze(self.drives_square[rows]),
            pace_s_per_m=freeze(self.pace_s_per_m[rows]),
            pace_square=freeze(self.pace_square[rows]),
        )

    def with_more(self, other: Self) -> Self:
        """Return the cells of both."""
        return self.of(
            np.concatenate((self.leg, other.leg)),
            np.concatenate((self.hour, other.hour)),
            drives=np.concatenate((self.drives, other.drives)),
            drives_square=np.concatenate((self.drives_square, other.drives_square)),
            pace_s_per_m=np.concatenate((self.pace_s_per_m, other.pace_s_per_m)),
            pace_square=np.concatenate((self.pace_square, other.pace_square)),
        )


def freedom_of(count: FloatArray, taken: FloatArray) -> FloatArray:
    """Return `count - taken`, 0 where the difference is nothing but rounding."""
    left = count - taken
    return np.where(left > _ROUNDING * count, left, 0.0)
