"""The questions every engine is asked, and Dijkstra's answers to them by scipy."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bench.peers_libraries import Problem
from bench.routing_graphs import NodeGraph
from routing.engine.digraph import INFINITE_MS, Digraph
from routing.graph.build import RoadGraph

IndexArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]
LIMIT_MS = 480_000


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """A weighted graph as the engine takes it.

    graph : n vertices, m arcs; delay_ms : (m,) int32 of each arc; vertex_ms : (n,) int32
    back, back_arc : the graph against its arcs, and the arc here of each arc there
    lonlat : (n, 2) float64
    """

    graph: Digraph
    delay_ms: IndexArray
    vertex_ms: IndexArray
    back: Digraph
    back_arc: IndexArray
    lonlat: FloatArray

    @classmethod
    def of_nodes(cls, nodes: NodeGraph) -> tuple[Self, IndexArray]:
        """Take a node graph; also return which of its edges each arc is."""
        graph, order = Digraph.from_arcs(nodes.n, nodes.tail, nodes.head)
        return cls._of(graph, nodes.ms[order], np.zeros(nodes.n, np.int32), nodes.lonlat), order

    @classmethod
    def of_turns(cls, turns: RoadGraph) -> Self:
        """Take a turn-aware graph at free flow; a state lies where it starts."""
        arcs = turns.successors
        return cls._of(
            Digraph(arcs.start, arcs.to),
            arcs.delay_ms,
            turns.state_times_ms(turns.free_flow_ms),
            turns.node_lonlat[turns.state_tail],
        )

    @classmethod
    def _of(
        cls, graph: Digraph, delay_ms: IndexArray, vertex_ms: IndexArray, lonlat: FloatArray
    ) -> Self:
        back, back_arc = graph.reversed()
        return cls(graph, delay_ms, vertex_ms, back, back_arc, lonlat)

    @property
    def forward_arrays(self) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Arcs as the compiled searches take them."""
        return self.graph.start, self.graph.to, self.delay_ms

    @property
    def backward_arrays(self) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Arcs of the reversed graph, likewise."""
        return self.back.start, self.back.to, self.delay_ms[self.back_arc]

    def reweighted(self, *, seed: int) -> "Net":
        """Return the net with every time changed to 0.7 to 2 times itself."""
        random = np.random.default_rng(seed)

        def changed(times_ms: IndexArray) -> IndexArray:
            new_ms = np.rint(times_ms * random.uniform(0.7, 2.0, times_ms.size))
            new_ms = np.maximum(new_ms, np.minimum(times_ms, 1))
            return np.where(times_ms < INFINITE_MS, new_ms, INFINITE_MS).astype(np.int32)

        return Net(
            self.graph, changed(self.delay_ms), changed(self.vertex_ms), self.back, self.back_arc,
            self.lonlat,
        )  # fmt: skip

    def arc_ms(self) -> NDArray[np.int64]:
        """Cost (m,) of each arc together with the vertex it leaves."""
        tails = self.graph.tails()
        cost_ms = self.delay_ms.astype(np.int64) + self.vertex_ms[tails]
        return np.minimum(cost_ms, INFINITE_MS)

    def simple(self) -> tuple[IndexArray, IndexArray, NDArray[np.int64]]:
        """Tail, head and row of the best arc between any two vertices; closed arcs are left out.

        For peers that know neither parallel arcs nor times of vertices; loops are left out.
        """
        tails, cost_ms = self.graph.tails(), self.arc_ms()
        usable = np.flatnonzero((cost_ms < INFINITE_MS) & (tails != self.graph.to))
        key = tails[usable].astype(np.int64) * self.graph.n + self.graph.to[usable]
        order = np.lexsort((cost_ms[usable], key))
        first = np.ones(order.size, dtype=np.bool_)
        first[1:] = np.diff(key[order]) > 0
        arc = usable[order[first]]
        return tails[arc], self.graph.to[arc], arc


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """Vertices to ask about: pairs (p, 2), fleet (v,), places (q,), sources (s,), columns (t,)."""

    pairs: NDArray[np.int64]
    fleet: NDArray[np.int64]
    places: NDArray[np.int64]
    sources: NDArray[np.int64]
    columns: NDArray[np.int64]

    @classmethod
    def draw(cls, inside: NDArray[np.int64], *, seed: int) -> Self:
        """Draw from the vertices `inside`: 10,000 pairs, 1,000 units, 200 places, 100 x 20,000.

        The pairs have 200 origins with 50 destinations each, so that one search of the oracle
        answers 50 of them.
        """
        random = np.random.default_rng(seed)

        def some(count: int) -> NDArray[np.int64]:
            return random.choice(inside, min(count, inside.size), replace=False)

        origins = np.repeat(random.choice(inside, 200), 50)
        pairs = np.column_stack((origins, random.choice(inside, origins.size)))
        return cls(
            pairs=random.permutation(pairs), fleet=some(1_000),
            places=some(200), sources=some(100), columns=some(20_000),
        )  # fmt: skip

    def problem(self, net: Net, after: Net) -> Problem:
        """Return what the libraries are asked; fewer pairs and places, for they are slow."""
        tail, head, arc = net.simple()
        return Problem(
            tail=tail,
            head=head,
            ms=net.arc_ms()[arc].astype(np.int32),
            new_ms=after.arc_ms()[arc].astype(np.int32),
            lonlat=net.lonlat,
            pairs=self.pairs[:200],
            fleet=self.fleet,
            places=self.places[:20],
            sources=self.sources,
            columns=self.columns,
        )


def oracle_pairs_ms(net: Net, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Milliseconds (p,) of each pair by scipy's Dijkstra, `INFINITE_MS` where there is no way.

    One search answers all pairs of one origin.
    """
    tail, head, arc = net.simple()
    shape = (net.graph.n, net.graph.n)
    matrix = csr_array((net.arc_ms()[arc].astype(np.float64), (tail, head)), shape=shape)
    sources, row = np.unique(pairs[:, 0], return_inverse=True)
    times_ms = np.empty(len(pairs), dtype=np.int64)
    for first in range(0, sources.size, 20):
        found = dijkstra(matrix, indices=sources[first : first + 20])
        chosen = np.flatnonzero((row >= first) & (row < first + 20))
        values = found[row[chosen] - first, pairs[chosen, 1]]
        times_ms[chosen] = np.where(np.isfinite(values), values, INFINITE_MS)
    return times_ms
