"""The place of an incident as crews see it: who has the new one, who stopped outside it."""

from datetime import datetime
from uuid import UUID

from dispatch.assignments import repository
from dispatch.errors import (
    AssignmentNotFoundError,
    IllegalTransitionError,
    PlaceChangedAgainError,
)
from dispatch.fleet.crew_safety.own_unit import check_own_unit
from dispatch.fleet.headings import STALE_AFTER_S
from dispatch.incidents.lifecycle import APPROACHING
from dispatch.incidents.records import apply_change, assignment_views, lock_incident
from dispatch.incidents.views import AssignmentView
from dispatch.model import AssignmentState, PlaceHeard
from dispatch.permissions import UNIT_STATUS_WRITE
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.geometry import Wgs84Point
from gis.rows import AnyRow

POSITION_ACCURACY_M = 15.0
"""How far off a position may be that does not say so itself."""


def acknowledge_place(
    uow: WritingUnitOfWork, assignment_id: UUID, *, place_changed_at: datetime, heard: PlaceHeard
) -> AssignmentView:
    """Write down that a crew has the place as it is since `place_changed_at`.

    Raises
    ------
    AssignmentNotFoundError
        There is none within the viewer's jurisdiction.
    PlaceChangedAgainError
        The place is another one meanwhile.
    IllegalTransitionError
        The unit is not on its way there any more.
    """
    incident_id = repository.incident_of_assignment(uow.session, assignment_id)
    if incident_id is None:
        raise AssignmentNotFoundError(assignment_id)
    incident = lock_incident(uow, incident_id, UNIT_STATUS_WRITE, must_be_open=False)
    before = _view(uow, incident_id, assignment_id)
    check_own_unit(uow, before.unit_id, before.call_sign)
    if incident.place_changed_at != place_changed_at:
        raise PlaceChangedAgainError(before.call_sign)
    if AssignmentState(before.state) not in APPROACHING:
        raise IllegalTransitionError(
            f"{before.call_sign} is “{before.state}”: it is not on its way to the place any more."
        )
    if before.has_place:
        return before
    now = uow.clock.now()
    repository.update_assignment(uow.session, assignment_id, {"place_acknowledged_at": now})
    apply_change(
        uow, incident, "incident.place_acknowledged",
        payload={
            "assignment_id": assignment_id, "unit_id": before.unit_id,
            "call_sign": before.call_sign, "heard": heard.value,
        },
        occurred_at=now,
    )  # fmt: skip
    return _view(uow, incident_id, assignment_id)


def metres_off_place(
    distance_m: float, *, uncertainty_m: float | None, accuracy_m: float | None
) -> float | None:
    """Return how far outside a place's own uncertainty somebody is; None: not certainly outside."""
    accuracy = POSITION_ACCURACY_M if accuracy_m is None else accuracy_m
    off_m = distance_m - (uncertainty_m or 0.0)
    return off_m if off_m > accuracy else None


def off_place_m(
    uow: UnitOfWork, incident: AnyRow, unit_id: int, *, happened_at: datetime
) -> float | None:
    """Return how far outside the incident's place a unit was at `happened_at`.

    None within it, and where that cannot be said: no place, or no position of that time.
    """
    if incident.lon is None:
        return None
    position = repository.latest_position(uow.session, unit_id)
    if position is None:
        return None
    if abs((happened_at - position.device_at).total_seconds()) > STALE_AFTER_S:
        return None
    distance_m = Wgs84Point(incident.lon, incident.lat).distance_m(
        Wgs84Point(position.lon, position.lat)
    )
    return metres_off_place(
        distance_m, uncertainty_m=incident.uncertainty_m, accuracy_m=position.accuracy_m
    )


def _view(uow: UnitOfWork, incident_id: UUID, assignment_id: UUID) -> AssignmentView:
    views = assignment_views(uow, [incident_id])
    return next(view for view in views if view.assignment_id == assignment_id)
