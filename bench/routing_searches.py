"""What needs no preprocessing: the k nearest units, isochrones, and closures seen at once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bench.routing_cases import LIMIT_MS, Net, Questions
from bench.routing_graphs import NodeGraph
from bench.routing_report import Sample
from routing.areas.entries import LegTimes, leg_times
from routing.areas.isochrone import reach_polygon
from routing.engine.digraph import INFINITE_MS
from routing.engine.dijkstra import Work, ball, new_work, search
from routing.graph.build import RoadGraph
from routing.graph.edge_times import EdgeTimes
from routing.graph.places import Entries, Places
from routing.roads.model import Segments, SnapResult
from routing.roads.plane import LocalPlane
from routing.search.router import DijkstraRouter, PinnedOrigins
from routing.snap.snapper import Snapper

IndexArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]
K = 5
_N_POLYGONS = 40
_N_CLOSURES = 40


def timed_each(
    work: Callable[..., Any], questions: Sequence[tuple[Any, ...]]
) -> tuple[list[Any], list[float]]:
    """Ask each question once, after a first round of some to warm up: answers, CPU seconds."""
    for question in questions[:3]:
        work(*question)
    answers, seconds = [], []
    for question in questions:
        began = time.process_time()
        answers.append(work(*question))
        seconds.append(time.process_time() - began)
    return answers, seconds


@dataclass(slots=True)
class Searcher:
    """Reverse and forward searches on one net, with scratch arrays used again."""

    net: Net
    arrays: tuple[IndexArray, IndexArray, IndexArray]
    work: Work
    query: int = 0

    @classmethod
    def over(
        cls,
        net: Net,
        *,
        backward: bool,
        n_points: int,
        arrays: tuple[IndexArray, IndexArray, IndexArray] | None = None,
    ) -> "Searcher":
        """Search `net` along its arcs, or against them; `arrays` if those are at hand."""
        if arrays is None:
            arrays = net.backward_arrays if backward else net.forward_arrays
        return cls(net, arrays, new_work(net.graph.n, net.graph.m, n_points))

    def nearest(
        self, seeds: tuple[IndexArray, IndexArray], fleet: "Fleet", *, k: int
    ) -> tuple[IndexArray, IndexArray]:
        """Units (v,) in rows of the fleet: time ms and the vertex before; k of them are reached.

        seeds : vertices and the ms from each to the place
        """
        self.query += 1
        time_ms = np.full(fleet.n, INFINITE_MS, np.int32)
        last = np.full(fleet.n, -1, np.int32)
        search(
            self.arrays, self.net.vertex_ms, seeds, fleet.ends, fleet.direct(seeds), k,
            INFINITE_MS, self.query, self.work, time_ms, last,
        )  # fmt: skip
        return time_ms, last

    def ball(self, vertex: int) -> tuple[IndexArray, IndexArray]:
        """Vertices within the limit of the isochrone, and their times."""
        self.query += 1
        seeds = (np.array([vertex], np.int32), np.zeros(1, np.int32))
        return ball(self.arrays, self.net.vertex_ms, seeds, LIMIT_MS, self.query, self.work)


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """Units standing at vertices: `ends` as the search takes them, sorted by vertex."""

    n: int
    ends: tuple[IndexArray, IndexArray, IndexArray]

    @classmethod
    def at(cls, vertex: NDArray[np.int64]) -> "Fleet":
        """Let one unit stand at each vertex."""
        order = np.argsort(vertex, kind="stable").astype(np.int32)
        there = vertex[order].astype(np.int32)
        return cls(vertex.size, (order, there, np.zeros(vertex.size, np.int32)))

    def direct(
        self, seeds: tuple[IndexArray, IndexArray]
    ) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Units that stand at the seeds themselves, which the search only leaves."""
        point, vertex, _ = self.ends
        left, right = (np.searchsorted(vertex, seeds[0], side=side) for side in ("left", "right"))
        rows = [np.arange(a, b) for a, b in zip(left, right, strict=True)]
        row = np.concatenate(rows).astype(np.int64)
        ms = np.repeat(seeds[1], right - left)
        return point[row], vertex[row], ms.astype(np.int32)


def snapped_seeds(nodes: NodeGraph, snapped: SnapResult) -> tuple[IndexArray, IndexArray]:
    """Nodes from which the snapped place is driven to, and the ms from each."""
    candidate, direction = np.nonzero(snapped.open_legs)
    leg = 2 * snapped.segment[candidate] + direction
    share = snapped.fraction[candidate]
    share = np.where(direction == 0, share, 1.0 - share)
    spent_ms = nodes.leg_before_ms[leg] + np.floor(share * nodes.leg_ms[leg] + 0.5)
    return nodes.tail[nodes.leg_edge[leg]], spent_ms.astype(np.int32)


def measure_nodes(
    nodes: NodeGraph, net: Net, questions: Questions, *, segments: Segments | None,
    places: FloatArray,
) -> tuple[dict[str, Sample], list[str]]:  # fmt: skip
    """Measure searches on a node graph: samples by key, and what was compared.

    places : (q, 2) longitude and latitude to snap; without segments the nearest nodes are taken
    as given and snapping is no part of the time
    """
    fleet = Fleet.at(questions.fleet)
    backward = Searcher.over(net, backward=True, n_points=fleet.n)
    forward = Searcher.over(net, backward=False, n_points=0)
    snapper = None if segments is None else Snapper(segments, nodes.leg_edge >= 0)

    def seeds_of(place: int) -> tuple[IndexArray, IndexArray]:
        if snapper is None:
            vertex = questions.places[place : place + 1].astype(np.int32)
            return vertex, np.zeros(1, np.int32)
        return snapped_seeds(nodes, snapper.snap(places[place]))

    def k_nearest(place: int) -> IndexArray:
        return backward.nearest(seeds_of(place), fleet, k=K)[0]

    asked = [(place,) for place in range(questions.places.size)]
    answers, seconds = timed_each(k_nearest, asked)
    note = "" if snapper else "(place at a node)"
    samples = {"k_nearest": Sample.of(seconds, note=note)}
    unlike = _unlike_nearest(net, answers, [seeds_of(place) for (place,) in asked[:50]],
                             questions.fleet)  # fmt: skip
    centres = [(int(vertex),) for vertex in questions.places]
    balls, seconds = timed_each(forward.ball, centres)
    samples["ball"] = Sample.of(seconds)
    if segments is not None:
        samples["polygon"] = _node_polygons(nodes, segments, questions, balls)
    samples["closure"] = _node_closures(net, fleet, questions, answers, seeds_of)
    return samples, [f"{K} nearest of 50 places: {unlike} differ from Dijkstra's"]


def _unlike_nearest(
    net: Net, answers: list[IndexArray], seeds: list[tuple[IndexArray, IndexArray]],
    fleet: NDArray[np.int64],
) -> int:  # fmt: skip
    """Count places whose k least times differ from those of scipy's search."""
    matrix = backward_matrix(net)
    unlike = 0
    for found, (vertex, ms) in zip(answers, seeds, strict=False):
        times = np.min(dijkstra(matrix, indices=vertex) + ms[:, None], axis=0)[fleet]
        unlike += not np.array_equal(np.sort(found)[:K], np.sort(times)[:K])
    return unlike


def backward_matrix(net: Net) -> csr_array:
    """Return the net against its arcs for scipy's Dijkstra."""
    tail, head, arc = net.simple()
    cost = net.arc_ms()[arc].astype(np.float64)
    return csr_array((cost, (head, tail)), shape=(net.graph.n, net.graph.n))


def _node_polygons(
    nodes: NodeGraph, segments: Segments, questions: Questions,
    balls: list[tuple[IndexArray, IndexArray]],
) -> Sample:  # fmt: skip
    """Draw isochrones from the times of nodes: legs are entered when their edge is."""
    used = np.flatnonzero(nodes.leg_edge >= 0)
    tail, before_ms = nodes.tail[nodes.leg_edge[used]], nodes.leg_before_ms[used]

    def draw(row: int) -> object:
        vertex, ms = balls[row]
        label_ms = np.full(nodes.n, INFINITE_MS, np.int64)
        label_ms[vertex] = ms
        entry_ms = np.full(nodes.leg_edge.size, INFINITE_MS, np.int32)
        entry_ms[used] = np.minimum(label_ms[tail] + before_ms, INFINITE_MS)
        owner = np.full(entry_ms.size, -1, np.int32)
        times = LegTimes(entry_ms, nodes.leg_ms, owner)
        plane = LocalPlane.around(nodes.lonlat[questions.places[row]][None])
        return reach_polygon(segments, times, limit_ms=LIMIT_MS, plane=plane)

    _, seconds = timed_each(draw, [(row,) for row in range(min(_N_POLYGONS, len(balls)))])
    return Sample.of(seconds)


def _node_closures(
    net: Net, fleet: Fleet, questions: Questions, answers: list[IndexArray],
    seeds_of: Callable[[int], tuple[IndexArray, IndexArray]],
) -> Sample:  # fmt: skip
    """Close the arcs that leave the nearest unit and ask again: it must not come that way."""
    searcher = Searcher.over(net, backward=True, n_points=fleet.n)

    def close_and_ask(place: int) -> tuple[IndexArray, IndexArray]:
        unit = int(questions.fleet[int(np.argmin(answers[place]))])
        delay_ms = net.delay_ms.copy()
        delay_ms[net.graph.start[unit] : net.graph.start[unit + 1]] = INFINITE_MS
        searcher.arrays = (net.back.start, net.back.to, delay_ms[net.back_arc])
        return searcher.nearest(seeds_of(place), fleet, k=K)

    rows = [(row,) for row in range(min(_N_CLOSURES, questions.places.size))]
    closed, seconds = timed_each(close_and_ask, rows)
    for (row,), (time_ms, last) in zip(rows, closed, strict=True):
        unit = int(np.argmin(answers[row]))
        if time_ms[unit] < INFINITE_MS and last[unit] >= 0:
            raise AssertionError("A closed road was still driven.")
    return Sample.of(seconds)


def measure_turns(
    turns: RoadGraph, *, places: FloatArray, fleet: FloatArray
) -> tuple[dict[str, Sample], list[str]]:
    """Measure searches on a turn-aware graph through the router that dispatch uses.

    places : (q, 2), fleet : (v, 2) longitude and latitude
    """
    router = DijkstraRouter(turns)
    units = router.snap(fleet, max_distance_m=5_000.0)

    def k_nearest(place: int, origins: SnapResult | PinnedOrigins) -> FloatArray:
        return router.times_to(router.snap(places[place], max_distance_m=5_000.0), origins, k=K)

    samples: dict[str, Sample] = {}
    answers: list[FloatArray] = []
    for key, origins in (("k_nearest_anew", units), ("k_nearest", router.pin(units))):
        asked = [(place, origins) for place in range(len(places))]
        answers, seconds = timed_each(k_nearest, asked)
        samples[key] = Sample.of(seconds)
    snaps = [router.snap(place, max_distance_m=5_000.0) for place in places]
    truth = TurnOracle.of(turns, router.times)
    unlike = 0
    for answer, snap in zip(answers[:50], snaps[:50], strict=True):
        true_s = truth.times_to_s(snap, units)
        unlike += not np.array_equal(np.sort(answer)[:K], np.sort(true_s)[:K])
    samples |= _turn_isochrones(router, snaps)
    samples["closure"] = _turn_closures(router, snaps, units)
    return samples, [f"{K} nearest of 50 snapped places: {unlike} differ from Dijkstra's"]


def _turn_isochrones(router: DijkstraRouter, snaps: list[SnapResult]) -> dict[str, Sample]:
    graph, leg_ms = router.graph, router.times.leg_ms
    arcs = graph.successors
    arrays = (arcs.start, arcs.to, arcs.delay_ms)
    work = new_work(graph.n_states, arcs.to.size)
    placed = [Places.of(graph, snap, leg_ms) for snap in snaps]
    numbers = iter(range(1, 10_000_000))

    def reach(row: int) -> tuple[IndexArray, IndexArray]:
        out = Entries.departures(placed[row], arcs)
        seeds = (out.vertex, out.offset_ms)
        return ball(arrays, router.times.state_ms, seeds, LIMIT_MS, next(numbers), work)

    balls, seconds = timed_each(reach, [(row,) for row in range(len(snaps))])

    def draw(row: int) -> object:
        states, label_ms = balls[row]
        times = leg_times(
            graph, label_ms, leg_ms=leg_ms, limit_ms=LIMIT_MS, places=placed[row], states=states
        )
        plane = LocalPlane.around(snaps[row].point)
        return reach_polygon(graph.segments, times, limit_ms=LIMIT_MS, plane=plane)

    rows = [(row,) for row in range(min(_N_POLYGONS, len(balls)))]
    _, polygon_s = timed_each(draw, rows)
    return {"ball": Sample.of(seconds), "polygon": Sample.of(polygon_s)}


def _turn_closures(router: DijkstraRouter, snaps: list[SnapResult], units: SnapResult) -> Sample:
    """Close the street of the place but for its own leg, and ask again with new times."""
    graph = router.graph

    def close_and_ask(snap: SnapResult, legs: IndexArray) -> FloatArray:
        shut_ms = np.full(legs.size, INFINITE_MS, np.int32)
        times = router.times.changed(graph, legs, shut_ms)
        return router.with_times(times).times_to(snap, units, k=K)

    def legs_near(snap: SnapResult) -> IndexArray:
        states = Places.of(graph, snap, router.times.leg_ms).state
        arcs = graph.predecessors
        before = np.concatenate([arcs.to[arcs.start[s] : arcs.start[s + 1]] for s in states])
        return np.unique(graph.state_leg[graph.state_leg_start[before]])

    asked = [(snap, legs_near(snap)) for snap in snaps[:_N_CLOSURES]]
    return Sample.of(timed_each(close_and_ask, asked)[1])


@dataclass(frozen=True, slots=True, eq=False)
class TurnOracle:
    """scipy's Dijkstra over a turn-aware graph, for snapped places."""

    graph: RoadGraph
    leg_ms: IndexArray
    matrix: csr_array

    @classmethod
    def of(cls, graph: RoadGraph, times: EdgeTimes) -> "TurnOracle":
        """Take the times in force."""
        arcs = graph.successors
        tail = np.repeat(np.arange(graph.n_states), np.diff(arcs.start))
        cost = times.state_ms[tail].astype(np.float64) + arcs.delay_ms
        open_ = cost < INFINITE_MS
        key = tail[open_].astype(np.int64) * graph.n_states + arcs.to[open_]
        order = np.lexsort((cost[open_], key))
        first = np.ones(order.size, dtype=np.bool_)
        first[1:] = np.diff(key[order]) > 0
        row = np.flatnonzero(open_)[order[first]]
        matrix = csr_array(
            (cost[row], (arcs.to[row], tail[row])), shape=(graph.n_states, graph.n_states)
        )
        return cls(graph, times.leg_ms, matrix)

    def times_to_s(self, place: SnapResult, units: SnapResult) -> FloatArray:
        """Times (v,) in seconds from each unit to the one place."""
        graph, leg_ms = self.graph, self.leg_ms
        origins = Places.of(graph, units, leg_ms)
        goals = Places.of(graph, place, leg_ms).with_copies(graph, leg_ms)
        arrivals = Entries.arrivals(goals)
        departures = Entries.departures(origins, graph.successors)
        found = dijkstra(self.matrix, indices=arrivals.vertex) + arrivals.offset_ms[:, None]
        to_place_ms = np.min(found, axis=0)
        best_ms = np.full(len(units), np.inf)
        ways_ms = to_place_ms[departures.vertex] + departures.offset_ms
        np.minimum.at(best_ms, departures.point, ways_ms)
        for goal in range(goals.state.size):
            # On one state and not ahead of the place: what is driven of it is the difference.
            here = np.flatnonzero(
                (origins.state == goals.state[goal])
                & (origins.spent_ms <= goals.spent_ms[goal])
                & (goals.spent_ms[goal] < INFINITE_MS)
            )
            way_ms = goals.spent_ms[goal] - origins.spent_ms[here]
            np.minimum.at(best_ms, origins.point[here], way_ms)
        return best_ms / 1000.0
