"""How many each case went on to infect, by who most likely infected whom.

Source: J. Wallinga and P. Teunis, Different epidemic curves for severe acute respiratory syndrome
reveal similar impacts of control measures, Am. J. Epidemiol. 160 (2004) 509-516.
"""

import numpy as np
from numpy.typing import NDArray

from surveillance.reproduction.intervals import checked_interval
from surveillance.series.errors import CountsUnusableError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def by_day(cases: Floats, interval: Floats) -> Floats:
    """Return how many a case of each day (t,) infected among those known.

    cases: (t,) by day of onset. interval: the serial interval in days from 0 on. The newest days
    are low: whom they infected has not fallen ill yet.

    Raises
    ------
    CountsUnusableError
        A day has no report: an unknown case may have infected any.
    """
    if np.isnan(cases).any():
        raise CountsUnusableError("who infected whom cannot be said with days missing")
    days = cases.size
    shares = checked_interval(interval, days=days + 1)
    apart = np.arange(days)[:, None] - np.arange(days)
    likely = np.where(apart > 0, shares[np.clip(apart, 0, days)], 0.0)
    total = likely @ cases
    with np.errstate(invalid="ignore", divide="ignore"):
        by_case = np.where(total[:, None] > 0, likely / total[:, None], 0.0)
    return np.asarray(cases @ by_case)


def wallinga_teunis(cases: Floats, interval: Floats, *, first: Ints, last: Ints) -> Floats:
    """Return the mean (m,) over the cases of each window first … last; NaN where it has none."""
    number = by_day(cases, interval)
    secondary, primary = (np.append(0, np.cumsum(one)) for one in (number * cases, cases))
    with np.errstate(invalid="ignore"):
        mean = (secondary[last + 1] - secondary[first]) / (primary[last + 1] - primary[first])
    return np.asarray(mean)
