"""Days summed into the weeks of a system; a week of which a day is missing is missing."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from surveillance.series.weeks import WeekSystem, week_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyCounts:
    """Counts by epidemiological week: year and week (w,), first day (w,), counts (n, w)."""

    year: NDArray[np.int64]
    week: NDArray[np.int64]
    first_day: NDArray[np.datetime64]
    counts: NDArray[np.float64]


def by_week(counts: NDArray[np.float64], *, starts_on: date, system: WeekSystem) -> WeeklyCounts:
    """Sum daily counts (n, t) into weeks; those that begin before or end after the days are NaN."""
    days = np.datetime64(starts_on, "D") + np.arange(counts.shape[1])
    year, week = week_of(days, system)
    begins = np.flatnonzero(np.r_[True, (year[1:] != year[:-1]) | (week[1:] != week[:-1])])
    length = np.diff(np.r_[begins, days.size])
    summed = np.add.reduceat(counts, begins, axis=1)
    summed[:, length < 7] = np.nan
    into_week = (days[begins].astype(np.int64) + 3 - system.first_weekday) % 7
    return WeeklyCounts(
        year=year[begins],
        week=week[begins],
        first_day=days[begins] - into_week.astype("timedelta64[D]"),
        counts=summed,
    )
