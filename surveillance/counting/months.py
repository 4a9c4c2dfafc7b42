"""Days summed into calendar months; a month of which a day is missing is missing."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyCounts:
    """Counts by calendar month: its first day (m,) datetime64[D], counts (n, m).

    counts: NaN where a day of the month is missing, or lies before the first or after the last day
    that was counted. so_far: (n,) of the days of the last month there are, NaN where one is
    missing; the month itself where it is whole.
    """

    first_day: NDArray[np.datetime64]
    counts: NDArray[np.float64]
    so_far: NDArray[np.float64]


def by_month(counts: NDArray[np.float64], *, starts_on: date) -> MonthlyCounts:
    """Sum daily counts (n, t), t at least 1, into months."""
    days = np.datetime64(starts_on, "D") + np.arange(counts.shape[1])
    months = days.astype("datetime64[M]")
    begins = np.flatnonzero(np.r_[True, months[1:] != months[:-1]])
    found = months[begins]
    length = np.diff(np.r_[begins, days.size])
    whole = (found + 1).astype("datetime64[D]") - found.astype("datetime64[D]")
    summed = np.add.reduceat(counts, begins, axis=1)
    so_far = summed[:, -1].copy()
    summed[:, length < whole.astype(np.int64)] = np.nan
    return MonthlyCounts(first_day=found.astype("datetime64[D]"), counts=summed, so_far=so_far)
