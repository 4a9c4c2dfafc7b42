"""Customizable contraction hierarchy: the shortcuts an order of vertices needs, for any times.

Dibbelt, Strasser and Wagner, Customizable contraction hierarchies, JEA 21 (2016), with one list of
arcs for each direction: an arc that no times can ever make finite is not kept (in turn-aware
graphs more than half are not), and the triangles that remain are those of real ways.
"""

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled
from routing.engine.digraph import Digraph, IndexArray

BoolArray: TypeAlias = NDArray[np.bool_]
Lists: TypeAlias = tuple[IndexArray, IndexArray]


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """Arcs between vertices in order of rank; all arrays int32, read-only, free of times.

    Vertices are meant by rank everywhere but in `rank` and `vertex`. Ranks follow the elimination
    tree in postorder. The up arcs of v lead from v to higher vertices, its down arcs lead from
    higher vertices to v; both are listed at v, the lower end, by rank of the higher one.

    rank : (n,) rank of each vertex of the graph; vertex : (n,) the reverse
    parent : (n,) next vertex of the elimination tree, -1 at roots: all arcs of v join it to
        ancestors
    up_start, down_start : (n + 1,); up_to, down_from : (k,) higher ends
    into_start : (n + 1,); into_arc : up arcs that lead to v, by rank of their lower end
    from_start : (n + 1,); from_arc : down arcs that start at v, by rank of their lower end
    up_tail, down_head : lower ends of the arcs
    arc : (m,) for each arc of the graph its up arc, or n_up + its down arc; -1 for loops
    """

    rank: IndexArray
    vertex: IndexArray
    parent: IndexArray
    up_start: IndexArray
    up_to: IndexArray
    up_tail: IndexArray
    down_start: IndexArray
    down_from: IndexArray
    down_head: IndexArray
    into_start: IndexArray
    into_arc: IndexArray
    from_start: IndexArray
    from_arc: IndexArray
    arc: IndexArray

    @property
    def n(self) -> int:
        """Number of vertices."""
        return self.parent.size

    @property
    def n_up(self) -> int:
        """Number of up arcs."""
        return self.up_to.size

    @property
    def n_down(self) -> int:
        """Number of down arcs."""
        return self.down_from.size

    @property
    def nbytes(self) -> int:
        """Size of all arrays in bytes."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))


def build_hierarchy(graph: Digraph, rank: IndexArray) -> Hierarchy:
    """Find the arcs that the order `rank` (n,) needs, whatever the times.

    Raises
    ------
    ValueError
        If `rank` is not a permutation of 0..n-1.
    """
    n = graph.n
    rank = np.asarray(rank, dtype=np.int32)
    if rank.shape != (n,) or not np.array_equal(np.sort(rank), np.arange(n)):
        raise ValueError(f"The order must give each of {n} vertices its own rank from 0.")
    tail, head = graph.tails(), graph.to
    parent = _elimination_tree(n, _neighbours(n, rank[tail], rank[head]))
    rank = _postorder(parent)[rank]
    tail, head = rank[tail], rank[head]
    start, to, parent = _complete(n, _neighbours(n, tail, head))
    is_up = tail < head
    place = _find(np.minimum(tail, head), np.maximum(tail, head), (start, to))
    possible = np.zeros((2, to.size), dtype=np.bool_)
    loop = tail == head
    possible[0, place[is_up]] = True
    possible[1, place[~is_up & ~loop]] = True
    lower_start, lower_arc, lower_end = _by_higher_end(n, start, to)
    _spread(n, (start, to), (lower_start, lower_arc, lower_end), possible)
    up_start, up_to, up_tail, into_start, into_arc = _kept(n, possible[0], lower_end, to)
    down_start, down_from, down_head, from_start, from_arc = _kept(n, possible[1], lower_end, to)
    number = np.zeros((2, to.size + 1), dtype=np.int32)
    np.cumsum(possible, axis=1, out=number[:, 1:])
    arc = np.where(is_up, number[0, place], up_to.size + number[1, place])
    arc[loop] = -1
    vertex = np.empty(n, dtype=np.int32)
    vertex[rank] = np.arange(n, dtype=np.int32)
    hierarchy = Hierarchy(
        rank=rank,
        vertex=vertex,
        parent=parent,
        up_start=up_start,
        up_to=up_to,
        up_tail=up_tail,
        down_start=down_start,
        down_from=down_from,
        down_head=down_head,
        into_start=into_start,
        into_arc=into_arc,
        from_start=from_start,
        from_arc=from_arc,
        arc=arc.astype(np.int32),
    )
    for field in fields(hierarchy):
        getattr(hierarchy, field.name).flags.writeable = False
    return hierarchy


def _starts(n: int, owner: IndexArray) -> IndexArray:
    start = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(np.bincount(owner, minlength=n), out=start[1:])
    return start


def _neighbours(n: int, tail: IndexArray, head: IndexArray) -> Lists:
    """Higher neighbours of each vertex in order, each once."""
    apart = tail != head
    lower = np.minimum(tail, head)[apart].astype(np.int64)
    key = np.unique(lower * n + np.maximum(tail, head)[apart])
    return _starts(n, key // max(n, 1)), (key % max(n, 1)).astype(np.int32)


def _by_higher_end(n: int, start: IndexArray, to: IndexArray) -> tuple[IndexArray, ...]:
    """Arcs grouped by higher end (start, arc), and the lower end of every arc."""
    lower = np.repeat(np.arange(n, dtype=np.int32), np.diff(start))
    return _starts(n, to), np.argsort(to, kind="stable").astype(np.int32), lower


def _kept(n: int, possible: BoolArray, lower: IndexArray, to: IndexArray) -> tuple[IndexArray, ...]:
    """Keep the possible arcs of one direction: lists by lower end, and by higher end."""
    low, high = lower[possible], to[possible]
    order = np.argsort(high, kind="stable").astype(np.int32)
    return _starts(n, low), high, low, _starts(n, high), order


@compiled
def _elimination_tree(n: int, higher: Lists) -> IndexArray:
    """Parent of each vertex; with path compression (Liu 1986), before any fill is known."""
    start, to = higher
    parent = np.full(n, -1, np.int32)
    top = np.full(n, -1, np.int32)
    order = np.argsort(to, kind="mergesort")
    lower = np.empty(to.size, np.int32)
    for vertex in range(n):
        for arc in range(start[vertex], start[vertex + 1]):
            lower[arc] = vertex
    for arc in order:
        high = to[arc]
        at = lower[arc]
        while at != high:
            above = top[at]
            top[at] = high
            if above < 0:
                parent[at] = high
                break
            at = above
    return parent


@compiled
def _postorder(parent: IndexArray) -> IndexArray:
    """Place (n,) of each vertex when every subtree is numbered in one run."""
    n = parent.size
    size = np.ones(n, np.int32)
    for vertex in range(n):
        if parent[vertex] >= 0:
            size[parent[vertex]] += size[vertex]
    place = np.empty(n, np.int32)
    room = np.empty(n, np.int32)
    end = n
    for vertex in range(n - 1, -1, -1):
        above = parent[vertex]
        if above < 0:
            place[vertex] = end - 1
            end -= size[vertex]
        else:
            place[vertex] = room[above]
            room[above] -= size[vertex]
        room[vertex] = place[vertex] - 1
    return place


@compiled
def _complete(n: int, higher: Lists) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Higher neighbours after elimination (start, to), and the elimination tree's parents."""
    start, to = higher
    full_start = np.zeros(n + 1, np.int32)
    full_to = np.empty(4 * to.size + n + 16, np.int32)
    parent = np.full(n, -1, np.int32)
    first_child = np.full(n, -1, np.int32)
    next_child = np.full(n, -1, np.int32)
    mark = np.full(n, -1, np.int32)
    size = 0
    for vertex in range(n):
        begin = size
        room = start[vertex + 1] - start[vertex]
        child = first_child[vertex]
        while child >= 0:
            room += full_start[child + 1] - full_start[child]
            child = next_child[child]
        if size + room > full_to.size:
            larger = np.empty(2 * full_to.size + room, np.int32)
            larger[:size] = full_to[:size]
            full_to = larger
        mark[vertex] = vertex
        for arc in range(start[vertex], start[vertex + 1]):
            mark[to[arc]] = vertex
            full_to[size] = to[arc]
            size += 1
        child = first_child[vertex]
        while child >= 0:
            for arc in range(full_start[child], full_start[child + 1]):
                if mark[full_to[arc]] != vertex:
                    mark[full_to[arc]] = vertex
                    full_to[size] = full_to[arc]
                    size += 1
            child = next_child[child]
        full_start[vertex + 1] = size
        if size > begin:
            full_to[begin:size].sort()
            parent[vertex] = full_to[begin]
            next_child[vertex] = first_child[parent[vertex]]
            first_child[parent[vertex]] = vertex
    return full_start, full_to[:size].copy(), parent


@compiled
def _find(lower: IndexArray, higher: IndexArray, lists: Lists) -> IndexArray:
    """Place of each pair in the lists; 0 for pairs of one vertex."""
    start, to = lists
    place = np.zeros(lower.size, np.int32)
    for i in range(lower.size):
        if lower[i] != higher[i]:
            begin = start[lower[i]]
            end = start[lower[i] + 1]
            while end - begin > 1:
                middle = (begin + end) >> 1
                if to[middle] <= higher[i]:
                    begin = middle
                else:
                    end = middle
            place[i] = begin
    return place


@compiled
def _spread(
    n: int, lists: Lists, below: tuple[IndexArray, IndexArray, IndexArray], possible: BoolArray
) -> None:
    """Mark arcs (2, k) that a way over a lower vertex makes possible, from the lowest up."""
    start, to = lists
    lower_start, lower_arc, lower_end = below
    slot = np.empty(n, np.int32)
    for vertex in range(n):
        for arc in range(start[vertex], start[vertex + 1]):
            slot[to[arc]] = arc
        for i in range(lower_start[vertex], lower_start[vertex + 1]):
            arc = lower_arc[i]
            to_lower = possible[1, arc]
            from_lower = possible[0, arc]
            if not (to_lower or from_lower):
                continue
            for other in range(arc + 1, start[lower_end[arc] + 1]):
                at = slot[to[other]]
                if to_lower and possible[0, other]:
                    possible[0, at] = True
                if from_lower and possible[1, other]:
                    possible[1, at] = True
