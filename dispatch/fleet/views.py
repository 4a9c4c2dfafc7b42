"""What is shown of units and their positions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit with its computed status and newest position."""

    unit_id: int
    call_sign: str
    level: str
    capabilities: tuple[str, ...]
    station_id: int
    station_name: str
    station_lon: float
    station_lat: float
    area_code: str | None
    status: str
    secondary: tuple[str, ...]
    assignment_state: str | None
    incident_id: UUID | None
    on_shift: bool
    out_of_service_reason: str | None
    out_of_service_since: datetime | None
    expected_back_at: datetime | None
    lon: float | None
    lat: float | None
    heading_deg: float | None
    speed_kmh: float | None
    device_at: datetime | None
    received_at: datetime | None
    modelled: bool
    version: int


@dataclass(frozen=True, slots=True)
class CrewMemberView:
    """Somebody on board, without the name."""

    qualification: str
    seat: str


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """A unit with the shift that is on now, and who is on board; null: no shift, or no end."""

    unit: UnitView
    shift_starts_at: datetime | None
    shift_ends_at: datetime | None
    crew: tuple[CrewMemberView, ...]


@dataclass(frozen=True, slots=True)
class RejectedPosition:
    """A position not taken, by its place in the batch."""

    index: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class FlaggedPosition:
    """A position taken with something to be known: doubtful, new_anchor, clock_ahead, late, …."""

    index: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PositionsResult:
    """How many positions were stored, why others were not, and what is to be known of some."""

    accepted: int
    rejected: tuple[RejectedPosition, ...]
    flagged: tuple[FlaggedPosition, ...]


@dataclass(frozen=True, slots=True)
class FleetCreated:
    """What `create_fleet` made."""

    stations: int
    units: int
    crew_members: int
