"""Order of elimination for the hierarchy: nested dissection of the road network.

Vertices of few neighbours go first (they cost nothing), then the network is halved again and again
by small vertex separators, and each separator ranks above both halves. The fewer and smaller the
separators, the smaller and faster everything built on the order.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.engine.compiled import compiled
from routing.engine.digraph import Digraph, IndexArray
from routing.engine.separator import HIGH, LOW, SideArray, best_separator, new_flow

SMALL_PART = 12
"""Parts up to this size are ordered by degree instead of being cut."""

N_DIRECTIONS = 4

Adjacency: TypeAlias = tuple[IndexArray, IndexArray]
Local: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]


def dissection_rank(
    n: int, tail: ArrayLike, *, head: ArrayLike, xy: NDArray[np.float64]
) -> IndexArray:
    """Rank the vertices of a graph for `build_hierarchy`, the last to be eliminated highest.

    Parameters
    ----------
    n : int
        Number of vertices.
    tail, head : (m,) int
        Ends of the arcs; direction, loops and repetitions do not matter.
    xy : (n, 2) float64
        Places of the vertices in metres (any plane coordinates of equal scale).

    Returns
    -------
    (n,) int32
        A permutation of 0..n-1.
    """
    near = np.argsort(_morton(xy), kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[near] = np.arange(n)
    graph = _simple(n, place[np.asarray(tail)], place[np.asarray(head)])
    first, kept, core = _strip(n, graph)
    lines = _lines(xy[near[kept]])
    order = near[np.concatenate((first, kept[_dissect(core, lines)]))]
    rank = np.empty(n, dtype=np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    return rank


def edge_rank(
    graph: Digraph, state_tail: IndexArray, *, state_head: IndexArray, xy: NDArray[np.float64]
) -> IndexArray:
    """Rank the states of an edge-based graph for `build_hierarchy`.

    Both directions of a road, and copies of them, count as one vertex when the graph is cut: as
    neighbours they would only make separators larger. An order derived from that of the junctions
    would take a third of the time, but it puts all roads into a junction of a separator where
    one would do: on a dense lattice of 600,000 states it needed twice the arcs, and new times took
    four times as long.

    Parameters
    ----------
    graph : Digraph
        Allowed turns from state to state.
    state_tail, state_head : (n_states,) int32
        Nodes at which each state starts and ends.
    xy : (n_nodes, 2) float64
        Places of the nodes in metres.

    Returns
    -------
    (n_states,) int32
        A permutation of 0..n_states-1.
    """
    ends = np.sort(np.column_stack((state_tail, state_head)).astype(np.int64), axis=1)
    pair, road = np.unique(ends[:, 0] * len(xy) + ends[:, 1], return_inverse=True)
    middle = (xy[pair // max(len(xy), 1)] + xy[pair % max(len(xy), 1)]) / 2
    road_rank = dissection_rank(pair.size, road[graph.tails()], head=road[graph.to], xy=middle)
    order = np.lexsort((state_tail, road_rank[road]))
    rank = np.empty(order.size, dtype=np.int32)
    rank[order] = np.arange(order.size, dtype=np.int32)
    return rank


def _morton(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Interleave 20 bits of each coordinate: near places get near numbers."""
    if not len(xy):
        return np.zeros(0, dtype=np.int64)
    cell = ((xy - xy.min(axis=0)) / max(float(np.ptp(xy, axis=0).max()), 1e-9) * 1_048_575).astype(
        np.int64
    )
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        cell = (cell | (cell << shift)) & mask
    return np.asarray(cell[:, 0] | (cell[:, 1] << 1))


def _simple(n: int, tail: NDArray[np.int64], head: NDArray[np.int64]) -> Adjacency:
    """Undirected adjacency (start, to) without loops or repetitions."""
    apart = tail != head
    low, high = np.minimum(tail, head)[apart], np.maximum(tail, head)[apart]
    key = np.unique(low * n + high)
    low, high = key // max(n, 1), key % max(n, 1)
    ends = np.concatenate((low, high))
    order = np.argsort(ends, kind="stable")
    start = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(np.bincount(ends, minlength=n), out=start[1:])
    return start, np.concatenate((high, low))[order].astype(np.int32)


def _lines(xy: NDArray[np.float64]) -> IndexArray:
    """Vertices (1 + directions, n) in the order given, and along each direction."""
    lines = [np.arange(len(xy))]
    for step in range(N_DIRECTIONS):
        angle = np.pi * step / N_DIRECTIONS
        lines.append(np.argsort(xy @ (np.cos(angle), np.sin(angle)), kind="stable"))
    return np.array(lines, dtype=np.int32)


@compiled
def _replace(graph: Adjacency, degree: IndexArray, at: int, old: int, new: int) -> None:
    """Put `new` in the place of neighbour `old` of `at`; drop it if `new` is there already."""
    start, to = graph
    last = start[at] + degree[at] - 1
    slot = -1
    known = new < 0
    for arc in range(start[at], last + 1):
        if to[arc] == old:
            slot = arc
        elif to[arc] == new:
            known = True
    if known:
        to[slot] = to[last]
        degree[at] -= 1
    else:
        to[slot] = new


@compiled
def _strip(n: int, graph: Adjacency) -> tuple[IndexArray, IndexArray, Adjacency]:
    """Eliminate vertices of at most two neighbours while there are any.

    Returns them in order, the vertices kept, and the graph among those (renumbered). The
    arrays of `graph` are used up.
    """
    start, to = graph
    degree = (start[1:] - start[:-1]).astype(np.int32)
    order = np.empty(n, np.int32)
    gone = np.zeros(n, np.bool_)
    size = 0
    for vertex in range(n):
        if degree[vertex] <= 2:
            gone[vertex] = True
            order[size] = vertex
            size += 1
    at = 0
    while at < size:
        vertex = order[at]
        at += 1
        n_left = degree[vertex]
        one = to[start[vertex]] if n_left > 0 else -1
        two = to[start[vertex] + 1] if n_left > 1 else -1
        if one >= 0:
            _replace(graph, degree, one, vertex, two)
        if two >= 0:
            _replace(graph, degree, two, vertex, one)
        for other in (one, two):
            if other >= 0 and not gone[other] and degree[other] <= 2:
                gone[other] = True
                order[size] = other
                size += 1
    name = np.empty(n, np.int32)
    kept = np.empty(n - size, np.int32)
    core_start = np.zeros(n - size + 1, np.int32)
    n_kept = 0
    n_arcs = 0
    for vertex in range(n):
        if not gone[vertex]:
            name[vertex] = n_kept
            kept[n_kept] = vertex
            n_kept += 1
            n_arcs += degree[vertex]
            core_start[n_kept] = n_arcs
    core_to = np.empty(n_arcs, np.int32)
    for i in range(n_kept):
        for j in range(core_start[i + 1] - core_start[i]):
            core_to[core_start[i] + j] = name[to[start[kept[i]] + j]]
    return order[:size], kept, (core_start, core_to)


@compiled
def _by_degree(local: Adjacency, outside: IndexArray, n: int, order: IndexArray) -> None:
    """Eliminate a small part, always the vertex that has the fewest neighbours left."""
    start, to = local
    near = np.zeros(n, np.int64)
    extra = outside[:n].copy()
    for i in range(n):
        for arc in range(start[i], start[i + 1]):
            near[i] |= 1 << to[arc]
    left = (1 << n) - 1
    for step in range(n):
        best = -1
        fewest = 1 << 30
        for i in range(n):
            if left >> i & 1:
                count = extra[i]
                rest = near[i]
                while rest:
                    rest &= rest - 1
                    count += 1
                if count < fewest:
                    best = i
                    fewest = count
        order[step] = best
        left ^= 1 << best
        ring = near[best] & left
        for i in range(n):
            if ring >> i & 1:
                near[i] = (near[i] | ring) & ~(1 << i) & left
                extra[i] = max(extra[i], extra[best])


@compiled
def _cut_out(
    graph: Adjacency, members: IndexArray, part: IndexArray, name: IndexArray, local: Local
) -> None:
    """Number the members of a part and list their adjacency among one another."""
    start, to = graph
    local_start, local_to, outside = local
    for i in range(members.size):
        name[members[i]] = i
    n_arcs = 0
    local_start[0] = 0
    for i in range(members.size):
        vertex = members[i]
        for arc in range(start[vertex], start[vertex + 1]):
            if part[to[arc]] == part[vertex]:
                local_to[n_arcs] = name[to[arc]]
                n_arcs += 1
        local_start[i + 1] = n_arcs
        outside[i] = start[vertex + 1] - start[vertex] - (n_arcs - local_start[i])


@compiled
def _split(
    lines: IndexArray, side: SideArray, name: IndexArray, sizes: tuple[int, int], spare: IndexArray
) -> None:
    """Rearrange each line of a part: low side, high side, separator, each in its old order."""
    n = lines.shape[1]
    for line in range(lines.shape[0]):
        spare[:n] = lines[line]
        to_low, to_high, to_between = 0, sizes[0], sizes[0] + sizes[1]
        for i in range(n):
            vertex = spare[i]
            where = side[name[vertex]]
            if where == LOW:
                lines[line, to_low] = vertex
                to_low += 1
            elif where == HIGH:
                lines[line, to_high] = vertex
                to_high += 1
            else:
                lines[line, to_between] = vertex
                to_between += 1


@compiled
def _dissect(graph: Adjacency, lines: IndexArray) -> IndexArray:
    """Order all vertices; `lines` (1 + directions, n) is rearranged part by part."""
    n = lines.shape[1]
    part = np.zeros(n, np.int32)
    name = np.empty(n, np.int32)
    side = np.empty(n, np.int8)
    trial = np.empty(n, np.int8)
    spare = np.empty(n, np.int32)
    local = (np.empty(n + 1, np.int32), np.empty(graph[1].size, np.int32), np.empty(n, np.int32))
    flow = new_flow(n)
    stack = [(0, n)]
    n_parts = 1
    while len(stack) > 0:
        low, high = stack.pop()
        size = high - low
        members = lines[0, low:high]
        _cut_out(graph, members, part, name, local)
        if size <= SMALL_PART:
            _by_degree((local[0], local[1]), local[2], size, spare)
            for i in range(size):
                spare[i] = members[spare[i]]
            members[:] = spare[:size]
            continue
        sizes = best_separator((local[0], local[1]), lines[1:, low:high], name, flow, side, trial)
        _split(lines[:, low:high], side, name, sizes, spare)
        first, second = low + sizes[0], low + sizes[0] + sizes[1]
        for i in range(low, first):
            part[lines[0, i]] = n_parts
        for i in range(first, second):
            part[lines[0, i]] = n_parts + 1
        for i in range(second, high):
            part[lines[0, i]] = -1
        n_parts += 2
        stack.append((low, first))
        stack.append((first, second))
    order: IndexArray = lines[0].copy()
    return order
