"""Use cases of units on an incident: assign, stamp, choose the destination."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.arrivals.prediction import UNASKED, Prediction
from dispatch.assignments import repository
from dispatch.assignments.places import off_place_m
from dispatch.errors import (
    AssignmentNotFoundError,
    IllegalTransitionError,
    PatientUnknownError,
    UnitAlreadyAssignedError,
    UnitOffDutyError,
    UnitUnknownError,
)
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.crew_safety.own_unit import check_own_unit
from dispatch.fleet.records import emit_unit_status, load_unit
from dispatch.incidents.lifecycle import StepKind, check_transition, check_undo
from dispatch.incidents.records import apply_change, assignment_views, lock_incident
from dispatch.incidents.repository import list_patients
from dispatch.incidents.views import AssignmentView
from dispatch.model import ETIMES, AssignmentState, Deviation, Stamp, StampSource
from dispatch.permissions import DISPATCH, UNIT_STATUS_WRITE
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import FacilityUnknownError
from gis.installation import refuse_simulation_in_live
from gis.promises import repository as repository_hospitals
from gis.rows import AnyRow
from gis.tables import OPEN_ASSIGNMENT_STATES


def assign(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    unit_id: int,
    patient_id: UUID | None = None,
    predicted_travel_time_s: float | None = None,
    predicted_by: str | None = None,
    expected_version: int | None = None,
    prediction: Prediction = UNASKED,
    listed: Mapping[str, Any] | None = None,
) -> AssignmentView:
    """Send a unit to an incident. Of two that press at once, the database lets one through.

    `predicted_travel_time_s`, `predicted_by` ('road', 'straight_line'): the time to the scene that
    the dispatcher was shown. `prediction`: the one of `arrivals.prediction.predict`, made before
    this call locks anything; both are kept, and the desk goes by the second where there is one.
    `listed`: the list of units at the press, kept with the event as it was.

    Raises
    ------
    UnitAlreadyAssignedError
        The unit has an open assignment; says of which incident.
    UnitUnknownError, UnitOffDutyError, PatientUnknownError
        The unit cannot be sent, or the patient is not of this incident.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        The incident cannot be changed.
    """
    incident = lock_incident(uow, incident_id, DISPATCH, expected_version=expected_version)
    if not repository_fleet.lock_unit(uow.session, unit_id):
        raise UnitUnknownError(unit_id)
    unit = load_unit(uow, unit_id, DISPATCH)
    _check_sendable(unit, incident)
    if patient_id is not None:
        known = list_patients(uow.session, incident_id)
        if patient_id not in {patient.patient_id for patient in known}:
            raise PatientUnknownError(patient_id)
    now = uow.clock.now()
    assignment_id = uow.ids.new()
    predicted = prediction.still_for(incident)
    repository.insert_assignment(
        uow.session,
        {
            "assignment_id": assignment_id, "incident_id": incident_id, "unit_id": unit_id,
            "patient_id": patient_id, "state": AssignmentState.NOTIFIED.value,
            "created_at": now, "dispatched_by": uow.identity.user_id,
            **predicted.columns(shown_s=predicted_travel_time_s, shown_by=predicted_by),
        },
        call_sign=unit.call_sign,
    )  # fmt: skip
    notified = Stamp(AssignmentState.NOTIFIED, now, now, source=StampSource.CONSOLE)
    store_stamp(uow, assignment_id, notified)
    apply_change(
        uow, incident, "incident.assigned",
        payload={
            "assignment_id": assignment_id, "unit_id": unit_id, "call_sign": unit.call_sign,
            "patient_id": patient_id, "etimes": ETIMES[AssignmentState.NOTIFIED],
            **predicted.payload(),
            **({} if listed is None else {"listed": dict(listed)}),
        },
        occurred_at=now,
    )  # fmt: skip
    emit_unit_status(uow, unit_id, occurred_at=now)
    return _view(uow, incident_id, assignment_id)


def stamp(
    uow: WritingUnitOfWork,
    assignment_id: UUID,
    *,
    state: AssignmentState,
    source: StampSource,
    occurred_at: datetime | None = None,
    handover_facility_id: int | None = None,
) -> AssignmentView:
    """Stamp a status on an assignment. Repeating a stamp changes nothing.

    `occurred_at` (aware) defaults to now. `handover_facility_id` names the hospital where none
    was set before.

    Raises
    ------
    AssignmentNotFoundError, FacilityUnknownError
        There is none within the viewer's jurisdiction.
    IllegalTransitionError, StampTimeError
        The stamp contradicts what is recorded.
    SimulationRefusedError
        The stamp is simulated and this installation is live.
    """
    if source is StampSource.SIMULATION:
        refuse_simulation_in_live(uow)
    incident, before = _lock_assignment(uow, assignment_id, must_be_open=False)
    check_own_unit(uow, before.unit_id, before.call_sign)
    incident_id = incident.incident_id
    repository_fleet.lock_unit(uow.session, before.unit_id)
    now = uow.clock.now()
    happened_at = occurred_at or now
    step = check_transition(
        AssignmentState(before.state), state, occurred_at=happened_at, recorded_at=now,
        previous_stamps=stamps_of(before),
    )  # fmt: skip
    if step.kind is StepKind.REPEAT:
        return before
    written = Stamp(state, happened_at, now, source=source, late=step.late, skipped=step.skipped)
    off_m = None
    if state is AssignmentState.ON_SCENE:
        off_m = off_place_m(uow, incident, before.unit_id, happened_at=happened_at)
    store_stamp(uow, assignment_id, written, off_m=off_m)
    values: dict[str, Any] = {"state": step.state.value}
    if handover_facility_id is not None and before.destination_facility_id is None:
        values["destination_facility_id"] = _hospital(uow, incident, handover_facility_id)
    repository.update_assignment(uow.session, assignment_id, values)
    apply_change(
        uow, incident, f"assignment.{state}",
        payload={
            "assignment_id": assignment_id, "unit_id": before.unit_id,
            "call_sign": before.call_sign, "etimes": ETIMES.get(state), "source": source.value,
            "late": step.late, "skipped": list(step.skipped),
            "fills_gap": step.kind is StepKind.FILL, "assignment_state": step.state.value,
        },
        occurred_at=happened_at,
    )  # fmt: skip
    if step.kind is StepKind.FORWARD:
        emit_unit_status(uow, before.unit_id, occurred_at=happened_at)
    return _view(uow, incident_id, assignment_id)


def undo_stamp(
    uow: WritingUnitOfWork, assignment_id: UUID, *, state: AssignmentState
) -> AssignmentView:
    """Undo an assignment's last stamp, `state`, as a new event; the stamp stays in the log.

    A unit that was called back is notified again, if it has not moved on meanwhile.

    Raises
    ------
    UndoRefusedError, UndoTooLateError
        It is not the last stamp, stands, or is too old.
    UnitAlreadyAssignedError, UnitOffDutyError
        The unit was set free by the stamp, and has moved on.
    AssignmentNotFoundError, IncidentClosedError
        There is none within the viewer's jurisdiction, or its incident has ended.
    """
    incident, before = _lock_assignment(uow, assignment_id, must_be_open=True)
    check_own_unit(uow, before.unit_id, before.call_sign)
    repository_fleet.lock_unit(uow.session, before.unit_id)
    now = uow.clock.now()
    recorded_at = before.stamps[-1].recorded_at if before.stamps else before.created_at
    back_to = check_undo(
        [AssignmentState(one.state) for one in before.stamps], state,
        age_s=(now - recorded_at).total_seconds(),
    )  # fmt: skip
    if back_to in OPEN_ASSIGNMENT_STATES and before.state not in OPEN_ASSIGNMENT_STATES:
        _check_sendable(load_unit(uow, before.unit_id, UNIT_STATUS_WRITE), incident)
    repository.strike_last_stamp(uow.session, assignment_id, at=now)
    repository.update_assignment(uow.session, assignment_id, {"state": back_to.value})
    told = {
        "assignment_id": assignment_id, "unit_id": before.unit_id, "call_sign": before.call_sign,
        "assignment_state": back_to.value,
    }  # fmt: skip
    apply_change(uow, incident, "assignment.undone", payload={**told, "undone": state.value})
    if state is AssignmentState.CANCELLED:
        notified = Stamp(AssignmentState.NOTIFIED, now, now, source=StampSource.CONSOLE)
        store_stamp(uow, assignment_id, notified)
        apply_change(
            uow, incident, "assignment.notified",
            payload={**told, "etimes": ETIMES[AssignmentState.NOTIFIED]}, occurred_at=now,
        )  # fmt: skip
    emit_unit_status(uow, before.unit_id, occurred_at=now)
    return _view(uow, incident.incident_id, assignment_id)


def explain_deviation(
    uow: WritingUnitOfWork, assignment_id: UUID, *, deviation: Deviation
) -> AssignmentView:
    """Write down why this unit was sent and not the one that would be there first.

    Asked after sending and answered at leisure; said again, the newest holds.

    Raises
    ------
    AssignmentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    incident, view = _lock_assignment(uow, assignment_id, must_be_open=False)
    check_own_unit(uow, view.unit_id, view.call_sign)
    apply_change(
        uow, incident, "assignment.deviation_explained",
        payload={
            "assignment_id": assignment_id, "unit_id": view.unit_id,
            "call_sign": view.call_sign, "deviation": deviation.value,
        },
    )  # fmt: skip
    return view


def set_destination(
    uow: WritingUnitOfWork,
    assignment_id: UUID,
    *,
    facility_id: int,
    reason: str | None = None,
    expected_version: int | None = None,
) -> AssignmentView:
    """Set the hospital a unit goes to; `expected_version` is the incident's.

    Raises
    ------
    AssignmentNotFoundError, FacilityUnknownError
        There is no such assignment or hospital.
    IllegalTransitionError
        The assignment has ended.
    StaleVersionError, IncidentClosedError
        The incident cannot be changed.
    """
    incident_id = _incident_of(uow, assignment_id)
    incident = lock_incident(uow, incident_id, DISPATCH, expected_version=expected_version)
    before = _view(uow, incident_id, assignment_id)
    if not before.next_states:
        raise IllegalTransitionError(
            f"{before.call_sign} is “{before.state}”: its assignment has ended and takes no "
            "destination."
        )
    _hospital(uow, incident, facility_id)
    repository.update_assignment(
        uow.session,
        assignment_id,
        {"destination_facility_id": facility_id, "destination_reason": reason},
    )
    after = _view(uow, incident_id, assignment_id)
    apply_change(
        uow, incident, "incident.destination_set",
        payload={
            "assignment_id": assignment_id, "unit_id": before.unit_id,
            "call_sign": before.call_sign, "facility_id": facility_id,
            "destination_name": after.destination_name,
            "previous_facility_id": before.destination_facility_id,
        },
    )  # fmt: skip
    return after


def _check_sendable(unit: AnyRow, incident: AnyRow) -> None:
    if unit.city_id != incident.city_id:
        raise UnitUnknownError(unit.unit_id)
    if unit.assignment_id is not None:
        raise UnitAlreadyAssignedError(unit.call_sign, unit.incident_number)
    if unit.out_of_service_reason:
        raise UnitOffDutyError(unit.call_sign, f"out of service ({unit.out_of_service_reason})")
    if unit.shift_id is None:
        raise UnitOffDutyError(unit.call_sign, "no crew on shift")


def _incident_of(uow: UnitOfWork, assignment_id: UUID) -> UUID:
    incident_id = repository.incident_of_assignment(uow.session, assignment_id)
    if incident_id is None:
        raise AssignmentNotFoundError(assignment_id)
    return incident_id


def _lock_assignment(
    uow: WritingUnitOfWork, assignment_id: UUID, *, must_be_open: bool
) -> tuple[AnyRow, AssignmentView]:
    """Lock the incident that an assignment is of and return both."""
    permission = UNIT_STATUS_WRITE
    incident_id = _incident_of(uow, assignment_id)
    incident = lock_incident(uow, incident_id, permission, must_be_open=must_be_open)
    view = _find_view(uow, incident_id, assignment_id)
    if view is None:
        # Between the look and the lock its incident was merged into another, or taken apart.
        incident_id = _incident_of(uow, assignment_id)
        incident = lock_incident(uow, incident_id, permission, must_be_open=must_be_open)
        view = _view(uow, incident_id, assignment_id)
    return incident, view


def _find_view(uow: UnitOfWork, incident_id: UUID, assignment_id: UUID) -> AssignmentView | None:
    views = assignment_views(uow, [incident_id])
    return next((view for view in views if view.assignment_id == assignment_id), None)


def _view(uow: UnitOfWork, incident_id: UUID, assignment_id: UUID) -> AssignmentView:
    view = _find_view(uow, incident_id, assignment_id)
    if view is None:
        raise AssignmentNotFoundError(assignment_id)
    return view


def stamps_of(assignment: AssignmentView) -> list[Stamp]:
    """Return the stamps since the crew was last notified: what came before is another run."""
    stamps = [
        Stamp(AssignmentState(one.state), one.occurred_at, one.recorded_at, source=one.source)
        for one in assignment.stamps
    ]
    notified = [at for at, one in enumerate(stamps) if one.state is AssignmentState.NOTIFIED]
    return stamps[notified[-1] :] if notified else stamps


def store_stamp(
    uow: UnitOfWork, assignment_id: UUID, written: Stamp, *, off_m: float | None = None
) -> None:
    """Store an assignment's next stamp; the caller has checked that it may follow."""
    repository.insert_stamp(
        uow.session,
        {
            "stamp_id": uow.ids.new(), "assignment_id": assignment_id,
            "state": written.state.value, "etimes": ETIMES.get(written.state),
            "occurred_at": written.occurred_at, "recorded_at": written.recorded_at,
            "source": written.source, "late": written.late,
            "skipped": [state.value for state in written.skipped], "off_place_m": off_m,
        },
    )  # fmt: skip


def _hospital(uow: UnitOfWork, incident: AnyRow, facility_id: int) -> int:
    facility = repository_hospitals.find_facility(uow.session, facility_id, lock=True)
    if facility is None or facility.city_id != incident.city_id:
        raise FacilityUnknownError(facility_id)
    return facility_id
