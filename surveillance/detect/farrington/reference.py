"""Which periods of the past a count is compared with: the same weeks of the years before.

Sources: C. P. Farrington et al., A statistical algorithm for the early detection of outbreaks of
infectious disease, J. R. Stat. Soc. A 159 (1996) 547-563; A. Noufaily et al., An improved
algorithm for outbreak detection in multiple surveillance systems, Stat. Med. 32 (2013) 1206-1222.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from surveillance.series.model import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """The baselines of m judged periods, one after the other.

    offsets: (m + 1,) int64, where each begins in `column` and `season`; an empty one begins before
    the series. column: (k,) int64, columns of the panel, ascending. season: (k,) int64, season of
    each, 0 to n_seasons - 1; the season of the judged period is the last.
    """

    offsets: NDArray[np.int64]
    column: NDArray[np.int64]
    season: NDArray[np.int64]
    n_seasons: int


def anniversary(day: date, years: int) -> date:
    """Return the same day some years before; of 29 February the day after the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def reference_columns(column: int, *, starts_on: date, step: Step, years: int) -> list[int]:
    """Return the columns of the same period in each of the years before, newest first.

    Weeks are those whose first day is nearest to the anniversary, and on its weekday. A column
    before the series is negative.
    """
    day = starts_on + timedelta(days=column * step.days)
    columns = []
    for back in range(1, years + 1):
        apart = (anniversary(day, back) - starts_on).days
        columns.append(round(apart / step.days))
    return columns


def seasons(
    column: int, *, starts_on: date, step: Step, years: int, window: int, n_seasons: int
) -> NDArray[np.int64]:
    """Return the season (column + 1,) of each period up to the judged one; -1 = of none.

    The judged period and `window` before it, and `window` around its references, are the last
    season; what lies between two references is cut into the n_seasons - 1 others, the first of them
    longer by a period where the division leaves a rest. All -1 where a reference lies before the
    series.
    """
    season = np.full(column + 1, -1, np.int64)
    points = [column, *reference_columns(column, starts_on=starts_on, step=step, years=years)]
    if points[-1] < window or column < window:
        return season
    season[column - window :] = n_seasons - 1
    for later, point in pairwise(points):
        season[point - window : point + window + 1] = n_seasons - 1
        between = later - 2 * window - 1 - point
        if n_seasons > 1:
            length, rest = divmod(between, n_seasons - 1)
            lengths = np.full(n_seasons - 1, length, np.int64)
            lengths[:rest] += 1
            begin = point + window + 1
            season[begin : begin + between] = np.repeat(np.arange(n_seasons - 1), lengths)
    return season


def references(
    columns: range,
    *,
    starts_on: date,
    step: Step,
    years: int,
    window: int,
    n_seasons: int,
    left_out: int,
) -> References:
    """Return the baselines of some columns.

    left_out: periods before the judged one that belong to no baseline; the judged one never does.
    """
    found, groups, offsets = [], [], [0]
    for column in columns:
        season = seasons(
            column, starts_on=starts_on, step=step, years=years, window=window, n_seasons=n_seasons
        )
        kept = np.flatnonzero(season[: max(column - left_out, 0)] >= 0)
        found.append(kept)
        groups.append(season[kept])
        offsets.append(offsets[-1] + kept.size)
    return References(
        offsets=np.array(offsets, np.int64),
        column=np.concatenate(found) if found else np.empty(0, np.int64),
        season=np.concatenate(groups) if groups else np.empty(0, np.int64),
        n_seasons=n_seasons,
    )
