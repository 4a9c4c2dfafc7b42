"""One use case, one version: whatever is swapped, rolled back or asked in which transaction."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import create_engine, text

from gis.access import SYSTEM
from gis.cluster import PrivateCluster
from gis.database import Database
from gis.datum import Datum
from gis.epoch import begin_epoch, given_numbers
from routing.conditions.closures import NewCondition
from routing.conditions.sketch import Sketch
from routing.conditions.speeds import LearnedBatch, store_profiles
from routing.live.routing import Routing
from routing.live.service import set_condition
from routing.roads.model import Profile
from tests.cities import corner
from tests.routing.live.deployment import LIGHTS, Deployment

pytestmark = pytest.mark.database

PLACES = [corner(c, r) for c in (0.3, 3.5, 6.2) for r in (0.4, 3.5, 6.0)]


@pytest.fixture
def deployment(grid_database: Database, tmp_path: Path) -> Deployment:
    return Deployment(grid_database, tmp_path)


class RolledBack(Exception):  # noqa: N818 (no error: the writer changes its mind)
    """Ends a transaction without a commit."""


def around(column: float, row: float, size: float = 0.0003) -> Sketch:
    lon, lat = corner(column, row)
    box = shapely.geometry.mapping(shapely.box(lon - size, lat - size, lon + size, lat + size))
    return Sketch("polygon", box, Datum.WGS84)


@pytest.mark.parametrize("swaps", [12, pytest.param(60, marks=pytest.mark.acceptance)])
def test_a_use_case_hears_one_version_while_roads_are_swapped(
    deployment: Deployment, swaps: int
) -> None:
    stop, faults, heard = threading.Event(), [], set()

    def ask_everything() -> None:
        while not stop.is_set():
            with deployment.roads() as roads:
                to = roads.times_to(PLACES[0], PLACES, profile=LIGHTS)
                whole = roads.matrix(PLACES, PLACES, profile=LIGHTS)
                nearest = roads.nearest(PLACES[0], PLACES, profile=LIGHTS, k=3)
                snapped = roads.snap(PLACES, profile=LIGHTS)[1]
                trip = roads.route(PLACES[1], PLACES[0], profile=LIGHTS)
                walk = roads.times_from(PLACES[0], PLACES, profile=Profile.WALK)
                ways = dict(roads.routes_to(PLACES[0], PLACES, profile=LIGHTS, k=9))
            table_s = np.concatenate(list(whole.blocks))
            if len({to.versions, whole.versions, nearest.versions, snapped, trip.versions}) != 1:
                faults.append("versions differ")
            if walk.versions.conditions_id != to.versions.conditions_id:
                faults.append("another profile is of other conditions")
            times_s = to.time_s.astype(np.float32)
            if not np.array_equal(table_s[:, 0], times_s) or any(
                np.float32(way.travel_time_s) != times_s[row] for row, way in ways.items()
            ):
                faults.append("times are of two versions")
            if np.float32(trip.route.travel_time_s) != times_s[1]:
                faults.append("a route is of another version than the times")
            heard.add(to.versions)

    threads = [threading.Thread(target=ask_everything) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for swap in range(swaps):
            deployment.set_speed(20.0 + swap % 2 * 40.0)
            deployment.work()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not faults
    assert len({one.conditions_id for one in heard}) > swaps / 3
    assert any(one.metric_id for one in heard)


def test_a_closure_that_rolls_back_stays_in_no_process(deployment: Deployment) -> None:
    """Also where the writer itself asked for roads, and others asked meanwhile."""
    before, city = deployment.times(), deployment.routing.city(deployment.city_id)
    written = []

    def close_and_think_better_of_it() -> None:
        with deployment.database.unit_of_work(SYSTEM) as uow:
            until = uow.clock.now() + timedelta(hours=1)
            new = NewCondition(deployment.city_id, around(4, 3), until, reason_en="Burst pipe")
            set_condition(uow, deployment.routing, "closure", new)
            with deployment.routing.at(uow, deployment.city_id) as roads:
                written.append(roads.times_to(corner(3, 3), [corner(5, 3)], profile=LIGHTS))
            np.testing.assert_array_equal(deployment.times().time_s, before.time_s)
            raise RolledBack

    with pytest.raises(RolledBack):
        close_and_think_better_of_it()
    assert written[0].versions.conditions_id != before.versions.conditions_id
    assert deployment.routing.city(deployment.city_id) is city
    np.testing.assert_array_equal(deployment.times().time_s, before.time_s)
    # The next writer's number is another one, so that its closure counts, and only that.
    deployment.close(2, 2)
    after, fresh = deployment.times(), Routing(deployment.database, deployment.folder)
    fresh.refresh()
    np.testing.assert_array_equal(deployment.times(fresh).time_s, after.time_s)
    assert (after.time_s != before.time_s).any()
    assert after.versions.conditions_id != written[0].versions.conditions_id


def test_what_is_pinned_stays_pinned_when_others_have_newer_roads(
    deployment: Deployment,
) -> None:
    with deployment.roads() as roads:
        before = roads.versions(LIGHTS)
        deployment.close(4, 3)
        with deployment.roads() as others:
            assert others.versions(LIGHTS) != before
        assert roads.versions(LIGHTS) == before, "pinned is pinned"
        trip = roads.route(PLACES[0], PLACES[8], profile=LIGHTS)
        assert trip.versions == before


def test_times_to_each_place_are_those_of_the_matrix_within_the_limit(
    deployment: Deployment,
) -> None:
    far = (corner(0, 0)[0] + 5.0, corner(0, 0)[1])
    with deployment.roads() as roads:
        places, _ = roads.snap([*PLACES, far], profile=LIGHTS)
        origins, _ = roads.snap(PLACES, profile=LIGHTS)
        each = roads.times_to_each(places, origins, profile=LIGHTS, limit_s=60.0)
        whole = np.concatenate(list(roads.matrix(PLACES, PLACES, profile=LIGHTS).blocks)).T
    # Read after the block, as a long job does.
    *found, nowhere = each
    assert np.isinf(nowhere).all()
    near = whole <= 60.0
    assert near.any()
    assert not near.all()
    np.testing.assert_allclose(np.array(found)[near], whole[near], atol=0.002)
    assert np.isinf(np.array(found)[~near]).all()


def test_hours_ahead_are_of_the_version_that_was_pinned(deployment: Deployment) -> None:
    """Speeds learned meanwhile are read neither by an older reader nor for others."""

    def learned(speed_kmh: float) -> LearnedBatch:
        ids = deployment.routing.city(deployment.city_id).network.segments.segment_id
        grid = np.array(np.meshgrid(ids, [0, 1], np.arange(168))).reshape(3, -1)
        return LearnedBatch(grid[0], grid[1], grid[2], False, 50, speed_kmh)

    def store(speed_kmh: float) -> None:
        with deployment.database.unit_of_work(SYSTEM) as uow:
            store_profiles(uow, deployment.city_id, learned(speed_kmh))

    def ask(roads, hours: int) -> float:
        at = deployment.database.clock.now() + timedelta(hours=hours)
        ends = corner(0, 3), corner(6, 3)
        return roads.route(*ends, profile=Profile.CAR, depart_at=at).route.travel_time_s

    store(30.0)
    with deployment.database.read(SYSTEM) as early:
        with deployment.routing.at(early, deployment.city_id) as roads:
            slow_s = ask(roads, 0)
        store(60.0)
        with deployment.roads() as others:
            quick_s = ask(others, 1)
        assert quick_s < 0.7 * slow_s
        with deployment.routing.at(early, deployment.city_id) as roads:
            assert ask(roads, 3) == pytest.approx(slow_s, rel=1e-3)
    for hours in (1, 3, 5):
        with deployment.roads() as roads:
            assert ask(roads, hours) == pytest.approx(quick_s, rel=1e-3)


def test_a_closure_cuts_off_what_it_closes_and_not_what_others_closed(
    deployment: Deployment,
) -> None:
    """The roads are followed first: a closure this process has not heard of is no news of mine."""
    database, city_id = deployment.database, deployment.city_id
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM facilities"))
        uow.session.execute(
            text("UPDATE stations SET geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"),
            dict(zip(("lon", "lat"), corner(0.02, 0), strict=True)),
        )
    stale = Routing(database, deployment.folder)
    stale.refresh()

    def close(sketch: Sketch, routing: Routing):
        with database.unit_of_work(SYSTEM) as uow:
            until = uow.clock.now() + timedelta(hours=1)
            new = NewCondition(city_id, sketch, until, reason_en="Burst pipe", confirmed=True)
            return set_condition(uow, routing, "closure", new)

    assert close(around(0, 0, 0.0006), deployment.routing).cut_off
    assert not close(around(5, 5), stale).cut_off
    with database.read(SYSTEM) as uow:
        told, stations = (
            uow.session.execute(text(query)).scalar_one()
            for query in (
                "SELECT count(*) FROM events WHERE type = 'road.place_cut_off'",
                "SELECT count(*) FROM stations",
            )
        )
    assert told == stations > 0


def test_what_an_asker_is_content_with_may_be_older_but_never_of_another_epoch(
    deployment: Deployment, cluster: PrivateCluster
) -> None:
    old = deployment.times().versions
    deployment.close(4, 3)
    with deployment.roads() as roads:
        assert roads.versions(LIGHTS).metric_id is None
    with deployment.roads(at_least=old.conditions_id) as roads:
        assert roads.versions(LIGHTS) == old
    owner = create_engine(cluster.url(str(deployment.database.url.database)))
    with owner.begin() as connection:
        epoch = begin_epoch(connection, after=given_numbers(connection))
    owner.dispose()
    with deployment.roads(at_least=old.conditions_id) as roads:
        renewed = roads.versions(LIGHTS)
    assert renewed == replace(renewed, metric_id=None)
    assert f"-e{epoch}-" in renewed.conditions_id
    assert deployment.work() == 3
    assert deployment.times().versions.metric_id is not None
