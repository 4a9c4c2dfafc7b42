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
