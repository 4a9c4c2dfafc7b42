"""Positions in the database become the speeds of the next answer."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from data.service import store_city
from dispatch.service import create_fleet
from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from routing.conditions import Decider
from routing.model import Profile
from routing.service import Routing
from routing.service_learning import learn
from tests.cities import corner, grid_city
from tests.routing.test_conditions_database import NOON

pytestmark = pytest.mark.database

SLOW_KMH = 9.0


@pytest.fixture
def town(database: Database):
    clock = FixedClock(NOON)
    own = Database(database.url, clock=clock, pool_size=4)
    with own.unit_of_work(SYSTEM) as uow:
        city_id = store_city(uow, grid_city()).city_id
    with own.unit_of_work(SYSTEM) as uow:
        create_fleet(uow, city_id)
    yield own, city_id, clock
    own.close()


def drive(database: Database, *, row: int, start_at, speed_kmh: float, unit: int = 0) -> None:
    """Report a unit every five seconds along a whole row of the grid."""
    (west, lat), (east, _) = corner(0, row), corner(7, row)
    metres = 7 * 102.9
    seconds = np.arange(0.0, metres / (speed_kmh / 3.6), 5.0)
    share = seconds * (speed_kmh / 3.6) / metres
    with database.unit_of_work(SYSTEM) as uow:
        unit_id = uow.session.execute(
            text("SELECT unit_id FROM units ORDER BY 1 OFFSET :n LIMIT 1"), {"n": unit}
        ).scalar_one()
        for second, part in zip(seconds, share, strict=True):
            uow.session.execute(
                text(
                    "INSERT INTO unit_positions (unit_id, received_at, device_at, source,"
                    " declared_datum, geom, accuracy_m) VALUES (:unit, :at, :at, 'test', 'wgs84',"
                    " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 5)"
                ),
                {"unit": unit_id, "at": start_at + timedelta(seconds=float(second)),
                 "lon": west + (east - west) * float(part), "lat": lat},
            )  # fmt: skip


def test_slow_streets_are_slow_in_the_same_hour_of_the_next_week(town, tmp_path: Path) -> None:
    database, city_id, clock = town
    routing = Routing(database, tmp_path)
    routing.refresh()
    ends = corner(0, 3), [corner(7, 3)]
    empty_s = routing.travel_times_from(city_id, *ends, profile=Profile.AMBULANCE).time_s[0]
    for week in range(4):
        drive(database, row=3, start_at=NOON - timedelta(days=7 * week, minutes=-5),
              speed_kmh=SLOW_KMH, unit=week % 2)  # fmt: skip
    period = {"from_at": NOON - timedelta(days=30), "to_at": NOON + timedelta(days=1)}
    with database.unit_of_work(SYSTEM) as uow:
        tried = learn(uow, routing, city_id, **period, store=False)
    assert tried.stored is None
    assert tried.traces == 4
    with database.unit_of_work(SYSTEM) as uow:
        learned = learn(uow, routing, city_id, **period)
    assert (learned.drives, learned.cells) == (tried.drives, tried.cells)
    assert learned.stored.stored == learned.cells > 0
    with database.unit_of_work(SYSTEM) as uow:
        again = learn(uow, routing, city_id, **period)
    assert again.cells == learned.cells
    clock.advance(7 * 86_400)
    with database.read(SYSTEM) as uow:
        routing.follow(uow, city_id)
    slow_s = routing.travel_times_from(city_id, *ends, profile=Profile.AMBULANCE).time_s[0]
    source = routing.roads(city_id, Profile.AMBULANCE).times.source
    assert (source == Decider.LEARNED).any()
    # The next street is free, so that the way there may be quicker than the slow one.
    assert slow_s > 1.15 * empty_s
    clock.advance(3 * 3_600)
    with database.read(SYSTEM) as uow:
        routing.follow(uow, city_id)
    later = routing.travel_times_from(city_id, *ends, profile=Profile.AMBULANCE).time_s[0]
    assert later == pytest.approx(empty_s, rel=0.01)


def test_what_is_stopped_stores_nothing(town, tmp_path: Path) -> None:
    from threading import Event

    database, city_id, _ = town
    routing = Routing(database, tmp_path)
    routing.refresh()
    drive(database, row=2, start_at=NOON - timedelta(hours=1), speed_kmh=SLOW_KMH)
    stop = Event()
    stop.set()
    with database.unit_of_work(SYSTEM) as uow:
        assert learn(uow, routing, city_id, from_at=NOON - timedelta(days=1),
                     to_at=NOON + timedelta(days=1), stop=stop) is None  # fmt: skip
    with database.read(SYSTEM) as uow:
        count = uow.session.execute(text("SELECT count(*) FROM road_speed_profiles")).scalar_one()
    assert count == 0
