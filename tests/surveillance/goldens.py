"""Numbers of other programs, and how far ours are from them.

`CASES` is what the tests assert and what `python -m docs.make_parity` prints.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gis.settings import PROJECT_FOLDER
from surveillance.detect.ears import Ears, Kind
from surveillance.series.model import Panel, Step

FOLDER = PROJECT_FOLDER / "tests" / "golden" / "surveillance"
BULK = PROJECT_FOLDER.parent / "shared" / "data" / "surveillance"
Row = Mapping[str, str]


def number(text: str) -> float:
    """Return a number of R's; NA is NaN."""
    return float("nan") if text in {"NA", "NaN", ""} else float(text)


def rows_of(file: str) -> list[Row]:
    """Return the rows of a golden file."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def grouped(rows: Sequence[Row], *by: str) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """Yield the rows of each combination of some columns."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in by), []).append(row)
    yield from groups.items()


def column(rows: Sequence[Row], name: str) -> NDArray[np.float64]:
    """Return a column of numbers."""
    return np.array([number(row[name]) for row in rows])


@cache
def weekly() -> tuple[tuple[str, ...], Panel]:
    """Return the names and counts of the committed weekly series."""
    rows = rows_of("weekly.csv")
    names = tuple(name for name in rows[0] if name not in {"index", "week_from"})
    counts = np.array([column(rows, name) for name in names])
    start = date.fromisoformat(rows[0]["week_from"])
    return names, Panel(counts=counts, starts_on=start, step=Step.WEEK)


def apart(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """Return the largest difference, relative to numbers above 1; inf if one alone is NaN."""
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return float("inf")
    difference = np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1)
    return float(np.nanmax(difference, initial=0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An algorithm held against a golden file."""

    algorithm: str
    call: str
    golden: str
    difference: Callable[[], float]


def ears() -> float:
    """Thresholds and alarms of EARS; R gives none where the spread is 0 and C2 infinite."""
    names, panel = weekly()
    worst = 0.0
    for (method, baseline, sigma, alpha), of_set in grouped(
        rows_of("ears.csv"), "method", "baseline", "min_sigma", "alpha"
    ):
        detector = Ears(kind=Kind[method], alpha=float(alpha), baseline=int(baseline),
                        min_sigma=float(sigma))  # fmt: skip
        judged = detector.judge(panel, first=364)
        for (name,), rows in grouped(of_set, "series"):
            theirs = column(rows, "threshold")
            said = ~np.isnan(theirs)
            worst = max(worst, apart(judged.threshold[names.index(name)][said], theirs[said]))
            alarms = judged.alarm[names.index(name)][said]
            assert np.array_equal(alarms, column(rows, "alarm")[said] == 1)
    return worst


CASES: tuple[Case, ...] = (
    Case(
        algorithm="EARS C1, C2, C3",
        call="surveillance::earsC",
        golden="ears.csv",
        difference=ears,
    ),
)
