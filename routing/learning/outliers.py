"""Drives that took absurdly long or short are pulled in to what their street lets expect.

What is expected of a drive is its class, then its class in that hour, its leg, its leg in that
hour: medians of the logarithm of pace, each of what the ones before leave over. So a jam that comes
every morning is expected, and one unit that waited for something of its own is not.
"""

import numpy as np
from numpy.typing import NDArray

from gis.week import HOURS_OF_WEEK
from routing.learning.leg_cells import LegCells
from routing.roads.model import FloatArray, IdArray, IndexArray

OUTLIER_DEVIATIONS = 3.0
LEAST_DEVIATION = 0.3
"""Of log pace: drives of one street in one hour do differ by a third."""
FEW_DRIVES, LEAST_DEVIATION_OF_FEW = 30.0, 0.5
"""Below so many drives of a class its streets are hardly told apart: half is believed."""
_NORMAL_MAD = 1.4826


def pulled_in(
    pace_s_per_m: FloatArray,
    leg: IndexArray,
    hour: NDArray[np.int16],
    *,
    highway: IndexArray,
    seen: LegCells,
) -> FloatArray:
    """Return paces (s,) of new drives, those too far from what is expected moved to the limit.

    leg, hour : (s,) of the drives; highway : (n_segments,) int32 code of each segment's class
    seen : what is known from before; it counts as much as its drives weigh

    The limit is `OUTLIER_DEVIATIONS` robust standard deviations of the class, new drives and old
    together, so that it hardly matters in how many runs drives are learned.
    """
    n = pace_s_per_m.size
    all_legs = np.concatenate((leg, seen.leg)).astype(np.int64)
    all_hours = np.concatenate((hour, seen.hour)).astype(np.int64)
    log_pace = np.log(np.concatenate((pace_s_per_m, seen.pace_s_per_m)))
    weight = np.concatenate((np.ones(n), seen.drives))
    code = highway[all_legs // 2].astype(np.int64)
    expected = np.zeros(log_pace.size)
    for level, group in enumerate(
        (code, code * HOURS_OF_WEEK + all_hours, all_legs, all_legs * HOURS_OF_WEEK + all_hours)
    ):
        _, of = np.unique(group, return_inverse=True)
        median, total = medians(log_pace - expected, weight, of)
        # One drive says nothing of itself.
        share = 1.0 if level == 0 else 1.0 - 1.0 / np.maximum(total, 1.0)
        expected += (share * median)[of]
    reach = OUTLIER_DEVIATIONS * _deviation(log_pace[:n] - expected[:n], code, seen)[code[:n]]
    return np.asarray(
        np.exp(np.clip(log_pace[:n], expected[:n] - reach, expected[:n] + reach))
    )  # fmt: skip


def medians(value: FloatArray, weight: FloatArray, group: IdArray) -> tuple[FloatArray, FloatArray]:
    """Weighted median (g,) of each group 0..g-1 of (k,) values, and its total weight (g,)."""
    total = np.bincount(group, weight).astype(np.float64)
    order = np.lexsort((value, group))
    before = np.cumsum(weight[order])
    first = np.concatenate(([0.0], np.cumsum(total)[:-1]))
    # Sums that differ by a billionth of all drives differ by rounding.
    slack = 1e-9 * max(float(total.sum()), 1.0)
    half = first + total / 2.0
    last = max(value.size - 1, 0)
    low = np.minimum(np.searchsorted(before, half - slack), last)
    high = np.minimum(np.searchsorted(before, half + slack, side="right"), last)
    ranked = value[order]
    return (ranked[low] + ranked[high]) / 2.0, total


def _deviation(residual: FloatArray, code: IdArray, seen: LegCells) -> FloatArray:
    """Standard deviation of log pace (classes,) about what is expected, at least what is usual."""
    n, n_classes = residual.size, int(code.max(initial=0)) + 1
    new, old = code[:n], code[n:]
    absolute = np.zeros(n_classes)
    codes, of = np.unique(new, return_inverse=True)
    absolute[codes] = medians(np.abs(residual), np.ones(n), of)[0] if n else 0.0
    square = np.bincount(new, minlength=n_classes) * (_NORMAL_MAD * absolute) ** 2
    square += np.bincount(old, seen.pace_square / seen.pace_s_per_m**2, minlength=n_classes)
    count = np.bincount(new, minlength=n_classes).astype(np.float64)
    count += np.bincount(old, seen.freedom, minlength=n_classes)
    usual = np.where(count >= FEW_DRIVES, LEAST_DEVIATION, LEAST_DEVIATION_OF_FEW)
    return np.maximum(np.sqrt(square / np.maximum(count, 1.0)), usual)
