"""Snapped points as places on the states of a graph, with the time to either end."""

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import Arcs, RoadGraph
from routing.graph.chains import spans_at, spans_between
from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray, SnapResult


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Ways in which `n_points` points lie on states; one point may lie on several.

    point, state : (c,) int32; row : (c,) int32 row of `RoadGraph.state_leg`
    share : (c,) float64 of the leg behind the point, in its direction of travel
    spent_ms : (c,) int32 from the start of the state to the point; left_ms : from there to its end
    """

    n_points: int
    point: IndexArray
    state: IndexArray
    row: IndexArray
    share: FloatArray
    spent_ms: IndexArray
    left_ms: IndexArray

    @classmethod
    def of(cls, graph: RoadGraph, points: SnapResult, leg_ms: IndexArray) -> Self:
        """Place `points` on the states that a vehicle of unknown past may be on."""
        candidate, direction = np.nonzero(points.open_legs)
        leg = 2 * points.segment[candidate] + direction
        fraction = points.fraction[candidate]
        row = graph.leg_place[leg]
        known = row >= 0
        return cls._at(
            graph,
            leg_ms,
            n_points=len(points),
            point=points.point_of_candidate()[candidate][known],
            row=row[known],
            share=np.where(direction == 0, fraction, 1.0 - fraction)[known],
        )

    @classmethod
    def _at(
        cls,
        graph: RoadGraph,
        leg_ms: IndexArray,
        *,
        n_points: int,
        point: IndexArray,
        row: IndexArray,
        share: FloatArray,
    ) -> Self:
        spent_ms, left_ms = spans_at(
            row, share, graph.place_state, graph.state_leg_start, graph.state_leg,
            graph.state_wait_ms, leg_ms,
        )  # fmt: skip
        return cls(n_points, point, graph.place_state[row], row, share, spent_ms, left_ms)

    def with_copies(self, graph: RoadGraph, leg_ms: IndexArray) -> Self:
        """Add the copies of each state: a place is reached in whichever way it was entered."""
        if not graph.copy_leg.size:
            return self
        leg = graph.state_leg[self.row]
        left = np.searchsorted(graph.copy_leg, leg, side="left")
        count = np.searchsorted(graph.copy_leg, leg, side="right") - left
        if not count.any():
            return self
        origin = np.repeat(np.arange(count.size), count)
        copy = np.arange(origin.size) - np.repeat(np.cumsum(count) - count, count) + left[origin]
        return self._at(
            graph,
            leg_ms,
            n_points=self.n_points,
            point=np.concatenate((self.point, self.point[origin])),
            row=np.concatenate((self.row, graph.copy_place[copy])),
            share=np.concatenate((self.share, self.share[origin])),
        )

    def take(self, rows: BoolArray | IdArray) -> Self:
        """Return the candidates `rows`; the points keep their numbers."""
        return replace(
            self,
            point=self.point[rows],
            state=self.state[rows],
            row=self.row[rows],
            share=self.share[rows],
            spent_ms=self.spent_ms[rows],
            left_ms=self.left_ms[rows],
        )

    def by_state(self) -> Self:
        """Return the candidates in order of their states."""
        return self.take(np.argsort(self.state, kind="stable"))


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Vertices at which points enter or leave the graph, with the time outside it.

    point, vertex, offset_ms : (c,) int32, sorted by point
    """

    n_points: int
    point: IndexArray
    vertex: IndexArray
    offset_ms: IndexArray

    @classmethod
    def departures(cls, places: Places, successors: Arcs) -> Self:
        """Leave each place for the start of every state that may follow its own."""
        open_ = np.flatnonzero(places.left_ms < INFINITE_MS)
        first = successors.start[places.state[open_]]
        count = successors.start[places.state[open_] + 1] - first
        place = np.repeat(open_, count)
        arc = np.arange(place.size) - np.repeat(np.cumsum(count) - count - first, count)
        return cls._sorted(
            places.n_points,
            places.point[place],
            successors.to[arc],
            places.left_ms[place] + successors.delay_ms[arc],
        )

    @classmethod
    def arrivals(cls, places: Places) -> Self:
        """Reach each place from the start of its own state."""
        open_ = places.spent_ms < INFINITE_MS
        return cls._sorted(
            places.n_points, places.point[open_], places.state[open_], places.spent_ms[open_]
        )

    @classmethod
    def _sorted(
        cls, n_points: int, point: IndexArray, vertex: IndexArray, offset_ms: IndexArray
    ) -> Self:
        order = np.argsort(point, kind="stable")
        return cls(n_points, point[order], vertex[order], offset_ms[order])

    @property
    def start(self) -> IndexArray:
        """Return the rows of each point, (n_points + 1,) int32."""
        counts = np.bincount(self.point, minlength=self.n_points)
        return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class SameState:
    """Pairs of places on one state, the destination not behind the origin.

    origin, destination : (p,) int64 rows of the two `Places`; time_ms : (p,) int32
    """

    origin: IdArray
    destination: IdArray
    time_ms: IndexArray

    @classmethod
    def of(
        cls,
        origins: Places,
        destinations: Places,
        graph: RoadGraph,
        leg_ms: IndexArray,
        *,
        sorted_side: Literal["origins", "destinations"] | None = None,
        same_point: bool = False,
    ) -> Self:
        """Find the pairs, soonest first; a closed leg between the two leaves them apart.

        `sorted_side` names a side that is in order of its states already: the longer one, best.
        `same_point` pairs only places of points with equal numbers.
        """
        if same_point:
            here_key, there_key = (
                side.point.astype(np.int64) * graph.n_states + side.state
                for side in (origins, destinations)
            )
            order = np.argsort(there_key, kind="stable")
            here, there = _equal_rows(here_key, there_key[order])
            there = order[there]
        elif sorted_side is None:
            order = np.argsort(destinations.state, kind="stable")
            here, there = _equal_rows(origins.state, destinations.state[order])
            there = order[there]
        elif sorted_side == "destinations":
            here, there = _equal_rows(origins.state, destinations.state)
        else:
            there, here = _equal_rows(destinations.state, origins.state)
        row, end = origins.row[here], destinations.row[there]
        ahead = (row < end) | ((row == end) & (origins.share[here] <= destinations.share[there]))
        here, there = here[ahead], there[ahead]
        time_ms = spans_between(
            (origins.row[here], origins.share[here]),
            (destinations.row[there], destinations.share[there]),
            graph.state_leg,
            graph.state_wait_ms,
            leg_ms,
        )
        order = np.argsort(time_ms, kind="stable")
        order = order[time_ms[order] < INFINITE_MS]
        return cls(here[order], there[order], time_ms[order])


def _equal_rows(
    few: IndexArray | IdArray, ordered: IndexArray | IdArray
) -> tuple[IdArray, IdArray]:
    """Pairs of rows (p,) with equal values, the second of values in order."""
    left = np.searchsorted(ordered, few, side="left")
    count = np.searchsorted(ordered, few, side="right") - left
    row = np.repeat(np.arange(count.size), count)
    return row, np.arange(row.size) - np.repeat(np.cumsum(count) - count - left, count)
