"""All tables. Each has one writing folder, named in its module's first line."""

from importlib import import_module
from pkgutil import iter_modules

from gis.tables.base import SRID, Base
from gis.tables.city import (
    NETWORK_VERSIONS,
    Area,
    City,
    Place,
    RoadNode,
    RoadSegment,
    TurnRestriction,
    WaterBody,
)
from gis.tables.consumers import ConsumerCursor, ParkedEvent
from gis.tables.disclosure import DisclosureCell, DisclosureRelease
from gis.tables.diversions import Diversion
from gis.tables.events import (
    Event,
    IdempotencyKey,
    Installation,
    OutboxEntry,
    PersonalAccess,
    PersonalValue,
    StreamEntry,
    StreamHead,
)
from gis.tables.facilities import (
    Aed,
    AedState,
    Facility,
    FacilityCapability,
    FacilityKind,
    FacilitySource,
    Station,
)
from gis.tables.fleet import (
    CrewMember,
    Shift,
    ShiftCrew,
    Unit,
    UnitLatestPosition,
    UnitPosition,
)
from gis.tables.hospitals import BedPool, BedPromise, HospitalStatus
from gis.tables.identity import (
    ApiToken,
    LoginSession,
    RolePermission,
    RoleRecord,
    User,
    UserRole,
)
from gis.tables.incidents import (
    OPEN_ASSIGNMENT_STATES,
    Alarm,
    Assignment,
    AssignmentStamp,
    Call,
    Incident,
    IncidentMerge,
    Patient,
    SimulationControl,
)
from gis.tables.jobs import JobRow
from gis.tables.links import IdentityLink
from gis.tables.population import (
    AreaSuccessor,
    IndicatorLatest,
    IndicatorValue,
    Population,
    PopulationCell,
)
from gis.tables.roads import (
    ROAD_CHANGES,
    RoadCondition,
    RoadConditionEdge,
    RoadConditionsState,
    RoadMetric,
    RoadSpeed,
    RoadSpeedProfile,
)

__all__ = [
    "NETWORK_VERSIONS", "OPEN_ASSIGNMENT_STATES", "ROAD_CHANGES", "SRID", "Aed", "AedState",
    "Alarm", "ApiToken", "Area", "AreaSuccessor", "Assignment", "AssignmentStamp", "Base",
    "BedPool", "BedPromise", "Call", "City", "ConsumerCursor", "CrewMember", "DisclosureCell",
    "DisclosureRelease", "Diversion", "Event", "Facility",
    "FacilityCapability", "FacilityKind", "FacilitySource", "HospitalStatus", "IdempotencyKey",
    "IdentityLink", "Incident", "IncidentMerge", "IndicatorLatest", "IndicatorValue",
    "Installation", "JobRow",
    "LoginSession", "OutboxEntry", "ParkedEvent", "Patient", "PersonalAccess", "PersonalValue",
    "Place", "Population", "PopulationCell", "RoadCondition", "RoadConditionEdge",
    "RoadConditionsState", "RoadMetric", "RoadNode", "RoadSegment", "RoadSpeed",
    "RoadSpeedProfile", "RolePermission", "RoleRecord", "Shift", "ShiftCrew",
    "SimulationControl", "Station", "StreamEntry", "StreamHead", "TurnRestriction", "Unit",
    "UnitLatestPosition", "UnitPosition", "User", "UserRole", "WaterBody",
]  # fmt: skip

for _module in iter_modules(__path__):
    # A table counts as soon as its module stands here; whoever uses it imports it from there.
    import_module(f"{__name__}.{_module.name}")
