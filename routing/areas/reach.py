"""How far one gets: the search behind isochrones and service areas."""

import numpy as np

from routing.areas.entries import LegTimes, leg_times
from routing.engine.dijkstra import ball, leave, nearest_seed
from routing.roads.model import SnapResult
from routing.search.router import DijkstraRouter, arc_arrays, whole_ms


def reach(
    router: DijkstraRouter, place: SnapResult, *, limit_s: float, towards: bool = False
) -> LegTimes:
    """Return when each leg is entered from one place, or left towards it, within a limit.

    Raises
    ------
    NoRoadNearbyError
        If the place was not snapped.
    """
    place.require()
    graph, times = router.graph, router.times
    limit_ms = whole_ms(limit_s)
    places = router.places(place)
    if towards:
        places = places.with_copies(graph, times.leg_ms)
        arcs, driven_ms = arc_arrays(graph.predecessors), places.spent_ms
    else:
        arcs, driven_ms = arc_arrays(graph.successors), places.left_ms
    vertex, label_ms, _ = leave(arcs, places.state, driven_ms)
    with router.scratch(0) as scratch:
        states, found_ms = ball(
            arcs, times.state_ms, (vertex, label_ms), limit_ms, scratch.query, scratch.work
        )
    return leg_times(
        graph, found_ms, leg_ms=times.leg_ms, limit_ms=limit_ms, places=places, states=states,
        towards=towards,
    )  # fmt: skip


def reach_of_nearest(
    router: DijkstraRouter, places: SnapResult, *, limit_s: float, towards: bool = False
) -> LegTimes:
    """Return for each leg the nearest of many places, and when it is entered from there.

    Places without a road reach nothing.
    """
    graph, times = router.graph, router.times
    limit_ms = whole_ms(limit_s)
    standing = router.places(places)
    if towards:
        standing = standing.with_copies(graph, times.leg_ms)
        arcs, driven_ms = arc_arrays(graph.predecessors), standing.spent_ms
    else:
        arcs, driven_ms = arc_arrays(graph.successors), standing.left_ms
    vertex, label_ms, row = leave(arcs, standing.state, driven_ms)
    nearest, found_ms = nearest_seed(arcs, times.state_ms, (vertex, label_ms))
    reached = nearest >= 0
    point = np.full(graph.n_states, -1, dtype=np.int32)
    point[reached] = standing.point[row[nearest[reached]]]
    return leg_times(
        graph, found_ms, leg_ms=times.leg_ms, limit_ms=limit_ms,
        places=standing, state_point=point, towards=towards,
    )  # fmt: skip
