"""The reproduction number at a time: new cases beside the infectiousness of those before.

Source: A. Cori et al., A new framework and software to estimate time-varying reproduction numbers
during epidemics, Am. J. Epidemiol. 178 (2013) 1505-1512.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from surveillance.reproduction.intervals import checked_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """The reproduction number over windows of days; arrays (m,).

    first, last: indexes of a window's days. mean and sd of the posterior, and its quantiles; NaN
    where there is no answer: before one mean serial interval has passed, or where a day that the
    window rests on has no report.
    """

    first: Ints
    last: Ints
    shape: Floats
    scale: Floats

    @property
    def mean(self) -> Floats:
        """Mean (m,)."""
        return self.shape * self.scale

    @property
    def sd(self) -> Floats:
        """Standard deviation (m,)."""
        return np.sqrt(self.shape) * self.scale

    def quantile(self, p: float) -> Floats:
        """Return the value (m,) below which the number lies with probability `p`."""
        return np.asarray(gammaincinv(self.shape, p) * self.scale)


def infectiousness(cases: Floats, interval: Floats) -> Floats:
    """Return what all earlier cases add up to on each day (t,), weighed by the serial interval.

    cases: (t,), NaN = no report, which makes the days NaN that rest on it. interval: shares of 0,
    1, … days. The first day has none: NaN.
    """
    days = cases.size
    shares = checked_interval(interval, days=max(days, interval.size))
    used = int(np.flatnonzero(shares).max(initial=0)) + 1
    total = np.full(days, np.nan)
    for day in range(1, days):
        reach = min(day + 1, used)
        total[day] = shares[:reach] @ cases[day - reach + 1 : day + 1][::-1]
    missing = np.flatnonzero(np.isnan(cases))
    # A product with a share of 0 on the same day is NaN too, and rests on nothing.
    for day in missing.tolist():
        reach = min(day, used - 1)
        total[day] = shares[1 : reach + 1] @ cases[day - reach : day][::-1]
    return total


def cori(
    cases: Floats,
    interval: Floats,
    *,
    first: Ints,
    last: Ints,
    prior_mean: float = 5.0,
    prior_sd: float = 5.0,
) -> Reproduction:
    """Return the reproduction number over the windows first … last (indexes of days, inclusive).

    cases: (t,) by day of onset, the first day's taken as brought in from elsewhere. interval: the
    serial interval in days from 0 on. The number has a gamma prior.
    """
    shares = checked_interval(interval, days=cases.size + 1)
    mean_interval = float(shares @ np.arange(shares.size))
    local = cases.copy()
    local[0] = 0
    force = infectiousness(cases, interval)
    force[0] = 0
    found = np.append(0, np.cumsum(local)), np.append(0, np.cumsum(force))
    if np.isnan(found[0][-1]) or np.isnan(found[1][-1]):
        sums = [
            np.array([series[a : b + 1].sum() for a, b in zip(first, last, strict=True)])
            for series in (local, force)
        ]
    else:
        sums = [total[last + 1] - total[first] for total in found]
    early = last + 1 <= mean_interval
    shape = (prior_mean / prior_sd) ** 2 + sums[0]
    scale = 1 / (prior_mean / prior_sd**2 + sums[1])
    return Reproduction(
        first=first,
        last=last,
        shape=np.where(early, np.nan, shape),
        scale=np.where(early, np.nan, scale),
    )


def sliding(days: int, *, window: int = 7) -> tuple[Ints, Ints]:
    """Return first and last day of every window of so many days, from the second day on."""
    first = np.arange(1, days - window + 1)
    return first, first + window - 1
