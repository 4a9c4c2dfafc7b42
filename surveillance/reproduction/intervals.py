"""The serial interval: how many days lie between a case and those it infected."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from surveillance.series.errors import CountsUnusableError

Floats = NDArray[np.float64]


def gamma_interval(*, mean_days: float, sd_days: float, days: int) -> Floats:
    """Return the shares (days,) of intervals of 0, 1, … days of a gamma that begins at 1 day.

    Source: A. Cori et al., Am. J. Epidemiol. 178 (2013) 1505-1512, web appendix 11.

    Raises
    ------
    ValueError
        The mean is not above 1 day, or the spread not above 0.
    """
    if not (mean_days > 1 and sd_days > 0):
        message = "a serial interval needs a mean above one day and a spread above zero"
        raise ValueError(message)
    shape = ((mean_days - 1) / sd_days) ** 2
    scale = sd_days**2 / (mean_days - 1)
    day = np.arange(-2.0, days)

    def moments(times_shape: float) -> Floats:
        return np.asarray(gammainc(times_shape, np.maximum(day, 0) / scale))

    at, of_mean = moments(shape), moments(shape + 1)
    k = np.arange(days, dtype=np.float64)
    share = k * at[2:] + (k - 2) * at[:-2] - 2 * (k - 1) * at[1:-1]
    share += shape * scale * (2 * of_mean[1:-1] - of_mean[:-2] - of_mean[2:])
    return np.maximum(share, 0)


def checked_interval(interval: Floats, *, days: int) -> Floats:
    """Return an interval cut or filled to `days`.

    Raises
    ------
    CountsUnusableError
        A share is negative, that of the same day is not 0, or they do not sum to 1.
    """
    if np.any(interval < 0) or interval[0] != 0 or abs(float(interval.sum()) - 1) > 0.01:
        raise CountsUnusableError(
            "a serial interval is shares of 0, 1, … days that sum to 1, none on the same day"
        )
    filled = np.zeros(days)
    filled[: min(days, interval.size)] = interval[:days]
    return filled
