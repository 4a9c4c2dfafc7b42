"""What is shown of defibrillators."""

from dataclasses import dataclass
from datetime import datetime

from gis.geojson import LineString


@dataclass(frozen=True, slots=True)
class AedView:
    """One defibrillator with its walking way."""

    aed_id: int
    name: str | None
    name_zh: str | None
    location: str | None
    location_zh: str | None
    access: str
    opening_hours: str | None
    open_now: bool | None
    indoor: bool | None
    floor: str | None
    phone: str | None
    last_checked_at: datetime | None
    modelled: bool
    lon: float
    lat: float
    walking_time_s: float | None
    walking_distance_m: float
    basis: str
    route: LineString | None


@dataclass(frozen=True, slots=True)
class AedsFound:
    """The nearest defibrillators at a moment, and what their walking times are from."""

    at: datetime
    time_zone: str
    topology_id: str | None
    conditions_id: str | None
    metric_id: str | None
    aeds: tuple[AedView, ...]


@dataclass(frozen=True, slots=True)
class OpeningPeriod:
    """Whether a device can be had from a moment on, until the next period; None: not known."""

    from_at: datetime
    open: bool | None


@dataclass(frozen=True, slots=True)
class NearAed:
    """One defibrillator as a phone keeps it: with its hours as periods, for when it is offline.

    `gcj02` and `bd09` are (longitude, latitude) for the map programs of mainland China, else null.
    """

    aed_id: int
    name: str | None
    name_zh: str | None
    location: str | None
    location_zh: str | None
    access: str
    periods: tuple[OpeningPeriod, ...]
    indoor: bool | None
    floor: str | None
    phone: str | None
    last_checked_at: datetime | None
    modelled: bool
    lon: float
    lat: float
    gcj02: tuple[float, float] | None
    bd09: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class CityAround:
    """The city a position lies in."""

    city_id: int
    name: str
    name_zh: str | None
    bbox: tuple[float, float, float, float]
    time_zone: str
    modelled: bool
    attribution: str


@dataclass(frozen=True, slots=True)
class AedsAround:
    """What a phone at a position needs, also later without a network.

    `emergency_number` null: not known for sure there. Periods hold until `valid_until_at`.
    """

    at: datetime
    valid_until_at: datetime
    emergency_number: str | None
    city: CityAround | None
    aeds: tuple[NearAed, ...]
