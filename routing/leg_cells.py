"""What was seen of legs in each hour of the week, summed up so that later drives can be added."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from routing.model import FloatArray, IndexArray, freeze

HOURS = 168
HALF_LIFE_DAYS = 90.0
"""A drive counts half after this time: streets and their traffic change with the seasons."""


@dataclass(frozen=True, slots=True, eq=False)
class LegCells:
    """c cells, sorted by leg, then hour, each once.

    leg : (c,) int32; hour : (c,) int16 of the week, 0 = Monday 00:00
    drives : (c,) float64 above 0, older ones counting less than 1
    pace_s_per_m : (c,) float64 their mean; pace_square : (c,) float64 sum of squares about it
    """

    leg: IndexArray
    hour: NDArray[np.int16]
    drives: FloatArray
    pace_s_per_m: FloatArray
    pace_square: FloatArray

    @classmethod
    def of(
        cls,
        leg: IndexArray,
        hour: NDArray[np.int16],
        drives: FloatArray,
        pace_s_per_m: FloatArray,
        pace_square: FloatArray,
    ) -> Self:
        """Sum up rows (k,) of single drives (1, pace, 0) or of cells, in any order."""
        key, cell = np.unique(leg.astype(np.int64) * HOURS + hour, return_inverse=True)
        total = np.bincount(cell, drives, minlength=key.size).astype(np.float64)
        mean = np.bincount(cell, drives * pace_s_per_m, minlength=key.size) / total
        apart = pace_square + drives * (pace_s_per_m - mean[cell]) ** 2
        return cls(
            leg=freeze((key // HOURS).astype(np.int32)),
            hour=freeze((key % HOURS).astype(np.int16)),
            drives=freeze(total),
            pace_s_per_m=freeze(mean),
            pace_square=freeze(np.bincount(cell, apart, minlength=key.size).astype(np.float64)),
        )

    def aged(self, days: FloatArray | float) -> Self:
        """Return the cells with the weight they have after some days."""
        weight = np.power(0.5, np.maximum(days, 0.0) / HALF_LIFE_DAYS)
        return type(self)(
            leg=self.leg,
            hour=self.hour,
            drives=freeze(self.drives * weight),
            pace_s_per_m=self.pace_s_per_m,
            pace_square=freeze(self.pace_square * weight),
        )

    def with_more(self, other: Self) -> Self:
        """Return the cells of both."""
        return self.of(
            np.concatenate((self.leg, other.leg)),
            np.concatenate((self.hour, other.hour)),
            np.concatenate((self.drives, other.drives)),
            np.concatenate((self.pace_s_per_m, other.pace_s_per_m)),
            np.concatenate((self.pace_square, other.pace_square)),
        )
