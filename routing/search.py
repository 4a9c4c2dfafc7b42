"""Travel times and routes between snapped points: the interface, and exact Dijkstra behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike

from routing.errors import InvalidNetworkError, NoRouteError
from routing.graph import Arcs, RoadGraph, build_graph
from routing.kernels import Work, new_work, search
from routing.model import FloatArray, IndexArray, Profile, RouteResult, Segments, SnapResult, freeze
from routing.path import assemble_route, portion_s
from routing.snap import DEFAULT_MAX_DISTANCE_M, Snapper

_LAST_QUERY = 2**31 - 2


class RoadRouter(Protocol):
    """What routing offers to the rest of the house, whichever engine answers.

    Times are seconds, inf where there is no way, where a point was not snapped, or where the
    search ended before (k, limit). A faster engine replaces `DijkstraRouter` behind this.
    """

    @property
    def profile(self) -> Profile:
        """The means of travel."""

    def snap(
        self, points: ArrayLike, *, max_distance_m: float = DEFAULT_MAX_DISTANCE_M
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
class _Candidates:
    """States on which points lie: point row, state, share of the state behind the point."""

    point: IndexArray
    state: IndexArray
    along: FloatArray

    @classmethod
    def of(cls, points: SnapResult) -> Self:
        forward = np.flatnonzero(points.forward_state >= 0)
        backward = np.flatnonzero(points.backward_state >= 0)
        return cls(
            point=np.concatenate((forward, backward)).astype(np.int32),
            state=np.concatenate((points.forward_state[forward], points.backward_state[backward])),
            along=np.concatenate((points.fraction[forward], 1.0 - points.fraction[backward])),
        )


@dataclass(slots=True)
class _Scratch:
    work: Work
    query: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Outcome of one search; `parent` is valid only while the scratch is borrowed."""

    time_s: FloatArray
    last_state: IndexArray
    parent: IndexArray

    def path(self, point: int) -> list[int]:
        """States from the many side's point back to the seed."""
        step, path = int(self.last_state[point]), []
        while step >= 0:
            path.append(step)
            step = int(self.parent[step])
        return [*path, -2 - step]


class DijkstraRouter:
    """Exact search without preprocessing: new state times count in the very next query.

    Safe to share between threads; the kernel runs without the interpreter lock, each running
    query holding one set of scratch arrays (about 28 bytes per state).
    """

    def __init__(
        self,
        graph: RoadGraph,
        *,
        state_time_s: FloatArray | None = None,
        snapper: Snapper | None = None,
    ) -> None:
        """Serve `graph`, with `state_time_s` (n_states,) in place of its own times if given."""
        self.graph = graph
        self.snapper = snapper or Snapper(graph)
        self.state_time_s = graph.state_time_s if state_time_s is None else state_time_s
        self._pool: list[_Scratch] = []
        copy_base = graph.base_state[graph.n_base :]
        self._copies = (np.argsort(copy_base, kind="stable") + graph.n_base).astype(np.int32)
        self._copy_base = graph.base_state[self._copies]

    @property
    def profile(self) -> Profile:
        """The means of travel."""
        return self.graph.profile

    def with_times(self, state_time_s: ArrayLike) -> "DijkstraRouter":
        """Return a router over the same graph with other times (n_states,), inf = closed.

        Raises
        ------
        InvalidNetworkError
            If a time is missing, negative, zero or NaN.
        """
        times_s = np.array(state_time_s, dtype=np.float64)
        if times_s.shape != (self.graph.n_states,) or not (times_s > 0).all():
            msg = f"{self.graph.n_states} times above 0 s are needed, inf for a closed road."
            raise InvalidNetworkError(msg)
        return DijkstraRouter(self.graph, state_time_s=freeze(times_s), snapper=self.snapper)

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
                raise NoRouteError(self._no_route_reason(origin, destination), profile=self.profile)
            return self._route(found.path(0)[::-1], origin, destination)

    def routes_to(
        self, destination: SnapResult, origins: SnapResult, *, k: int
    ) -> list[tuple[int, RouteResult]]:
        """Return the routes of the `k` nearest origins, nearest first, by one reverse search."""
        with self._search(destination, origins, reverse=True, k=k, limit_s=np.inf) as found:
            order = np.argsort(found.time_s, kind="stable")
            reached = order[np.isfinite(found.time_s[order])]
            return [
                (int(i), self._route(found.path(int(i)), origins.take(i), destination))
                for i in reached
            ]

    def _route(self, states: list[int], origin: SnapResult, end: SnapResult) -> RouteResult:
        return assemble_route(
            self.graph,
            states,
            start_along=self._along(states[0], origin),
            end_along=self._along(states[-1], end),
            state_time_s=self.state_time_s,
            plane=self.snapper.plane,
        )

    def _along(self, state: int, point: SnapResult) -> float:
        fraction = float(point.fraction[0])
        return fraction if self.graph.state_forward[state] else 1.0 - fraction

    def _no_route_reason(self, origin: SnapResult, destination: SnapResult) -> str:
        for reason, point in (("origin_closed", origin), ("destination_closed", destination)):
            if not np.isfinite(self.state_time_s[_Candidates.of(point).state]).any():
                return reason
        return "not_connected"

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
        near, far = _Candidates.of(one), _Candidates.of(many)
        direct = self._direct(near, far, reverse=reverse)
        if reverse:
            arcs, origins, ends = self.graph.predecessors, far, self._with_copies(near)
            ends_s, origins_s = self._spent_s(ends, ends.along), self._left_s(origins)
            seeds, seeds_s, goals, goals_s = ends, ends_s, origins, origins_s
        else:
            arcs, origins, ends = self.graph.successors, near, self._with_copies(far)
            ends_s, origins_s = self._spent_s(ends, ends.along), self._left_s(origins)
            seeds, seeds_s, goals, goals_s = origins, origins_s, ends, ends_s
        order = np.argsort(goals.state, kind="stable")
        snapped = int(np.count_nonzero(many.segment >= 0))
        time_s = np.full(len(many), np.inf)
        last_state = np.full(len(many), -1, dtype=np.int32)
        scratch = self._borrow(len(many))
        search(
            _arrays(arcs),
            self.state_time_s,
            (seeds.state, seeds_s),
            (goals.point[order], goals.state[order], goals_s[order]),
            direct,
            snapped if k is None else min(k, snapped),
            float(limit_s),
            scratch.query,
            scratch.work,
            time_s,
            last_state,
        )
        try:
            yield _Found(time_s, last_state, scratch.work[2])
        finally:
            self._pool.append(scratch)

    def _spent_s(self, places: _Candidates, share: FloatArray) -> FloatArray:
        return portion_s(self.state_time_s[places.state], share)

    def _left_s(self, places: _Candidates) -> FloatArray:
        return self._spent_s(places, 1.0 - places.along)

    def _direct(
        self, near: _Candidates, far: _Candidates, *, reverse: bool
    ) -> tuple[IndexArray, IndexArray, FloatArray]:
        """Pairs on one and the same state, the origin not behind the destination."""
        here, there = np.nonzero(near.state[:, None] == far.state[None, :])
        ahead = (far.along[there] - near.along[here]) * (-1.0 if reverse else 1.0)
        there, ahead = there[ahead >= 0], ahead[ahead >= 0]
        state = far.state[there]
        return far.point[there], state, portion_s(self.state_time_s[state], ahead)

    def _with_copies(self, places: _Candidates) -> _Candidates:
        """Add the copies of each state: a place is reached in whichever way it was entered."""
        left = np.searchsorted(self._copy_base, places.state, side="left")
        count = np.searchsorted(self._copy_base, places.state, side="right") - left
        if not count.any():
            return places
        row = np.repeat(np.arange(count.size), count)
        copy = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count) + left[row]
        return _Candidates(
            point=np.concatenate((places.point, places.point[row])),
            state=np.concatenate((places.state, self._copies[copy])),
            along=np.concatenate((places.along, places.along[row])),
        )

    def _borrow(self, n_points: int) -> _Scratch:
        """Take scratch arrays that no other query holds and give this query its stamp."""
        n_states = self.graph.n_states
        try:
            scratch = self._pool.pop()
        except IndexError:
            scratch = _Scratch(new_work(n_states, max(n_points, 1_024)))
        if scratch.work[0].size < n_states + n_points or scratch.query == _LAST_QUERY:
            scratch = _Scratch(new_work(n_states, n_points))
        scratch.query += 1
        return scratch


def _arrays(arcs: Arcs) -> tuple[IndexArray, IndexArray, FloatArray]:
    return arcs.start, arcs.to, arcs.delay_s


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
