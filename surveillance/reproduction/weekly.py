"""Days out of weeks: cases of a week are laid on its days as its reproduction number would have it.

Source: R. K. Nash, S. Bhatt, A. Cori and P. Nouvellet, Estimating the epidemic reproduction number
from temporally aggregated incidence data, PLoS Comput. Biol. 19 (2023) e1011439.
"""

import numpy as np
from numpy.typing import NDArray

from surveillance.reproduction.cori import cori
from surveillance.reproduction.intervals import checked_interval
from surveillance.series.errors import CountsUnusableError

Floats = NDArray[np.float64]

DAYS = 7
ROUNDS = 10
STEEPEST = 2.0
"""Growth a day, as logarithm, that is looked for at most."""


def growth_of(number: float, interval: Floats) -> float:
    """Return the growth a day r for which a reproduction number holds: 1 / sum of w exp(-r k)."""
    from scipy.optimize import brentq

    days = np.arange(interval.size)

    def miss(rate: float) -> float:
        return float(np.log(number) + np.log(interval @ np.exp(-rate * days)))

    low, high = miss(-STEEPEST), miss(STEEPEST)
    if low <= 0:
        return -STEEPEST
    if high >= 0:
        return STEEPEST
    return float(brentq(miss, -STEEPEST, STEEPEST))


def daily_cases(
    weekly: Floats, interval: Floats, *, prior_mean: float = 5.0, prior_sd: float = 5.0
) -> Floats:
    """Return cases by day (7 w,) whose weeks sum to `weekly` (w,).

    Begins with equal days; then, ten times, the reproduction number of each week gives the growth
    within it. The first week has no number and takes the growth of the second.

    Raises
    ------
    CountsUnusableError
        A week has no report, or there are fewer than two.
    """
    if weekly.size < 2 or np.isnan(weekly).any():
        raise CountsUnusableError("days are made of two weeks or more, none of them missing")
    shares = checked_interval(interval, days=interval.size)
    daily = np.repeat(weekly / DAYS, DAYS)
    first = np.arange(DAYS, daily.size, DAYS)
    for _ in range(ROUNDS):
        found = cori(daily, shares, first=first, last=first + DAYS - 1, prior_mean=prior_mean,
                     prior_sd=prior_sd).mean  # fmt: skip
        rates = [growth_of(float(one), shares) if one > 0 else 0.0 for one in found]
        for week, rate in enumerate([rates[0], *rates]):
            form = np.exp(rate * np.arange(DAYS))
            daily[week * DAYS : (week + 1) * DAYS] = weekly[week] * form / form.sum()
    return daily
