"""What is shown of coverage; the fields are the JSON."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidView:
    """An area whose people no free unit reaches in time though a station could.

    people : now; most_people : while it was open; lon, lat : the middle of these people
    """

    void_id: UUID
    area_code: str
    name: str | None
    name_zh: str | None
    name_en: str | None
    people: int
    most_people: int
    lon: float
    lat: float
    opened_at: datetime
    closed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCoverageView:
    """Coverage of a city now.

    unknown : why nothing can be said (`population`, `stations`, `busy`, `preparing`); None: it can
    points : expected coverage in percentage points; reached_share : of the people, by at least one
    free unit; both None where not known
    busy : the share of their time that units are busy; busy_unit_hours : that it was measured on,
    None where it is stated
    units_free : that count; of these without a position, and with an old one
    people : whose time is known; unknown_people : without a road near by
    """

    city_id: int
    computed_at: datetime
    standard: str
    standard_words: Words
    unknown: str | None
    points: float | None
    reached_share: float | None
    busy: float | None
    busy_unit_hours: float | None
    units_free: int
    units_without_position: int
    units_with_old_position: int
    people: int | None
    unknown_people: int | None
    people_source: str | None
    counted_on: date | None
    modelled: bool
    basis: str
    voids: tuple[VoidView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredCellsView:
    """Coverage of each cell now or up to an hour ahead, as parallel lists.

    covered : chance that a unit which reaches the cell in time is free, None where no road is near
    units_back_unknown : at work, of whose end too little is on record: taken as not back
    """

    city_id: int
    at: datetime
    ahead_s: int
    unknown: str | None
    points: float | None
    units_free: float
    units_back_unknown: int
    lon: tuple[float, ...]
    lat: tuple[float, ...]
    covered: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRulesView:
    """A city's rules of coverage and move-ups; version 0: the defaults."""

    city_id: int
    version: int
    standard: str
    standards: tuple[str, ...]
    assumed_busy: float | None
    void_opens_people: int
    void_closes_people: int
    void_holds_s: int
    moves_per_hour: int
    least_gain_points: float
    least_area_share: float
    moves_per_shift: int
    rest_s: int
