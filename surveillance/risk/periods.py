"""Days or weeks summed into whole weeks or months; one with a missing part is missing."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.disclosure.model import Period, Rhythm
from gis.disclosure.periods import period_of
from surveillance.risk.model import Bools, Floats, Spans, Step

_RHYTHM = {Step.WEEK: Rhythm.WEEK, Step.MONTH: Rhythm.MONTH}
_MID_WEEK = timedelta(days=3)


def of_days(cases: Floats, *, starts_on: date, step: Step) -> Spans:
    """Sum daily counts (n, days) from `starts_on` into ISO weeks or calendar months.

    Only whole periods: what begins before the days or ends after them is left out.
    """
    ends_on = starts_on + timedelta(days=cases.shape[1])
    period = period_of(starts_on, _RHYTHM[step])
    if period.first < starts_on:
        period = period_of(period.until, _RHYTHM[step])
    periods = []
    while period.until <= ends_on:
        periods.append(period)
        period = period_of(period.until, _RHYTHM[step])
    bounds = [((one.first - starts_on).days, (one.until - starts_on).days) for one in periods]
    return Spans(
        periods=tuple(periods),
        cases=_summed(cases, bounds),
        hidden=np.zeros((cases.shape[0], len(periods)), bool),
    )


def of_weeks(cases: Floats, hidden: Bools, *, weeks: list[Period], step: Step) -> Spans:
    """Return published weeks (n, w), or sum them into months by the month of their Thursday.

    A month with a week that is hidden is hidden; one with a week that was not published is left
    out, as is one that is not over.
    """
    if step is Step.WEEK:
        return Spans(periods=tuple(weeks), cases=cases, hidden=hidden)
    month_of = [(one.first + _MID_WEEK).replace(day=1) for one in weeks]
    periods, bounds = [], []
    for month in dict.fromkeys(month_of):
        own = [place for place, its in enumerate(month_of) if its == month]
        first, last = weeks[own[0]], weeks[own[-1]]
        if _is_whole(month, first=first, last=last, count=len(own)):
            periods.append(Period(first.first, last.until))
            bounds.append((own[0], own[-1] + 1))
    covered = [hidden[:, low:high].any(axis=1) for low, high in bounds]
    return Spans(
        periods=tuple(periods),
        cases=_summed(cases, bounds),
        hidden=np.array(covered, bool).reshape(len(bounds), -1).T
        if bounds else np.zeros((cases.shape[0], 0), bool),
    )  # fmt: skip


def _is_whole(month: date, *, first: Period, last: Period, count: int) -> bool:
    """Return whether weeks are all those with their Thursday in a month."""
    weeks = (last.until - first.first).days // 7
    before, after = first.first - timedelta(days=4), last.until + _MID_WEEK
    return count == weeks and month.month not in {before.month, after.month}


def _summed(cases: Floats, bounds: list[tuple[int, int]]) -> NDArray[np.float64]:
    sums = [cases[:, low:high].sum(axis=1) for low, high in bounds]
    return np.array(sums, np.float64).reshape(len(bounds), -1).T if sums else cases[:, :0]
