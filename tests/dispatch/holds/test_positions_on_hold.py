"""Positions of an incident under review are kept past their period, and nobody else's with them."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from dispatch.arrivals.prediction import Prediction
from dispatch.assignments import service as assignments
from gis.access import SYSTEM
from gis.retention.service import lift_hold, place_hold
from tests.dispatch.conftest import NOW

pytestmark = pytest.mark.database

_MAINTAIN = text("SELECT maintain_position_partitions(:day, 1, 30)")
_INSERT = text(
    "INSERT INTO unit_positions (unit_id, received_at, device_at, source, declared_datum, geom)"
    " VALUES (:unit, :at, :at, 'tablet', 'wgs84', ST_SetSRID(ST_MakePoint(114.05, 22.55), 4326))"
)
_KEPT = text("SELECT unit_id, received_at FROM unit_positions ORDER BY received_at, unit_id")


@pytest.fixture
def sent(database, city, take, clock, dispatcher):
    """One incident with the first unit sent, and positions of two units before, then and after."""
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(_MAINTAIN, {"day": NOW.date()})
    incident = take(114.05)
    with database.unit_of_work(dispatcher) as uow:
        assignments.assign(
            uow, incident.incident_id, unit_id=city.unit_ids[0],
            prediction=Prediction(
                300.0, "road", low_s=200.0, high_s=400.0, topology_id="t", conditions_id="c"
            ),
        )  # fmt: skip
        for minutes in (-60, -2, 30):
            for unit in city.unit_ids[:2]:
                at = NOW + timedelta(minutes=minutes)
                uow.session.execute(_INSERT, {"unit": unit, "at": at})
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            text("UPDATE incidents SET cancelled_at = :at, state = 'cancelled'"),
            {"at": NOW + timedelta(hours=1)},
        )
    return incident


def _maintained(database, *, days):
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(_MAINTAIN, {"day": (NOW + timedelta(days=days)).date()})
        return [tuple(row) for row in uow.session.execute(_KEPT)]


def test_what_a_hold_needs_is_kept_until_it_is_lifted(database, city, sent):
    """The unit sent while it had the incident, all units around the dispatch; the rest goes."""
    with database.unit_of_work(SYSTEM) as uow:
        hold = place_hold(
            uow, "incident", str(sent.incident_id), reason="complaint under review", ends_at=None
        )
    first, other = city.unit_ids[:2]
    near, after = NOW - timedelta(minutes=2), NOW + timedelta(minutes=30)
    assert _maintained(database, days=40) == [(first, near), (other, near), (first, after)]
    assert _maintained(database, days=400) == [(first, near), (other, near), (first, after)]
    with database.unit_of_work(SYSTEM) as uow:
        lift_hold(uow, hold.hold_id, reason="review is closed")
    assert _maintained(database, days=401) == []


def test_a_hold_that_ended_keeps_nothing(database, city, sent):
    """A hold with an end keeps positions until then."""
    with database.unit_of_work(SYSTEM) as uow:
        place_hold(
            uow, "incident", str(sent.incident_id), reason="complaint under review",
            ends_at=NOW + timedelta(days=50),
        )  # fmt: skip
    assert len(_maintained(database, days=40)) == 3
    assert _maintained(database, days=51) == []


def test_a_hold_and_the_upkeep_wait_for_one_another(database, city, sent):
    """A hold that is being placed is waited for, and what it needs is kept."""
    kept = []
    with database.unit_of_work(SYSTEM) as uow:
        place_hold(
            uow, "incident", str(sent.incident_id), reason="complaint under review", ends_at=None
        )
        upkeep = threading.Thread(target=lambda: kept.append(_maintained(database, days=40)))
        upkeep.start()
        upkeep.join(timeout=0.5)
        assert upkeep.is_alive()  # it waits for the hold's commit
    upkeep.join(timeout=30)
    assert len(kept[0]) == 3
