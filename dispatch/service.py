"""The use cases of dispatching, in one place for the doors.

Each takes the unit of work first, emits its events within that transaction and never commits.
"""

from dispatch.aeds.service import nearest_aeds
from dispatch.assignments.service import assign, set_destination, stamp
from dispatch.choosing.service import TravelTimeSource, destinations, recommend
from dispatch.fleet.service import PositionReport, create_fleet, record_positions, units_view
from dispatch.hospitals.service import hospital_status, set_hospital_status
from dispatch.incidents.calls import NewCall, add_patient, code_triage, locate, note_call, take_call
from dispatch.incidents.outcomes import (
    cancel,
    close,
    forget,
    list_incidents,
    mark_duplicate,
    read_caller,
    reopen,
    show_incident,
    story,
    take_over,
)
from dispatch.places.service import search_places
from dispatch.simulation.service import control_simulation, simulation

__all__ = [
    "NewCall", "PositionReport", "TravelTimeSource", "add_patient", "assign", "cancel", "close",
    "code_triage", "control_simulation", "create_fleet", "destinations", "forget",
    "hospital_status",
    "list_incidents", "locate", "mark_duplicate", "nearest_aeds", "note_call", "read_caller",
    "recommend", "record_positions", "reopen", "search_places", "set_destination",
    "set_hospital_status", "show_incident", "simulation", "stamp", "story", "take_call",
    "take_over", "units_view",
]  # fmt: skip
