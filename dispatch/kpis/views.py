"""What is shown of intervals and standards: dataclasses whose fields are the JSON."""

from dataclasses import dataclass
from datetime import datetime

from gis.words import Words


@dataclass(frozen=True, slots=True)
class StandardView:
    """One standard of a profile."""

    interval: str
    interval_words: Words
    categories: tuple[str, ...]
    statistic: str
    at_most_s: float
    share: float | None


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A profile of standards with its edition and source."""

    name: str
    edition: str
    words: Words
    source: str
    notes: Words | None
    standards: tuple[StandardView, ...]


@dataclass(frozen=True, slots=True)
class ProfileList:
    """The profiles that can be asked for."""

    profiles: tuple[ProfileView, ...]


@dataclass(frozen=True, slots=True)
class JudgedView:
    """What came of one standard in one group; `met` is null where fewer than ten records say."""

    group: str
    group_words: Words
    interval: str
    interval_words: Words
    categories: tuple[str, ...]
    statistic: str
    at_most_s: float
    share: float | None
    used: int
    within: int
    value: float | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class IntervalView:
    """An interval in one group.

    used : records it is reckoned from; the others are left out by reason
    mean_s, median_s : null of no records; p90_s : null of fewer than ten
    """

    group: str
    group_words: Words
    interval: str
    interval_words: Words
    used: int
    future: int
    out_of_order: int
    out_of_bounds: int
    missing: int
    mean_s: float | None
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class KpiView:
    """Intervals and standards of a city over a period.

    records : `dispatch`, this house's own, or `recorded`, as another system wrote them
    responses, calls : units sent and calls within the period and the viewer's areas
    out_of_order : responses whose stamps contradict one another
    remarks : how the numbers are made and what they do not say
    """

    city_id: int
    profile: ProfileView
    records: str
    by: str
    area: str | None
    begin: datetime
    until: datetime
    responses: int
    calls: int
    out_of_order: int
    simulated: bool
    standards: tuple[JudgedView, ...]
    intervals: tuple[IntervalView, ...]
    remarks: tuple[Words, ...]
