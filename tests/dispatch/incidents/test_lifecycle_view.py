"""What pages are told of the lifecycle is what decides on the server."""

from dispatch.incidents.lifecycle import EXITS, NEXT, PATH, next_states, unit_status
from dispatch.incidents.lifecycle_view import lifecycle_view
from dispatch.model import AssignmentState, IncidentState, Outcome, UnitAvailability
from gis.tables import OPEN_ASSIGNMENT_STATES

VIEW = lifecycle_view()


def test_every_state_is_told_once():
    assert [one.state for one in VIEW.incident_states] == list(IncidentState)
    assert sorted(one.state for one in VIEW.assignment_states) == sorted(AssignmentState)
    assert VIEW.outcomes == tuple(Outcome)


def test_what_holds_a_unit_is_what_the_database_lets_a_unit_have_once():
    assert {one.state for one in VIEW.assignment_states if one.open} == set(OPEN_ASSIGNMENT_STATES)


def test_ways_out_are_the_states_that_nothing_follows_but_the_last():
    for one in VIEW.assignment_states:
        assert one.exit == (one.state in EXITS)
        assert bool(next_states(one.state)) == (one.state in NEXT), one.state
        assert not (one.exit and one.usual)


def test_usual_steps_stand_in_the_order_of_the_path():
    usual = [one.state for one in VIEW.assignment_states if one.usual]
    assert usual == [state for state in PATH if state in usual]


def test_a_unit_with_an_open_assignment_is_never_shown_as_free():
    for one in VIEW.assignment_states:
        if not one.open:
            continue
        assert one.phase not in {None, "available", "off"}, one.state
        status = unit_status(one.state, on_shift=True, out_of_service_reason=None)
        assert status.primary != UnitAvailability.AVAILABLE


def test_an_incident_that_has_ended_waits_for_nobody():
    assert not [one for one in VIEW.incident_states if one.ended and one.waiting]
    assert {one.state for one in VIEW.incident_states if one.ended} == {"closed", "cancelled"}
