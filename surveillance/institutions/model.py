"""Schools and worksites as reports name them, and what staff said of the names. No I/O."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from surveillance.counting.model import known_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The newest thing said of an institution: its name, or which other one it is the same as."""

    institution_key: str
    version: int
    name: str | None
    same_as_key: str | None
    decided_at: datetime
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Institutions by what was said of them: key → the one it is the same as, and → its name."""

    same_as: Mapping[str, str]
    named: Mapping[str, str]

    def root(self, key: str) -> str:
        """Return the institution that a key stands for, across any number of merges."""
        seen = {key}
        while (above := self.same_as.get(key)) is not None and above not in seen:
            seen.add(above)
            key = above
        return key

    def name(self, key: str, written: Iterable[str]) -> str:
        """Return what an institution is called: as staff said, else as most reports write it."""
        given = self.named.get(key)
        if given is not None:
            return given
        counted = Counter(written)
        # Of equally frequent ones the shorter: a class or a bracket makes the others longer.
        return min(counted, key=lambda one: (-counted[one], len(one), one), default=key)


def names_of(decisions: Iterable[Decision]) -> Names:
    """Return what the newest decisions come to."""
    found = list(decisions)
    return Names(
        same_as={one.institution_key: one.same_as_key for one in found if one.same_as_key},
        named={one.institution_key: one.name for one in found if one.name},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionCases:
    """k versions of cases that name a school or worksite; at any moment one of a case is known.

    disease, institution (its key, merges resolved), written (as the report has it), area: (k,)
    object, area None where it is not known. day: datetime64[D] of onset, else of diagnosis, else of
    entry. admitted: bool. known_from, known_until, deleted_at: datetime64[us] UTC, NaT = not yet.
    names: institution → what staff call it, where they said so.
    """

    disease: NDArray[np.object_]
    institution: NDArray[np.object_]
    written: NDArray[np.object_]
    area: NDArray[np.object_]
    day: NDArray[np.datetime64]
    admitted: NDArray[np.bool_]
    known_from: NDArray[np.datetime64]
    known_until: NDArray[np.datetime64]
    deleted_at: NDArray[np.datetime64]
    names: Names

    def known_at(self, moment: datetime) -> NDArray[np.bool_]:
        """Return which versions (k,) were what was known at a moment, deleted ones not."""
        return known_at(self.known_from, self.known_until, self.deleted_at, moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionView:
    """One institution as reports write it, and what it counts as.

    same_as_key: the institution it was said to be. written: the names in reports, the most frequent
    first. like_key, like_name: one with more cases whose name is nearly the same, as long as nobody
    said anything of this one. cases and diseases: of a year, of the cases the viewer may read.
    """

    institution_key: str
    name: str
    version: int
    same_as_key: str | None
    same_as_name: str | None
    like_key: str | None
    like_name: str | None
    written: tuple[str, ...]
    cases: int
    diseases: tuple[str, ...]
    newest_on: date
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionList:
    """The institutions of a city with the most cases in a year."""

    institutions: tuple[InstitutionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """One version of what was said of an institution."""

    version: int
    name: str | None
    same_as_key: str | None
    decided_at: datetime
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionList:
    """All that was said of one institution, the newest first."""

    decisions: tuple[DecisionView, ...]
