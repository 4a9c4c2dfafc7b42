"""What the hierarchy answers: order, customisation, one-to-one, one-to-many, matrices."""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bench.routing_cases import Net, Questions, oracle_pairs_ms
from bench.routing_report import Sample
from bench.routing_searches import timed_each
from routing.engine.digraph import Digraph
from routing.engine.dissection import dissection_rank, edge_rank
from routing.engine.hierarchy import Hierarchy, build_hierarchy
from routing.engine.metric import Metric, customize
from routing.engine.query import Query, new_query, shortest_each_ms, shortest_ms
from routing.engine.sweep import matrix_blocks, new_sweep, select, times_ms
from routing.graph.build import RoadGraph
from routing.graph.places import Entries
from routing.roads.plane import LocalPlane

IndexArray = NDArray[np.int32]
CsrPlaces = tuple[IndexArray, IndexArray, IndexArray]
_N_ROUTES = 2_000
_N_CELLS = 2_000
_N_CUSTOMIZATIONS = 7
_N_MATRICES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Where ways begin and end: origins and goals of fleet, places, sources and columns.

    Each is CSR: start (k + 1,), vertex (c,), offset_ms (c,) int32.
    """

    fleet: CsrPlaces
    places: CsrPlaces
    sources: CsrPlaces
    columns: CsrPlaces

    @classmethod
    def at_vertices(cls, questions: Questions) -> Self:
        """Let every way begin and end at a vertex itself."""
        return cls(*(
            (np.arange(v.size + 1, dtype=np.int32), v.astype(np.int32), np.zeros(v.size, np.int32))
            for v in (questions.fleet, questions.places, questions.sources, questions.columns)
        ))  # fmt: skip


def csr_of(entries: Entries) -> CsrPlaces:
    """Return entries as the engine takes them."""
    return entries.start, entries.vertex, entries.offset_ms


def one(places: CsrPlaces, row: int) -> tuple[IndexArray, IndexArray]:
    """Return the vertices and offsets of one place."""
    start, vertex, offset_ms = places
    return vertex[start[row] : start[row + 1]], offset_ms[start[row] : start[row + 1]]


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """A hierarchy customised for one net."""

    net: Net
    hierarchy: Hierarchy
    metric: Metric

    def recustomized(self, net: Net) -> "Engine":
        """Return the same hierarchy with the times of `net`."""
        return Engine(net, self.hierarchy, customized(self.hierarchy, net))


def customized(hierarchy: Hierarchy, net: Net) -> Metric:
    """Customise with the times of `net`."""
    return customize(hierarchy, net.vertex_ms, delay_ms=net.delay_ms, graph=net.graph)


def node_rank(net: Net) -> IndexArray:
    """Order the vertices of a node graph."""
    xy = LocalPlane.around(net.lonlat).to_xy(net.lonlat)
    return dissection_rank(net.graph.n, net.graph.tails(), head=net.graph.to, xy=xy)


def turn_rank(turns: RoadGraph) -> IndexArray:
    """Order the states of a turn-aware graph."""
    lonlat = turns.node_lonlat
    return edge_rank(
        Digraph(turns.successors.start, turns.successors.to),
        turns.state_tail,
        state_head=turns.state_head,
        xy=LocalPlane.around(lonlat).to_xy(lonlat),
    )


def build(net: Net, rank_of: Callable[[], IndexArray]) -> tuple[Engine, dict[str, Sample]]:
    """Order, build and customise from nothing: the engine and the CPU seconds.

    Compiled code is loaded before, by the order of a small grid.
    """
    _load_kernels()
    began = time.process_time()
    rank = rank_of()
    ordered = time.process_time()
    hierarchy = build_hierarchy(net.graph, rank)
    built = time.process_time()
    metric = customized(hierarchy, net)
    ended = time.process_time()
    parts = f"order {ordered - began:.1f}, arcs {built - ordered:.1f}, times {ended - built:.1f} s"
    note = f"({parts}; {hierarchy.n_up + hierarchy.n_down:,} arcs)"
    samples = {"build": Sample.of([ended - began], note=note)}
    return Engine(net, hierarchy, metric), samples


def _load_kernels() -> None:
    node = np.arange(400).reshape(20, 20)
    low = np.concatenate((node[:, :-1].ravel(), node[:-1].ravel()))
    high = np.concatenate((node[:, 1:].ravel(), node[1:].ravel()))
    tail, head = np.concatenate((low, high)), np.concatenate((high, low))
    graph, _ = Digraph.from_arcs(node.size, tail, head)
    xy = np.column_stack(np.divmod(node.ravel(), 20)).astype(np.float64)
    rank = dissection_rank(graph.n, graph.tails(), head=graph.to, xy=xy)
    delay_ms = np.ones(graph.m, np.int32)
    customize(
        build_hierarchy(graph, rank), np.zeros(graph.n, np.int32), delay_ms=delay_ms, graph=graph
    )


def measure(
    engine: Engine, after: Net, questions: Questions, origins: Ends, goals: Ends
) -> tuple[dict[str, Sample], list[str]]:
    """Measure one hierarchy: samples by key, and what was compared.

    after : the same net with every time changed
    """
    query = new_query(engine.hierarchy, engine.metric)
    sweep = new_sweep(engine.hierarchy, engine.metric)
    n_units, n_places = origins.fleet[0].size - 1, goals.places[0].size - 1
    rows = [(row % n_units, row % n_places) for row in range(_N_ROUTES)]

    def route(unit: int, place: int) -> int:
        return shortest_ms(query, one(origins.fleet, unit), goals=one(goals.places, place))

    routes, seconds = timed_each(route, rows)
    samples = {"one_to_one": Sample.of(seconds)}

    pinned = select(engine.hierarchy, engine.metric, places=origins.fleet, forward=False)

    def all_to_one(place: int) -> IndexArray:
        return times_ms(sweep, pinned, seeds=one(goals.places, place))

    lists, seconds = timed_each(all_to_one, [(place,) for place in range(n_places)])
    samples["all_to_one"] = Sample.of(seconds)
    matrices, seconds = timed_each(
        lambda: list(matrix_blocks(sweep, origins.sources, targets=goals.columns)),
        [()] * _N_MATRICES,
    )
    samples["matrix"] = Sample.of(seconds)
    unlike = _cells(query, np.concatenate(matrices[0]), origins.sources, goals.columns)
    unlike += sum(
        int(lists[place][unit]) != found for (unit, place), found in zip(rows, routes, strict=True)
    )
    nets = [engine.net if number % 2 else after for number in range(_N_CUSTOMIZATIONS)]
    _, seconds = timed_each(lambda net: customized(engine.hierarchy, net), [(n,) for n in nets])
    samples["reweight"] = Sample.of(seconds)
    checked = f"matrix ({_N_CELLS:,} cells) and 1,000 → one ({len(rows):,}) against single routes"
    return samples, [
        exactness(engine, questions.pairs, "free flow"),
        exactness(engine.recustomized(after), questions.pairs, "every edge re-weighted"),
        f"{checked}: {unlike} differ",
    ]


def exactness(engine: Engine, pairs: NDArray[np.int64], times: str) -> str:
    """Compare with scipy's Dijkstra in words."""
    found_ms = pairs_ms(engine, pairs)
    unlike = int(np.count_nonzero(found_ms != oracle_pairs_ms(engine.net, pairs)))
    return f"{len(pairs):,} random queries, {times}: {unlike} differ from Dijkstra's (scipy)"


def pairs_ms(engine: Engine, pairs: NDArray[np.int64]) -> IndexArray:
    """Milliseconds (p,) between pairs (p, 2) of vertices."""
    start = np.arange(len(pairs) + 1, dtype=np.int32)
    none = np.zeros(len(pairs), np.int32)
    sources, goals = pairs.T.astype(np.int32)
    query = new_query(engine.hierarchy, engine.metric)
    return shortest_each_ms(
        query, (start, np.ascontiguousarray(sources), none),
        targets=(start, np.ascontiguousarray(goals), none),
    )  # fmt: skip


def _cells(query: Query, matrix: IndexArray, sources: CsrPlaces, columns: CsrPlaces) -> int:
    """Count random cells of the matrix that differ from single routes."""
    random = np.random.default_rng(5)
    cells = np.column_stack([random.integers(0, size, _N_CELLS) for size in matrix.shape])
    return sum(
        int(matrix[i, j]) != shortest_ms(query, one(sources, i), goals=one(columns, j))
        for i, j in cells.tolist()
    )


def arrays_of(engine: Engine) -> dict[str, NDArray[Any]]:
    """Return everything that must be stored, by name."""
    stored = {field.name: getattr(engine.hierarchy, field.name) for field in fields(Hierarchy)}
    net = engine.net
    return stored | {
        "up_ms": engine.metric.up_ms, "down_ms": engine.metric.down_ms,
        "start": net.graph.start, "to": net.graph.to, "delay_ms": net.delay_ms,
        "vertex_ms": net.vertex_ms, "back_start": net.back.start, "back_to": net.back.to,
        "back_arc": net.back_arc, "back_ms": net.delay_ms[net.back_arc],
    }  # fmt: skip
