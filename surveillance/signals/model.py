"""The series of a day, what detectors say of them, and the signals that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gis.words import Reason, Words
from surveillance.detect.budget import Budget
from surveillance.detect.model import Outcome
from surveillance.series.keys import SeriesKey
from surveillance.series.model import Panel

IN_CITY = Words(en="the whole city", zh="全市")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The series by day or by week that are looked at; the last column is judged.

    keys: one a row of the panel. names: words of every disease, by its code; places: of every area.
    fixed: code of a disease → cases from which it alarms whatever was before. counties: areas large
    enough that a first case in years is told by itself. ruled: signals raised by rules that look at
    no series. silent: reporting units of which
    far fewer reports came. sources: disease → who counted it, where these are aggregate reports.
    """

    keys: tuple[SeriesKey, ...]
    panel: Panel
    names: Mapping[str, Words]
    places: Mapping[str, Words]
    fixed: Mapping[str, int]
    counties: frozenset[str] = frozenset()
    ruled: tuple["Signal", ...] = ()
    silent: tuple["Signal", ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What staff decide of a run.

    alarms_a_day: how many they can verify: of the last weeks follows the p above which nothing is
    raised, and those beyond it on a day are kept, and not told. false_share: the
    share of told alarms that may be false (Benjamini-Hochberg over all series). least_cases: fewer
    in seven days raise nothing, but a fixed value and a first case do.
    """

    alarms_a_day: int = 20
    false_share: float = 0.1
    least_cases: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one detector says of a series on the day; cases, and None where it has no number."""

    detector: str
    outcome: Outcome
    alarm: bool
    observed: float | None
    expected: float | None
    threshold: float | None
    p_value: float | None


class Kind(StrEnum):
    """What a signal is of."""

    SERIES = "series"
    INSTITUTION = "institution"
    CALLS = "calls"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """The school, worksite or reporting unit of a signal, named to who may see its numbers."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A series that is unusual on the day.

    lead: the detector that raised it, whose numbers these are. obliged: raised by a rule, which no
    budget silences. p_value: None of a rule; false_rate: the share of false alarms if all with so
    small a p were told. weight: by it signals are ordered, the greatest first. cases_7: of the last
    seven days; newest_case_on: the last day with a case in them.
    """

    key: SeriesKey
    lead: str
    obliged: bool
    observed: float
    expected: float | None
    threshold: float | None
    p_value: float | None
    false_rate: float | None
    weight: float
    told: bool
    cases_7: int
    newest_case_on: date
    reason: Reason
    opinions: tuple[Opinion, ...]
    kind: Kind = Kind.SERIES
    institution: Institution | None = None
    recent: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRun:
    """A day as it was judged.

    judged: series that a leading detector could judge; unjudged: why it could not the others.
    expected_false: how many of the told signals that have a p are expected to be false, at most.
    alarms: detector → series in which it alarms, told or not. budget: the threshold that meets the
    alarms a day on the last weeks, None where nothing of these could be judged. drops: far fewer
    than were due, of which staff are told beside the signals.
    """

    day: date
    series: int
    judged: int
    unjudged: Mapping[Outcome, int]
    alarms: Mapping[str, int]
    expected_false: float
    budget: Budget | None
    signals: tuple[Signal, ...]
    drops: tuple[Signal, ...] = ()
