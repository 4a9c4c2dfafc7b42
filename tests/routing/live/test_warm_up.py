"""Nothing is compiled for a user's question: the warm-up has asked them all."""

import gc

import numpy as np
from numba.core.dispatcher import Dispatcher

from routing.areas.isochrone import isochrone_bands
from routing.areas.reach import reach
from routing.graph.build import build_graph
from routing.graph.store import CacheKey, load_graph, load_segments, save_graph, save_segments
from routing.live.loading import hierarchy_of
from routing.live.warm_up import warm_up
from routing.roads.model import Profile
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter
from routing.snap.snapper import Snapper

KEY = CacheKey("warm", 1)


def compiled_kernels() -> dict[str, int]:
    kernels = (one for one in gc.get_objects() if isinstance(one, Dispatcher))
    return {
        f"{one.py_func.__module__}.{one.py_func.__name__}": len(one.signatures)
        for one in kernels
        if one.py_func.__module__.startswith("routing.")
    }


def test_questions_to_mapped_roads_compile_nothing(city, tmp_path):
    save_segments(tmp_path / "segments", city.segments, key=KEY)
    segments = load_segments(tmp_path / "segments", key=KEY)
    graph = build_graph(segments, Profile.CAR, restrictions=city.restrictions)
    save_graph(tmp_path / "car", graph, key=KEY)
    graph = load_graph(tmp_path / "car", segments, key=KEY, rules=Profile.CAR)
    warm_up()
    before = compiled_kernels()
    plain = DijkstraRouter(graph, snapper=Snapper(segments, graph.usable_legs))
    fast = HierarchyRouter(
        plain, FastTimes.of(graph, hierarchy_of(graph), plain.times, metric_id="test")
    )
    some = segments.coords[:: len(segments.coords) // 70]
    for router in (plain, fast):
        points = router.snap(some, heading_deg=np.linspace(0.0, 350.0, len(some)))
        one = points.take(0)
        router.route(one, points.take(1))
        for n in (1, 5, 70):
            router.times_to(one, points.take(np.arange(n)))
            router.times_from(one, points.take(np.arange(n)))
        list(router.matrix(points, points))
        router.times_between(points, points)
        router.routes_to(one, points, k=3)
        for towards in (False, True):
            times = reach(router, one, limit_s=60.0, towards=towards)
            isochrone_bands(segments, times, limits_ms=(20_000, 60_000), plane=router.snapper.plane)
    assert compiled_kernels() == before
