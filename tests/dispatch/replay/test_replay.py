"""The past is rebuilt from events: at the last it is the present."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from dispatch.arrivals.prediction import Prediction
from dispatch.assignments import service as assignments
from dispatch.model import AssignmentState, StampSource
from dispatch.replay.service import replay_at
from gis.access import SYSTEM
from tests.dispatch.conftest import NOW

pytestmark = pytest.mark.database

_PRESENT = text("SELECT CAST(incident_id AS text), state, version FROM incidents ORDER BY 1")
_SENT = text("SELECT CAST(assignment_id AS text), state FROM assignments")


def test_rebuilt_at_the_last_event_it_is_the_present(database, city, take, clock, dispatcher):
    """States and versions equal the tables; a second before each stamp it had not happened."""
    incident = take(114.05)
    clock.advance(60.0)
    prediction = Prediction(
        300.0, "road", low_s=200.0, high_s=400.0, topology_id="t", conditions_id="c"
    )
    with database.unit_of_work(dispatcher) as uow:
        sent = assignments.assign(
            uow, incident.incident_id, unit_id=city.unit_ids[0], prediction=prediction
        )
    for state in (AssignmentState.EN_ROUTE, AssignmentState.ON_SCENE):
        clock.advance(60.0)
        with database.unit_of_work(dispatcher) as uow:
            assignments.stamp(uow, sent.assignment_id, state=state, source=StampSource.CONSOLE)
    with database.read(SYSTEM) as uow:
        now = replay_at(uow, city.city_id, clock.now())
        before = replay_at(uow, city.city_id, NOW + timedelta(seconds=179))
        at_call = replay_at(uow, city.city_id, NOW)
        yesterday = replay_at(uow, city.city_id, NOW - timedelta(days=1))
        present = [tuple(row) for row in uow.session.execute(_PRESENT)]
        units = {row[0]: row[1] for row in uow.session.execute(_SENT)}
    assert now.intact
    assert sorted((one.incident_id, one.state, one.version) for one in now.incidents) == present
    assert dict(now.incidents[0].assignments) == units
    assert before.incidents[0].state == "en_route"
    assert (at_call.incidents[0].state, at_call.incidents[0].assignments) == ("queued", {})
    assert yesterday.incidents == ()


def test_a_replay_shows_nobody_more_than_his_areas(database, city, take, clock, eastern_dispatcher):
    """Of the west a dispatcher of the east is told nothing of yesterday either."""
    take(114.05)
    with database.read(eastern_dispatcher) as uow:
        assert replay_at(uow, city.city_id, clock.now()).incidents == ()
