"""All tables. Each has one writing folder, named in its module's first line."""

from gis.tables.base import SRID, Base
from gis.tables.city import (
    Area,
    City,
    Place,
    PopulationCell,
    RoadNode,
    RoadSegment,
    TurnRestriction,
    WaterBody,
)
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
from gis.tables.facilities import Aed, Facility, FacilityCapability, HospitalStatus, Station
from gis.tables.fleet import (
    CrewMember,
    Shift,
    ShiftCrew,
    Unit,
    UnitLatestPosition,
    UnitPosition,
)
from gis.tables.identity import ApiToken, LoginSession, User, UserRole
from gis.tables.incidents import (
    OPEN_ASSIGNMENT_STATES,
    Assignment,
    AssignmentStamp,
    Call,
    Incident,
    Patient,
    SimulationControl,
)
from gis.tables.roads import (
    RoadCondition,
    RoadConditionEdge,
    RoadConditionsState,
    RoadMetric,
    RoadSpeed,
    RoadSpeedProfile,
)

__all__ = [
    "OPEN_ASSIGNMENT_STATES", "SRID", "Aed", "ApiToken", "Area", "Assignment", "AssignmentStamp",
    "Base", "Call", "City", "CrewMember", "Event", "Facility", "FacilityCapability",
    "HospitalStatus", "IdempotencyKey", "Incident", "Installation", "LoginSession", "OutboxEntry",
    "Patient", "PersonalAccess", "PersonalValue", "Place", "PopulationCell", "RoadCondition",
    "RoadConditionEdge", "RoadConditionsState", "RoadMetric", "RoadNode", "RoadSegment",
    "RoadSpeed", "RoadSpeedProfile", "Shift", "ShiftCrew", "SimulationControl", "Station",
    "StreamEntry", "StreamHead", "TurnRestriction", "Unit", "UnitLatestPosition", "UnitPosition",
    "User", "UserRole", "WaterBody",
]  # fmt: skip
