"""The reproduction number of a curve by onset, its newest days being known by a nowcast only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveillance.reproduction.cori import cori, sliding
from surveillance.reproduction.intervals import gamma_interval
from surveillance.reproduction.table import SerialInterval
from surveillance.reproduction.weekly import DAYS, daily_cases

Floats = NDArray[np.float64]
WINDOW_DAYS = 7
LEAST_CASES = 11
"""In a window; then mean and spread of the number differ by 0.3 at most (Cori et al. 2013)."""
TAIL_SDS = 6.0
"""The serial interval is cut off so many spreads above its mean."""
WEEKLY_SHARE = 0.98
LEAST_WEEKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproductionCurve:
    """By the last day of each window (t,): NaN where it is not known. weekly: days were imputed."""

    mean: Floats
    low: Floats
    high: Floats
    weekly: bool


def estimate(
    cases: Floats, low: Floats, high: Floats, *, interval: SerialInterval
) -> ReproductionCurve:
    """Return the number over seven days that end with each day, 95 % of what it may be.

    cases, low, high: (t,) by day of onset, NaN = no report or not known; `low` and `high` what the
    newest days may have come to once all is reported, else as `cases`. The bounds are the lower one
    of the lower curve and the upper one of the upper curve, so that they hold both uncertainties.
    A curve that has cases on one day of the week only is of weeks; days are made of them first.
    """
    shares = gamma_interval(
        mean_days=interval.mean_days, sd_days=interval.sd_days,
        days=int(np.ceil(interval.mean_days + TAIL_SDS * interval.sd_days)) + 2,
    )  # fmt: skip
    shares = shares / shares.sum()
    weekly = is_weekly(cases)
    curves = [_daily(one, shares) if weekly else one for one in (cases, low, high)]
    first, last = sliding(cases.size, window=WINDOW_DAYS)
    if not first.size:
        nothing = np.full(cases.size, np.nan)
        return ReproductionCurve(mean=nothing, low=nothing, high=nothing, weekly=weekly)
    made = [cori(one, shares, first=first, last=last) for one in curves]
    summed = np.array([curves[0][a : b + 1].sum() for a, b in zip(first, last, strict=True)])
    known = summed >= LEAST_CASES
    columns = []
    for values in (made[0].mean, made[1].quantile(0.025), made[2].quantile(0.975)):
        column = np.full(cases.size, np.nan)
        column[last] = np.where(known, values, np.nan)
        columns.append(column)
    mean, lower, upper = columns
    unknown = np.isnan(mean) | np.isnan(lower) | np.isnan(upper)
    for column in columns:
        column[unknown] = np.nan
    return ReproductionCurve(mean=mean, low=lower, high=upper, weekly=weekly)


def is_weekly(cases: Floats) -> bool:
    """Return whether the cases of a curve (t,) fall on one day of the week."""
    known = np.where(np.isnan(cases), 0.0, cases)
    by_day = np.array([known[day::DAYS].sum() for day in range(DAYS)])
    weeks = np.count_nonzero(known[int(by_day.argmax()) :: DAYS])
    return bool(weeks >= LEAST_WEEKS and by_day.max() >= WEEKLY_SHARE * by_day.sum())


def _daily(cases: Floats, shares: Floats) -> Floats:
    """Return days (t,) whose weeks sum to those of a curve, each reported on its last day."""
    known = np.where(np.isnan(cases), 0.0, cases)
    day = int(np.array([known[one::DAYS].sum() for one in range(DAYS)]).argmax())
    begin = (day + 1) % DAYS
    weeks = (cases.size - begin) // DAYS
    whole = cases[begin : begin + weeks * DAYS].reshape(weeks, DAYS)
    daily = np.full(cases.size, np.nan)
    # Before the first week and after the last one nothing is known; a missing week ends it.
    sums = np.nansum(whole, axis=1)
    reported = ~np.isnan(whole[:, -1])
    start = weeks - int(np.cumprod(reported[::-1]).sum())
    if weeks - start >= 2:
        daily[begin + start * DAYS : begin + weeks * DAYS] = daily_cases(sums[start:], shares)
    return daily
