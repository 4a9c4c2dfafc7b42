"""What was stamped, closed or cancelled by a slip is taken back, as a new event."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.assignments.service import assign, stamp, undo_stamp
from dispatch.errors import (
    IncidentNotClosedError,
    UndoRefusedError,
    UndoTooLateError,
    UnitAlreadyAssignedError,
)
from dispatch.incidents import outcomes
from dispatch.incidents.lifecycle import (
    UNDO_S,
    UNDO_WAY_S,
    StepKind,
    check_transition,
    check_undo,
    next_states,
    state_after,
)
from dispatch.model import AssignmentState, Stamp, StampSource
from tests.seeds import NOW

_A = AssignmentState


def walk(choices: list[int]) -> list[Stamp]:
    """Stamp an assignment one second a step; each choice is one of all states, if it is allowed."""
    stamps = [Stamp(_A.NOTIFIED, NOW, NOW, source="console")]
    for number, choice in enumerate(choices, 1):
        at = NOW + timedelta(seconds=2 * number)
        current = state_after(one.state for one in stamps)
        allowed = next_states(current)
        if not allowed:
            break
        new = allowed[choice % len(allowed)]
        step = check_transition(
            current, new, occurred_at=at, recorded_at=at, previous_stamps=stamps
        )  # fmt: skip
        assert step.kind is StepKind.FORWARD
        stamps.append(Stamp(new, at, at, source="console"))
        # The fold of the stamps is the state that the steps themselves tell.
        assert state_after(one.state for one in stamps) is step.state
    return stamps


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(0, 40))
def test_an_undone_stamp_leaves_no_trace_in_the_state(choices, last):
    before = walk(choices)
    after = walk([*choices, last])
    if len(after) == len(before):
        return
    states = [one.state for one in after]
    if states[-1] is _A.DIVERTED:
        with pytest.raises(UndoRefusedError):
            check_undo(states, _A.DIVERTED, age_s=0)
    else:
        back_to = check_undo(states, states[-1], age_s=0)
        was = state_after(states[:-1])
        assert back_to is (_A.NOTIFIED if states[-1] is _A.CANCELLED else was)
        for other in set(_A) - {states[-1]}:
            with pytest.raises(UndoRefusedError):
                check_undo(states, other, age_s=0)
        with pytest.raises(UndoTooLateError):
            check_undo(states, states[-1], age_s=UNDO_S + UNDO_WAY_S + 0.1)


def sent(database, dispatcher, incident_id, unit_id):
    """Send a unit and return the assignment's id."""
    with database.unit_of_work(dispatcher) as uow:
        return assign(uow, incident_id, unit_id=unit_id).assignment_id


def stamped(database, dispatcher, assignment_id, state):
    """Stamp from the console and return the assignment."""
    with database.unit_of_work(dispatcher) as uow:
        return stamp(uow, assignment_id, state=state, source=StampSource.CONSOLE)


def events(database, dispatcher, incident_id):
    """Return the types of an incident's events; their chain holds."""
    with database.unit_of_work(dispatcher) as uow:
        story = outcomes.story(uow, incident_id)
    assert story.chain_intact
    return [one.type for one in story.events]


def test_a_stamp_is_taken_back_and_can_be_set_anew(database, city, dispatcher, take, clock):
    incident_id = take().incident_id
    assignment_id = sent(database, dispatcher, incident_id, city.unit_ids[0])
    stamped(database, dispatcher, assignment_id, _A.EN_ROUTE)
    clock.advance(8)
    stamped(database, dispatcher, assignment_id, _A.ON_SCENE)
    with database.unit_of_work(dispatcher) as uow:
        undone = undo_stamp(uow, assignment_id, state=_A.ON_SCENE)
    assert undone.state == "en_route"
    assert [one.state for one in undone.stamps] == ["notified", "en_route"]
    with database.unit_of_work(dispatcher) as uow, pytest.raises(UndoRefusedError):
        undo_stamp(uow, assignment_id, state=_A.ON_SCENE)
    clock.advance(60)
    with database.unit_of_work(dispatcher) as uow, pytest.raises(UndoTooLateError):
        undo_stamp(uow, assignment_id, state=_A.EN_ROUTE)
    again = stamped(database, dispatcher, assignment_id, _A.ON_SCENE)
    assert [one.state for one in again.stamps] == ["notified", "en_route", "on_scene"]
    assert events(database, dispatcher, incident_id)[-3:] == [
        "assignment.on_scene", "assignment.undone", "assignment.on_scene"
    ]  # fmt: skip


def test_a_unit_called_back_by_a_slip_is_notified_again(database, city, dispatcher, take):
    incident_id = take().incident_id
    assignment_id = sent(database, dispatcher, incident_id, city.unit_ids[0])
    stamped(database, dispatcher, assignment_id, _A.EN_ROUTE)
    stamped(database, dispatcher, assignment_id, _A.CANCELLED)
    with database.unit_of_work(dispatcher) as uow:
        undone = undo_stamp(uow, assignment_id, state=_A.CANCELLED)
    assert undone.state == "notified"
    assert undone.stamps[-1].state == "notified"
    # It answers and goes once more.
    assert stamped(database, dispatcher, assignment_id, _A.ACKNOWLEDGED).state == "acknowledged"
    assert stamped(database, dispatcher, assignment_id, _A.EN_ROUTE).state == "en_route"
    assert "assignment.notified" in events(database, dispatcher, incident_id)


def test_a_unit_that_has_moved_on_is_not_called_again(database, city, dispatcher, take):
    first, second = take().incident_id, take().incident_id
    assignment_id = sent(database, dispatcher, first, city.unit_ids[0])
    stamped(database, dispatcher, assignment_id, _A.CANCELLED)
    sent(database, dispatcher, second, city.unit_ids[0])
    before = events(database, dispatcher, first)
    with database.unit_of_work(dispatcher) as uow, pytest.raises(UnitAlreadyAssignedError):
        undo_stamp(uow, assignment_id, state=_A.CANCELLED)
    assert events(database, dispatcher, first) == before


def test_a_close_and_a_cancellation_are_taken_back(database, dispatcher, take, clock):
    incident_id = take().incident_id
    with database.unit_of_work(dispatcher) as uow, pytest.raises(IncidentNotClosedError):
        outcomes.undo_end(uow, incident_id)
    before = take_state(database, dispatcher, incident_id)
    with database.unit_of_work(dispatcher) as uow:
        outcomes.cancel(uow, incident_id, reason="slip")
    with database.unit_of_work(dispatcher) as uow:
        outcomes.undo_end(uow, incident_id)
    assert take_state(database, dispatcher, incident_id) == before
    assert events(database, dispatcher, incident_id)[-1] == "incident.end_undone"
    with database.unit_of_work(dispatcher) as uow:
        outcomes.cancel(uow, incident_id, reason="no slip")
    clock.advance(UNDO_S + UNDO_WAY_S + 1)
    with database.unit_of_work(dispatcher) as uow, pytest.raises(UndoTooLateError):
        outcomes.undo_end(uow, incident_id)


def take_state(database, dispatcher, incident_id):
    """Return what of an incident an undone end must leave as it was."""
    with database.unit_of_work(dispatcher) as uow:
        shown = outcomes.show_incident(uow, incident_id)
    return shown.state, shown.closed_at, shown.cancelled_at, shown.outcome, shown.missing
