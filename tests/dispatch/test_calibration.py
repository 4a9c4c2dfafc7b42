"""Predicted against actual arrival times, from calls that were really dispatched."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from api.answers import json_text
from dispatch import service
from dispatch.model import AssignmentState, StampSource
from dispatch.service_calibration import EXCLUSIONS, arrival_report
from dispatch.views_calibration import as_json, table
from gis.access import ANONYMOUS, SYSTEM
from gis.identity_errors import MissingPermissionError

pytestmark = pytest.mark.database

FREE_UNIT = text(
    "SELECT u.unit_id FROM units u JOIN shifts s USING (unit_id) WHERE s.during @> :now"
    " AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.unit_id = u.unit_id"
    " AND a.state NOT IN ('no_transport', 'diverted')) ORDER BY 1 LIMIT 1"
)


def driven(database, take, clock, dispatcher, *, predicted_s, actual_s=None, last="no_transport",
           by=None):  # fmt: skip
    """Send the first free unit, let it drive, arrive after `actual_s` (None: never), and finish."""
    incident = take()
    with database.read(SYSTEM) as uow:
        unit_id = uow.session.execute(FREE_UNIT, {"now": clock.now()}).scalar_one()
    with database.unit_of_work(dispatcher) as uow:
        sent = service.assign(
            uow, incident.incident_id, unit_id=unit_id, predicted_travel_time_s=predicted_s,
            predicted_by=by,
        )  # fmt: skip
    steps = [("en_route", 30.0), ("on_scene", actual_s), (last, 900.0)]
    for state, wait_s in steps:
        if wait_s is None:
            continue
        clock.advance(wait_s)
        with database.unit_of_work(dispatcher) as uow:
            service.stamp(
                uow, sent.assignment_id, state=AssignmentState(state), source=StampSource.CONSOLE
            )


def test_errors_are_counted_and_what_is_left_out_is_named(database, city, clock, take, dispatcher):
    began = clock.now()
    for predicted_s, actual_s in ((300.0, 330.0), (400.0, 400.0), (500.0, 560.0)):
        driven(database, take, clock, dispatcher, predicted_s=predicted_s, actual_s=actual_s)
    driven(database, take, clock, dispatcher, predicted_s=None, actual_s=100.0)
    driven(database, take, clock, dispatcher, predicted_s=200.0, actual_s=4 * 3600.0)
    driven(database, take, clock, dispatcher, predicted_s=200.0, actual_s=90.0, by="straight_line")
    driven(database, take, clock, dispatcher, predicted_s=200.0, last="diverted")
    with database.read(dispatcher) as uow:
        found = arrival_report(
            uow, city.city_id, from_at=began - timedelta(hours=1), to_at=clock.now()
            + timedelta(hours=1),
        )  # fmt: skip
    overall = found.report.overall
    # Errors 30, 0 and 60 s; late two of three; 300 * 0.8..1.3 and so on hold all three.
    assert (found.assignments, overall.n) == (7, 3)
    assert overall.median_error_s.value == pytest.approx(30.0)
    assert overall.p50_miss_s.value == pytest.approx(30.0)
    assert overall.late.value == pytest.approx(2 / 3)
    assert overall.coverage.value == pytest.approx(1.0)
    assert found.excluded == {"no_prediction": 1, "absurd": 1, "by_straight_line": 1, "diverted": 1}
    assert found.excluded.keys() <= EXCLUSIONS.keys()
    assert overall.n + sum(found.excluded.values()) == found.assignments
    # Nothing was known of the distance: the drives count all the same.
    assert [one.name_en for one in found.report.by_distance] == ["distance unknown"]
    lines = "\n".join(table(found))
    assert "全部 All" in lines
    assert "未计入 1：中途改派。 Left out 1: diverted on the way." in lines
    told = as_json(found)
    assert told["overall"]["median_error_s"].value == pytest.approx(30.0)
    assert '"low":null' in json_text(told)


def test_nothing_to_compare_is_no_error(database, city, clock, dispatcher):
    with database.read(dispatcher) as uow:
        found = arrival_report(uow, city.city_id, from_at=clock.now(), to_at=clock.now())
    assert (found.assignments, found.report.overall.n) == (0, 0)
    assert table(found)[-1].startswith("派车 0")
    json_text(as_json(found))


def test_only_planners_and_dispatchers_may_ask(database, city):
    with database.read(ANONYMOUS) as uow, pytest.raises(MissingPermissionError):
        arrival_report(uow, city.city_id, from_at=uow.clock.now(), to_at=uow.clock.now())
