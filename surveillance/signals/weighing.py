"""By what signals are ordered, and the newest case that stands behind one."""

from datetime import date, timedelta

import numpy as np

from surveillance.series.model import Panel
from surveillance.signals.opinions import DAYS_OF_WEEK, newest

OBLIGED_WEIGHT = 100.0
SMALLEST_P = 1e-30


def weight(p_value: float | None, excess: float) -> float:
    """Return -log10 of p (at most 30) plus log2 of 1 + the cases in excess; without p 100 more.

    So ten times less likely, or twice as many too many, each weigh one.
    """
    seldom = OBLIGED_WEIGHT if p_value is None else -np.log10(max(p_value, SMALLEST_P))
    return float(seldom + np.log2(1 + max(excess, 0.0)))


def last_week(panel: Panel) -> Panel:
    """Return the last seven days of a panel, or its last week."""
    return newest(panel, DAYS_OF_WEEK // panel.step.days)


def newest_case(panel: Panel, row: int) -> date:
    """Return the last day of the last seven with a case, the day itself where there is none.

    Of weeks the week's last day.
    """
    days = last_week(panel)
    with_case = np.flatnonzero(days.counts[row] > 0)
    found: date = days.days[with_case[-1] if with_case.size else -1].astype(object)
    return found + timedelta(days=panel.step.days - 1)
