"""Which way units drive, as far as it is known."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

STALE_AFTER_S = 120.0
"""Positions older than this are used, but flagged (phone trackers report every few seconds)."""

MOVING_KMH = 5.0
"""A unit at least as fast as this drives in the direction of its heading."""


def headings_deg(
    heading_deg: FloatArray, *, speed_kmh: FloatArray, position_age_s: FloatArray
) -> FloatArray:
    """Return the direction of travel (n,) of each unit that moves and was heard of lately, or NaN.

    All are (n,), NaN where nothing was reported.
    """
    moves = speed_kmh >= MOVING_KMH
    lately = ~(position_age_s > STALE_AFTER_S)
    return np.where(moves & lately, heading_deg, np.nan).astype(np.float64)
