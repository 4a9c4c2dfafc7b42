"""The same questions put to the router that the rest of the house talks to.

It adds to the engine what a caller needs: places on roads, ways within one street, seconds.
"""

import numpy as np
from numpy.typing import NDArray

from bench.routing_hierarchy import Engine
from bench.routing_report import Sample
from bench.routing_searches import timed_each
from routing.roads.model import RouteResult
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter

FloatArray = NDArray[np.float64]
_SNAP_LIMIT_M = 5_000.0
_N_ROUTES = 300
_N_TRUE_ROUTES = 60


def measure(
    base: DijkstraRouter, engine: Engine, *, origins: FloatArray, places: FloatArray,
    sources: FloatArray, columns: FloatArray,
) -> tuple[dict[str, Sample], str]:  # fmt: skip
    """Measure the public answers over one hierarchy: samples by key, and what was compared.

    origins (v, 2), places (q, 2), sources (s, 2), columns (t, 2) : longitude and latitude
    """
    fast = FastTimes("bench", engine.hierarchy, engine.metric, base.times)
    router = HierarchyRouter(base, fast)
    units, goals, rows, ends = (
        router.snap(points, max_distance_m=_SNAP_LIMIT_M)
        for points in (origins, places, sources, columns)
    )
    singles = [goals.take(row) for row in range(len(goals))]
    pairs = [
        (units.take(row % len(units)), singles[row % len(singles)]) for row in range(_N_ROUTES)
    ]

    def route(unit: object, place: object) -> RouteResult:
        return router.route(unit, place)

    times, one_s = timed_each(lambda unit, place: router.times_to(place, unit)[0], pairs)
    routes, route_s = timed_each(route, pairs)
    pinned = router.select_origins(units)
    _, all_s = timed_each(lambda place: router.times_to(place, pinned), [(s,) for s in singles])
    _, matrix_s = timed_each(lambda: sum(len(b) for b in router.matrix(rows, ends)), [()] * 2)
    unlike = sum(
        abs(found.travel_time_s - time) > 1e-9 for found, time in zip(routes, times, strict=True)
    )
    true = [base.times_to(place, unit)[0] for unit, place in pairs[:_N_TRUE_ROUTES]]
    unlike += int(np.count_nonzero(np.array(times[:_N_TRUE_ROUTES]) != true))
    samples = {
        "router_one": Sample.of(one_s),
        "router_route": Sample.of(route_s),
        "router_all": Sample.of(all_s),
        "router_matrix": Sample.of(matrix_s),
    }
    return samples, (
        f"{_N_ROUTES} routes against times, {_N_TRUE_ROUTES} times against plain search: "
        f"{unlike} differ"
    )
