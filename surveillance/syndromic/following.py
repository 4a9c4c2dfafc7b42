"""What an event of an incident changes of the call that is counted."""

from dataclasses import replace
from datetime import date
from typing import Any

from gis.rooms.model import ConsumedEvent
from surveillance.syndromic.model import CodedCall

FOLLOWED = (
    "incident.coded", "incident.located", "incident.merged", "incident.merged_into",
    "incident.marked_duplicate", "incident.link_undone", "incident.merge_undone",
    "incident.cancelled", "incident.closed", "incident.reopened",
)  # fmt: skip
"""Events of dispatch that change what a call counts as."""


def after(call: CodedCall, event: ConsumedEvent, *, day: date) -> CodedCall:
    """Return the call as it is after an event. day: of the event, in the city's own time."""
    changes = _changes(call, event, day)
    if event.area_code is not None:
        changes["area_code"] = event.area_code
    return replace(call, **changes)


def _changes(call: CodedCall, event: ConsumedEvent, day: date) -> dict[str, Any]:
    says = event.payload
    changes: dict[str, Any] = {}
    match event.type:
        case "incident.coded":
            changes = {
                name: says[name] for name in ("complaint_code", "determinant", "category")
            } | {"first_coded_on": call.first_coded_on or day}
        case "incident.merged":
            # Calls of the merged one go on here: the graver category counts.
            changes = {"category": says["category"] or call.category}
        case "incident.marked_duplicate" | "incident.merged_into":
            changes = {"repeats": True}
        case "incident.link_undone":
            changes = {"repeats": False}
        case "incident.merge_undone" if says["merged"] == event.subject_id:
            changes = {"repeats": False}
        case "incident.cancelled":
            changes = {"cancelled": True}
        case "incident.closed":
            changes = {"ended_as": says["outcome"]}
        case "incident.reopened":
            changes = {"cancelled": False, "ended_as": None}
    return changes
