"""The fold: events of incidents in their order → what stood of each. Pure.

Every event of an incident carries the state that it led to, so the newest one says it; categories
and units follow from the events that set them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from gis.events import StoredEvent

_ASSIGNED = "incident.assigned"
_UNDONE = "assignment.undone"
_NOTIFIED = "assignment.notified"
_STAMP = "assignment."


@dataclass(frozen=True, slots=True)
class RebuiltIncident:
    """An incident as its events tell it.

    version : of the incident's row; assignments : assignment's id → its state, None where its last
        stamp was taken back and the event does not say to what
    """

    incident_id: str
    number: str | None = None
    state: str | None = None
    version: int = 0
    category: str | None = None
    complaint_code: str | None = None
    assignments: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))


def fold(events: Iterable[StoredEvent]) -> dict[str, RebuiltIncident]:
    """Return incidents by id, rebuilt from their events, each chain in its order."""
    found: dict[str, RebuiltIncident] = {}
    for event in events:
        before = found.get(event.subject_id, RebuiltIncident(event.subject_id))
        found[event.subject_id] = apply(before, event)
    return found


def apply(before: RebuiltIncident, event: StoredEvent) -> RebuiltIncident:
    """Return an incident after one more of its events."""
    told = event.payload
    after = replace(
        before, number=told.get("number", before.number), state=told.get("state", before.state),
        version=told.get("version", before.version),
        category=told.get("category", before.category),
        complaint_code=told.get("complaint_code", before.complaint_code),
    )  # fmt: skip
    assignment_id = told.get("assignment_id")
    if assignment_id is None:
        return after
    if event.type in {_ASSIGNED, _NOTIFIED}:
        state: str | None = "notified"
    elif event.type == _UNDONE:
        state = None
    elif event.type.startswith(_STAMP) and "assignment_state" in told:
        state = told["assignment_state"]
    else:
        return after
    return replace(
        after, assignments=MappingProxyType({**after.assignments, str(assignment_id): state})
    )
