"""The fast engine: answers out of a hierarchy whose metric was made for one set of times."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from routing.engine.digraph import INFINITE_MS, Digraph
from routing.engine.hierarchy import Hierarchy
from routing.engine.metric import Metric, customize
from routing.engine.query import Query, new_query, shortest_each_ms, shortest_ms, shortest_path
from routing.engine.sweep import Selection, Sweep, matrix_blocks, new_sweep, select, times_ms
from routing.graph.build import RoadGraph
from routing.graph.edge_times import EdgeTimes
from routing.graph.places import Entries, Places, SameState
from routing.roads.model import FloatArray, IndexArray, RouteResult, SnapResult
from routing.search.errors import NoRouteError
from routing.search.router import (
    MATRIX_BLOCK,
    DijkstraRouter,
    Float32Array,
    PinnedDestinations,
    PinnedOrigins,
    no_route_reason,
    route_along,
    seconds,
)

SWEEP_FROM = 64
"""With as many places on the other side, sweeping the hierarchy beats a search that stops early."""

Seeds: TypeAlias = tuple[IndexArray, IndexArray]


@dataclass(frozen=True, slots=True, eq=False)
class FastTimes:
    """A hierarchy's metric and the times it was made from. `metric_id` names their conditions."""

    metric_id: str
    hierarchy: Hierarchy
    metric: Metric
    times: EdgeTimes

    @classmethod
    def of(
        cls, graph: RoadGraph, hierarchy: Hierarchy, times: EdgeTimes, *, metric_id: str
    ) -> "FastTimes":
        """Customize `hierarchy` for `times`."""
        arcs = graph.successors
        metric = customize(
            hierarchy,
            times.state_ms,
            delay_ms=arcs.delay_ms,
            graph=Digraph(arcs.start, arcs.to),
        )
        return cls(metric_id, hierarchy, metric, times)


@dataclass(frozen=True, slots=True, eq=False)
class PinnedPlaces:
    """Places selected in a hierarchy once, for many questions at the same times."""

    times: EdgeTimes
    points: SnapResult
    places: Places
    selection: Selection


class HierarchyRouter(DijkstraRouter):
    """Exact answers at the times of one metric, by hierarchy where that is faster.

    Safe to share between threads: each running query holds room of its own.
    """

    def __init__(self, base: DijkstraRouter, fast: FastTimes) -> None:
        """Answer over the graph of `base` at the times of `fast`; scratch arrays are shared."""
        super().__init__(base.graph, times=fast.times, snapper=base.snapper, pool=base.scratch_pool)
        self.fast = fast
        self._queries: list[Query] = []
        self._sweeps: list[Sweep] = []

    @property
    def metric_id(self) -> str:
        """Name of the conditions that the answers are from."""
        return self.fast.metric_id

    def select_origins(self, origins: SnapResult) -> PinnedPlaces:
        """Make a fleet ready for many questions of how long to one place."""
        places = self.places(origins).by_state()
        entries = Entries.departures(places, self.graph.successors)
        return self._selected(origins, places, entries, forward=False)

    def select_destinations(self, destinations: SnapResult) -> PinnedPlaces:
        """Make places ready for many questions of how long from one place."""
        graph, leg_ms = self.graph, self.times.leg_ms
        places = self.places(destinations).with_copies(graph, leg_ms).by_state()
        return self._selected(destinations, places, Entries.arrivals(places), forward=True)

    def _selected(
        self, points: SnapResult, places: Places, entries: Entries, *, forward: bool
    ) -> PinnedPlaces:
        selection = select(
            self.fast.hierarchy, self.fast.metric, places=_listed(entries), forward=forward
        )
        return PinnedPlaces(self.times, points, places, selection)

    def times_to(
        self,
        destination: SnapResult,
        origins: SnapResult | PinnedOrigins | PinnedPlaces,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from each origin to the one destination, of the `k` nearest if given."""
        if isinstance(origins, PinnedPlaces):
            return self._swept_to(destination, origins)
        if isinstance(origins, PinnedOrigins) or k is not None or np.isfinite(limit_s):
            return super().times_to(destination, origins, k=k, limit_s=limit_s)
        destination.require()
        if len(origins) == 1:
            return np.array([self._one_to_one_s(origins, destination)])
        if len(origins) < SWEEP_FROM:
            return super().times_to(destination, origins)
        return self._swept_to(destination, self.select_origins(origins))

    def times_from(
        self,
        origin: SnapResult,
        destinations: SnapResult | PinnedDestinations | PinnedPlaces,
        *,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) from the one origin to each destination, of the `k` nearest if given."""
        if isinstance(destinations, PinnedPlaces):
            return self._swept_from(origin, destinations)
        if isinstance(destinations, PinnedDestinations) or k is not None or np.isfinite(limit_s):
            return super().times_from(origin, destinations, k=k, limit_s=limit_s)
        origin.require()
        if len(destinations) == 1:
            return np.array([self._one_to_one_s(origin, destinations)])
        if len(destinations) < SWEEP_FROM:
            return super().times_from(origin, destinations)
        return self._swept_from(origin, self.select_destinations(destinations))

    def times_between(self, origins: SnapResult, destinations: SnapResult) -> FloatArray:
        """Times (n,) from each origin to the destination of the same row."""
        graph, leg_ms = self.graph, self.times.leg_ms
        starts = self.places(origins)
        ends = self.places(destinations).with_copies(graph, leg_ms)
        direct = SameState.of(starts, ends, graph, leg_ms, same_point=True)
        query = self._query()
        try:
            found_ms = shortest_each_ms(
                query,
                _listed(Entries.departures(starts, graph.successors)),
                targets=_listed(Entries.arrivals(ends)),
            )
        finally:
            self._queries.append(query)
        np.minimum.at(found_ms, starts.point[direct.origin], direct.time_ms)
        return seconds(found_ms)

    def matrix(
        self, origins: SnapResult, destinations: SnapResult, *, block: int = MATRIX_BLOCK
    ) -> Iterator[Float32Array]:
        """Yield times (<= block, n) float32 seconds from each origin to every destination."""
        graph, leg_ms = self.graph, self.times.leg_ms
        starts = self.places(origins)
        ends = self.places(destinations).with_copies(graph, leg_ms).by_state()
        sources = _listed(Entries.departures(starts, graph.successors))
        targets = _listed(Entries.arrivals(ends))
        sweep = self._sweep()
        try:
            first = 0
            for block_ms in matrix_blocks(sweep, sources, targets=targets, block=block):
                # Block by block: thousands of places on one street make as many pairs as the table.
                rows = starts.take((starts.point >= first) & (starts.point < first + len(block_ms)))
                direct = SameState.of(rows, ends, graph, leg_ms, sorted_side="destinations")
                place = (rows.point[direct.origin] - first, ends.point[direct.destination])
                np.minimum.at(block_ms, place, direct.time_ms)
                first += len(block_ms)
                yield _float32_seconds(block_ms)
        finally:
            self._sweeps.append(sweep)

    def route(self, origin: SnapResult, destination: SnapResult) -> RouteResult:
        """Return the fastest route between two single points.

        Raises
        ------
        NoRoadNearbyError
            If a point was not snapped.
        NoRouteError
            If no way joins them; `reason` says why.
        """
        starts, ends, direct_ms, departures = self._ends(origin, destination)
        query = self._query()
        try:
            goals = Entries.arrivals(ends)
            through_ms, path = shortest_path(
                query, _seeds(departures), goals=(goals.vertex, goals.offset_ms)
            )
        finally:
            self._queries.append(query)
        if min(direct_ms, through_ms) >= INFINITE_MS:
            raise NoRouteError(no_route_reason(starts, ends), profile=self.profile)
        if direct_ms <= through_ms:
            pairs = SameState.of(starts, ends, self.graph, self.times.leg_ms)
            states = [int(starts.state[pairs.origin[0]])]
        else:
            states = [self._left_state(starts, int(path[0])), *(int(one) for one in path)]
        return route_along(
            self.graph, states, starts, ends,
            leg_ms=self.times.leg_ms, snapper=self.snapper, destination=destination.point[0],
        )  # fmt: skip

    def _left_state(self, starts: Places, entered: int) -> int:
        """State of the origin from which `entered` is reached soonest."""
        arcs, best_ms, best = self.graph.predecessors, INFINITE_MS, -1
        first, stop = arcs.start[entered], arcs.start[entered + 1]
        for arc in range(first, stop):
            left_ms = starts.left_ms[starts.state == arcs.to[arc]]
            if left_ms.size and left_ms.min() + arcs.delay_ms[arc] < best_ms:
                best_ms, best = int(left_ms.min() + arcs.delay_ms[arc]), int(arcs.to[arc])
        return best

    def _one_to_one_s(self, origin: SnapResult, destination: SnapResult) -> float:
        if not (origin.found[0] and destination.found[0]):
            return np.inf
        _, ends, direct_ms, departures = self._ends(origin, destination)
        goals = Entries.arrivals(ends)
        query = self._query()
        try:
            through_ms = shortest_ms(
                query, _seeds(departures), goals=(goals.vertex, goals.offset_ms)
            )
        finally:
            self._queries.append(query)
        time_ms = min(direct_ms, through_ms)
        return time_ms / 1000.0 if time_ms < INFINITE_MS else np.inf

    def _ends(
        self, origin: SnapResult, destination: SnapResult
    ) -> tuple[Places, Places, int, Entries]:
        """Both places, the time along their common state if there is one, and the way out."""
        origin.require()
        destination.require()
        graph, leg_ms = self.graph, self.times.leg_ms
        starts = self.places(origin)
        ends = self.places(destination).with_copies(graph, leg_ms)
        direct = SameState.of(starts, ends, graph, leg_ms)
        direct_ms = int(direct.time_ms[0]) if direct.time_ms.size else INFINITE_MS
        return starts, ends, direct_ms, Entries.departures(starts, graph.successors)

    def _swept_to(self, destination: SnapResult, origins: PinnedPlaces) -> FloatArray:
        destination.require()
        if origins.times is not self.times:
            origins = self.select_origins(origins.points)
        graph, leg_ms = self.graph, self.times.leg_ms
        ends = self.places(destination).with_copies(graph, leg_ms)
        direct = SameState.of(origins.places, ends, graph, leg_ms, sorted_side="origins")
        found_ms = self._swept_ms(origins, Entries.arrivals(ends))
        np.minimum.at(found_ms, origins.places.point[direct.origin], direct.time_ms)
        return seconds(found_ms)

    def _swept_from(self, origin: SnapResult, destinations: PinnedPlaces) -> FloatArray:
        origin.require()
        if destinations.times is not self.times:
            destinations = self.select_destinations(destinations.points)
        graph, leg_ms = self.graph, self.times.leg_ms
        starts, ends = self.places(origin), destinations.places
        direct = SameState.of(starts, ends, graph, leg_ms, sorted_side="destinations")
        found_ms = self._swept_ms(destinations, Entries.departures(starts, graph.successors))
        np.minimum.at(found_ms, ends.point[direct.destination], direct.time_ms)
        return seconds(found_ms)

    def _swept_ms(self, pinned: PinnedPlaces, entries: Entries) -> IndexArray:
        sweep = self._sweep()
        try:
            return times_ms(sweep, pinned.selection, seeds=_seeds(entries))
        finally:
            self._sweeps.append(sweep)

    def _query(self) -> Query:
        try:
            return self._queries.pop()
        except IndexError:
            return new_query(self.fast.hierarchy, self.fast.metric)

    def _sweep(self) -> Sweep:
        try:
            return self._sweeps.pop()
        except IndexError:
            return new_sweep(self.fast.hierarchy, self.fast.metric)


def _seeds(entries: Entries) -> Seeds:
    return entries.vertex, entries.offset_ms


def _listed(entries: Entries) -> tuple[IndexArray, IndexArray, IndexArray]:
    return entries.start, entries.vertex, entries.offset_ms


def _float32_seconds(time_ms: IndexArray) -> Float32Array:
    times_s = (time_ms / 1000.0).astype(np.float32)
    times_s[time_ms >= INFINITE_MS] = np.inf
    return times_s
