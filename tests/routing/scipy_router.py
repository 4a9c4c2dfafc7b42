"""The router without compiled searches: scipy's Dijkstra over the same graph and places.

It answers to the millisecond what `DijkstraRouter` answers, by a whole search from one to all each
time (some 0.1 s in a metropolis), and shares no search code with it: a second opinion for tests,
and a way to go on where the compiled search is in doubt.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import RoadGraph
from routing.graph.edge_times import EdgeTimes
from routing.graph.places import Entries, Places, SameState
from routing.roads.model import FloatArray, IndexArray, Profile, RouteResult, SnapResult
from routing.search.errors import NoRouteError
from routing.search.router import no_route_reason, route_along, seconds
from routing.snap.snapper import DEFAULT_MAX_DISTANCE_M, Snapper


class ScipyRouter:
    """A `RoadRouter` on scipy; immutable, so safe to share between threads."""

    def __init__(
        self,
        graph: RoadGraph,
        *,
        times: EdgeTimes | None = None,
        snapper: Snapper | None = None,
    ) -> None:
        """Serve `graph`, at free flow if no other `times` are given."""
        self.graph = graph
        self.snapper = snapper or Snapper(graph.segments, graph.usable_legs)
        self.times = times or EdgeTimes.of(graph, graph.free_flow_ms)
        self._forward = _arc_times(graph, self.times.state_ms)
        self._backward = self._forward.T.tocsr()

    @property
    def profile(self) -> Profile:
        """The means of travel."""
        return self.graph.profile

    def with_times(self, times: EdgeTimes | IndexArray) -> "ScipyRouter":
        """Return a router over the same graph at other times, or leg times (2 * n_segments,)."""
        given = times if isinstance(times, EdgeTimes) else EdgeTimes.of(self.graph, times)
        return ScipyRouter(self.graph, times=given, snapper=self.snapper)

    def snap(
        self, points: ArrayLike, *, max_distance_m: float = DEFAULT_MAX_DISTANCE_M
    ) -> SnapResult:
        """Snap (k, 2) longitude, latitude; see `Snapper.snap`."""
        return self.snapper.snap(points, max_distance_m=max_distance_m)

    def times_to(
        self,
        destination: SnapResult,
        origins: SnapResult,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from each origin to the one destination, of the `k` nearest if given."""
        destination.require()
        starts, ends = self._places(origins, destination)
        seeds, goals = Entries.arrivals(ends), Entries.departures(starts, self.graph.successors)
        time_ms = self._times_ms(self._backward, seeds, goals)
        direct = SameState.of(starts, ends, self.graph, self.times.leg_ms)
        np.minimum.at(time_ms, starts.point[direct.origin], direct.time_ms)
        return _nearest_s(time_ms, k, limit_s)

    def times_from(
        self,
        origin: SnapResult,
        destinations: SnapResult,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from the one origin to each destination, of the `k` nearest if given."""
        origin.require()
        starts, ends = self._places(origin, destinations)
        seeds, goals = Entries.departures(starts, self.graph.successors), Entries.arrivals(ends)
        time_ms = self._times_ms(self._forward, seeds, goals)
        direct = SameState.of(starts, ends, self.graph, self.times.leg_ms)
        np.minimum.at(time_ms, ends.point[direct.destination], direct.time_ms)
        return _nearest_s(time_ms, k, limit_s)

    def route(self, origin: SnapResult, destination: SnapResult) -> RouteResult:
        """Return the fastest route between two single points.

        Raises
        ------
        NoRoadNearbyError
            If a point was not snapped.
        NoRouteError
            If no way joins them; `reason` says why.
        """
        origin.require()
        destination.require()
        starts, ends = self._places(origin, destination)
        states = self._states(starts, ends)
        if not states:
            raise NoRouteError(no_route_reason(starts, ends), profile=self.profile)
        return route_along(
            self.graph, states, starts, ends,
            leg_ms=self.times.leg_ms, snapper=self.snapper, destination=destination.point[0],
        )  # fmt: skip

    def routes_to(
        self, destination: SnapResult, origins: SnapResult, *, k: int
    ) -> list[tuple[int, RouteResult]]:
        """Return the routes of the `k` nearest origins, nearest first, with their row numbers."""
        time_s = self.times_to(destination, origins, k=k)
        order = np.argsort(time_s, kind="stable")
        reached = order[np.isfinite(time_s[order])]
        return [(int(i), self.route(origins.take(i), destination)) for i in reached]

    def _places(self, origins: SnapResult, destinations: SnapResult) -> tuple[Places, Places]:
        graph, leg_ms = self.graph, self.times.leg_ms
        ends = Places.of(graph, destinations, leg_ms).with_copies(graph, leg_ms)
        return Places.of(graph, origins, leg_ms), ends

    def _times_ms(self, arc_ms: csr_array, seeds: Entries, goals: Entries) -> NDArray[np.int64]:
        """Times (n_points,) from the one point of `seeds` to all points of `goals`."""
        label_ms, _ = _one_to_all(arc_ms, seeds.vertex, seeds.offset_ms)
        time_ms = np.full(goals.n_points, INFINITE_MS)
        np.minimum.at(time_ms, goals.point, label_ms[goals.vertex] + goals.offset_ms)
        return time_ms

    def _states(self, starts: Places, ends: Places) -> list[int]:
        """States of the fastest way from one point to another, none if there is no way."""
        successors = self.graph.successors
        entries = Entries.departures(starts, successors)
        label_ms, before = _one_to_all(self._forward, entries.vertex, entries.offset_ms)
        total_ms = label_ms[ends.state] + ends.spent_ms
        direct = SameState.of(starts, ends, self.graph, self.times.leg_ms)
        best_ms = min(total_ms.min(initial=INFINITE_MS), INFINITE_MS)
        if direct.time_ms.min(initial=INFINITE_MS) <= best_ms and direct.time_ms.size:
            return [int(starts.state[direct.origin[np.argmin(direct.time_ms)]])]
        if best_ms >= INFINITE_MS:
            return []
        path = [int(ends.state[np.argmin(total_ms)])]
        while before[path[-1]] < self.graph.n_states:
            path.append(int(before[path[-1]]))
        for state, left_ms in zip(starts.state, starts.left_ms, strict=True):
            arcs = slice(successors.start[state], successors.start[state + 1])
            entered_ms = left_ms + successors.delay_ms[arcs]
            if ((successors.to[arcs] == path[-1]) & (entered_ms == label_ms[path[-1]])).any():
                path.append(int(state))
                break
        return path[::-1]


def _arc_times(graph: RoadGraph, state_ms: IndexArray) -> csr_array:
    """Times between the starts of states, (n_states, n_states) float64 ms, closed arcs left out."""
    arcs, n = graph.successors, graph.n_states
    tail = np.repeat(np.arange(n), np.diff(arcs.start))
    time_ms = state_ms[tail].astype(np.int64) + arcs.delay_ms
    order = np.lexsort((time_ms, arcs.to, tail))
    order = order[time_ms[order] < INFINITE_MS]
    pair = tail[order] * n + arcs.to[order]
    order = order[np.unique(pair, return_index=True)[1]]
    times = time_ms[order].astype(np.float64)
    return csr_array((times, (tail[order], arcs.to[order])), shape=(n, n))


def _one_to_all(
    arc_ms: csr_array, vertex: IndexArray, offset_ms: IndexArray
) -> tuple[NDArray[np.int64], IndexArray]:
    """Labels (n + 1,) int64 ms from a vertex n put before all `vertex`, and the vertices before."""
    n = arc_ms.shape[0]
    order = np.lexsort((offset_ms, vertex))
    order = order[offset_ms[order] < INFINITE_MS]
    entered, first = np.unique(vertex[order], return_index=True)
    size = arc_ms.indices.size + entered.size
    data = np.concatenate((arc_ms.data, offset_ms[order][first].astype(np.float64)))
    indices = np.concatenate((arc_ms.indices, entered))
    joined = csr_array((data, indices, np.append(arc_ms.indptr, size)), shape=(n + 1, n + 1))
    label_ms, before = (row[0] for row in dijkstra(joined, indices=[n], return_predecessors=True))
    return np.where(label_ms < INFINITE_MS, label_ms, INFINITE_MS).astype(np.int64), before


def _nearest_s(time_ms: NDArray[np.int64], k: int | None, limit_s: float) -> FloatArray:
    """Seconds of the `k` least times within the limit, by time and then row; inf elsewhere."""
    order = np.argsort(time_ms, kind="stable")[:k]
    order = order[time_ms[order] <= int(min(limit_s * 1000.0, INFINITE_MS - 1))]
    nearest_ms = np.full(time_ms.size, INFINITE_MS, dtype=np.int32)
    nearest_ms[order] = time_ms[order]
    return seconds(nearest_ms)
