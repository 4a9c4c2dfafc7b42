"""Compiled loops over the rows of learned and live speeds."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS

Learned: TypeAlias = tuple[NDArray[np.int32], NDArray[np.float32]]
Live: TypeAlias = tuple[
    NDArray[np.int32], NDArray[np.float32], NDArray[np.int64], NDArray[np.int64],
    NDArray[np.float32],
]  # fmt: skip
Times: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int8]]

_DEFAULT, _LEARNED, _LIVE = 0, 1, 2  # values of Decider, which compiled code cannot read


@compiled
def set_learned(rows: Learned, length_m: NDArray[np.float64], uplift: float, times: Times) -> None:
    """Set the times of legs that still have their class default; rows are leg, speed in km/h."""
    leg, speed_kmh = rows
    ms, source = times
    for row in range(leg.size):
        one = leg[row]
        if source[one] == _DEFAULT:
            time_ms = np.rint(length_m[one >> 1] * 3600.0 / (speed_kmh[row] * uplift))
            ms[one] = min(max(time_ms, 1.0), INFINITE_MS - 1.0)
            source[one] = _LEARNED


@compiled
def set_live(
    rows: Live, at_us: int, length_m: NDArray[np.float64], uplift: float, times: Times
) -> None:
    """Set the times of open legs by the newest speed that holds, of equal ones the surer.

    Rows are leg (ascending), speed in km/h, observed, expires in microseconds, confidence.
    """
    leg, speed_kmh, observed_us, expires_us, confidence = rows
    ms, source = times
    row = 0
    while row < leg.size:
        one = leg[row]
        best = -1
        while row < leg.size and leg[row] == one:
            if expires_us[row] > at_us and (
                best < 0
                or observed_us[row] > observed_us[best]
                or (observed_us[row] == observed_us[best] and confidence[row] > confidence[best])
            ):
                best = row
            row += 1
        if best >= 0 and source[one] == _DEFAULT:
            time_ms = np.rint(length_m[one >> 1] * 3600.0 / (speed_kmh[best] * uplift))
            ms[one] = min(max(time_ms, 1.0), INFINITE_MS - 1.0)
            source[one] = _LIVE
