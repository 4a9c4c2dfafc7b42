"""Travel times and routes between snapped points: the interface, and exact Dijkstra behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from routing.chains import changed_times_ms
from routing.engine.digraph import INFINITE_MS
from routing.engine.dijkstra import LAST_QUERY, Work, new_work, search
from routing.errors import InvalidNetworkError, NoRouteError
from routing.graph import Arcs, RoadGraph, build_graph
from routing.model import FloatArray, IndexArray, Profile, RouteResult, Segments, SnapResult, freeze
from routing.path import assemble_route, drive_along
from routing.places import Places, SameState
from routing.snap import DEFAULT_MAX_DISTANCE_M, Snapper


class RoadRouter(Protocol):
    """What routing offers to the rest of the house, whichever engine answers.

    Times are seconds, inf where there is no way, where a point was not snapped, or where the
    search ended before (k, limit).
    """

    @property
    def profile(self) -> Profile:
        """The means of travel."""

    def snap(
        self,
        points: ArrayLike,
        *,
        max_distance_m: float = DEFAULT_MAX_DISTANCE_M,
        heading_deg: ArrayLike | None = None,
    ) -> SnapResult:
        """Snap (k, 2) longitude, latitude; see `Snapper.snap`."""

    def times_to(
        self,
        destination: SnapResult,
        origins: SnapResult,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from each origin to the one destination, of the `k` nearest if given."""

    def times_from(
        self,
        origin: SnapResult,
        destinations: SnapResult,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from the one origin to each destination, of the `k` nearest if given."""

    def route(self, origin: SnapResult, destination: SnapResult) -> RouteResult:
        """Return the fastest route between two single points, or raise `NoRouteError`."""

    def routes_to(
        self, destination: SnapResult, origins: SnapResult, *, k: int
    ) -> list[tuple[int, RouteResult]]:
        """Return the routes of the `k` nearest origins, nearest first, with their row numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTimes:
    """Times in force: of each leg (2 * n_segments,) and state (n_states,), int32 ms, read-only."""

    leg_ms: IndexArray
    state_ms: IndexArray

    @classmethod
    def of(cls, graph: RoadGraph, leg_ms: IndexArray) -> "EdgeTimes":
        """Sum `leg_ms` over the states of `graph`.

        Raises
        ------
        InvalidNetworkError
            If a time is missing, zero or negative, or if a leg is opened that the profile may
            not use.
        """
        times_ms = np.asarray(leg_ms)
        if times_ms.shape != graph.free_flow_ms.shape or times_ms.dtype != np.int32:
            msg = f"{graph.free_flow_ms.size} leg times as int32 milliseconds are needed."
            raise InvalidNetworkError(msg)
        if times_ms.size and times_ms.min() <= 0:
            msg = "Every leg needs a time above 0 ms; close a road with the infinite time."
            raise InvalidNetworkError(msg)
        return cls(freeze(times_ms), graph.state_times_ms(times_ms))

    def changed(self, graph: RoadGraph, legs: IndexArray, leg_ms: IndexArray) -> "EdgeTimes":
        """Return the times after `legs` (c,) got the times `leg_ms` (c,); the rest is kept."""
        times_ms = self.leg_ms.copy()
        times_ms[legs] = leg_ms
        rows = graph.leg_place[legs]
        left = np.searchsorted(graph.copy_leg, legs, side="left")
        count = np.searchsorted(graph.copy_leg, legs, side="right") - left
        copies = np.repeat(left - np.cumsum(count) + count, count) + np.arange(count.sum())
        states = graph.place_state[np.concatenate((rows[rows >= 0], graph.copy_place[copies]))]
        state_ms = changed_times_ms(
            np.unique(states), graph.state_leg_start, graph.state_leg, graph.state_wait_ms,
            times_ms, self.state_ms,
        )  # fmt: skip
        return replace(self, leg_ms=freeze(times_ms), state_ms=freeze(state_ms))


@dataclass(slots=True)
class _Scratch:
    work: Work
    query: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Outcome of one search; `parent` is valid only while the scratch is borrowed."""

    time_s: FloatArray
    last_state: IndexArray
    work: Work
    origins: Places
    ends: Places
    reverse: bool

    def states(self, point: int) -> list[int]:
        """States from the origin to the destination, `point` being the row on the many side."""
        step, path = int(self.last_state[point]), []
        while step >= 0:
            path.append(step)
            step = int(self.work[1][step])
        path.append(-2 - step)
        return path if self.reverse else path[::-1]


class DijkstraRouter:
    """Exact search without preprocessing: new times count in the very next query.

    Safe to share between threads; the kernel runs without the interpreter lock, each running
    query holding one set of scratch arrays.
    """

    def __init__(
        self,
        graph: RoadGraph,
        *,
        times: EdgeTimes | None = None,
        snapper: Snapper | None = None,
        pool: list[_Scratch] | None = None,
    ) -> None:
        """Serve `graph`, at free flow if no other `times` are given.

        `pool` holds the scratch arrays that routers over one graph share.
        """
        self.graph = graph
        self.snapper = snapper or Snapper(graph.segments, graph.usable_legs)
        self.times = times or EdgeTimes.of(graph, graph.free_flow_ms)
        self._pool: list[_Scratch] = [] if pool is None else pool

    @property
    def profile(self) -> Profile:
        """The means of travel."""
        return self.graph.profile

    def with_times(self, times: EdgeTimes | IndexArray) -> "DijkstraRouter":
        """Return a router over the same graph at other times, or leg times (2 * n_segments,)."""
        given = times if isinstance(times, EdgeTimes) else EdgeTimes.of(self.graph, times)
        return DijkstraRouter(self.graph, times=given, snapper=self.snapper, pool=self._pool)

    def snap(
        self,
        points: ArrayLike,
        *,
        max_distance_m: float = DEFAULT_MAX_DISTANCE_M,
        heading_deg: ArrayLike | None = None,
    ) -> SnapResult:
        """Snap (k, 2) longitude, latitude; see `Snapper.snap`."""
        return self.snapper.snap(points, max_distance_m=max_distance_m, heading_deg=heading_deg)

    def places(self, points: SnapResult) -> Places:
        """Place snapped points on the states of the graph."""
        return Places.of(self.graph, points, self.times.leg_ms)

    def times_to(
        self,
        destination: SnapResult,
        origins: SnapResult,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from each origin to the one destination, by one reverse search."""
        with self._search(destination, origins, reverse=True, k=k, limit_s=limit_s) as found:
            return found.time_s

    def times_from(
        self,
        origin: SnapResult,
        destinations: SnapResult,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from the one origin to each destination, by one forward search."""
        with self._search(origin, destinations, reverse=False, k=k, limit_s=limit_s) as found:
            return found.time_s

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
        with self._search(origin, destination, reverse=False, k=1, limit_s=np.inf) as found:
            if not np.isfinite(found.time_s[0]):
                raise NoRouteError(no_route_reason(found.origins, found.ends), profile=self.profile)
            return self._route(found, 0)

    def routes_to(
        self, destination: SnapResult, origins: SnapResult, *, k: int
    ) -> list[tuple[int, RouteResult]]:
        """Return the routes of the `k` nearest origins, nearest first, by one reverse search."""
        with self._search(destination, origins, reverse=True, k=k, limit_s=np.inf) as found:
            order = np.argsort(found.time_s, kind="stable")
            reached = order[np.isfinite(found.time_s[order])]
            return [(int(i), self._route(found, int(i))) for i in reached]

    def _route(self, found: _Found, point: int) -> RouteResult:
        """Assemble the route of one row of the many side."""
        origins, ends = found.origins, found.ends
        if found.reverse:
            origins = origins.take(origins.point == point)
        else:
            ends = ends.take(ends.point == point)
        return route_along(
            self.graph, found.states(point), origins, ends,
            leg_ms=self.times.leg_ms, snapper=self.snapper,
        )  # fmt: skip

    @contextmanager
    def _search(
        self,
        one: SnapResult,
        many: SnapResult,
        *,
        reverse: bool,
        k: int | None,
        limit_s: float,
    ) -> Iterator[_Found]:
        """Search from `one` to `many` (against the direction of travel if `reverse`)."""
        one.require()
        graph, leg_ms = self.graph, self.times.leg_ms
        origins = self.places(many if reverse else one)
        ends = self.places(one if reverse else many).with_copies(graph, leg_ms)
        direct = SameState.of(origins, ends, graph, leg_ms)
        if reverse:
            seeds, goals = (ends.state, ends.spent_ms), origins.by_state()
            goal_ms, direct_rows = goals.left_ms, direct.origin
            arcs, near = graph.predecessors, origins
        else:
            seeds, goals = (origins.state, origins.left_ms), ends.by_state()
            goal_ms, direct_rows = goals.spent_ms, direct.destination
            arcs, near = graph.successors, ends
        by_time = np.argsort(direct.time_ms, kind="stable")
        direct_rows = direct_rows[by_time]
        open_ = goal_ms < INFINITE_MS
        snapped = int(np.count_nonzero(many.found))
        time_ms = np.full(len(many), INFINITE_MS, dtype=np.int32)
        last_state = np.full(len(many), -1, dtype=np.int32)
        scratch = self._borrow(len(many))
        try:
            search(
                _arrays(arcs),
                self.times.state_ms,
                seeds,
                (goals.point[open_], goals.state[open_], goal_ms[open_]),
                (near.point[direct_rows], near.state[direct_rows], direct.time_ms[by_time]),
                snapped if k is None else min(k, snapped),
                int(min(limit_s * 1000.0, INFINITE_MS - 1)),
                scratch.query,
                scratch.work,
                time_ms,
                last_state,
            )
            yield _Found(seconds(time_ms), last_state, scratch.work, origins, ends, reverse)
        finally:
            self._pool.append(scratch)

    def _borrow(self, n_points: int) -> _Scratch:
        """Take scratch arrays that no other query holds and give this query its stamp."""
        graph = self.graph
        try:
            scratch = self._pool.pop()
        except IndexError:
            scratch = self._new_scratch(n_points)
        if scratch.work[0].size < graph.n_states + n_points or scratch.query == LAST_QUERY:
            scratch = self._new_scratch(n_points)
        scratch.query += 1
        return scratch

    def _new_scratch(self, n_points: int) -> _Scratch:
        graph = self.graph
        return _Scratch(new_work(graph.n_states, graph.successors.to.size, max(n_points, 1_024)))


def seconds(time_ms: IndexArray) -> FloatArray:
    """Return float64 seconds of int32 ms, inf where unreachable."""
    return np.where(time_ms < INFINITE_MS, time_ms / 1000.0, np.inf)


def no_route_reason(origins: Places, ends: Places) -> str:
    """Return the key of `NoRouteError.REASONS` that fits two unconnected places."""
    if not (origins.left_ms < INFINITE_MS).any():
        return "origin_closed"
    if not (ends.spent_ms < INFINITE_MS).any():
        return "destination_closed"
    return "not_connected"


def route_along(
    graph: RoadGraph,
    states: list[int],
    origins: Places,
    ends: Places,
    *,
    leg_ms: IndexArray,
    snapper: Snapper,
) -> RouteResult:
    """Assemble the route along `states` between one point of `origins` and one of `ends`.

    Of several candidates on the first or last state the one with the least time is meant.
    """
    start = origins.take(origins.state == states[0])
    stop = ends.take(ends.state == states[-1])
    if len(states) == 1:
        pairs = SameState.of(start, stop, graph, leg_ms)
        best = int(np.argmin(pairs.time_ms))
        i, j = int(pairs.origin[best]), int(pairs.destination[best])
    else:
        i, j = int(np.argmin(start.left_ms)), int(np.argmin(stop.spent_ms))
    drive = drive_along(
        graph, states,
        start=(int(start.row[i]), float(start.share[i])),
        end=(int(stop.row[j]), float(stop.share[j])),
    )  # fmt: skip
    return assemble_route(graph, drive, leg_ms=leg_ms, plane=snapper.plane)


def _arrays(arcs: Arcs) -> tuple[IndexArray, IndexArray, IndexArray]:
    return arcs.start, arcs.to, arcs.delay_ms


def warm_up() -> None:
    """Compile (or load from numba's disk cache) every kernel, on a street of two segments."""
    segments = Segments.from_columns(
        segment_id=[1, 2],
        from_node=[1, 2],
        to_node=[2, 3],
        length_m=[100.0, 100.0],
        highway=["residential", "residential"],
        coords=[(0.0, 0.0), (0.001, 0.0), (0.001, 0.0), (0.002, 0.0)],
        offsets=[0, 2, 4],
    )
    router = DijkstraRouter(build_graph(segments, Profile.CAR))
    ends = router.snap([(0.0002, 0.0), (0.0018, 0.0)])
    router.route(ends.take(0), ends.take(1))
    router.with_times(
        router.times.changed(router.graph, np.array([0], np.int32), np.array([9], np.int32))
    )
