"""A unit that will be late by the roads, or stands still, makes its incident need somebody."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.arrivals.watch import (
    AT_PLACE_M,
    STANDING_M,
    STANDING_S,
    Way,
    find_overdue,
    is_overdue,
    note_overdue,
)
from dispatch.assignments.service import assign, stamp
from dispatch.fleet import service as fleet
from dispatch.incidents.records import incident_view, lock_incident
from dispatch.incidents.urgency import ARRIVAL_MARGIN_S, Need
from dispatch.model import AssignmentState, StampSource
from dispatch.permissions import INCIDENT_WRITE
from gis.access import SYSTEM
from gis.datum import Datum
from tests.seeds import NOW

LATER = st.floats(0, 4000)


@given(LATER, LATER, st.none() | LATER, LATER)
def test_late_or_standing_and_nothing_else_is_overdue(told_s, expected_s, moved_m, to_place_m):
    way = Way(
        NOW + timedelta(seconds=told_s), NOW + timedelta(seconds=expected_s),
        moved_m=moved_m, to_place_m=to_place_m,
    )  # fmt: skip
    late = (way.expected_at - way.told_at).total_seconds() >= ARRIVAL_MARGIN_S
    stands = moved_m is not None and moved_m < STANDING_M and to_place_m > AT_PLACE_M
    assert is_overdue(way) is (late or stands)


def test_what_is_not_known_makes_nobody_overdue():
    assert not is_overdue(Way(None, None, moved_m=None, to_place_m=9000.0))
    assert not is_overdue(Way(NOW, None, moved_m=500.0, to_place_m=9000.0))


@pytest.fixture
def drive(database, city, dispatcher, clock, take):
    """Send a unit that sets out at once; return the incident and a function that moves it."""
    incident_id = take().incident_id
    unit_id = city.unit_ids[0]
    with database.unit_of_work(dispatcher) as uow:
        made = assign(
            uow, incident_id, unit_id=unit_id, predicted_travel_time_s=900.0, predicted_by="road"
        )
    with database.unit_of_work(dispatcher) as uow:
        stamp(uow, made.assignment_id, state=AssignmentState.EN_ROUTE, source=StampSource.CONSOLE)

    def at(lon: float, *, after_s: float = 0.0) -> None:
        clock.advance(after_s)
        report = fleet.PositionReport(unit_id, lon, 22.55, clock.now())
        with database.unit_of_work(dispatcher) as uow:
            fleet.record_positions(uow, [report], datum=Datum.WGS84, source="test")

    return incident_id, at


def look(database, routing) -> frozenset[UUID]:
    """Do what the timer does."""
    with database.read(SYSTEM) as uow:
        found = find_overdue(uow, routing)
    with database.unit_of_work(SYSTEM) as uow:
        note_overdue(uow, found)
    return found


def stalled_since(database, incident_id):
    """Return since when the incident needs somebody because of its unit."""
    with database.read(SYSTEM) as uow:
        view = incident_view(uow, incident_id)
        now = uow.clock.now()
    steps = [step for step in view.queue if step.from_at <= now]
    return next((one.since for one in steps[-1].needs if one.need is Need.STALLED), None)


def test_a_unit_that_stands_still_is_told_and_taken_back_when_it_moves(
    database, routing, drive, clock
):
    incident_id, at = drive
    at(114.00)
    assert not look(database, routing)
    at(114.0001, after_s=STANDING_S + 5)
    assert look(database, routing)
    assert stalled_since(database, incident_id) == clock.now()
    since = clock.now()
    clock.advance(20)
    assert look(database, routing)
    assert stalled_since(database, incident_id) == since
    at(114.01, after_s=10)
    assert not look(database, routing)
    assert stalled_since(database, incident_id) is None


def test_a_unit_that_drives_the_wrong_way_is_late_before_it_should_be_there(
    database, routing, drive, clock
):
    incident_id, at = drive
    at(114.00)
    assert not look(database, routing)
    # Thirty kilometres off, two minutes after it set out: it cannot be there in time.
    at(114.35, after_s=STANDING_S + 5)
    assert look(database, routing)
    assert stalled_since(database, incident_id) == clock.now()


def test_an_incident_that_somebody_changes_is_left_for_the_next_time(
    database, routing, drive, dispatcher
):
    incident_id, at = drive
    at(114.00)
    at(114.0001, after_s=STANDING_S + 5)
    with database.unit_of_work(dispatcher) as busy:
        lock_incident(busy, incident_id, INCIDENT_WRITE)
        assert look(database, routing)
        assert stalled_since(database, incident_id) is None
    assert look(database, routing)
    assert stalled_since(database, incident_id) is not None
