"""Small vertex separators of a planar-like graph by maximum flow between its two ends.

Inertial flow (Schild and Sommer, On balanced separators in road networks, SEA 2015), on vertices
instead of edges: the vertices first and last along a line are source and sink, every vertex carries
one path, and the fewest vertices that cut all paths separate the two ends. Augmenting paths are
found many at a time, as a forest of breadth-first trees of which each gives one path (as in Azad,
Buluc and Pothen's multi-source matching).
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled
from routing.engine.digraph import IndexArray

Flow: TypeAlias = tuple[
    IndexArray, IndexArray, IndexArray, IndexArray, IndexArray, IndexArray, IndexArray, IndexArray
]

SideArray: TypeAlias = NDArray[np.int8]

END_SHARE = 0.25
"""Share of the vertices that is source, and that is sink."""

BALANCE = 0.5
"""Power of the smaller side's share by which separators of different balance are compared."""

FREE, SOURCE, SINK, DEEP = 0, 1, 2, 4
LOW, HIGH, BETWEEN = 0, 1, 2
UNUSED, LAST = -2, -1


@compiled
def new_flow(n: int) -> Flow:
    """Scratch arrays (n,) int32: end, next and previous vertex on the path, seen entering and
    leaving, reached from, root, queue.
    """
    return (
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
    )


@compiled
def _augment(sink: int, after: IndexArray, before: IndexArray, came_from: IndexArray) -> None:
    """Send one path along the tree that reached `sink`, undoing what it crosses against."""
    vertex = sink
    after[sink] = LAST
    while True:
        source = came_from[vertex]
        if source == vertex:
            # The path leaves this vertex by the way it once came: nothing passes it any more.
            following = after[vertex]
            after[vertex] = UNUSED
            before[vertex] = UNUSED
            vertex = following
            continue
        before[vertex] = source
        if source < 0:
            return
        following = after[source]
        after[source] = vertex
        vertex = source if following == UNUSED else following


@compiled
def _grow(  # noqa: C901, PLR0912, PLR0917 - one loop; compiled code takes no keywords
    graph: tuple[IndexArray, IndexArray],
    n: int,
    source_end: int,
    sink_end: int,
    stamp: int,
    limit: int,
    flow: Flow,
) -> int:
    """Grow one forest from all unused sources; returns the number of paths added to the flow.

    After a forest that adds nothing, the vertices seen entering but not leaving (stamp `stamp`)
    are the smallest separator, the one nearest to the sources.
    """
    start, to = graph
    end, after, before, seen_in, seen_out, came_from, root, queue = flow
    found = 0
    tail = 0
    for vertex in range(n):
        if end[vertex] == source_end:
            seen_in[vertex] = stamp
            if after[vertex] == UNUSED:
                seen_out[vertex] = stamp
                came_from[vertex] = -1
                root[vertex] = vertex
                queue[tail] = vertex
                tail += 1
    at = 0
    while at < tail:
        vertex = queue[at]
        at += 1
        origin = root[vertex]
        if after[origin] != UNUSED:
            continue  # this tree has given its path
        for arc in range(start[vertex], start[vertex + 1] + 1):
            if arc < start[vertex + 1]:
                other = to[arc]
            elif after[vertex] != UNUSED:
                other = vertex  # back through the vertex, against its path
            else:
                break
            if seen_in[other] == stamp or end[other] == source_end + DEEP:
                continue
            seen_in[other] = stamp
            came_from[other] = vertex
            if after[other] == UNUSED:
                seen_out[other] = stamp
                if end[other] == sink_end:
                    _augment(other, after, before, came_from)
                    found += 1
                    if found >= limit:
                        return found
                    break
                root[other] = origin
                queue[tail] = other
                tail += 1
            else:
                previous = before[other]
                if previous >= 0 and seen_out[previous] != stamp:
                    seen_out[previous] = stamp
                    root[previous] = origin
                    queue[tail] = previous
                    tail += 1
    return found


@compiled
def _hide_inside(graph: tuple[IndexArray, IndexArray], n: int, end: IndexArray) -> None:
    """Mark sources and sinks all of whose neighbours are such as DEEP: no path starts there."""
    start, to = graph
    for vertex in range(n):
        if end[vertex] != FREE:
            deep = True
            for arc in range(start[vertex], start[vertex + 1]):
                if end[to[arc]] % DEEP != end[vertex] % DEEP:
                    deep = False
                    break
            if deep:
                end[vertex] += DEEP


@compiled
def _sides(n: int, source_end: int, stamp: int, flow: Flow, side: SideArray) -> tuple[int, int]:
    """Fill `side` after the last forest; returns the sizes of the sources' side and the other."""
    end, _, _, seen_in, seen_out, _, _, _ = flow
    near = LOW if source_end == SOURCE else HIGH
    n_near = 0
    n_far = 0
    for vertex in range(n):
        if seen_out[vertex] == stamp or (end[vertex] == source_end + DEEP):
            side[vertex] = near
            n_near += 1
        elif seen_in[vertex] == stamp:
            side[vertex] = BETWEEN
        else:
            side[vertex] = HIGH + LOW - near
            n_far += 1
    return n_near, n_far


@compiled
def best_separator(  # noqa: PLR0917 - compiled code takes no keywords
    graph: tuple[IndexArray, IndexArray],
    lines: IndexArray,
    name: IndexArray,
    flow: Flow,
    side: SideArray,
    trial: SideArray,
) -> tuple[int, int]:
    """Cut a part along each line and keep the best cut.

    graph : adjacency (start, to) among the vertices of the part, 0..n-1
    lines : (directions, n) vertices in order along each direction; `name` gives their number
    flow, trial : scratch; side : (n,) output, LOW, HIGH or BETWEEN

    Returns the number of vertices on the low and on the high side.
    """
    n = lines.shape[1]
    end, after, before, seen_in, seen_out, came_from, root, queue = flow
    backward = (end, before, after, seen_in, seen_out, came_from, root, queue)
    n_end = max(1, int(n * END_SHARE))
    best = np.inf
    best_low = 0
    best_high = 0
    stamp = 0
    seen_in[:n] = 0
    seen_out[:n] = 0
    for line in range(lines.shape[0]):
        for vertex in range(n):
            end[vertex] = FREE
            after[vertex] = UNUSED
            before[vertex] = UNUSED
        for i in range(n_end):
            end[name[lines[line, i]]] = SOURCE
            end[name[lines[line, n - 1 - i]]] = SINK
        _hide_inside(graph, n, end)
        n_cut = 0
        limit = n
        if best < np.inf:
            limit = int(best * _weight(n // 2, n // 2))
        while n_cut < limit:
            stamp += 1
            found = _grow(graph, n, SOURCE, SINK, stamp, limit - n_cut, flow)
            n_cut += found
            if found == 0:
                break
        if n_cut >= limit:
            continue
        n_low, n_high = _sides(n, SOURCE, stamp, flow, trial)
        score = n_cut / _weight(n_low, n_high)
        if score < best:
            best = score
            best_low, best_high = n_low, n_high
            side[:n] = trial[:n]
        stamp += 1
        _grow(graph, n, SINK, SOURCE, stamp, n, backward)
        n_high, n_low = _sides(n, SINK, stamp, backward, trial)
        score = n_cut / _weight(n_low, n_high)
        if score < best:
            best = score
            best_low, best_high = n_low, n_high
            side[:n] = trial[:n]
    return best_low, best_high


@compiled
def _weight(n_low: int, n_high: int) -> float:
    """How much a separator may grow for balance: with the root of the smaller side's share."""
    share: float = max(min(n_low, n_high) / max(n_low + n_high, 1), 1e-3) ** BALANCE
    return share
