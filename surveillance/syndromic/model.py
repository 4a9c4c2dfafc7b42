"""Syndromes by complaint, and how many calls a day had of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gis.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Syndrome:
    """What calls of some complaints are counted as. complaints: codes of NEMSIS eDispatch.01."""

    code: str
    words: Words
    complaints: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedCall:
    """What is kept of a call: when it was first coded, where, as what. It says nothing of who.

    repeats: it was linked to another call, or merged into it. ended_as: the outcome that it was
    closed with, None while it is open.
    """

    city_id: int
    area_code: str | None
    first_coded_on: date | None
    complaint_code: str | None
    determinant: str | None
    category: str | None
    cancelled: bool
    repeats: bool
    ended_as: str | None

    @property
    def counts(self) -> bool:
        """Return whether it is one call of its complaint: coded, once, and for somebody ill."""
        return (
            self.complaint_code is not None
            and not self.cancelled
            and not self.repeats
            and self.ended_as not in NOT_ILL
        )


NOT_ILL = frozenset({"false_alarm"})
"""Outcomes that say that nobody was ill or hurt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamCount:
    """Calls of one syndrome, on one day, in one area (None: the place is not known)."""

    syndrome: str
    day: date
    area_code: str | None
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """What the calls of some days were coded as.

    since, before: the days, `before` not included. counts: only where there were calls; a day from
    `first_day` on without calls of a syndrome is a zero. first_day: the first on which any call was
    coded here, None = never yet; what was before it is not known. version: of the syndromes.
    """

    city_id: int
    version: str
    since: date
    before: date
    first_day: date | None
    syndromes: Mapping[str, Words]
    counts: tuple[StreamCount, ...]
