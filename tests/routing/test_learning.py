"""Positions in the database become the speeds of the next answer."""

from datetime import timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from sqlalchemy import text

from data.service import store_city
from dispatch import repository_fleet
from dispatch.service import create_fleet
from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from routing.conditions import Decider
from routing.errors import LearnedMeanwhileError
from routing.leg_cells import HALF_LIFE_DAYS
from routing.model import Profile
from routing.plane import LocalPlane
from routing.repository_traces import LIGHTS, PLAIN, STANDING, Positions, Stamps
from routing.service import Routing
from routing.service_learning import learn
from routing.trips import trips
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


def drive(
    database: Database,
    *,
    row: int,
    start_at,
    speed_kmh: float,
    unit: int = 0,
    stands_s: float = 0.0,
):
    """Report a unit every five seconds along a whole row of the grid, standing at its end."""
    (west, lat), (east, _) = corner(0, row), corner(7, row)
    metres = 7 * 102.9
    took_s = metres / (speed_kmh / 3.6)
    seconds = np.arange(0.0, took_s + stands_s, 5.0)
    share = np.minimum(seconds * (speed_kmh / 3.6) / metres, 1.0)
    with database.unit_of_work(SYSTEM) as uow:
        unit_id = uow.session.execute(
            text("SELECT unit_id FROM units ORDER BY 1 OFFSET :n LIMIT 1"), {"n": unit}
        ).scalar_one()
        repository_fleet.insert_positions(
            uow.session,
            {
                "unit_id": [unit_id] * seconds.size,
                "received_at": [start_at + timedelta(seconds=s) for s in seconds.tolist()],
                "device_at": [start_at + timedelta(seconds=s) for s in seconds.tolist()],
                "lon": (west + (east - west) * share).tolist(),
                "lat": [lat] * seconds.size,
                "heading_deg": [None] * seconds.size,
                "speed_kmh": [None] * seconds.size,
                "accuracy_m": [5.0] * seconds.size,
                "source": "test",
                "datum": "wgs84",
            },
        )
    return unit_id, start_at + timedelta(seconds=took_s)


def seen(database: Database, *, siren: bool = False):
    """What is stored for the driven row: a line per street and hour."""
    with database.read(SYSTEM) as uow:
        return uow.session.execute(
            text(
                "SELECT segment_id, direction, hour, siren, speed_kmh, spread_kmh, n, drives,"
                " pace_s_per_m, pace_square FROM road_speed_profiles WHERE siren = :siren"
                " ORDER BY 1, 2, 3"
            ),
            {"siren": siren},
        ).all()


def test_slow_streets_are_slow_in_the_same_hour_of_the_next_week(town, tmp_path: Path) -> None:
    database, city_id, clock = town
    routing = Routing(database, tmp_path)
    routing.refresh()
    ends = corner(0, 3), [corner(7, 3)]
    empty_s = routing.travel_times_from(city_id, *ends, profile=Profile.AMBULANCE).time_s[0]
    for week in range(4):
        drive(database, row=3, start_at=NOON - timedelta(days=7 * week, minutes=-5),
              speed_kmh=SLOW_KMH, unit=week % 2)  # fmt: skip
    to_at = NOON + timedelta(days=1)
    tried = learn(database, routing, city_id, to_at=to_at, store=False)
    assert (tried.stored, tried.trips, tried.refused, tried.since) == (None, 4, 0, None)
    steps = []
    learned = learn(database, routing, city_id, to_at=to_at, progress=lambda *at: steps.append(at))
    assert steps[-1] == ("trips", 1.0)
    assert (learned.drives, learned.cells) == (tried.drives, tried.cells)
    assert learned.stored.stored == learned.cells > 0
    rows = seen(database)
    # 9 km/h are 0.4 s/m; the ends of the row are driven in part and teach nothing.
    assert len(rows) >= 5
    assert {row.hour for row in rows} == {20}
    for row in rows:
        assert row.drives == pytest.approx(4.0)
        assert row.pace_s_per_m == pytest.approx(0.4, rel=0.05)
        assert row.speed_kmh == pytest.approx(SLOW_KMH, rel=0.05)
    again = learn(database, routing, city_id, to_at=to_at)
    assert (again.positions, again.drives, again.stored, again.since) == (0, 0, None, to_at)
    assert seen(database) == rows
    with database.read(SYSTEM) as uow:
        events = uow.session.execute(
            text("SELECT payload FROM events WHERE type = 'road.profiles_learned'")
        ).scalars().all()  # fmt: skip
    assert [event["count"] for event in events] == [learned.cells]
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


def test_knowledge_outlives_the_positions_and_weighs_less_with_age(town, tmp_path: Path) -> None:
    database, city_id, clock = town
    routing = Routing(database, tmp_path)
    routing.refresh()
    for day in range(4):
        drive(database, row=3, start_at=NOON - timedelta(days=7 * day), speed_kmh=9.0, unit=1)
    drive(database, row=5, start_at=NOON, speed_kmh=9.0)
    learn(database, routing, city_id, to_at=NOON + timedelta(days=1))
    before = {row[:4]: row for row in seen(database)}
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM unit_positions"))
    # 13 weeks are 91 days: 2 ** -(91 / 90) of what was seen; the hour of the week is the same.
    clock.advance(91 * 86_400)
    weight = 0.5 ** (91 / HALF_LIFE_DAYS)
    later = NOON + timedelta(days=91)
    for unit in range(4):
        drive(database, row=3, start_at=later, speed_kmh=36.0, unit=unit)
    learn(database, routing, city_id, to_at=later + timedelta(days=1))
    after = {row[:4]: row for row in seen(database)}
    assert after.keys() == before.keys()
    both = [key for key in after if after[key].drives > 4.0]
    assert len(both) >= 5
    for key, row in after.items():
        old = before[key]
        if key not in both:
            assert row.drives == pytest.approx(old.drives * weight)
            assert row.pace_s_per_m == pytest.approx(old.pace_s_per_m)
            continue
        assert row.drives == pytest.approx(4 * weight + 4)
        # 36 km/h are 0.1 s/m.
        expected = (4 * weight * old.pace_s_per_m + 4 * 0.1) / (4 * weight + 4)
        assert row.pace_s_per_m == pytest.approx(expected, rel=0.05)
        assert 9.0 < row.speed_kmh < 36.0


def test_a_parked_unit_is_no_traffic_jam(town, tmp_path: Path) -> None:
    database, city_id, _ = town
    routing = Routing(database, tmp_path)
    routing.refresh()
    drive(database, row=3, start_at=NOON - timedelta(hours=1), speed_kmh=30.0, stands_s=1_500.0)
    learned = learn(database, routing, city_id, to_at=NOON)
    assert learned.drives >= 5
    assert min(row.speed_kmh for row in seen(database)) > 24.0


def test_with_lights_means_from_leaving_to_arriving() -> None:
    at_s = np.arange(0.0, 600.0, 5.0)
    lonlat = np.column_stack((114.0 + at_s * 1e-4, np.full(at_s.size, 22.5)))
    unknown = np.full(at_s.size, np.nan)
    day = Positions(at_s, lonlat, unknown, unknown)
    stamps = Stamps(
        np.array([6, 7, 7, 7, 7, 8]),
        np.array([0.0, 100.0, 200.0, 300.0, 400.0, 0.0]),
        np.array([LIGHTS, STANDING, LIGHTS, STANDING, PLAIN, LIGHTS], dtype=np.int16),
    )
    plane = LocalPlane(114.0, 22.5, 102_800.0, 110_750.0)
    found = list(trips(day, stamps, unit_id=7, plane=plane))
    assert [siren for siren, _ in found] == [False, True, False]
    spans = [(trace.at_s[0], trace.at_s[-1]) for _, trace in found]
    assert spans == [(0.0, 95.0), (200.0, 295.0), (400.0, 595.0)]
    # Of an unknown unit nothing says that it had its lights on; one that never ended did end.
    assert [siren for siren, _ in trips(day, stamps, unit_id=9, plane=plane)] == [False]
    late = Positions(at_s + 4 * 3600.0, lonlat, unknown, unknown)
    assert [siren for siren, _ in trips(late, stamps, unit_id=8, plane=plane)] == [False]


def test_nobody_counts_twice_what_another_counted_meanwhile(town, tmp_path: Path) -> None:
    database, city_id, _ = town
    routing = Routing(database, tmp_path)
    routing.refresh()
    drive(database, row=2, start_at=NOON - timedelta(hours=1), speed_kmh=SLOW_KMH)
    inside: list[object] = []

    def another(_step: str, share: float) -> None:
        if share == 1.0 and not inside:
            inside.append(None)
            inside.append(learn(database, routing, city_id, to_at=NOON))

    with pytest.raises(LearnedMeanwhileError):
        learn(database, routing, city_id, to_at=NOON, progress=another)
    assert {row.drives for row in seen(database)} == {1.0}


def test_what_is_stopped_stores_nothing(town, tmp_path: Path) -> None:
    database, city_id, _ = town
    routing = Routing(database, tmp_path)
    routing.refresh()
    drive(database, row=2, start_at=NOON - timedelta(hours=1), speed_kmh=SLOW_KMH)
    stop = Event()
    stop.set()
    assert learn(database, routing, city_id, to_at=NOON, stop=stop) is None
    assert seen(database) == []
