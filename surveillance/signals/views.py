"""What is shown of runs, signals and series; the fields are the JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gis.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A day as it was judged; `unjudged`: outcome → series, `alarms`: detector → series.

    covered: diseases counted by aggregate reports: `disease`, `source`, `days` of a period, `since`
    and, where line lists go on, `until`. threshold: `p` that meets the alarms a day, on the last
    `days`, with `alarms_a_day` and `false_a_day` it gives, and `words`.
    """

    run_id: UUID
    city_id: int
    day: date
    as_of: datetime
    date_basis: str
    area_level: str
    alarms_a_day: int
    false_share: float
    least_cases: int
    series: int
    judged: int
    unjudged: Mapping[str, int]
    alarms: Mapping[str, int]
    expected_false: float
    signals: int
    kept: int
    unplaced: int
    undated: int
    covered: list[dict[str, Any]]
    threshold: Mapping[str, Any] | None
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionView:
    """What one detector says of a series on the day; `why_not`: why it does not judge."""

    detector: str
    words: Words
    alarm: bool
    observed: float | None
    expected: float | None
    threshold: float | None
    p_value: float | None
    why_not: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalView:
    """One signal. `recent`: cases by day up to the day, None = no report.

    kind: `series`, `calls` (of a syndrome; `disease` None), `institution` with its name, or `drop`:
    far fewer than were due, of a series or of a reporting unit (`institution`; `disease` None, and
    `recent` by seven days).
    area_code None: the whole city. numbers: whether the viewer may see any; else they are None, as
    are age group, reason and opinions, and `disease_words` name the group only. advised_until:
    dispatch is advised of it.
    """

    signal_id: UUID
    version: int
    kind: str
    institution: str | None
    numbers: bool
    disease: str | None
    disease_words: Words
    area_code: str | None
    place: Words
    age_group: str | None
    state: str
    state_at: datetime
    state_by: str | None
    note: str | None
    raised_on: date
    last_on: date
    newest_case_on: date | None
    cases_7: int | None
    lead: Words | None
    obliged: bool
    told: bool
    observed: float | None
    expected: float | None
    threshold: float | None
    p_value: float | None
    false_rate: float | None
    weight: float | None
    reason: Words
    opinions: list[OpinionView]
    recent: list[int | None]
    advised_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetView:
    """How many alarms a day staff can verify, since when, by whom; version 0: as installed."""

    version: int
    alarms_a_day: int
    set_at: datetime | None
    set_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingView:
    """Whose reports are missing: how many periods, and up to when there is something."""

    frame_id: int
    source: str
    place: Words
    rhythm: str
    periods: int
    reported_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterEnded:
    """From which day on nobody waits for somebody's reports."""

    frame_id: int
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayView:
    """The newest day of a city. `run` None: it was never judged.

    judged: the cities that were, so that one may go there. signals: found by the run, by weight.
    earlier: found before and not over. kept: found, but beyond what staff can verify. calls: open
    signals of ambulance calls, to who reads cases. missing: reports that should have come by the
    end of the day. drops: far fewer than were due, to who reads cases. budget: what staff of the
    city last said they can verify, None: nothing yet.
    """

    city_id: int
    run: RunView | None
    judged: list[int]
    basis: Words | None
    signals: list[SignalView]
    earlier: list[SignalView]
    kept: list[SignalView]
    missing: list[MissingView]
    calls: list[SignalView]
    drops: list[SignalView]
    budget: BudgetView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNowcast:
    """What the newest days of onset will have; lists by day from `starts_on`, an ISO date."""

    starts_on: str
    median: list[float | None]
    low: list[float | None]
    high: list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """One series by day; `cases` None = no report."""

    disease: str
    area_code: str | None
    age_group: str
    date_basis: str
    starts_on: date
    cases: list[int | None]
    nowcast: StoredNowcast | None
