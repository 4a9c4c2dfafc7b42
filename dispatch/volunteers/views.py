"""What a volunteer sees, and what a supervisor sees of volunteers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FetchView:
    """The AED to bring."""

    aed_id: int
    name: str | None
    name_zh: str | None
    location: str | None
    location_zh: str | None
    floor: str | None
    entrance: str | None
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class OwnAlert:
    """A volunteer's alert. Until it is accepted the place is approximate, and has no label."""

    alert_id: UUID
    state: str
    route: str
    alerted_at: datetime
    expires_at: datetime
    exact: bool
    lon: float | None
    lat: float | None
    radius_m: float | None
    place_label: str | None
    aed: FetchView | None
    aed_taken: bool
    recalled_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnVolunteer:
    """What a volunteer sees of themself."""

    volunteer_id: UUID
    verified: bool
    on_duty: bool
    alert: OwnAlert | None


@dataclass(frozen=True, slots=True)
class VolunteerView:
    """A volunteer as a supervisor sees them."""

    volunteer_id: UUID
    username: str
    display_name: str
    on_duty: bool
    enrolled_at: datetime
    verified_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class VolunteerList:
    """The volunteers of a city."""

    volunteers: tuple[VolunteerView, ...]
