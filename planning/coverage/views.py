"""What is shown of a city's coverage: dataclasses whose fields are the JSON."""

from dataclasses import dataclass
from datetime import date, datetime

from gis.words import Words


@dataclass(frozen=True, slots=True)
class StandardView:
    """A standard by its code; `limit` in seconds or metres, as its measure has it."""

    code: str
    measure: str
    words: Words
    limit: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place by its names; `code` None: the whole city, or cells outside all districts."""

    code: str | None
    name: str | None
    name_zh: str | None
    name_en: str | None


@dataclass(frozen=True, slots=True)
class ShareView:
    """People of one group and district whom at least `fold` units of a class reach.

    `part`: `city`, `district` or `outside`. `unit_class` None: any. `share` of those whose time is
    known, None where there is nobody; `unknown` people whose time is not.
    """

    standard: str
    fold: int
    unit_class: str | None
    part: str
    district: PlaceName
    group: str
    covered: int
    known: int
    unknown: int
    share: float | None


@dataclass(frozen=True, slots=True)
class HourView:
    """Share of the city's people covered once at an hour of the day, local."""

    hour: int
    standard: str
    units: int
    share: float | None


@dataclass(frozen=True, slots=True)
class ExpectedView:
    """Expected coverage of the city: units busy for a given share of their time, each by itself."""

    standard: str
    busy: float
    covered: int
    share: float | None


@dataclass(frozen=True, slots=True)
class WorkedView:
    """Coverage of the city with the fleet at work at the present hour (hypercube model).

    exact : False where there are too many units for the exact model
    busy_least, busy_mean, busy_most : share of time that units work; all_busy : share of calls that
    find nobody free
    """

    standard: str
    calls_an_hour: float
    task_s: float
    exact: bool
    covered: int
    share: float | None
    busy_least: float
    busy_mean: float
    busy_most: float
    all_busy: float


@dataclass(frozen=True, slots=True)
class SiteView:
    """A station that is supposed to be there."""

    key: int
    name: str
    lon: float
    lat: float
    units: int
    level: str


@dataclass(frozen=True, slots=True)
class SupposedView:
    """What an answer supposes: stations closed and new, and how much is drawn on the roads."""

    closed: tuple[int, ...]
    sites: tuple[SiteView, ...]
    conditions: int
    roads: int
    drawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What a change does by district: people who fall out of a limit or come within it.

    slower, quicker : people for whom the nearest station is a minute farther or nearer, or more
    """

    standard: str
    district: PlaceName
    loses: int
    slower: int
    gains: int
    quicker: int


@dataclass(frozen=True, slots=True)
class ComplianceView:
    """One standard in one district; None: not recorded, so not known."""

    standard: str
    district: PlaceName
    numerator: float | None
    denominator: float | None
    value: float | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class WorstView:
    """People of one place among the worst served; `seconds` None: no way leads there."""

    place: PlaceName
    people: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class CoverageView:
    """Coverage of a city at a moment, on its roads as they are or are supposed to be.

    Groups of people are everybody, ages, and fifths of the risk `grouped_by`. `calibration` says
    whether times were set beside recorded ones. `sentences`: what the numbers
    rest on and do not say.
    """

    city_id: int
    at: datetime
    topology_id: str | None
    conditions_id: str | None
    calibration: Words
    people: int
    people_source: str | None
    counted_on: date | None
    modelled: bool
    stations: int
    units: int
    units_on_duty: int
    closed: tuple[int, ...]
    supposed: SupposedView | None
    grouped_by: str | None
    standards: tuple[StandardView, ...]
    shares: tuple[ShareView, ...]
    hours: tuple[HourView, ...]
    expected: tuple[ExpectedView, ...]
    worked: tuple[WorkedView, ...]
    change: tuple[ChangeView, ...]
    compliance: tuple[ComplianceView, ...]
    worst: tuple[WorstView, ...]
    sentences: tuple[Words, ...]
