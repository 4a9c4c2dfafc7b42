"""Counts of several series over the same periods."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from surveillance.series.errors import CountsUnusableError

Counts = NDArray[np.float64]
"""(n_series, n_periods) float64; NaN = no report, which is not zero."""


class Step(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"

    @property
    def days(self) -> int:
        """Days in a period."""
        return 1 if self is Step.DAY else 7

    @property
    def per_year(self) -> int:
        """Periods in a year, as the published methods count them."""
        return 365 if self is Step.DAY else 52


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Counts of n series (areas, diseases, ages) over the same t periods.

    counts: (n, t) float64, NaN = no report. starts_on: the first day of the first period.
    usable: (n, t) bool, False = seen, yet left out of every baseline (a known outbreak, an
    interruption); None = all are used. population: (n, t) float64, persons, or None. known: (n, t)
    float64 above 0, share of each period's cases that is reported by now, as a nowcast says; None =
    all are.
    """

    counts: Counts
    starts_on: date
    step: Step
    usable: NDArray[np.bool_] | None = None
    population: NDArray[np.float64] | None = None
    known: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Refuse what is no table of counts.

        Raises
        ------
        CountsUnusableError
            Not two dimensions, not float64, a negative or infinite count, a mask, population or
            share of another shape, a population or share that is not positive.
        """
        counts = self.counts
        if counts.ndim != 2 or counts.dtype != np.float64:
            raise CountsUnusableError("they are no table of series by periods in float64")
        if bool(np.any(counts < 0) or np.any(np.isinf(counts))):
            raise CountsUnusableError("a count is negative or infinite")
        for name, other in (
            ("mask", self.usable), ("population", self.population), ("share", self.known),
        ):  # fmt: skip
            if other is not None and other.shape != counts.shape:
                raise CountsUnusableError(f"their {name} has another shape")
        if self.population is not None and not bool(np.all(self.population > 0)):
            raise CountsUnusableError("an area has no population in some period")
        if self.known is not None and not bool(np.all((self.known > 0) & (self.known <= 1))):
            raise CountsUnusableError("a share of reported cases is not above 0 and at most 1")

    @property
    def n_series(self) -> int:
        """Series in the table."""
        return int(self.counts.shape[0])

    @property
    def n_periods(self) -> int:
        """Periods in the table."""
        return int(self.counts.shape[1])

    @property
    def days(self) -> NDArray[np.datetime64]:
        """The first day (t,) of each period, datetime64[D]."""
        first = np.datetime64(self.starts_on, "D")
        return first + np.arange(self.n_periods) * np.timedelta64(self.step.days, "D")

    def baseline(self) -> Counts:
        """Return the counts (n, t) that a baseline may use; NaN = none, or left out."""
        if self.usable is None:
            return self.counts
        return np.where(self.usable, self.counts, np.nan)
