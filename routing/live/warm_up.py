"""Compile every kernel before the first user asks; read from numba's cache on disk if it can be."""

import contextlib
import fcntl
import logging
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from routing.areas.isochrone import isochrone_bands
from routing.areas.reach import reach
from routing.conditions.model import SpeedRows
from routing.conditions.snapshot import ConditionsSnapshot, to_us
from routing.graph.build import RoadGraph, build_graph
from routing.graph.edge_times import EdgeTimes
from routing.live.loading import hierarchy_of
from routing.roads.model import Profile, Segments, SnapResult
from routing.rules.profiles import PROFILES
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter
from routing.timed.departures import TimedRouter
from routing.timed.times_ahead import times_ahead

_log = logging.getLogger("goldenhour.routing")


def prepare_kernels() -> None:
    """Compile every search kernel, so that no user's first question waits for it.

    Of several processes that start together on new code one compiles and the others read what it
    left in numba's cache.
    """
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or tempfile.gettempdir())
    with contextlib.ExitStack() as stack:
        try:
            lock = stack.enter_context((folder / f"kernels-{os.getuid()}.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            _log.info("kernels are compiled without waiting for other processes")
        warm_up()


def warm_up() -> None:
    """Ask every kind of question once, on a block of four streets."""
    corners = [(0.0, 0.0), (0.001, 0.0), (0.001, 0.001), (0.0, 0.001), (0.0, 0.0)]
    segments = Segments.from_columns(
        segment_id=[1, 2, 3, 4],
        from_node=[1, 2, 3, 4],
        to_node=[2, 3, 4, 1],
        length_m=[111.0] * 4,
        highway=["residential"] * 4,
        coords=[corner for i in range(4) for corner in corners[i : i + 2]],
        offsets=[0, 2, 4, 6, 8],
    )
    graph = build_graph(segments, Profile.CAR)
    plain = DijkstraRouter(graph)
    slower = plain.times.changed(graph, np.array([0], np.int32), np.array([99_000], np.int32))
    fast = FastTimes.of(graph, hierarchy_of(graph), slower, metric_id="warm-up")
    points = plain.snap([(0.0002, 0.0), (0.0008, 0.001)], heading_deg=[90.0, np.nan])
    start, end = points.take(0), points.take(1)
    for router in (plain, plain.with_times(slower), HierarchyRouter(plain, fast)):
        router.route(start, end)
        router.times_to(start, router.pin(points), k=1, limit_s=900.0)
        list(router.matrix(points, points))
        if isinstance(router, HierarchyRouter):
            router.times_to(start, end)
            router.times_between(points, points)
            router.times_to(start, router.select_origins(points))
            router.times_from(start, router.select_destinations(points))
    EdgeTimes.of(graph, graph.free_flow_ms.copy())
    _warm_up_departures(graph, points)
    _warm_up_areas(plain, points)


def _warm_up_areas(router: DijkstraRouter, points: SnapResult) -> None:
    """Draw areas of one place, both ways."""
    segments, plane = router.graph.segments, router.snapper.plane
    for towards in (False, True):
        times = reach(router, points.take(0), limit_s=20.0, towards=towards)
        isochrone_bands(segments, times, limits_ms=(10_000, 20_000), plane=plane)


def _warm_up_departures(graph: RoadGraph, points: SnapResult) -> None:
    """Drive while a live speed expires."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    until = at + timedelta(hours=1)
    numbers = ((0, np.int32), (1, np.int64), (5, np.float32), (to_us(at), np.int64),
               (to_us(at) + 5_000_000, np.int64), (1, np.float32))  # fmt: skip
    live = SpeedRows.of(*(np.array([value], kind) for value, kind in numbers))
    shot = ConditionsSnapshot("warm-up", 1, "UTC", at, speeds=live, speeds_change=1)
    ahead = times_ahead(graph, PROFILES[Profile.CAR], shot, at=at, until=until)
    router = TimedRouter(DijkstraRouter(graph, times=ahead.base), ahead)
    router.route(points.take(0), points.take(1), depart_at=at)
    router.times_to(points.take(0), points, k=1, depart_at=at)


if __name__ == "__main__":
    warm_up()
