"""Residents of areas: their own count, else the sum of what lies in them, if all of it is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from surveillance.risk.model import People


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedArea:
    """A present area: codes above it and its own, and its newest count of residents if any."""

    code: str
    path: tuple[str, ...]
    persons: float | None
    counted_on: date | None
    source: str | None


def residents_of(codes: Sequence[str], areas: Sequence[CountedArea]) -> People:
    """Return the residents of `codes`.

    An area of which a part was not counted is not known: the sum of the rest would be too few.
    """
    own = {area.code: area for area in areas}
    below: dict[str, list[str]] = {}
    for area in areas:
        above = next((code for code in reversed(area.path[:-1]) if code in own), None)
        if above is not None:
            below.setdefault(above, []).append(area.code)

    def counts_of(code: str) -> list[CountedArea] | None:
        area = own.get(code)
        if area is None:
            return None
        if area.persons is not None:
            return [area]
        found: list[CountedArea] = []
        for part in below.get(code, ()):
            parts = counts_of(part)
            if parts is None:
                return None
            found += parts
        return found or None

    used: list[CountedArea] = []
    residents = np.full(len(codes), np.nan)
    for place, code in enumerate(codes):
        counts = counts_of(code)
        if counts is not None:
            used += counts
            residents[place] = sum(one.persons or 0.0 for one in counts)
    years = {one.counted_on.year for one in used if one.counted_on is not None}
    return People(
        residents=residents,
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        sources=tuple(sorted({one.source for one in used if one.source is not None})),
    )
