"""Own history as a table of weekly counts, to put outbreaks into."""

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np

from surveillance.evaluate.detectors import SIZES
from surveillance.evaluate.scenarios import Simulated, inject
from surveillance.series.errors import CountsUnusableError
from surveillance.series.model import Panel, Step

JUDGED_WEEKS = 52


def read_history(file: Path) -> Panel:
    """Return weekly counts of a CSV: first column the first day of the week, then one series each.

    An empty cell is a week without a report. Raises `CountsUnusableError` where weeks do not follow
    one another, a cell is no number, or there are no more weeks than are judged.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        head, *rows = [row for row in csv.reader(lines) if row] or [[]]
    if len(head) < 2 or len(rows) <= JUDGED_WEEKS:
        raise CountsUnusableError(f"the file needs series beside dates, over {JUDGED_WEEKS} weeks")
    if any(len(row) != len(head) for row in rows):
        raise CountsUnusableError("a line has more or fewer cells than the first")
    try:
        days = [date.fromisoformat(row[0]) for row in rows]
        counts = [[float(cell) if cell else np.nan for cell in row[1:]] for row in rows]
    except ValueError as error:
        raise CountsUnusableError("a date is not YYYY-MM-DD, or a count is no number") from error
    if any((later - day).days != 7 for day, later in pairwise(days)):
        raise CountsUnusableError("the weeks do not follow one another")
    return Panel(counts=np.array(counts).T.copy(), starts_on=days[0], step=Step.WEEK)


def with_outbreaks(panel: Panel, *, seed: int) -> list[Simulated]:
    """Return the history with outbreaks of each size put into its last 52 weeks."""
    chance = np.random.default_rng(seed)
    first = panel.n_periods - JUDGED_WEEKS
    return [inject(panel, first=first, size=size, chance=chance) for size in SIZES]
