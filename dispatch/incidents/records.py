"""Load, lock, change and show incidents: what every use case does the same way."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.errors import IncidentClosedError, IncidentNotFoundError
from dispatch.incidents import repository
from dispatch.incidents.alarms import repository as repository_alarms
from dispatch.incidents.alarms.table import AlarmView
from dispatch.incidents.lifecycle import ENDED, SERVING, incident_state, next_states
from dispatch.incidents.urgency import QueueFacts, UnitFacts, queue_steps
from dispatch.incidents.views import AssignmentView, IncidentView, OfferView, StampView
from dispatch.model import AssignmentState, IncidentFacts, IncidentState
from dispatch.triage.changes import missing_units
from dispatch.triage.coding import NeededUnits
from dispatch.triage.protocol import default_protocol
from gis.access import EVERYWHERE, Permission
from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.rows import AnyRow

_FACTS = ("coded_at", "queued_at", "closed_at", "cancelled_at")


def read_incident(uow: UnitOfWork, incident_id: UUID, permission: Permission) -> AnyRow:
    """Return an incident of the viewer's jurisdiction, or raise `IncidentNotFoundError`."""
    prefixes = uow.identity.jurisdictions(permission)
    row = repository.find_incident(uow.session, incident_id, prefixes=prefixes)
    if row is None:
        raise IncidentNotFoundError(incident_id)
    return row


def lock_incident(
    uow: UnitOfWork,
    incident_id: UUID,
    permission: Permission,
    *,
    expected_version: int | None = None,
    must_be_open: bool = True,
) -> AnyRow:
    """Lock an incident until commit and return it as it is now.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    StaleVersionError
        Its version is not `expected_version` (None: not checked).
    IncidentClosedError
        It is closed or cancelled, and must be open.
    """
    prefixes = uow.identity.jurisdictions(permission)
    row = repository.find_incident(uow.session, incident_id, prefixes=prefixes, lock=True)
    if row is None:
        raise IncidentNotFoundError(incident_id)
    check_version(expected_version, row.version)
    if must_be_open and (row.closed_at is not None or row.cancelled_at is not None):
        raise IncidentClosedError(row.number, row.state)
    return row


def derive_state(facts: Mapping[str, datetime | None], states: Iterable[str]) -> str:
    """Return the state that follows from an incident's facts and its assignments' states."""
    known = IncidentFacts(**{name: facts[name] for name in _FACTS})
    return incident_state(known, (AssignmentState(state) for state in states)).value


def apply_change(
    uow: WritingUnitOfWork,
    incident: AnyRow,
    event_type: str,
    *,
    payload: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> None:
    """Change a locked incident, derive its state anew, raise its version and emit the event."""
    changed = dict(values or {})
    current = {**incident._mapping, **changed}
    changed["state"] = derive_state(
        current, repository.assignment_states(uow.session, incident.incident_id)
    )
    version = repository.update_incident(uow.session, incident.incident_id, changed)
    uow.emit(
        NewEvent(
            "incident",
            str(incident.incident_id),
            event_type,
            {
                **payload,
                "state": changed["state"],
                "version": version,
                **_moved(incident.area_code, current["area_code"]),
            },
            occurred_at=occurred_at or uow.clock.now(),
            city_id=incident.city_id,
            area_code=current["area_code"],
        )
    )


def _moved(before: str | None, after: str | None) -> dict[str, str | None]:
    """Return what tells readers of the area an incident has left that it is theirs no more."""
    return {} if before == after else {"previous_area_code": before}


def incident_view(uow: UnitOfWork, incident_id: UUID) -> IncidentView:
    """Return one incident as shown, after a change that was already allowed."""
    row = repository.find_incident(uow.session, incident_id, prefixes=(EVERYWHERE,))
    if row is None:
        raise IncidentNotFoundError(incident_id)
    return incident_views(uow, [row])[0]


def new_incident_view(uow: UnitOfWork, incident_id: UUID) -> IncidentView:
    """Return an incident that this transaction has stored: it has no assignments yet."""
    (row,) = repository.find_incidents(uow.session, [incident_id])
    return _incident_view(row, (), ())


def incident_views(uow: UnitOfWork, rows: Sequence[AnyRow]) -> tuple[IncidentView, ...]:
    """Return incidents as shown, with assignments and alarms: four queries in all."""
    assignments: dict[UUID, list[AssignmentView]] = {row.incident_id: [] for row in rows}
    alarms: dict[UUID, list[AlarmView]] = {row.incident_id: [] for row in rows}
    if rows:
        for assignment in assignment_views(uow, list(assignments)):
            assignments[assignment.incident_id].append(assignment)
        for alarm in repository_alarms.open_alarms(uow.session, list(alarms)):
            alarms[alarm.incident_id].append(
                AlarmView(**{name: getattr(alarm, name) for name in AlarmView.__slots__})
            )
    return tuple(
        _incident_view(row, tuple(assignments[row.incident_id]), tuple(alarms[row.incident_id]))
        for row in rows
    )


def levels_at_work(uow: UnitOfWork, incident_id: UUID) -> list[str]:
    """Return the levels of the units that serve or have served an incident."""
    rows = repository.list_assignments(uow.session, [incident_id])
    return [row.level for row in rows if AssignmentState(row.state) in SERVING]


def assignment_views(uow: UnitOfWork, incident_ids: Sequence[UUID]) -> list[AssignmentView]:
    """Return the assignments of incidents with their stamps."""
    rows = repository.list_assignments(uow.session, incident_ids)
    stamps: dict[UUID, list[StampView]] = {row.assignment_id: [] for row in rows}
    for stamp in repository.list_stamps(uow.session, list(stamps)) if rows else ():
        stamps[stamp.assignment_id].append(
            StampView(
                state=stamp.state,
                etimes=stamp.etimes,
                occurred_at=stamp.occurred_at,
                recorded_at=stamp.recorded_at,
                late=stamp.late,
                skipped=tuple(stamp.skipped),
                source=stamp.source,
                off_place_m=stamp.off_place_m,
            )
        )
    return [_assignment_view(row, tuple(stamps[row.assignment_id])) for row in rows]


def _assignment_view(row: AnyRow, stamps: tuple[StampView, ...]) -> AssignmentView:
    predicted_s = row.predicted_travel_time_s
    arrival = None if predicted_s is None else row.created_at + timedelta(seconds=predicted_s)
    return AssignmentView(
        assignment_id=row.assignment_id,
        incident_id=row.incident_id,
        unit_id=row.unit_id,
        call_sign=row.call_sign,
        level=row.level,
        state=row.state,
        version=row.version,
        predicted_travel_time_s=predicted_s,
        predicted_by=row.predicted_by,
        predicted_arrival_at=arrival,
        destination_facility_id=row.destination_facility_id,
        destination_name=row.destination_name,
        destination_name_zh=row.destination_name_zh,
        patient_id=row.patient_id,
        created_at=row.created_at,
        place_acknowledged_at=row.place_acknowledged_at,
        overdue_since=row.overdue_since,
        has_place=row.place_changed_at is None
        or _place_known_at(row, stamps) >= row.place_changed_at,
        stamps=stamps,
        next_states=next_states(AssignmentState(row.state)),
    )


def _incident_view(
    row: AnyRow, assignments: tuple[AssignmentView, ...], alarms: tuple[AlarmView, ...]
) -> IncidentView:
    complaint = default_protocol().complaints.get(row.complaint_code or "")
    made = {
        "complaint", "assignments", "missing", "missing_since", "queue", "alarms", "diversions",
    }  # fmt: skip
    names = (name for name in IncidentView.__slots__ if name not in made)
    missing = () if row.state in ENDED else _missing(row, assignments)
    missing_since = _missing_since(row, assignments) if missing else None
    facts = QueueFacts(
        state=IncidentState(row.state),
        category=row.category,
        received_at=row.received_at,
        place_changed_at=row.place_changed_at,
        short_since=missing_since,
        call_back_due_at=row.call_back_due_at,
        units=tuple(_unit_facts(one) for one in assignments),
    )
    return IncidentView(
        **{name: getattr(row, name) for name in names},
        complaint=complaint.name if complaint else None,
        missing=missing,
        missing_since=missing_since,
        queue=queue_steps(facts),
        alarms=alarms,
        assignments=assignments,
        diversions=offer_views(row),
    )


def offer_views(row: AnyRow) -> tuple[OfferView, ...]:
    """Return the offers that concern an incident from its row of `repository.find_incident`."""
    ids = ("diversion_id", "incident_id", "losing_incident_id")
    return tuple(
        OfferView(**{
            **offer,
            **{name: UUID(offer[name]) for name in ids},
            **{
                name: None if offer[name] is None else datetime.fromisoformat(offer[name])
                for name in ("offered_at", "expires_at", "ended_at")
            },
        })
        for offer in row.diversions or ()
    )  # fmt: skip


def _missing(row: AnyRow, assignments: Sequence[AssignmentView]) -> tuple[NeededUnits, ...]:
    """Return what of the plan no unit serves or has served."""
    if row.response_plan is None:
        return ()
    serving = [one.level for one in assignments if AssignmentState(one.state) in SERVING]
    return missing_units(row.response_plan, serving)


def _missing_since(row: AnyRow, assignments: Sequence[AssignmentView]) -> datetime:
    """Return the triage, or when the last unit was lost after it."""
    lost = (
        stamp.occurred_at
        for one in assignments
        for stamp in one.stamps
        if stamp.state in {AssignmentState.CANCELLED, AssignmentState.DIVERTED}
    )
    coded_at: datetime = row.coded_at
    return max((coded_at, *lost))


def _place_known_at(assignment: AnyRow | AssignmentView, stamps: Sequence[StampView]) -> datetime:
    """Return when the crew last got the place: sent, dispatch acknowledged, or a change of it."""
    acknowledged = (one.recorded_at for one in stamps if one.state == AssignmentState.ACKNOWLEDGED)
    known: datetime = max((assignment.created_at, *acknowledged))
    told_at: datetime | None = assignment.place_acknowledged_at
    return known if told_at is None else max(known, told_at)


def _unit_facts(assignment: AssignmentView) -> UnitFacts:
    # A crew that was called back by a slip is notified once more.
    told = (one.recorded_at for one in assignment.stamps if one.state == AssignmentState.NOTIFIED)
    return UnitFacts(
        AssignmentState(assignment.state),
        notified_at=max((assignment.created_at, *told)),
        last_stamp_at=max(
            (stamp.occurred_at for stamp in assignment.stamps), default=assignment.created_at
        ),
        place_known_at=_place_known_at(assignment, assignment.stamps),
        predicted_arrival_at=assignment.predicted_arrival_at,
        overdue_since=assignment.overdue_since,
    )
