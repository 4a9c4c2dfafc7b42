"""What a count states of itself, and the cases it counts as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.words import Words
from surveillance.series.keys import SeriesKey


class DateBasis(StrEnum):
    """The day that a case is counted on."""

    ONSET = "onset"
    DIAGNOSIS = "diagnosis"
    ENTRY = "entry"
    REVIEW = "review"


DATE_BASIS_WORDS = {
    DateBasis.ONSET: Words(en="by day of onset", zh="按发病日期"),
    DateBasis.DIAGNOSIS: Words(en="by day of diagnosis", zh="按诊断日期"),
    DateBasis.ENTRY: Words(en="by day of the report", zh="按录入日期"),
    DateBasis.REVIEW: Words(en="by day of final review", zh="按终审日期"),
}


class PlaceBasis(StrEnum):
    """The area that a case is counted in."""

    RESIDENCE = "residence"
    REPORTING = "reporting"
    EXPOSURE = "exposure"


COUNTED = ("clinical", "confirmed", "probable", "unknown")
"""Classifications that are cases unless somebody says otherwise.

Suspects, carriers and mere positive tests are not; what a list does not classify is, or it would be
handed in and never seen.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What a count states of itself.

    as_of: as known at that moment. review_states: None = all of them.
    """

    city_id: int
    as_of: datetime
    date_basis: DateBasis = DateBasis.ENTRY
    place_basis: PlaceBasis = PlaceBasis.RESIDENCE
    classifications: tuple[str, ...] = COUNTED
    review_states: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseColumns:
    """k versions of cases; at any moment one version of a case is known at most.

    disease, area: (k,) object, codes, area None where it is not known. day, onset, entry:
    datetime64[D], NaT where the report lacks it; `day` is that of the date basis. age: (k,) float64
    years, NaN unknown. known_from, known_until, deleted_at: datetime64[us] UTC, NaT = not yet.
    counted_from: datetime64[us] UTC, since when the case counted by any of its versions.
    """

    disease: NDArray[np.object_]
    area: NDArray[np.object_]
    sex: NDArray[np.object_]
    age: NDArray[np.float64]
    day: NDArray[np.datetime64]
    onset: NDArray[np.datetime64]
    entry: NDArray[np.datetime64]
    known_from: NDArray[np.datetime64]
    known_until: NDArray[np.datetime64]
    deleted_at: NDArray[np.datetime64]
    counted_from: NDArray[np.datetime64]

    def known_at(self, moment: datetime) -> NDArray[np.bool_]:
        """Return which versions (k,) were what was known at a moment, deleted ones not."""
        return known_at(self.known_from, self.known_until, self.deleted_at, moment)


def known_at(
    known_from: NDArray[np.datetime64],
    known_until: NDArray[np.datetime64],
    deleted_at: NDArray[np.datetime64],
    moment: datetime,
) -> NDArray[np.bool_]:
    """Return which versions (k,) were what was known at a moment, deleted ones not."""
    at = np.datetime64(moment.replace(tzinfo=None), "us")
    return np.asarray(
        (known_from <= at)
        & (np.isnat(known_until) | (known_until > at))
        & (np.isnat(deleted_at) | (deleted_at > at))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Counts of series by day.

    counts: (n, t) float64, NaN where no report can have come. unplaced, undated: cases known that
    lie in none of the areas (they count in the whole city), or have no day (they count nowhere).
    """

    keys: tuple[SeriesKey, ...]
    counts: NDArray[np.float64]
    unplaced: int
    undated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCodes:
    """The areas of a level, and the one of them that each code below or above lies in."""

    codes: Sequence[str]
    of_code: dict[str, str]
