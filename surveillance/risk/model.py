"""What a disease map is made of: counts by area and period, and what is reckoned of one period."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.disclosure.model import Period

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
PER = 100_000
"""People that a rate is of."""


class Measure(StrEnum):
    """What a map shows of each area."""

    EXCEEDANCE = "exceedance"
    RELATIVE_RISK = "relative_risk"
    SMOOTHED_RATE = "smoothed_rate"
    RATE = "rate"
    CASES = "cases"


class Step(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"


class Standing(StrEnum):
    """Why an area has no number, or one that is nothing."""

    COUNTED = "counted"
    ZERO = "zero"
    HIDDEN = "hidden"
    MISSING = "missing"
    NO_PEOPLE = "no_people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Cases of n areas in t whole periods that follow one another.

    cases : (n, t) float64, NaN where a report is missing or the count is hidden; hidden : (n, t)
    """

    periods: tuple[Period, ...]
    cases: Floats
    hidden: Bools

    def place_of(self, day: date) -> int:
        """Return the column of the period that holds a day, else of the newest before it, else 0.

        There is at least one period.
        """
        before = [place for place, one in enumerate(self.periods) if one.first <= day]
        return before[-1] if before else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Residents of n areas; NaN where nobody counted them.

    first_year, last_year : of the counts used, None where no source says
    """

    residents: Floats
    first_year: int | None
    last_year: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """One period of n areas; NaN where a number has nothing to stand on.

    rate, smoothed_rate : per 100,000 people in the period, as reported and drawn to the mean
    relative_risk, exceedance : leaning on the neighbours' (ICAR): against the areas shown as a
    whole, and the probability of being over it
    apart : areas that lean on the whole map, since no neighbour has a number
    """

    standing: tuple[Standing, ...]
    rate: Floats
    smoothed_rate: Floats
    relative_risk: Floats
    exceedance: Floats
    apart: int
