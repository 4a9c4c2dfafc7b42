"""How long the nearest of many places is for each of many others: one search for all of them."""

from dataclasses import dataclass

import numpy as np

from routing.engine.digraph import INFINITE_MS
from routing.engine.dijkstra import leave, nearest_seed
from routing.graph.places import SameState
from routing.roads.model import FloatArray, IndexArray, SnapResult
from routing.search.router import DijkstraRouter, arc_arrays, seconds

NONE_NEAR = -1


@dataclass(frozen=True, slots=True, eq=False)
class NearestTimes:
    """The nearest of the places for each of n others.

    time_s : (n,) float64 seconds, inf where no way leads or no road is near
    nearest : (n,) int32 row of the place, `NONE_NEAR` where `time_s` is inf
    """

    time_s: FloatArray
    nearest: IndexArray


def times_of_nearest(
    router: DijkstraRouter, places: SnapResult, others: SnapResult, *, towards: bool
) -> NearestTimes:
    """Return the least time between each of `others` and any of `places`.

    `towards` : driven from the others to the places; else from the places to the others. The whole
    network is searched once, from all places together, whatever their number.
    """
    graph, times = router.graph, router.times
    sources, ends = router.places(places), router.places(others)
    if towards:
        sources = sources.with_copies(graph, times.leg_ms)
        arcs, driven_ms, rest_ms = graph.predecessors, sources.spent_ms, ends.left_ms
    else:
        ends = ends.with_copies(graph, times.leg_ms)
        arcs, driven_ms, rest_ms = graph.successors, sources.left_ms, ends.spent_ms
    vertex, label_ms, row = leave(arc_arrays(arcs), sources.state, driven_ms)
    seed, found_ms = nearest_seed(arc_arrays(arcs), times.state_ms, (vertex, label_ms))

    total_ms = found_ms[ends.state].astype(np.int64) + rest_ms
    reached = (found_ms[ends.state] < INFINITE_MS) & (rest_ms < INFINITE_MS)
    from_end = ends.point[reached]
    from_source = sources.point[row[seed[ends.state[reached]]]]

    # Whoever stands on the same stretch of road, in the right order, meets without leaving it.
    if towards:
        direct = SameState.of(ends, sources, graph, times.leg_ms)
        direct_end, direct_source = direct.origin, direct.destination
    else:
        direct = SameState.of(sources, ends, graph, times.leg_ms)
        direct_end, direct_source = direct.destination, direct.origin

    point = np.concatenate((from_end, ends.point[direct_end]))
    source = np.concatenate((from_source, sources.point[direct_source]))
    time_ms = np.concatenate((total_ms[reached], direct.time_ms))
    order = np.lexsort((source, time_ms, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    best_ms = np.full(len(others), INFINITE_MS, dtype=np.int32)
    nearest = np.full(len(others), NONE_NEAR, dtype=np.int32)
    within = first[time_ms[first] < INFINITE_MS]
    best_ms[point[within]] = time_ms[within]
    nearest[point[within]] = source[within]
    return NearestTimes(seconds(best_ms), nearest)
