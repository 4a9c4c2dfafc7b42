"""Metrics follow the conditions; no answer mixes two; nothing half-written is trusted."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from routing.conditions.closures import end_condition
from routing.conditions.errors import ConditionsOutdatedError
from routing.conditions.versions import is_at_least
from routing.engine.digraph import INFINITE_MS
from routing.graph.edge_times import EdgeTimes
from routing.live.metrics import MetricStore, MetricWorker, wanted_metrics
from routing.live.routing import Routing
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter
from tests.cities import corner
from tests.routing.live.deployment import LIGHTS, Deployment

pytestmark = pytest.mark.database


@pytest.fixture
def deployment(grid_database: Database, tmp_path: Path) -> Deployment:
    return Deployment(grid_database, tmp_path)


@pytest.fixture
def timed(grid_database: Database, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment whose clock stands at noon until it is moved."""
    clock = FixedClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    own = Database(grid_database.url, clock=clock, pool_size=4)
    yield Deployment(own, tmp_path)
    own.engine.dispose()


def test_the_worker_makes_each_metric_once_and_others_map_it(deployment: Deployment) -> None:
    versions = deployment.versions()
    assert versions["ambulance_lights"].metric_id == versions["ambulance_lights"].conditions_id
    assert versions["walk"].metric_id is None
    with deployment.roads() as roads:
        router = roads.router(LIGHTS)
    assert isinstance(router, HierarchyRouter)
    assert not router.fast.metric.up_ms.flags.writeable
    assert deployment.work() == 0
    again = MetricWorker(deployment.database, MetricStore(deployment.folder))
    for roads in deployment.worker_roads.cities():
        again.keep_up(roads)
    assert deployment.versions() == versions


def test_a_worker_started_again_keeps_the_metric_in_force(timed: Deployment) -> None:
    timed.database.clock.advance(600)
    worker = MetricWorker(timed.database, MetricStore(timed.folder))
    for roads in timed.worker_roads.cities():
        worker.keep_up(roads)
    fresh = Routing(timed.database, timed.folder)
    fresh.refresh()
    fresh.keep_up()
    with timed.roads(fresh) as roads:
        assert isinstance(roads.router(LIGHTS), HierarchyRouter)


def test_a_metric_is_adopted_after_the_clock_was_set_back(timed: Deployment) -> None:
    timed.database.clock.advance(-600)
    timed.set_speed(30.0)
    timed.routing.keep_up()
    assert timed.work() == 3
    versions = timed.versions()["ambulance_lights"]
    assert versions.metric_id == versions.conditions_id


def test_old_metrics_leave_list_and_disk(timed: Deployment) -> None:
    for _ in range(3):
        timed.set_speed(30.0)
        timed.work()
        timed.database.clock.advance(200)
    assert len(list((timed.folder / "grid" / "metrics").iterdir())) <= 6
    with timed.database.read(SYSTEM) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM road_metrics")) <= 6


def test_what_a_killed_worker_left_is_removed(timed: Deployment) -> None:
    metrics = timed.folder / "grid" / "metrics"
    left = [metrics / "car-0123", metrics / ".car-0123.tmp", timed.folder / "grid" / ".car.tmp"]
    for folder in left:
        folder.mkdir()
        os.utime(folder, (0, 0))
    (metrics / "car-4567").mkdir()
    timed.set_speed(30.0)
    timed.work()
    assert [folder.exists() for folder in left] == [False, False, True]
    assert (metrics / "car-4567").exists(), "it may be being written"
    (timed.folder / "grid" / "car" / "header.json").unlink()
    timed.database.clock.advance(1)
    Routing(timed.database, timed.folder).refresh()
    assert not left[2].exists()


def test_a_metric_of_the_same_name_and_other_times_is_not_taken(deployment: Deployment) -> None:
    city = deployment.worker_roads.city(deployment.city_id)
    store = MetricStore(deployment.folder)
    for key, layer in wanted_metrics(city):
        slow_ms = np.where(layer.graph.free_flow_ms < INFINITE_MS, 77_000, INFINITE_MS)
        slow = EdgeTimes.of(layer.graph, slow_ms.astype(np.int32))
        fast = FastTimes.of(layer.graph, layer.hierarchy, slow, metric_id=key.metric_id)
        store.save(key, "grid", fast)
    MetricWorker(deployment.database, store).keep_up(city)
    fresh = Routing(deployment.database, deployment.folder)
    fresh.refresh()
    fresh.keep_up()
    with deployment.roads(fresh) as roads:
        assert isinstance(roads.router(LIGHTS), HierarchyRouter)
    expected = deployment.times().time_s
    np.testing.assert_array_equal(deployment.times(fresh).time_s, expected)


def test_a_closure_counts_in_the_very_next_answer_and_the_metric_follows(
    deployment: Deployment,
) -> None:
    before = deployment.times()
    closed = deployment.close(4, 3)
    at_once = deployment.times()
    assert at_once.versions.metric_id is None
    assert is_at_least(at_once.versions.conditions_id, before.versions.conditions_id)
    assert (at_once.time_s >= before.time_s).all()
    assert (at_once.time_s > before.time_s).any()
    assert deployment.work() == 3
    followed = deployment.times()
    assert followed.versions.metric_id == at_once.versions.conditions_id
    np.testing.assert_array_equal(followed.time_s, at_once.time_s)
    with deployment.database.unit_of_work(SYSTEM) as uow:
        end_condition(uow, closed.condition_id)
    deployment.work()
    np.testing.assert_array_equal(deployment.times().time_s, before.time_s)


def test_an_old_transaction_does_not_take_a_closure_back(timed: Deployment) -> None:
    with timed.database.read(SYSTEM) as old:
        with timed.routing.at(old, timed.city_id):
            timed.close(4, 3)
        with timed.roads():
            closed = timed.routing.city(timed.city_id)
        timed.database.clock.advance(7200)
        with timed.routing.at(old, timed.city_id) as roads:
            assert roads.city is timed.routing.city(timed.city_id)
    followed = timed.routing.city(timed.city_id)
    assert followed.snapshot.change == closed.snapshot.change
    assert is_at_least(followed.conditions_id, closed.conditions_id)


def test_who_is_cut_off_keeps_the_time_it_would_have(deployment: Deployment) -> None:
    before = deployment.times()
    deployment.close(0, 0, size=0.0004)
    deployment.work()
    after = deployment.times()
    cut_off = np.isinf(after.time_s)
    assert cut_off.any()
    np.testing.assert_array_equal(after.ignoring_closures_s[cut_off], before.time_s[cut_off])


def test_conditions_survive_a_restart_and_broken_files_are_made_again(
    deployment: Deployment,
) -> None:
    deployment.close(4, 3)
    deployment.work()
    expected = deployment.times()
    for folder in (deployment.folder / "grid" / "metrics").iterdir():
        (folder / "up_ms.npy").write_bytes(b"half")
    fresh = Routing(deployment.database, deployment.folder)
    fresh.refresh()
    fresh.keep_up()
    answer = deployment.times(fresh)
    assert answer.versions.metric_id is None
    np.testing.assert_array_equal(answer.time_s, expected.time_s)
    worker = MetricWorker(deployment.database, MetricStore(deployment.folder))
    for roads in deployment.worker_roads.cities():
        worker.keep_up(roads)
    fresh.keep_up()
    answer = deployment.times(fresh)
    assert answer.versions.metric_id == answer.versions.conditions_id
    np.testing.assert_array_equal(answer.time_s, expected.time_s)


def test_a_cache_folder_that_cannot_be_used_costs_no_answer(
    deployment: Deployment, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    routing = Routing(deployment.database, blocked)
    routing.refresh()
    np.testing.assert_array_equal(deployment.times(routing).time_s, deployment.times().time_s)


@pytest.mark.parametrize("swaps", [10, pytest.param(100, marks=pytest.mark.acceptance)])
def test_no_answer_mixes_two_metrics_during_swaps(deployment: Deployment, swaps: int) -> None:
    city = deployment.routing.city(deployment.city_id)
    layer = city.network.layers[LIGHTS]
    points = layer.snapper.snap([corner(c, r) for c in range(0, 7, 2) for r in range(0, 7, 2)])
    places = points.point
    stop, seen = threading.Event(), {}

    def ask_on() -> None:
        while not stop.is_set():
            with deployment.roads() as roads:
                table = roads.matrix(places, places, profile=LIGHTS)
            seen.setdefault(table.versions, []).append(np.concatenate(list(table.blocks)))

    threads = [threading.Thread(target=ask_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    speeds = {}
    try:
        for swap in range(swaps):
            speed_kmh = 20.0 + swap % 2 * 40.0
            deployment.set_speed(speed_kmh)
            deployment.work()
            now = deployment.routing.city(deployment.city_id)
            speeds[now.conditions_id] = now.profile(LIGHTS).times.leg_ms
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert len({versions.conditions_id for versions in seen}) > swaps / 10
    assert any(versions.metric_id for versions in seen)
    checked = 0
    for versions, tables in seen.items():
        leg_ms = speeds.get(versions.conditions_id)
        if leg_ms is None:
            continue  # the conditions before the first swap
        plain = DijkstraRouter(layer.graph, times=EdgeTimes.of(layer.graph, leg_ms))
        (expected,) = plain.matrix(points, points)
        for table in tables:
            np.testing.assert_array_equal(table, expected)
            checked += 1
    assert checked > swaps / 2


def test_split_requests_routes_and_matrix_agree(deployment: Deployment) -> None:
    deployment.close(4, 3)
    deployment.work()
    places = np.array([corner(c, r) for c in (0.3, 2.5, 5.2) for r in (0.4, 3.5, 6.0)])
    with deployment.roads() as roads:
        whole = np.concatenate(list(roads.matrix(places, places, profile=LIGHTS).blocks))
        for i, origin in enumerate(places):
            (row,) = roads.matrix([origin], places, profile=LIGHTS).blocks
            np.testing.assert_array_equal(row[0], whole[i])
            for j, destination in enumerate(places):
                if np.isfinite(whole[i, j]):
                    trip = roads.route(origin, destination, profile=LIGHTS)
                    assert np.float32(trip.route.travel_time_s) == whole[i, j]
            found = roads.nearest(origin, places, profile=LIGHTS, k=4)
            np.testing.assert_array_equal(found.time_s.astype(np.float32), np.sort(whole[:, i])[:4])


def test_an_answer_older_than_asked_for_is_refused(deployment: Deployment) -> None:
    newest = deployment.routing.city(deployment.city_id).conditions_id
    newer = newest.replace("-c0-", "-c7-")
    places = [corner(1, 1), corner(2, 2)]
    for at_least in (None, newest):
        with deployment.roads(at_least=at_least) as roads:
            assert roads.matrix(places, places, profile=LIGHTS).versions.conditions_id == newest
    with (
        pytest.raises(ConditionsOutdatedError, match="repeat"),
        deployment.roads(at_least=newer),
    ):
        pass


def test_service_areas_share_the_city_without_overlap(deployment: Deployment) -> None:
    places = [corner(0, 0), corner(6, 6)]
    with deployment.roads() as roads:
        areas, versions = roads.areas_of_nearest(places, limit_s=900.0, profile=LIGHTS)
    assert set(areas) == {0, 1}
    assert all(area.is_valid and area.area > 0 for area in areas.values())
    assert areas[0].intersection(areas[1]).area < 1e-12
    assert areas[0].contains(shapely.Point(corner(1, 1)))
    assert areas[1].contains(shapely.Point(corner(5, 5)))
    assert versions.conditions_id
