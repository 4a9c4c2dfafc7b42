"""Counting cases into series: zero where a report came without cases, empty where none came."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from surveillance.series.errors import CountsUnusableError
from surveillance.series.model import Panel, Step


def filled_panel(
    series: NDArray[np.int64],
    day: NDArray[np.datetime64],
    *,
    reported: NDArray[np.bool_],
    starts_on: date,
    step: Step,
) -> Panel:
    """Count cases by series and period within a reporting frame.

    series, day: (k,) of each case, datetime64[D]. reported: (n, t), which reports came; where one
    did and there is no case it is 0, where none did NaN, unless a case says that one came after
    all.

    Raises
    ------
    CountsUnusableError
        A case lies outside the frame or has no day; how many do is said, none is dropped.
    """
    n, t = reported.shape
    days = (day.astype("datetime64[D]") - np.datetime64(starts_on, "D")).astype(np.float64)
    days = np.where(np.isnat(day), np.nan, days)
    period = np.floor_divide(days, step.days)
    inside = (period >= 0) & (period < t) & (series >= 0) & (series < n)
    if not inside.all():
        raise CountsUnusableError(f"{int((~inside).sum())} cases have no place in the frame")
    counts = np.zeros((n, t))
    np.add.at(counts, (series, period.astype(np.int64)), 1.0)
    return Panel(counts=np.where(reported | (counts > 0), counts, np.nan), starts_on=starts_on,
                 step=step)  # fmt: skip
