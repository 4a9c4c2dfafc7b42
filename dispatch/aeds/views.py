"""What is shown of defibrillators."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

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
class ReportedProblem:
    """What somebody reported of a device (missing, broken) that nobody has checked yet."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AedPhoto:
    """What is said of a picture (`/v1/aeds/{aed_id}/photo`): who took it, its licence, the day."""

    source: str
    licence: str
    taken_on: date | None
    added_at: datetime


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
    reported: ReportedProblem | None
    entrance: str | None
    photo: AedPhoto | None
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


@dataclass(frozen=True, slots=True)
class AedReported:
    """What was taken of a citizen's report."""

    aed_id: int
    kind: str
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class AedReportView:
    """A citizen's report as a moderator sees it; `state` is the device's own, now."""

    report_id: UUID
    aed_id: int
    kind: str
    words: str | None
    reported_at: datetime
    decision: str | None
    decided_at: datetime | None
    decided_by: str | None
    check_requested_at: datetime | None
    check_requested_by: str | None
    city_id: int
    name: str | None
    name_zh: str | None
    location: str | None
    location_zh: str | None
    indoor: bool | None
    floor: str | None
    phone: str | None
    lon: float
    lat: float
    state: str
    city_name: str
    city_name_zh: str | None


@dataclass(frozen=True, slots=True)
class AedReportList:
    """Reports that wait, newest first, then those decided in the last 30 days."""

    reports: tuple[AedReportView, ...]


@dataclass(frozen=True, slots=True)
class AedStep:
    """One thing that was reported of a device or done about it.

    `step`: aed.reported, aed.check_requested, aed.report_decided or aed.returned.
    """

    at: datetime
    step: str
    actor: str
    kind: str | None
    decision: str | None


@dataclass(frozen=True, slots=True)
class AedHistory:
    """All that was reported of one device and decided about it, newest first."""

    aed_id: int
    steps: tuple[AedStep, ...]
