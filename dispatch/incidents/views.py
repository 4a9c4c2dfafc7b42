"""What the use cases answer: plain dataclasses whose fields are the JSON of the HTTP interface."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.model import Reason, Words


@dataclass(frozen=True, slots=True)
class StampView:
    """One status stamp."""

    state: str
    etimes: str | None
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    skipped: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """One unit on one incident, with its stamps and what may follow."""

    assignment_id: UUID
    incident_id: UUID
    unit_id: int
    call_sign: str
    state: str
    version: int
    predicted_travel_time_s: float | None
    predicted_by: str | None
    predicted_arrival_at: datetime | None
    destination_facility_id: int | None
    destination_name: str | None
    destination_name_zh: str | None
    patient_id: UUID | None
    created_at: datetime
    stamps: tuple[StampView, ...]
    next_states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident with its assignments."""

    incident_id: UUID
    city_id: int
    number: str
    state: str
    version: int
    simulated: bool
    received_at: datetime
    located_at: datetime | None
    coded_at: datetime | None
    queued_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    outcome: str | None
    duplicate_of: UUID | None
    handled_by: UUID | None
    area_code: str | None
    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    declared_datum: str | None
    place_confirmed: bool
    place_source: str | None
    place_label: str | None
    complaint_code: str | None
    complaint: Words | None
    determinant: str | None
    category: str | None
    response_plan: Mapping[str, Any] | None
    patient_count: int | None
    assignments: tuple[AssignmentView, ...]


@dataclass(frozen=True, slots=True)
class PatientView:
    """One patient, without the name."""

    patient_id: UUID
    incident_id: UUID
    ordinal: int
    age_years: int | None
    sex: str | None
    triage_colour: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CallView:
    """One call, without number, name and words of the caller."""

    call_id: UUID
    incident_id: UUID
    source: str
    received_at: datetime
    answered_at: datetime | None
    recorded_at: datetime
    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    declared_datum: str | None


@dataclass(frozen=True, slots=True)
class IncidentDetail(IncidentView):
    """One incident with assignments, patients and calls."""

    patients: tuple[PatientView, ...]
    calls: tuple[CallView, ...]


@dataclass(frozen=True, slots=True)
class CallTaken:
    """The answer to a taken call."""

    incident: IncidentView
    call_id: UUID


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One page of incidents, newest first; `next_cursor` None at the end."""

    incidents: tuple[IncidentView, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class RankedUnitView:
    """One unit of a recommendation."""

    rank: int
    unit_id: int
    call_sign: str
    level: str
    station_id: int
    station_name: str
    state: str
    lon: float
    lat: float
    position_age_s: float | None
    position_stale: bool
    travel_time_s: float | None
    travel_time_low_s: float | None
    travel_time_high_s: float | None
    travel_time_ignoring_closures_s: float | None
    straight_line_m: float
    eligible: bool
    reasons: tuple[Reason, ...]
    route: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Every unit ranked for one incident; empty while `waiting_for` says what is missing."""

    incident_id: UUID
    incident_version: int
    computed_at: datetime
    topology_id: str | None
    conditions_id: str | None
    metric_id: str | None
    basis: str | None
    waiting_for: str | None
    units: tuple[RankedUnitView, ...]
    shortfalls: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DestinationView:
    """One hospital of a ranking."""

    facility_id: int
    name: str
    name_zh: str | None
    lon: float
    lat: float
    travel_time_s: float | None
    capabilities: tuple[str, ...]
    missing_capabilities: tuple[str, ...]
    diverting: bool | None
    status_age_s: float | None
    inbound: int
    recommended: bool
    reasons: tuple[Reason, ...]


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
    lon: float | None
    lat: float | None
    heading_deg: float | None
    speed_kmh: float | None
    device_at: datetime | None
    received_at: datetime | None
    modelled: bool
    version: int


@dataclass(frozen=True, slots=True)
class RejectedPosition:
    """A position not taken, by its place in the batch."""

    index: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class PositionsResult:
    """How many positions were taken, and why others were not."""

    accepted: int
    rejected: tuple[RejectedPosition, ...]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One gazetteer answer."""

    place_id: int
    kind: str
    name: str
    name_zh: str | None
    name_en: str | None
    street: str | None
    house_number: str | None
    lon: float
    lat: float
    radius_m: float
    score: float
    modelled: bool
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class PlacesFound:
    """Ranked places; `picked` only if no like one lies far away."""

    places: tuple[PlaceView, ...]
    ambiguous: bool
    picked: PlaceView | None


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
    route: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AedsFound:
    """The nearest defibrillators at a moment."""

    at: datetime
    time_zone: str
    aeds: tuple[AedView, ...]


@dataclass(frozen=True, slots=True)
class HospitalStatusView:
    """Live status of one hospital; all None where it never reported."""

    facility_id: int
    name: str
    name_zh: str | None
    diverting: bool | None
    divert_reason: str | None
    emergency_beds_free: int | None
    reported_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class StoryEventView:
    """One event of an incident's story."""

    subject_version: int
    type: str
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    payload: Mapping[str, Any]
    text: Words


@dataclass(frozen=True, slots=True)
class Story:
    """An incident's events in order, and whether their hash chain holds."""

    events: tuple[StoryEventView, ...]
    chain_intact: bool


@dataclass(frozen=True, slots=True)
class SimulationView:
    """How the simulated city runs."""

    speed_factor: float
    auto_dispatch: bool
    calls_per_hour: float
    version: int


@dataclass(frozen=True, slots=True)
class FleetCreated:
    """What `create_fleet` made."""

    stations: int
    units: int
    crew_members: int
