"""The process's roads: loaded from the database, cached on disk, honest without a graph."""

import pkgutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event, text

from data.model import CityData
from data.service import store_city
from gis.access import SYSTEM
from gis.database import Database
from routing.conditions.versions import is_at_least
from routing.live.errors import StraightLineOnlyError
from routing.live.routing import Routing
from routing.roads.errors import NoRoadNearbyError
from routing.roads.model import Profile
from tests.cities import grid_city

pytestmark = pytest.mark.database


@pytest.fixture
def city() -> CityData:
    """A small grid of streets."""
    return grid_city()


def stored(database: Database, city: CityData) -> int:
    with database.unit_of_work(SYSTEM) as uow:
        return store_city(uow, city).city_id


def test_times_come_from_roads_and_say_so(
    database: Database, city: CityData, tmp_path: Path
) -> None:
    city_id = stored(database, city)
    routing = Routing(database, tmp_path)
    assert routing.refresh() == [city.key]
    origins = np.array([[114.0, 22.5], [114.004, 22.504]])
    with database.read(SYSTEM) as uow, routing.at(uow, city_id) as roads:
        times = roads.times_to((114.002, 22.502), origins, profile=Profile.CAR)
        trip = roads.route(origins[0], (114.002, 22.502), profile=Profile.CAR)
    assert times.basis == "road"
    assert np.isfinite(times.time_s).all()
    assert "-n1-c0-" in times.versions.conditions_id
    assert trip.versions == times.versions
    assert trip.route.travel_time_s == pytest.approx(times.time_s[0], abs=1e-6)


def test_no_transaction_waits_while_roads_are_worked_out(
    database: Database, city: CityData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(database, city)
    impatient = Database(database.url)

    @event.listens_for(impatient.engine, "connect")
    def _(connection: Any, _record: object) -> None:
        connection.execute("SET idle_in_transaction_session_timeout = '300ms'")
        connection.commit()

    def slowed(work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            assert impatient.engine.pool.checkedout() == 0
            time.sleep(0.6)
            return work(*given, **named)

        return run

    for place in (
        "routing.live.loading.repository.segments_of", "routing.live.loading.build_graph",
        "routing.live.loading.hierarchy_of", "routing.live.routing.CityRoads",
    ):  # fmt: skip
        module, name = place.rsplit(".", 1)
        monkeypatch.setattr(place, slowed(getattr(pkgutil.resolve_name(module), name)))
    routing = Routing(impatient, tmp_path, profiles=(Profile.CAR,), build_hierarchies=True)
    assert routing.refresh() == [city.key]
    impatient.close()


def test_without_a_graph_the_straight_line_is_labelled(database: Database, tmp_path: Path) -> None:
    routing = Routing(database, tmp_path)
    with database.read(SYSTEM) as uow, routing.at(uow, 99) as roads:
        times = roads.times_to((114.0, 22.5), [(114.0, 22.51)], profile=Profile.AMBULANCE)
        assert roads.current_versions() == {}
        with pytest.raises(StraightLineOnlyError):
            roads.route((114.0, 22.5), (114.0, 22.51), profile=Profile.AMBULANCE)
    assert (times.basis, times.versions) == ("straight_line", None)
    # 1,112 m × 1.3 at 30 km/h
    assert times.time_s[0] == pytest.approx(1112 * 1.3 / (30 / 3.6), rel=0.01)


def test_a_city_without_roads_is_none_and_harms_no_other(
    database: Database, city: CityData, tmp_path: Path
) -> None:
    city_id = stored(database, city)
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            text(
                "INSERT INTO cities (key, name, source, attribution, time_zone, extent)"
                " SELECT 'bare', 'Bare', source, attribution, time_zone, extent FROM cities"
            )
        )
    routing = Routing(database, tmp_path)
    assert sorted(routing.refresh()) == ["bare", city.key]
    assert [roads.network.version.city_id for roads in routing.cities()] == [city_id]


def test_a_job_about_one_city_loads_no_other_citys_roads(
    database: Database, city: CityData, tmp_path: Path
) -> None:
    stored(database, city)
    other = grid_city()
    other.key = "other"
    other_id = stored(database, other)
    routing = Routing(database, tmp_path, profiles=(Profile.CAR,), only_city=other_id)
    assert routing.refresh() == ["other"]
    assert [roads.network.version.city_id for roads in routing.cities()] == [other_id]


def test_a_new_network_version_is_seen_and_an_old_cache_not_trusted(
    database: Database, city: CityData, tmp_path: Path
) -> None:
    city_id = stored(database, city)
    first = Routing(database, tmp_path)
    first.refresh()
    assert first.refresh() == []
    with database.read(SYSTEM) as uow, first.at(uow, city_id) as roads:
        before = roads.versions(Profile.CAR)
    city.segments = city.segments[city.segments["name"] != "Row 2"].reset_index(drop=True)
    stored(database, city)
    assert first.refresh() == [city.key]
    second = Routing(database, tmp_path)
    second.refresh()
    for routing in (first, second):
        with database.read(SYSTEM) as uow, routing.at(uow, city_id) as roads:
            assert len(roads.segments) == len(city.segments)
            versions = roads.versions(Profile.CAR)
        assert is_at_least(versions.conditions_id, before.conditions_id)
        assert versions.topology_id != before.topology_id


def test_a_city_removed_and_stored_anew_is_not_taken_from_the_old_cache(
    database: Database, city: CityData, tmp_path: Path
) -> None:
    """As in a database set up anew: same key, same version, other roads."""
    city_id = stored(database, city)
    Routing(database, tmp_path).refresh()
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM cities WHERE city_id = :id"), {"id": city_id})
    city.segments["length_m"] = city.segments["length_m"] * 3.0
    again = stored(database, city)
    routing = Routing(database, tmp_path)
    routing.refresh()
    length_m = np.asarray(routing.city(again).network.segments.length_m)
    expected_m = np.sort(city.segments["length_m"].astype(np.float64))
    np.testing.assert_allclose(np.sort(length_m), expected_m, rtol=1e-6)


def test_a_place_far_from_any_road_is_named_with_its_distance(
    database: Database, city: CityData, tmp_path: Path
) -> None:
    city_id = stored(database, city)
    routing = Routing(database, tmp_path)
    routing.refresh()
    with (
        database.read(SYSTEM) as uow,
        routing.at(uow, city_id) as roads,
        pytest.raises(NoRoadNearbyError, match=r"\d"),
    ):
        roads.route((114.5, 22.9), (114.0, 22.5), profile=Profile.CAR)


def test_storing_twice_updates_and_never_duplicates(database: Database, city: CityData) -> None:
    stored(database, city)
    with database.read(SYSTEM) as uow:
        before = uow.session.execute(text("SELECT count(*) FROM stations")).scalar_one()
    city.stations.loc[0, "name"] = "Renamed"
    stored(database, city)
    with database.read(SYSTEM) as uow:
        names = uow.session.execute(text("SELECT name FROM stations ORDER BY 1")).scalars().all()
        roads = uow.session.execute(text("SELECT count(*) FROM road_segments")).scalar_one()
    assert len(names) == before
    assert "Renamed" in names
    assert roads == len(city.segments)


def test_a_city_that_fails_half_way_leaves_nothing(database: Database, city: CityData) -> None:
    city.aeds.loc[0, "access"] = "only on sundays"
    with pytest.raises(Exception, match="ck_aeds_access"), database.unit_of_work(SYSTEM) as uow:
        store_city(uow, city)
    with database.read(SYSTEM) as uow:
        counts = uow.session.execute(
            text("SELECT (SELECT count(*) FROM cities), (SELECT count(*) FROM road_segments),"
                 " (SELECT count(*) FROM events)")
        ).one()  # fmt: skip
    assert tuple(counts) == (0, 0, 0)
