"""What is shown of ranked units and hospitals."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.choosing.policies import PolicyName
from dispatch.coverage.model import Unknown
from gis.geojson import LineString
from gis.words import Reason
from routing.live.answers import Basis


@dataclass(frozen=True, slots=True)
class DiversionView:
    """What taking a unit from its call would mean; the incident is the one it would leave.

    loss_s: how much longer that patient waits, until the next unit is there; None where nobody can
    replace it in time. replaced_by: who that would be. allowed: whether the diversion may be
    offered; without a replacement only to a C1, and only where the dispatcher says so.
    """

    incident_id: UUID
    number: str
    category: str
    loss_s: float | None
    replaced_by: str | None
    replacement_unit_id: int | None
    allowed: bool


@dataclass(frozen=True, slots=True)
class VoidView:
    """The area whose people no free unit would reach in time once this one is gone."""

    area_code: str
    name: str
    name_zh: str | None
    name_en: str | None
    people: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class CoverageNow:
    """Expected coverage as it is, by which standard and roads; `unknown`: why it is not known."""

    points: float | None
    standard: str
    basis: str | None
    unknown: Unknown | None


@dataclass(frozen=True, slots=True)
class RankedUnitView:
    """One unit of a recommendation.

    ranked_s: the seconds it is ranked by: its travel time, more where its position is stale, the
    latest where it is not clear yet. free_in_s: when a unit at a hospital is expected to be free.
    coverage_lost_points: percentage points of expected coverage that sending it costs, None = not
    known. void: the largest void that opens.
    """

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
    route: LineString | None = None
    diversion: DiversionView | None = None
    ranked_s: float | None = None
    free_in_s: float | None = None
    coverage_lost_points: float | None = None
    void: VoidView | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Units ranked for one incident; empty while `waiting_for` says what is missing.

    Ranked were `unit_count` units, of which `eligible_count` may be sent; `units` are the best of
    them and those suggested for a need, each with its rank among all. A unit with a `diversion` is
    on the way to a lesser call and stands where it would if it were free; it cannot be sent, only
    asked.
    """

    incident_id: UUID
    incident_version: int
    computed_at: datetime
    topology_id: str | None
    conditions_id: str | None
    metric_id: str | None
    basis: Basis | None
    waiting_for: str | None
    units: tuple[RankedUnitView, ...]
    unit_count: int
    eligible_count: int
    shortfalls: tuple[Reason, ...]
    policy: PolicyName
    coverage: CoverageNow | None


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
class Destinations:
    """The city's hospitals ranked for one incident, and what the times are from."""

    topology_id: str | None
    conditions_id: str | None
    metric_id: str | None
    basis: str | None
    destinations: tuple[DestinationView, ...]
