"""Farrington's fits of every series and period, one after the other."""

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled
from surveillance.detect.farrington.regression import (
    COUNT,
    DISPERSION,
    FITTED,
    FREEDOM,
    LEVEL,
    LOG_COUNT,
    MEAN_TIME,
    OFFSET,
    PRIOR,
    RELATIVE,
    ROWS,
    SLOPE,
    SPREAD,
    STATS,
    SUMS,
    TIME,
    TOTAL_WEIGHT,
    down_weigh,
    fit,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# What is said of each series and period, by place. SHARE: of the baseline that was reported; -1 =
# the baseline begins before the series.
ETA = 0
ETA_SE = 1
PHI = 2
TREND = 3
SHARE = 4
OUT = 5


@compiled
def fit_weighed(  # noqa: PLR0917 - compiled code takes no keywords
    table: Floats, group: Ints, n: int, with_trend: bool, limit: float, sums: Floats, stats: Floats
) -> bool:
    """Fit, weigh old outbreaks down, fit again; without trend where it does not converge with one.

    Returns whether the trend stayed; there is no answer where `stats` says so.
    """
    table[PRIOR, :n] = 1.0
    fit(table, group, n, with_trend, sums, stats)
    if stats[FITTED] < 1 and with_trend:
        with_trend = False
        fit(table, group, n, with_trend, sums, stats)
    if stats[FITTED] < 1:
        stats[FITTED] = -1.0
        return with_trend
    down_weigh(table, group, n, sums, stats[SPREAD], max(stats[DISPERSION], 1.0), limit)
    fit(table, group, n, with_trend, sums, stats)
    return with_trend


@compiled
def gather(  # noqa: PLR0917 - compiled code takes no keywords
    counts: Floats, offset: Floats, column: Ints, season: Ints, table: Floats, group: Ints
) -> tuple[int, float]:
    """Write the reported periods of a baseline of one series into the table.

    counts, offset: (t,); column, season: (k,) of this baseline. Returns their number and the
    largest count.
    """
    n, most = 0, 0.0
    for k in range(column.size):
        y = counts[column[k]]
        if not np.isnan(y):
            table[COUNT, n] = y
            table[LOG_COUNT, n] = np.log(y) if y > 0 else 0.0
            table[TIME, n] = column[k] - column[0]
            table[OFFSET, n] = offset[column[k]]
            group[n] = season[k]
            most = max(most, y)
            n += 1
    return n, most


@compiled
def fit_one(  # noqa: PLR0917 - compiled code takes no keywords
    table: Floats, group: Ints, n: int, at: float, offset: float, most: float, limit: float,
    critical: Floats, relative: bool, sums: Floats, stats: Floats, out: Floats,
) -> None:  # fmt: skip
    """Fit a baseline and write into `out` (OUT,) what it says of time `at` with `offset`.

    A trend stays where its |t| is above `critical` and it does not lead above `most`.
    """
    now = sums.shape[0] - 1
    trend = fit_weighed(table, group, n, critical.size > 0, limit, sums, stats)
    if trend and stats[FITTED] >= 0:
        eta = sums[now, LEVEL] + stats[SLOPE] * at + offset
        dispersion = stats[RELATIVE] if relative else stats[DISPERSION]
        least = critical[int(stats[FREEDOM])] * np.sqrt(dispersion / stats[SPREAD])
        if not (abs(stats[SLOPE]) > least and np.exp(eta) <= most):
            trend = fit_weighed(table, group, n, False, limit, sums, stats)
    if stats[FITTED] < 0 or sums[now, TOTAL_WEIGHT] <= 0:
        return
    phi = max(stats[DISPERSION], 1.0)
    variance = 1.0 / sums[now, TOTAL_WEIGHT]
    if trend:
        away = at - sums[now, MEAN_TIME]
        variance += away * away / stats[SPREAD]
        out[TREND] = stats[SLOPE]
    out[ETA] = sums[now, LEVEL] + stats[SLOPE] * at + offset
    out[ETA_SE] = np.sqrt(variance * (stats[RELATIVE] if relative else phi))
    out[PHI] = phi


@compiled
def fit_all(  # noqa: PLR0917 - compiled code takes no keywords
    counts: Floats, offset: Floats, first: int, offsets: Ints, column: Ints, season: Ints,
    n_seasons: int, limit: float, critical: Floats, relative: bool, out: Floats,
) -> None:  # fmt: skip
    """Fit the baseline of each series and period.

    counts, offset: (n, t), NaN = no report; offsets (m + 1,), column and season (k,) as in
    `References`. limit: residual from which old counts weigh less. critical: by degrees of freedom
    the least |t| of a trend, empty = never one. relative: the error of mean and trend takes the
    mean square of relative residuals as dispersion, else the dispersion, for the mean at least 1.
    out: (n, m, OUT), NaN where there is no answer.
    """
    longest = 1
    for m in range(offsets.size - 1):
        longest = max(longest, offsets[m + 1] - offsets[m])
    table = np.empty((ROWS, longest))
    group = np.empty(longest, np.int64)
    sums = np.empty((n_seasons, SUMS))
    stats = np.empty(STATS)
    out[:] = np.nan
    for s in range(counts.shape[0]):
        for m in range(offsets.size - 1):
            begin, end = offsets[m], offsets[m + 1]
            if begin == end:
                out[s, m, SHARE] = -1.0
                continue
            n, most = gather(
                counts[s], offset[s], column[begin:end], season[begin:end], table, group
            )
            out[s, m, SHARE] = n / (end - begin)
            if n > 0:
                at = float(first + m - column[begin])
                fit_one(
                    table, group, n, at, offset[s, first + m], most, limit, critical, relative,
                    sums, stats, out[s, m],
                )  # fmt: skip
