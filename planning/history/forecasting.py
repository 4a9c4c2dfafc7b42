"""Calls of whole days, by day or hour, from what was counted; and the forecast made of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from gis.words import Words
from planning.demand.errors import DemandInputError
from planning.demand.forecast import LEAST_WEEKS, WEEK_DAYS, Chosen, Series
from planning.history.views import ForecastStepView, ScoreView

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

By = Literal["day", "hour"]
PER_DAY: dict[By, int] = {"day": 1, "hour": 24}


def series_of(hours: Sequence[tuple[datetime, int]], *, by: By, time_zone: str) -> Series:
    """Return the counts of the whole days between the first hour with a call and the last.

    hours : the hours that have calls, ascending; others between them had none. Days are those of
        the clock that holds at the end, so that each has 24 hours. The first day and the last one
        are left out: nobody knows whether they were counted to their ends.

    Raises
    ------
    DemandInputError
        There are too few days.
    """
    needed = LEAST_WEEKS * WEEK_DAYS
    if not hours:
        raise DemandInputError(f"A forecast needs {LEAST_WEEKS} weeks of counts; there are 0.")
    ahead = _offset(hours[-1][0], time_zone)
    local = np.array([
        int((at - EPOCH + ahead).total_seconds()) // 3600 for at, _ in hours
    ])  # fmt: skip
    first, last = local[0] // 24 + 1, local[-1] // 24 - 1
    days = int(last - first + 1)
    if days < needed:
        raise DemandInputError(
            f"A forecast needs {LEAST_WEEKS} weeks of counts; there are {max(days, 0) // 7}."
        )
    inside = (local >= 24 * first) & (local < 24 * (last + 1))
    counts = np.bincount(
        local[inside] - 24 * first,
        weights=np.array([calls for _, calls in hours], dtype=np.float64)[inside],
        minlength=24 * days,
    )
    return Series(counts.reshape(-1, 24 // PER_DAY[by]).sum(axis=1), PER_DAY[by], int(first))


def steps_of(chosen: Chosen, series: Series, *, until: datetime, time_zone: str) -> tuple[
    ForecastStepView, ...
]:  # fmt: skip
    """Return the expected counts with the moment at which each day or hour begins."""
    zone = ZoneInfo(time_zone)
    offset = _offset(until, time_zone)
    step = timedelta(hours=24 // series.per_day)
    begin = EPOCH + timedelta(days=series.first_day + series.days)
    shown = chosen.shown
    return tuple(
        ForecastStepView(
            (begin + number * step - offset).astimezone(zone),
            round(float(mean), 3), round(float(low), 3), round(float(high), 3),
        )
        for number, (mean, low, high) in enumerate(
            zip(shown.mean, shown.low, shown.high, strict=True)
        )
    )  # fmt: skip


def scores_of(chosen: Chosen) -> tuple[ScoreView, ...]:
    """Return how each model did from earlier origins."""
    return tuple(
        ScoreView(
            model, round(one.mae, 4), round(one.held, 4), round(one.width, 3),
            round(one.interval_score, 3),
        )
        for model, one in chosen.scores.items()
    )  # fmt: skip


def words_of(chosen: Chosen) -> Words:
    """Return a sentence on what is shown, and why."""
    naive = chosen.scores["seasonal_naive"].mae
    if not chosen.beats_naive:
        return Words(
            en="No model was better than the counts of the week before: these are shown.",
            zh="没有模型优于上一周的计数，故显示上一周的计数。",
        )
    less = 1.0 - chosen.scores[chosen.shown.model].mae / naive
    return Words(
        en=f"The model's mean error was {less:.0%} less than that of last week's counts.",
        zh=f"模型的平均误差比直接沿用上一周计数小{less:.0%}。",
    )


def _offset(at: datetime, time_zone: str) -> timedelta:
    offset = at.astimezone(ZoneInfo(time_zone)).utcoffset()
    assert offset is not None
    return offset
