"""A place corrected under way is each crew's to be told; who stops outside it is flagged."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.arrivals.live import LATE_S, arrivals_now, late_by_s
from dispatch.assignments.places import acknowledge_place, metres_off_place
from dispatch.assignments.service import assign, stamp
from dispatch.errors import IllegalTransitionError, PlaceChangedAgainError
from dispatch.fleet.service import PositionReport, record_positions
from dispatch.incidents.calls import locate
from dispatch.incidents.outcomes import show_incident, story
from dispatch.incidents.urgency import Need
from dispatch.model import AssignmentState, PlaceHeard, StampSource
from gis.datum import Datum
from gis.geometry import DeclaredPoint

METRES = st.floats(0, 1e6)


@given(METRES, st.none() | METRES, st.none() | st.floats(0, 1000))
def test_nobody_within_the_places_own_uncertainty_is_flagged(distance_m, uncertainty_m, accuracy_m):
    off_m = metres_off_place(distance_m, uncertainty_m=uncertainty_m, accuracy_m=accuracy_m)
    if distance_m <= (uncertainty_m or 0):
        assert off_m is None
    if off_m is not None:
        assert off_m > (accuracy_m or 0)
        assert off_m <= distance_m
    # Farther is never better.
    farther = metres_off_place(
        distance_m + 1000, uncertainty_m=uncertainty_m, accuracy_m=accuracy_m
    )
    assert off_m is None or farther > off_m


def test_late_is_what_was_told_and_no_longer_holds():
    told = datetime(2026, 11, 30, tzinfo=UTC)
    assert late_by_s(told, told + timedelta(seconds=LATE_S)) == LATE_S
    assert late_by_s(told, told + timedelta(seconds=LATE_S - 1)) is None
    assert late_by_s(None, told) is None
    assert late_by_s(told, None) is None


@pytest.fixture
def sent(database, clock, city, dispatcher, take):
    """Return two assignments of an incident in the west."""
    incident_id = take().incident_id
    clock.advance(10)
    views = []
    for unit_id in city.unit_ids[:2]:
        with database.unit_of_work(dispatcher) as uow:
            views.append(assign(uow, incident_id, unit_id=unit_id, predicted_travel_time_s=300.0))
    clock.advance(10)
    return views


def move(database, dispatcher, incident_id, lon=114.08, lat=22.55):
    point = DeclaredPoint(lon, lat, Datum.WGS84, 10.0)
    with database.unit_of_work(dispatcher) as uow:
        return locate(uow, incident_id, point=point, confirmed=True)


def needs(view):
    return {need.need for step in view.queue for need in step.needs}


def heard(database, dispatcher, assignment, at, how=PlaceHeard.VOICE):
    with database.unit_of_work(dispatcher) as uow:
        return acknowledge_place(
            uow, assignment.assignment_id, place_changed_at=at, heard=how
        )  # fmt: skip


@pytest.mark.database
def test_each_crew_under_way_has_to_be_told_a_new_place(database, clock, dispatcher, sent):
    first, second = sent
    assert first.has_place
    # Confirmed where it is: the same door, nobody needs a call.
    same = move(database, dispatcher, first.incident_id, lon=114.0501)
    assert Need.PLACE_UNACKNOWLEDGED not in needs(same)
    moved = move(database, dispatcher, first.incident_id)
    assert Need.PLACE_UNACKNOWLEDGED in needs(moved)
    assert not any(one.has_place for one in moved.assignments)
    # To set out is no word on the place.
    clock.advance(5)
    with database.unit_of_work(dispatcher) as uow:
        stamp(
            uow, first.assignment_id, state=AssignmentState.EN_ROUTE, source=StampSource.TABLET
        )  # fmt: skip
    clock.advance(5)
    assert heard(database, dispatcher, first, moved.place_changed_at).has_place
    with database.read(dispatcher) as uow:
        half = show_incident(uow, first.incident_id)
    assert Need.PLACE_UNACKNOWLEDGED in needs(half)
    heard(database, dispatcher, second, moved.place_changed_at, PlaceHeard.TABLET)
    with database.read(dispatcher) as uow:
        told = show_incident(uow, first.incident_id)
    assert Need.PLACE_UNACKNOWLEDGED not in needs(told)
    clock.advance(5)
    # Corrected again, it begins anew, and the word on the place before is none.
    again = move(database, dispatcher, first.incident_id, lon=114.09)
    assert Need.PLACE_UNACKNOWLEDGED in needs(again)
    with pytest.raises(PlaceChangedAgainError):
        heard(database, dispatcher, first, moved.place_changed_at)


@pytest.mark.database
def test_said_by_many_at_once_it_is_written_once(database, clock, dispatcher, sent):
    first, _ = sent
    moved = move(database, dispatcher, first.incident_id)
    clock.advance(5)
    with ThreadPoolExecutor(4) as pool:
        views = list(pool.map(
            lambda _: heard(database, dispatcher, first, moved.place_changed_at), range(4)
        ))  # fmt: skip
    assert all(view.has_place for view in views)
    with database.read(dispatcher) as uow:
        told = [one for one in story(uow, first.incident_id).events
                if one.type == "incident.place_acknowledged"]  # fmt: skip
    assert len(told) == 1
    assert "by voice" in told[0].text.en


@pytest.mark.database
def test_a_crew_that_is_there_has_nothing_to_acknowledge(database, clock, dispatcher, sent):
    first, second = sent
    moved = move(database, dispatcher, first.incident_id)
    for one in sent:
        with database.unit_of_work(dispatcher) as uow:
            stamp(uow, one.assignment_id, state=AssignmentState.ON_SCENE, source=StampSource.TABLET)
    with pytest.raises(IllegalTransitionError):
        heard(database, dispatcher, second, moved.place_changed_at)


@pytest.mark.database
@pytest.mark.parametrize("case", [(114.0501, 0, None), (114.06, 0, 1018), (114.06, 3600, None)])
def test_on_scene_far_from_the_place_is_flagged_at_its_stamp(
    database, clock, dispatcher, sent, case
):
    lon, age_s, off_m = case
    first, _ = sent
    with database.unit_of_work(dispatcher) as uow:
        report = PositionReport(first.unit_id, lon, 22.55, clock.now(), accuracy_m=8.0)
        assert record_positions(uow, [report], datum=Datum.WGS84, source="tablet").accepted == 1
    clock.advance(age_s)
    with database.unit_of_work(dispatcher) as uow:
        view = stamp(
            uow, first.assignment_id, state=AssignmentState.ON_SCENE, source=StampSource.TABLET
        )  # fmt: skip
    flagged = view.stamps[-1].off_place_m
    assert flagged == (None if off_m is None else pytest.approx(off_m, abs=5))


@pytest.mark.database
def test_new_times_of_the_units_under_way_follow_the_place(
    database, clock, dispatcher, routing, sent
):
    first, second = sent
    with database.read(dispatcher) as uow:
        before = arrivals_now(uow, routing, first.incident_id)
    assert {one.unit_id for one in before.units} == {first.unit_id, second.unit_id}
    move(database, dispatcher, first.incident_id, lon=114.15)
    with database.read(dispatcher) as uow:
        after = arrivals_now(uow, routing, first.incident_id)
    for one in after.units:
        was = next(other for other in before.units if other.unit_id == one.unit_id)
        assert one.told_at == was.told_at
        assert one.expected_at != was.expected_at
        assert (one.late_s is not None) == (one.expected_at >= one.told_at + timedelta(minutes=1))
    with database.unit_of_work(dispatcher) as uow:
        stamp(uow, first.assignment_id, state=AssignmentState.ON_SCENE, source=StampSource.TABLET)
    with database.read(dispatcher) as uow:
        left = arrivals_now(uow, routing, first.incident_id)
    assert [one.unit_id for one in left.units] == [second.unit_id]
