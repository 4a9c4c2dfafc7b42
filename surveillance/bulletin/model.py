"""What a bulletin tells: counts that may be missing or hidden, of spans reported whole or in part.

No I/O.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum

from gis.cities import CityRow
from gis.documents import Cell
from gis.report_periods import ReportPeriod
from gis.words import Words


class Of(StrEnum):
    """Which days a count is of: the period, what it is compared with, the year up to its end."""

    PERIOD = "period"
    BEFORE = "before"
    YEAR_BEFORE = "year_before"
    TO_DATE = "to_date"
    TO_DATE_BEFORE = "to_date_before"


class Reported(Enum):
    """How far the reports that came cover some days."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


class Missing(Enum):
    """Why there is no number; none of these is a zero."""

    NOT_REPORTED = Words(en="no report", zh="无报告")
    PART_REPORTED = Words(en="reported in part", zh="报告不全")
    NO_SUCH_PERIOD = Words(en="no such week", zh="无同期周")
    HIDDEN = Words(en="hidden", zh="不公布")
    NOT_PUBLISHED = Words(en="not published", zh="未发布")


@dataclass(frozen=True, slots=True)
class Count:
    """How many. `value` None: `why` says it; `at_least`: what of it is told all the same."""

    value: int | None
    why: Missing | None = None
    at_least: int = 0

    @property
    def cell(self) -> Cell:
        """What a table says."""
        if self.value is not None:
            return self.value
        if self.at_least:
            return _AT_LEAST.filled(n=f"{self.at_least:,}")
        return None if self.why is None else self.why.value


_AT_LEAST = Words(en="≥ {n}", zh="≥{n}")
_NONE_IN_EITHER = Words(en="both 0", zh="均为0")
_NONE_BEFORE = Words(en="from 0", zh="基期为0")


def total(counts: Iterable[Count]) -> Count:
    """Return the sum; with one that is missing, only what is told of it."""
    known, why = 0, None
    for one in counts:
        known += one.at_least if one.value is None else one.value
        why = why or one.why
    return Count(known) if why is None else Count(None, why, at_least=known)


def change_percent(now: Count, base: Count) -> Cell:
    """Return by how many percent a count is above another, or the words why nobody can say.

    A base of zero is no base: it is said, not divided by.
    """
    for one in (base, now):
        if one.value is None:
            return None if one.why is None else one.why.value
    assert now.value is not None
    assert base.value is not None
    if base.value == 0:
        return _NONE_IN_EITHER if now.value == 0 else _NONE_BEFORE
    return 100.0 * (now.value - base.value) / base.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from `first` up to before `until`, and how far reports cover them."""

    first: date
    until: date
    reported: Reported


def covered(first: date, until: date, *, since: date | None, before: date | None) -> Reported:
    """Return how far reports of the days from `since` up to before `before` cover others.

    since, before None: there is no report at all.
    """
    if since is None or before is None or until <= since or first >= before:
        return Reported.NONE
    return Reported.WHOLE if since <= first and until <= before else Reported.PART


def spans_of(period: ReportPeriod, *, since: date | None, before: date | None) -> dict[Of, Span]:
    """Return the spans of a period; without a week 53 last year two are left out."""
    days = {
        Of.PERIOD: (period.first, period.until),
        Of.BEFORE: (period.before.first, period.before.until),
        Of.TO_DATE: (period.year_begins, period.until),
    }
    if (earlier := period.year_before) is not None:
        days[Of.YEAR_BEFORE] = (earlier.first, earlier.until)
        days[Of.TO_DATE_BEFORE] = (earlier.year_begins, earlier.until)
    return {
        of: Span(
            first=first, until=until,
            reported=covered(first, until, since=since, before=before),
        )
        for of, (first, until) in days.items()
    }  # fmt: skip


Counts = Mapping[Of, Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseRow:
    """One disease; deaths None: they are not told here."""

    code: str
    words: Words
    legal_class: str | None
    cases: Counts
    deaths: Counts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One area: all diseases together, and by code those of the period; residents None: unknown."""

    code: str
    words: Words
    residents: int | None
    cases: Counts
    by_disease: Mapping[str, Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """A week of a curve: its Monday, its cases and those of 52 weeks before."""

    first: date
    cases: Count
    year_before: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRow:
    """A signal that stood in the period; numbers None for who may see none."""

    disease: Words
    place: Words
    raised_on: date
    cases_7: int | None
    expected: float | None
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """A cluster in space and time; days and numbers None for who may see none."""

    disease: Words
    place: Words
    starts_on: date | None
    ends_on: date | None
    observed: int | None
    expected: float | None
    recurrence_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Told clusters of ordinary diseases that the newest scan of a period found."""

    day: date
    rows: Sequence[ClusterRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How complete the reports of a period are; `filled` is field → cases that have it.

    late: of `due` reports that the law asked within 2 or 24 hours and whose delay is known.
    after_end: came only after the period was over. open_doubles, undated: of the whole city, None
    where only some areas are told.
    """

    cases: int
    filled: Mapping[str, int]
    due: int
    late: int
    after_end: int
    median_h: float | None
    p90_h: float | None
    files: int
    rejected: int
    open_doubles: int | None
    undated: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """All that is told of a period.

    rows: diseases with a case, or a death, in any span. everything: of all of them. unplaced: cases
    of the period that lie in none of the areas. limited: whether it is of some areas only.
    published: told are published cells, no case was read. clusters None: no scan in the period.
    judged_days: on how many of its days signals were looked for. basis: the day that cases count
    on.
    """

    city: CityRow
    period: ReportPeriod
    spans: Mapping[Of, Span]
    reported_until: date | None
    reported_since: date | None
    basis: Words
    rows: Sequence[DiseaseRow]
    everything: DiseaseRow
    areas: Sequence[AreaRow]
    residents: int | None
    population_of: Words | None
    unplaced: int
    curves: Mapping[str, Sequence[WeekRow]]
    signals: Sequence[SignalRow]
    judged_days: int
    clusters: Clusters | None
    quality: Quality | None
    limited: bool
    published: bool
    simulated: bool
    smallest_told: int | None = None
    sources: Sequence[Words] = field(default=())
