"""A quasi-Poisson regression with log link: seasons, a trend, an offset; one fit after another.

The design is an arrow (a level for each season and one slope), so each step of the iteration is
solved by sums over the seasons, without a matrix. Starts, steps and stops are those of the usual
iteratively reweighted least squares (P. McCullagh, J. A. Nelder, Generalized Linear Models, 2nd
edition, 1989, section 2.5): a change of the deviance below 1e-8 of itself, at most 25 times, so
that fits which run towards zero end where other programs end.
"""

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EPSILON = 1e-8
MOST_STEPS = 25
LEAST_MEAN = 2.220446049250313e-16

# Rows of the table of one baseline.
COUNT = 0
LOG_COUNT = 1
TIME = 2
OFFSET = 3
PRIOR = 4
MEAN = 5
WEIGHT = 6
LINEAR = 7
ROWS = 8

# What a fit leaves in `stats`, by place. FITTED: 1 = it converged, 0 = it ended without, -1 = there
# is no answer.
FITTED = 0
DISPERSION = 1
FREEDOM = 2
SLOPE = 3
SPREAD = 4
RELATIVE = 5
STATS = 6

# Columns of `sums`, a row for each season.
TOTAL_WEIGHT = 0
MEAN_TIME = 1
MEAN_WORKING = 2
LEVEL = 3
SUMS = 4


@compiled
def _deviance(table: Floats, n: int) -> float:
    """Return the deviance of `table` (ROWS, k)."""
    half = 0.0
    for i in range(n):
        y = table[COUNT, i]
        half += table[PRIOR, i] * (
            y * (table[LOG_COUNT, i] - table[LINEAR, i]) - (y - table[MEAN, i])
        )
    return 2.0 * half


@compiled
def _step(
    table: Floats, group: Ints, n: int, with_trend: bool, sums: Floats
) -> tuple[float, float]:
    """Solve one step into `sums`; return the slope and the weighted spread of time."""
    sums[:] = 0.0
    for i in range(n):
        weight = table[PRIOR, i] * table[MEAN, i]
        table[WEIGHT, i] = weight
        working = (
            table[LINEAR, i]
            - table[OFFSET, i]
            + (table[COUNT, i] - table[MEAN, i]) / table[MEAN, i]
        )
        g = group[i]
        sums[g, TOTAL_WEIGHT] += weight
        sums[g, MEAN_TIME] += weight * table[TIME, i]
        sums[g, MEAN_WORKING] += weight * working
    for g in range(sums.shape[0]):
        if sums[g, TOTAL_WEIGHT] > 0:
            sums[g, MEAN_TIME] /= sums[g, TOTAL_WEIGHT]
            sums[g, MEAN_WORKING] /= sums[g, TOTAL_WEIGHT]
    slope = 0.0
    spread = 0.0
    if with_trend:
        shared = 0.0
        for i in range(n):
            g = group[i]
            working = (
                table[LINEAR, i] - table[OFFSET, i]
                + (table[COUNT, i] - table[MEAN, i]) / table[MEAN, i]
            )  # fmt: skip
            away = table[TIME, i] - sums[g, MEAN_TIME]
            spread += table[WEIGHT, i] * away * away
            shared += table[WEIGHT, i] * away * (working - sums[g, MEAN_WORKING])
        if spread > 0:
            slope = shared / spread
    for g in range(sums.shape[0]):
        sums[g, LEVEL] = sums[g, MEAN_WORKING] - slope * sums[g, MEAN_TIME]
    return slope, spread


@compiled
def fit(  # noqa: PLR0917 - compiled code takes no keywords
    table: Floats, group: Ints, n: int, with_trend: bool, sums: Floats, stats: Floats
) -> None:
    """Fit the first n columns of `table`: count ~ exp(level of its group + slope * time + offset).

    table: (ROWS, k) of one baseline; COUNT, LOG_COUNT (0 for no case), TIME, OFFSET and PRIOR
    (weights) are read, MEAN (fitted), WEIGHT (of the last step) and LINEAR written. group: (k,).
    Written: sums (n_groups, SUMS), stats (STATS,): DISPERSION before any limit,
    RELATIVE the mean square of residuals as shares of the fitted count.
    """
    stats[:] = 0.0
    stats[FITTED] = -1.0
    for i in range(n):
        table[MEAN, i] = table[COUNT, i] + 0.1
        table[LINEAR, i] = np.log(table[MEAN, i])
    deviance = _deviance(table, n)
    slope, spread, converged = 0.0, 0.0, False
    for _ in range(MOST_STEPS):
        slope, spread = _step(table, group, n, with_trend, sums)
        if with_trend and spread <= 0:
            return
        for i in range(n):
            table[LINEAR, i] = sums[group[i], LEVEL] + slope * table[TIME, i] + table[OFFSET, i]
            table[MEAN, i] = max(np.exp(table[LINEAR, i]), LEAST_MEAN)
        before, deviance = deviance, _deviance(table, n)
        if not np.isfinite(deviance):
            return
        if abs(deviance - before) / (abs(deviance) + 0.1) < EPSILON:
            converged = True
            break
    rank = 1 if with_trend else 0
    for g in range(sums.shape[0]):
        if sums[g, TOTAL_WEIGHT] > 0:
            rank += 1
    if n <= rank:
        return
    pearson, relative = 0.0, 0.0
    for i in range(n):
        away = (table[COUNT, i] - table[MEAN, i]) / table[MEAN, i]
        pearson += table[WEIGHT, i] * away * away
        relative += table[PRIOR, i] * away * away
    stats[FITTED] = 1.0 if converged else 0.0
    stats[DISPERSION] = pearson / (n - rank)
    stats[FREEDOM] = n - rank
    stats[SLOPE] = slope
    stats[SPREAD] = spread
    stats[RELATIVE] = relative / (n - rank)


@compiled
def down_weigh(  # noqa: PLR0917 - compiled code takes no keywords
    table: Floats, group: Ints, n: int, sums: Floats, spread: float, phi: float, limit: float
) -> None:
    """Write the weights of Farrington into PRIOR: small where a count belongs to an old outbreak.

    A standardised Anscombe residual s above `limit` weighs gamma / s^2, any other gamma, so that
    the weights sum to n. A count alone in its season has no residual and weighs gamma. spread is 0
    for a fit without trend, phi the dispersion.
    """
    total = 0.0
    for i in range(n):
        lever = table[WEIGHT, i] / sums[group[i], TOTAL_WEIGHT]
        if spread > 0:
            away = table[TIME, i] - sums[group[i], MEAN_TIME]
            lever += table[WEIGHT, i] * away * away / spread
        weight = 1.0
        # (3/2) (y^(2/3) m^(-1/6) - m^(1/2)) is above a positive limit only where y is above m.
        if lever < 1.0 - 1e-12 and table[COUNT, i] > table[MEAN, i]:
            root = np.exp(table[LINEAR, i] / 6.0)
            residual = 1.5 * (np.exp(table[LOG_COUNT, i] / 1.5) / root - root**3)
            residual /= np.sqrt(phi * (1.0 - lever))
            if residual > limit:
                weight = residual ** (-2.0)
        table[PRIOR, i] = weight
        total += weight
    for i in range(n):
        table[PRIOR, i] *= n / total
