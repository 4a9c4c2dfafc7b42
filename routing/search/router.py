"""Travel times and routes between snapped points: the interface, and exact Dijkstra behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.engine.digraph import INFINITE_MS
from routing.engine.dijkstra import LAST_QUERY, Work, new_work, search
from routing.graph.build import Arcs, RoadGraph
from routing.graph.edge_times import EdgeTimes
from routing.graph.places import Places, SameState
from routing.guidance.path import assemble_route, drive_along
from routing.roads.model import FloatArray, IndexArray, Profile, RouteResult, SnapResult
from routing.search.errors import NoRouteError
from routing.snap.snapper import DEFAULT_MAX_DISTANCE_M, Snapper

Float32Array: TypeAlias = NDArray[np.float32]
MATRIX_BLOCK = 256
"""Rows of a matrix that are worked out together."""


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
        origins: "SnapResult | PinnedOrigins",
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

    def matrix(
        self, origins: SnapResult, destinations: SnapResult, *, block: int = MATRIX_BLOCK
    ) -> Iterator[Float32Array]:
        """Yield times (<= block, n) float32 seconds, origins in rows, destinations in columns."""

    def route(self, origin: SnapResult, destination: SnapResult) -> RouteResult:
        """Return the fastest route between two single points, or raise `NoRouteError`."""

    def routes_to(
        self, destination: SnapResult, origins: SnapResult, *, k: int
    ) -> list[tuple[int, RouteResult]]:
        """Return the routes of the `k` nearest origins, nearest first, with their row numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class PinnedOrigins:
    """Origins made ready once for many questions at the same times: a fleet and its positions."""

    times: EdgeTimes
    points: SnapResult
    n_found: int
    places: Places
    ends: tuple[IndexArray, IndexArray, IndexArray]

    @classmethod
    def of(cls, graph: RoadGraph, points: SnapResult, times: EdgeTimes) -> "PinnedOrigins":
        """Place `points` on the states of `graph`, in order of the states."""
        places = Places.of(graph, points, times.leg_ms).by_state()
        open_ = places.left_ms < INFINITE_MS
        ends = (places.point[open_], places.state[open_], places.left_ms[open_])
        return cls(times, points, int(np.count_nonzero(points.found)), places, ends)


@dataclass(frozen=True, slots=True, eq=False)
class PinnedDestinations:
    """Destinations made ready once for many questions at the same times."""

    times: EdgeTimes
    points: SnapResult
    n_found: int
    places: Places
    ends: tuple[IndexArray, IndexArray, IndexArray]

    @classmethod
    def of(cls, graph: RoadGraph, points: SnapResult, times: EdgeTimes) -> "PinnedDestinations":
        """Place `points` on the states of `graph`, in order of the states."""
        places = Places.of(graph, points, times.leg_ms).with_copies(graph, times.leg_ms).by_state()
        open_ = places.spent_ms < INFINITE_MS
        ends = (places.point[open_], places.state[open_], places.spent_ms[open_])
        return cls(times, points, int(np.count_nonzero(points.found)), places, ends)


@dataclass(slots=True)
class Scratch:
    """Working arrays of one search at a time, and the number of the last query with them."""

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
        pool: list[Scratch] | None = None,
    ) -> None:
        """Serve `graph`, at free flow if no other `times` are given.

        `pool` holds the scratch arrays that routers over one graph share.
        """
        self.graph = graph
        self.snapper = snapper or Snapper(graph.segments, graph.usable_legs)
        self.times = times or EdgeTimes.of(graph, graph.free_flow_ms)
        self.scratch_pool: list[Scratch] = [] if pool is None else pool

    @property
    def profile(self) -> Profile:
        """The means of travel."""
        return self.graph.profile

    def with_times(self, times: EdgeTimes | IndexArray) -> "DijkstraRouter":
        """Return a router over the same graph at other times, or leg times (2 * n_segments,)."""
        given = times if isinstance(times, EdgeTimes) else EdgeTimes.of(self.graph, times)
        return DijkstraRouter(self.graph, times=given, snapper=self.snapper, pool=self.scratch_pool)

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

    def pin(self, origins: SnapResult) -> PinnedOrigins:
        """Make `origins` ready for many questions to this router."""
        return PinnedOrigins.of(self.graph, origins, self.times)

    def pin_destinations(self, destinations: SnapResult) -> PinnedDestinations:
        """Make `destinations` ready for many questions to this router."""
        return PinnedDestinations.of(self.graph, destinations, self.times)

    def times_to(
        self,
        destination: SnapResult,
        origins: SnapResult | PinnedOrigins,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from each origin to the one destination, by one reverse search."""
        with self._search_to(destination, origins, k=k, limit_s=limit_s) as found:
            return found.time_s

    def times_from(
        self,
        origin: SnapResult,
        destinations: SnapResult | PinnedDestinations,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from the one origin to each destination, by one forward search."""
        with self._search_from(origin, destinations, k=k, limit_s=limit_s) as found:
            return found.time_s

    def times_between(self, origins: SnapResult, destinations: SnapResult) -> FloatArray:
        """Times (n,) from each origin to the destination of the same row."""
        return np.array(
            [
                self.times_from(origins.take(i), destinations.take(i))[0]
                if origins.found[i]
                else np.inf
                for i in range(len(origins))
            ]
        )

    def matrix(
        self, origins: SnapResult, destinations: SnapResult, *, block: int = MATRIX_BLOCK
    ) -> Iterator[Float32Array]:
        """Yield times (<= block, n) float32 seconds from each origin to every destination.

        Rows come in the order of the origins; inf where there is no way or no road. No more than
        one block is in memory.
        """
        for first in range(0, len(origins), block):
            rows = range(first, min(first + block, len(origins)))
            times_s = np.full((len(rows), len(destinations)), np.inf, dtype=np.float32)
            for row in rows:
                one = origins.take(row)
                if one.found[0]:
                    times_s[row - first] = self.times_from(one, destinations)
            yield times_s

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
        with self._search_from(origin, destination, k=1, limit_s=np.inf) as found:
            if not np.isfinite(found.time_s[0]):
                raise NoRouteError(no_route_reason(found.origins, found.ends), profile=self.profile)
            return self._route(found, 0, destination)

    def routes_to(
        self, destination: SnapResult, origins: SnapResult, *, k: int
    ) -> list[tuple[int, RouteResult]]:
        """Return the routes of the `k` nearest origins, nearest first, by one reverse search."""
        with self._search_to(destination, origins, k=k, limit_s=np.inf) as found:
            order = np.argsort(found.time_s, kind="stable")
            reached = order[np.isfinite(found.time_s[order])]
            return [(int(i), self._route(found, int(i), destination)) for i in reached]

    def _route(self, found: _Found, point: int, destination: SnapResult) -> RouteResult:
        """Assemble the route of one row of the many side."""
        origins, ends = found.origins, found.ends
        if found.reverse:
            origins = origins.take(origins.point == point)
        else:
            ends = ends.take(ends.point == point)
        return route_along(
            self.graph, found.states(point), origins, ends,
            leg_ms=self.times.leg_ms, snapper=self.snapper, destination=destination.point[0],
        )  # fmt: skip

    @contextmanager
    def _search_to(
        self,
        destination: SnapResult,
        origins: SnapResult | PinnedOrigins,
        *,
        k: int | None,
        limit_s: float,
    ) -> Iterator[_Found]:
        """Search from the destination against the direction of travel."""
        destination.require()
        graph, leg_ms = self.graph, self.times.leg_ms
        if isinstance(origins, SnapResult) or origins.times is not self.times:
            origins = self.pin(origins if isinstance(origins, SnapResult) else origins.points)
        many = origins.places
        ends = self.places(destination).with_copies(graph, leg_ms)
        direct = SameState.of(many, ends, graph, leg_ms, sorted_side="origins")
        wanted = origins.n_found if k is None else min(k, origins.n_found)
        with self._run(
            graph.predecessors, (ends.state, ends.spent_ms), origins.ends,
            (many.point[direct.origin], many.state[direct.origin], direct.time_ms),
            n_points=len(origins.points), wanted=wanted, limit_s=limit_s,
        ) as (time_s, last_state, work):  # fmt: skip
            yield _Found(time_s, last_state, work, many, ends, reverse=True)

    @contextmanager
    def _search_from(
        self,
        origin: SnapResult,
        destinations: SnapResult | PinnedDestinations,
        *,
        k: int | None,
        limit_s: float,
    ) -> Iterator[_Found]:
        """Search from the origin in the direction of travel."""
        origin.require()
        graph, leg_ms = self.graph, self.times.leg_ms
        if isinstance(destinations, SnapResult) or destinations.times is not self.times:
            destinations = self.pin_destinations(
                destinations if isinstance(destinations, SnapResult) else destinations.points
            )
        one, many = self.places(origin), destinations.places
        direct = SameState.of(one, many, graph, leg_ms, sorted_side="destinations")
        found, there = destinations.n_found, direct.destination
        with self._run(
            graph.successors, (one.state, one.left_ms), destinations.ends,
            (many.point[there], many.state[there], direct.time_ms),
            n_points=len(destinations.points), wanted=found if k is None else min(k, found),
            limit_s=limit_s,
        ) as (time_s, last_state, work):  # fmt: skip
            yield _Found(time_s, last_state, work, one, many, reverse=False)

    @contextmanager
    def _run(
        self,
        arcs: Arcs,
        seeds: tuple[IndexArray, IndexArray],
        ends: tuple[IndexArray, IndexArray, IndexArray],
        direct: tuple[IndexArray, IndexArray, IndexArray],
        *,
        n_points: int,
        wanted: int,
        limit_s: float,
    ) -> Iterator[tuple[FloatArray, IndexArray, Work]]:
        """Run the kernel; what it leaves in the scratch is valid while the context is open."""
        time_ms = np.full(n_points, INFINITE_MS, dtype=np.int32)
        last_state = np.full(n_points, -1, dtype=np.int32)
        limit_ms = whole_ms(limit_s)
        with self.scratch(n_points) as scratch:
            search(
                arc_arrays(arcs), self.times.state_ms, seeds, ends, direct, wanted, limit_ms,
                scratch.query, scratch.work, time_ms, last_state,
            )  # fmt: skip
            yield seconds(time_ms), last_state, scratch.work

    @contextmanager
    def scratch(self, n_points: int) -> Iterator[Scratch]:
        """Lend scratch arrays that no other query holds, with the number of this query."""
        scratch = self._borrow(n_points)
        try:
            yield scratch
        finally:
            self.scratch_pool.append(scratch)

    def _borrow(self, n_points: int) -> Scratch:
        graph = self.graph
        try:
            scratch = self.scratch_pool.pop()
        except IndexError:
            scratch = self._new_scratch(n_points)
        if scratch.work[0].size < graph.n_states + n_points or scratch.query == LAST_QUERY:
            scratch = self._new_scratch(n_points)
        scratch.query += 1
        return scratch

    def _new_scratch(self, n_points: int) -> Scratch:
        graph = self.graph
        return Scratch(new_work(graph.n_states, graph.successors.to.size, max(n_points, 1_024)))


def whole_ms(limit_s: float) -> int:
    """Return a limit as the engine takes it: 1.001 s are 1001 ms, whatever floats make of it."""
    return round(min(limit_s * 1000.0, INFINITE_MS - 1))


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
    destination: FloatArray,
) -> RouteResult:
    """Assemble the route along `states` between one point of `origins` and one of `ends`.

    Of several candidates on the first or last state the one with the least time is meant.
    `destination` (2,) is the point of `ends` as given, longitude and latitude.
    """
    start = origins.take(origins.state == states[0])
    stop = ends.take(ends.state == states[-1])
    if len(states) == 1:
        # All of them lie on one state, so that both sides are in order of it.
        pairs = SameState.of(start, stop, graph, leg_ms, sorted_side="origins")
        i, j = int(pairs.origin[0]), int(pairs.destination[0])
    else:
        i, j = int(np.argmin(start.left_ms)), int(np.argmin(stop.spent_ms))
    drive = drive_along(
        graph, states,
        start=(int(start.row[i]), float(start.share[i])),
        end=(int(stop.row[j]), float(stop.share[j])),
    )  # fmt: skip
    return assemble_route(
        graph, drive,
        driven_ms=drive.driven_ms(leg_ms), plane=snapper.plane, destination=destination,
    )  # fmt: skip


def arc_arrays(arcs: Arcs) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Return what the kernels take."""
    return arcs.start, arcs.to, arcs.delay_ms
