"""Predicted against actual arrival times, from calls that were really dispatched."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from dispatch import service
from dispatch.model import AssignmentState, StampSource
from dispatch.service_calibration import EXCLUSIONS, arrival_report
from gis.access import ANONYMOUS, SYSTEM
from gis.identity_errors import MissingPermissionError

pytestmark = pytest.mark.database


FREE_UNIT = text(
    "SELECT u.unit_id FROM units u JOIN shifts s USING (unit_id) WHERE s.during @> :now"
    " AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.unit_id = u.unit_id"
    " AND a.state <> 'no_transport') ORDER BY 1 LIMIT 1"
)


def driven(database, take, clock, dispatcher, *, predicted_s, actual_s, position=True):
    """Send the first free unit, drive, arrive, finish."""
    incident = take()
    with database.read(SYSTEM) as uow:
        unit_id = uow.session.execute(FREE_UNIT, {"now": clock.now()}).scalar_one()
    with database.unit_of_work(dispatcher) as uow:
        sent = service.assign(
            uow, incident.incident_id, unit_id=unit_id, predicted_travel_time_s=predicted_s
        )
    if position:
        with database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(
                text("INSERT INTO unit_positions (unit_id, received_at, device_at, source,"
                     " declared_datum, geom) VALUES (:unit, :at, :at, 'test', 'wgs84',"
                     " ST_SetSRID(ST_MakePoint(114.06, 22.55), 4326))"),
                {"unit": unit_id, "at": clock.now()},
            )  # fmt: skip
    for state, wait_s in (
        (AssignmentState.EN_ROUTE, 30.0),
        (AssignmentState.ON_SCENE, actual_s),
        (AssignmentState.NO_TRANSPORT, 900.0),
    ):
        if wait_s is None:
            return
        clock.advance(wait_s)
        with database.unit_of_work(dispatcher) as uow:
            service.stamp(uow, sent.assignment_id, state=state, source=StampSource.CONSOLE)


def test_errors_are_counted_and_what_is_left_out_is_named(database, city, clock, take, dispatcher):
    began = clock.now()
    for predicted_s, actual_s in ((300.0, 330.0), (400.0, 400.0), (500.0, 560.0)):
        driven(database, take, clock, dispatcher, predicted_s=predicted_s, actual_s=actual_s)
    driven(database, take, clock, dispatcher, predicted_s=None, actual_s=100.0)
    driven(database, take, clock, dispatcher, predicted_s=200.0, actual_s=None)
    driven(database, take, clock, dispatcher, predicted_s=200.0, actual_s=60.0, position=False)
    with database.read(dispatcher) as uow:
        found = arrival_report(
            uow, city.city_id, from_at=began - timedelta(hours=1), to_at=clock.now()
            + timedelta(hours=1),
        )  # fmt: skip
    report = found.report.overall
    assert report.n == 3
    assert report.median_error_s.value == pytest.approx(30.0)
    assert report.coverage.value == pytest.approx(1.0)
    assert found.excluded == {"no_prediction": 1, "never_arrived": 1, "no_position": 1}
    assert found.excluded.keys() <= EXCLUSIONS.keys()
    assert found.report.lines("zh")[0].startswith("全部：3次")


def test_only_dispatchers_may_ask(database, city):
    with database.read(ANONYMOUS) as uow, pytest.raises(MissingPermissionError):
        arrival_report(uow, city.city_id, from_at=uow.clock.now(), to_at=uow.clock.now())
