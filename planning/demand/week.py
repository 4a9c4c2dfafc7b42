"""Calls by hour of the week: rates that lean on their neighbouring hours, with what is open."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

from planning.demand.errors import DemandInputError

FloatArray = npt.NDArray[np.float64]

WEEK_H = 168


@dataclass(frozen=True, slots=True, eq=False)
class WeeklyRates:
    """Calls an hour for each hour of the week, from Monday 0:00 on: (168,) each.

    low, high : the interval within which the rate lies with the confidence asked for
    hours : observed hours, those without a count left out
    """

    rate: FloatArray
    low: FloatArray
    high: FloatArray
    hours: FloatArray


def weekly_rates(
    calls: npt.ArrayLike, *, first_hour_of_week: int, width_h: float = 1.0, confidence: float = 0.95
) -> WeeklyRates:
    """Return the rates of an hourly series.

    calls : (n,) counts of hours that follow one another, NaN where nobody counted
    width_h : standard deviation of the kernel over neighbouring hours, round the week; 0 = none.
    The interval is that of a Poisson count (Garwood 1936) of as many calls as the kernel gathers.

    Raises
    ------
    DemandInputError
        A count is negative or infinite, or no hour of the week was ever counted.
    """
    counts = np.asarray(calls, dtype=np.float64)
    if np.isinf(counts).any() or (counts < 0.0).any():
        raise DemandInputError("Counts of calls must be 0 or more; leave out what was not counted.")
    known = ~np.isnan(counts)
    hour = (first_hour_of_week + np.arange(len(counts))) % WEEK_H
    total = np.bincount(hour[known], weights=counts[known], minlength=WEEK_H)
    hours = np.bincount(hour[known], minlength=WEEK_H).astype(np.float64)
    apart = np.minimum(np.arange(WEEK_H), WEEK_H - np.arange(WEEK_H)).astype(np.float64)
    shape = np.exp(-0.5 * (apart / width_h) ** 2) if width_h > 0.0 else (apart == 0.0) * 1.0
    kernel = shape[np.abs(np.subtract.outer(np.arange(WEEK_H), np.arange(WEEK_H)))]
    exposure = kernel @ hours
    if (exposure < 1e-9).any():
        raise DemandInputError(
            f"{int((exposure < 1e-9).sum())} hours of the week were never counted. Give a whole "
            "week at least, or a wider kernel."
        )
    rate = (kernel @ total) / exposure
    # As many hours as the weighted ones are worth, and the calls of so many hours.
    worth = exposure**2 / (kernel**2 @ hours)
    effective = rate * worth
    tail = (1.0 - confidence) / 2.0
    low = np.where(effective > 0.0, gammaincinv(np.maximum(effective, 1e-12), tail), 0.0)
    high = gammaincinv(effective + 1.0, 1.0 - tail)
    return WeeklyRates(rate, low / worth, high / worth, hours)
