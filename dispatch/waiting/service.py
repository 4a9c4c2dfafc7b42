"""Use cases of waiting: deadlines are kept, noted when due, and done; the board; call-backs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.incidents import repository as repository_incidents
from dispatch.incidents.lifecycle import ENDED, SERVING
from dispatch.incidents.records import (
    apply_change,
    assignment_views,
    incident_view,
    incident_views,
    lock_incident,
    read_incident,
)
from dispatch.incidents.views import AssignmentView, IncidentView
from dispatch.jobs import NEXT_UNIT, NOTE_DEADLINE
from dispatch.model import AssignmentState, IncidentState
from dispatch.permissions import CLINICAL_REVIEW, INCIDENT_READ, INCIDENT_WRITE
from dispatch.surge import service as surge
from dispatch.triage.rules import CATEGORIES, Timers
from dispatch.triage.service import rules_of_incident
from dispatch.waiting import repository
from dispatch.waiting.errors import CodeFirstError, NotWaitingError, OnlyUpgradesError
from dispatch.waiting.model import (
    UNCODED_COUNTS_AS,
    CallBackResult,
    Deadline,
    DeadlineKind,
    DeadlineState,
    UnitWaitedFor,
    WaitingFacts,
    by_the_clock,
    changes,
    is_uncovered,
    recategorised,
    wanted,
)
from dispatch.waiting.views import DeadlineView, WaitingBoard, WaitingCount, WaitingRow
from gis.access import EVERYWHERE
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.identity_errors import MissingPermissionError
from gis.jobs.service import defer
from gis.rooms.model import ConsumedEvent
from gis.rows import AnyRow

BOARD_ROWS = 500
"""So many rows the board lists; its counts are of all."""


def take_event(uow: WritingUnitOfWork, event: ConsumedEvent) -> None:
    """Look at an incident's deadlines anew after something happened to it."""
    keep(uow, UUID(event.subject_id))


def take_surge(uow: WritingUnitOfWork, event: ConsumedEvent) -> None:
    """Look at the deadlines of a whole city anew: in a surge some are called sooner."""
    if event.city_id is None:
        return
    for incident_id in sorted(repository.open_of_city(uow.session, event.city_id)):
        keep(uow, incident_id)


def keep(uow: WritingUnitOfWork, incident_id: UUID) -> None:
    """Make an incident's deadlines what they should be; each with its job, in this transaction."""
    incident = repository_incidents.find_incident(
        uow.session, incident_id, prefixes=(EVERYWHERE,), lock=True
    )
    if incident is None:
        return
    stored = repository.running(uow.session, [incident_id])
    if not stored and incident.state in ENDED:
        return
    assignments = assignment_views(uow, [incident_id])
    timers = rules_of_incident(uow, incident).timers
    facts = _facts(uow, incident, assignments)
    known = {_deadline(row, facts.category, timers): row for row in stored}
    due = changes(list(known), wanted(facts, timers))
    now = uow.clock.now()
    states = {one.assignment_id: AssignmentState(one.state) for one in assignments}
    for gone in due.gone:
        repository.change_deadline(
            uow.session, known[gone].deadline_id, {**_ending(gone, states), "ended_at": now}
        )
    for before, after in due.sooner:
        _forward(uow, incident, known[before].deadline_id, after)
    for begun in due.begin:
        deadline_id = uow.ids.new()
        repository.insert_deadlines(uow.session, [{
            "deadline_id": deadline_id, "city_id": incident.city_id, "incident_id": incident_id,
            "assignment_id": begun.assignment_id, "kind": begun.kind.value,
            "state": begun.state.value, "begun_at": begun.begun_at, "due_at": begun.due_at,
        }])  # fmt: skip
        _defer(uow, incident, deadline_id, begun.due_at)
        _tell_set(uow, incident, begun)


def note_due(uow: WritingUnitOfWork, deadline_id: UUID) -> None:
    """Write down that a deadline has passed undone; once for each step, whenever the job runs.

    Nothing is closed or taken out of the queue by it. A crew that has not answered is not called
    back: the next unit is looked for, and the dispatcher decides.
    """
    found = repository.find_deadline(uow.session, deadline_id)
    if found is None:
        return
    incident = repository_incidents.find_incident(
        uow.session, found.incident_id, prefixes=(EVERYWHERE,), lock=True
    )
    found = repository.find_deadline(uow.session, deadline_id)
    if incident is None or found is None:
        return
    now = uow.clock.now()
    deadline = _deadline(found, incident.category, rules_of_incident(uow, incident).timers)
    while (after := by_the_clock(deadline, now)) is not deadline.state:
        _note(uow, incident, found, after, now)
        deadline = replace(deadline, state=after)
    if deadline.state is DeadlineState.OPEN:
        _defer(uow, incident, deadline_id, deadline.due_at)
    elif deadline.state is DeadlineState.DUE:
        _defer(uow, incident, deadline_id, deadline.escalates_at)


def offer_next(uow: WritingUnitOfWork, deadline_id: UUID, *, unit_id: int, call_sign: str) -> None:
    """Write down who is offered in the place of a crew that has not answered, if it still has not.

    It is offered to the dispatcher; nobody is sent by it, and the crew that is silent stays sent.
    """
    found = repository.find_deadline(uow.session, deadline_id)
    if found is None:
        return
    incident = repository_incidents.find_incident(
        uow.session, found.incident_id, prefixes=(EVERYWHERE,), lock=True
    )
    found = repository.find_deadline(uow.session, deadline_id)
    waited_for = (DeadlineState.DUE, DeadlineState.ESCALATED)
    if incident is None or found is None or found.state not in waited_for:
        return
    if found.next_unit_id == unit_id:
        return
    repository.change_deadline(uow.session, deadline_id, {"next_unit_id": unit_id})
    _emit(uow, incident, "incident.next_unit_offered", {
        "deadline_id": deadline_id, "unit_id": unit_id, "call_sign": call_sign,
        "instead_of": found.call_sign,
    })  # fmt: skip


def awaits_next(uow: UnitOfWork, deadline_id: UUID) -> UUID | None:
    """Return the incident whose crew has not answered, None where nobody need be looked for."""
    found = repository.find_deadline(uow.session, deadline_id)
    if found is None or found.kind == DeadlineKind.CALL_BACK:
        return None
    running = found.state in {DeadlineState.DUE, DeadlineState.ESCALATED}
    incident_id: UUID = found.incident_id
    return incident_id if running else None


def call_back(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    result: CallBackResult,
    clinician: bool = False,
    category: str | None = None,
    expected_version: int | None = None,
) -> IncidentView:
    """Write down that a waiting patient was called again, and what came of it.

    Without a clinician the category only becomes more urgent. The clock is that of the first call;
    the next call-back begins, and one that nobody answered is passed on and tried again soon.

    Raises
    ------
    MissingPermissionError
        Who says that a clinician spoke has no right to.
    CodeFirstError, OnlyUpgradesError, NotWaitingError
        The category may not become that one; a crew comes already.
    """
    if clinician and not uow.identity.holds_any([CLINICAL_REVIEW]):
        raise MissingPermissionError(CLINICAL_REVIEW)
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    if clinician:
        read_incident(uow, incident_id, CLINICAL_REVIEW)
    facts = _facts(uow, incident, assignment_views(uow, [incident_id]))
    if not is_uncovered(facts):
        raise NotWaitingError(incident.number)
    if category is not None and incident.category is None:
        raise CodeFirstError(incident.number)
    new = recategorised(incident.category, category, result, clinician=clinician)
    if incident.category is not None and new is None:
        raise OnlyUpgradesError(incident.number, incident.category)
    now = uow.clock.now()
    _done(uow, incident, result, clinician=clinician, now=now)
    if new != incident.category:
        plan = incident.response_plan
        lights = plan is not None and new in CATEGORIES[:2]
        apply_change(
            uow, incident, "incident.recategorised",
            payload={
                "from_category": incident.category, "category": new, "clinician": clinician,
                "to_category": new,
            },
            values={
                "category": new,
                **({"response_plan": {**plan, "mode": "lights"}} if lights else {}),
            },
        )  # fmt: skip
    keep(uow, incident_id)
    return incident_view(uow, incident_id)


def board(uow: UnitOfWork, city_id: int) -> WaitingBoard:
    """Return who waits in a city, within the viewer's areas.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    now = uow.clock.now()
    ids = repository.waiting_incidents(
        uow.session, city_id, uow.identity.jurisdictions(INCIDENT_READ),
        states=[state.value for state in IncidentState if state not in ENDED],
    )  # fmt: skip
    views = incident_views(uow, repository_incidents.find_incidents(uow.session, ids))
    found = [view for view in views if _uncovered(view)]
    deadlines: dict[UUID, list[DeadlineView]] = {view.incident_id: [] for view in found}
    for row in repository.running(uow.session, list(deadlines)):
        deadlines[row.incident_id].append(deadline_view(row))
    rows = sorted(
        (_row(view, tuple(deadlines[view.incident_id]), now) for view in found),
        key=lambda row: (_urgency(row.category), row.received_at, row.incident_id),
    )
    counts = tuple(
        WaitingCount(category, len(of), max((row.waited_s for row in of), default=0.0))
        for category in (*CATEGORIES, None)
        for of in [[row for row in rows if row.category == category]]
    )
    return WaitingBoard(
        city_id, now, surge.lasting(uow, city_id), counts, tuple(rows[:BOARD_ROWS])
    )  # fmt: skip


def deadline_view(row: AnyRow) -> DeadlineView:
    """Return a deadline as shown."""
    return DeadlineView(**{name: getattr(row, name) for name in DeadlineView.__slots__})


def _uncovered(view: IncidentView) -> bool:
    return is_uncovered(WaitingFacts(
        state=IncidentState(view.state), category=view.category, received_at=view.received_at,
        units=tuple(
            UnitWaitedFor(one.assignment_id, AssignmentState(one.state), one.created_at)
            for one in view.assignments
        ),
    ))  # fmt: skip


def _row(view: IncidentView, deadlines: tuple[DeadlineView, ...], now: datetime) -> WaitingRow:
    return WaitingRow(
        incident_id=view.incident_id, number=view.number, state=view.state, version=view.version,
        category=view.category, complaint=view.complaint, place_label=view.place_label,
        received_at=view.received_at,
        waited_s=max((now - view.received_at).total_seconds(), 0.0),
        lost=any(one.state == AssignmentState.DIVERTED for one in view.assignments),
        notified=tuple(
            one.call_sign for one in view.assignments if AssignmentState(one.state) in SERVING
        ),
        deadlines=deadlines,
    )  # fmt: skip


def _urgency(category: str | None) -> float:
    """Return C1 to C4 in order; who is not coded stands with C2."""
    return CATEGORIES.index(category or UNCODED_COUNTS_AS)


def _facts(
    uow: UnitOfWork, incident: AnyRow, assignments: Sequence[AssignmentView]
) -> WaitingFacts:
    called = repository.last_call_back(uow.session, incident.incident_id)
    replacing = repository.replacements(uow.session, incident.incident_id)
    return WaitingFacts(
        state=IncidentState(incident.state), category=incident.category,
        received_at=incident.received_at,
        surge=surge.lasting(uow, incident.city_id) is not None,
        called_at=None if called is None else called.ended_at,
        answered=called is None or called.result != CallBackResult.NO_ANSWER,
        units=tuple(
            _unit(one, replaces=one.assignment_id in replacing) for one in assignments
        ),
    )  # fmt: skip


def _unit(one: AssignmentView, *, replaces: bool) -> UnitWaitedFor:
    # A crew that was called back by a slip is notified once more.
    told = (stamp.recorded_at for stamp in one.stamps if stamp.state == AssignmentState.NOTIFIED)
    left = (stamp.occurred_at for stamp in one.stamps if stamp.state == AssignmentState.DIVERTED)
    return UnitWaitedFor(
        one.assignment_id, AssignmentState(one.state), max((one.created_at, *told)),
        left_at=max(left, default=None), replaces=replaces,
    )  # fmt: skip


def _deadline(row: AnyRow, category: str | None, timers: Timers) -> Deadline:
    kind, key = DeadlineKind(row.kind), category or UNCODED_COUNTS_AS
    seconds = timers.escalate_s if kind is DeadlineKind.CALL_BACK else timers.answer_s
    return Deadline(
        kind, row.assignment_id, row.begun_at, row.due_at,
        row.due_at + timedelta(seconds=seconds[key]), DeadlineState(row.state),
    )  # fmt: skip


def _ending(gone: Deadline, states: Mapping[UUID, AssignmentState]) -> dict[str, Any]:
    """Return how a deadline ends whose need is gone: its crew has answered, or is not asked."""
    state = None if gone.assignment_id is None else states.get(gone.assignment_id)
    if state is not None and state in SERVING:
        return {"state": DeadlineState.DONE.value, "result": "acknowledged"}
    return {"state": DeadlineState.VOID.value, "result": "gone"}


def _done(
    uow: WritingUnitOfWork, incident: AnyRow, result: CallBackResult, *, clinician: bool,
    now: datetime,
) -> None:  # fmt: skip
    values = {
        "state": DeadlineState.DONE.value, "result": result.value, "clinician": clinician,
        "ended_at": now, "ended_by": uow.identity.user_id,
    }  # fmt: skip
    if result is CallBackResult.NO_ANSWER:
        values["escalated_at"] = now
    running = [
        row for row in repository.running(uow.session, [incident.incident_id])
        if row.kind == DeadlineKind.CALL_BACK
    ]  # fmt: skip
    if running:
        repository.change_deadline(uow.session, running[0].deadline_id, values)
    else:
        repository.insert_deadlines(uow.session, [{
            "deadline_id": uow.ids.new(), "city_id": incident.city_id,
            "incident_id": incident.incident_id, "kind": DeadlineKind.CALL_BACK.value,
            "begun_at": now, "due_at": now, **values,
        }])  # fmt: skip
    _emit(
        uow, incident, "incident.called_back", {"result": result.value, "clinician": clinician}
    )  # fmt: skip
    if result is CallBackResult.NO_ANSWER:
        _emit(uow, incident, "incident.deadline_escalated", {
            "deadline": DeadlineKind.CALL_BACK.value, "call_sign": None,
        })  # fmt: skip


def _note(
    uow: WritingUnitOfWork, incident: AnyRow, found: AnyRow, after: DeadlineState, now: datetime
) -> None:
    due = after is DeadlineState.DUE
    repository.change_deadline(
        uow.session, found.deadline_id,
        {"state": after.value, ("noted_at" if due else "escalated_at"): now},
    )  # fmt: skip
    _emit(
        uow, incident, "incident.deadline_due" if due else "incident.deadline_escalated",
        {"deadline_id": found.deadline_id, "deadline": found.kind, "call_sign": found.call_sign},
    )  # fmt: skip
    if found.kind != DeadlineKind.CALL_BACK:
        defer(
            uow, NEXT_UNIT, _arguments(incident, found.deadline_id),
            key=f"next unit {found.deadline_id}",
        )  # fmt: skip


def _forward(uow: WritingUnitOfWork, incident: AnyRow, deadline_id: UUID, after: Deadline) -> None:
    repository.change_deadline(
        uow.session, deadline_id, {"begun_at": after.begun_at, "due_at": after.due_at}
    )
    _defer(uow, incident, deadline_id, after.due_at)
    _tell_set(uow, incident, after)


def _tell_set(uow: WritingUnitOfWork, incident: AnyRow, deadline: Deadline) -> None:
    if deadline.kind is DeadlineKind.CALL_BACK:
        _emit(uow, incident, "incident.call_back_set", {"due_at": deadline.due_at})


def _defer(uow: WritingUnitOfWork, incident: AnyRow, deadline_id: UUID, due_at: datetime) -> None:
    defer(
        uow, NOTE_DEADLINE, _arguments(incident, deadline_id), due_at=due_at,
        key=f"deadline {deadline_id}",
    )  # fmt: skip


def _arguments(incident: AnyRow, deadline_id: UUID) -> dict[str, Any]:
    return {
        "deadline_id": str(deadline_id), "city_id": incident.city_id,
        "area_code": incident.area_code,
    }  # fmt: skip


def _emit(
    uow: WritingUnitOfWork, incident: AnyRow, event_type: str, payload: Mapping[str, Any]
) -> None:
    uow.emit(NewEvent(
        "incident", str(incident.incident_id), event_type, payload, uow.clock.now(),
        city_id=incident.city_id, area_code=incident.area_code,
    ))  # fmt: skip
