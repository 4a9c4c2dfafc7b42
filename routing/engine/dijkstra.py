"""Dijkstra searches without preprocessing: new times count in the very next query.

Every kernel serves both directions, forward over a graph's arcs and in reverse over those of
`Digraph.reversed`. A label is the time between a seed and the near end of a vertex: its start when
searching forward, its end in reverse; `vertex_ms` leads on to the far end. Both directions add the
same whole numbers, so they agree exactly.

The heap holds label and item packed in one 64-bit number and is never rearranged when a label
falls; entries that are out of date are passed over. On road graphs that is a sixteenth of them, and
quicker by a third than a heap that knows where each item is. Equal labels leave in order of item.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS, IndexArray, MsArray

KeyArray: TypeAlias = NDArray[np.int64]
ArcArrays: TypeAlias = tuple[IndexArray, IndexArray, MsArray]
SeedArrays: TypeAlias = tuple[IndexArray, MsArray]
EndArrays: TypeAlias = tuple[IndexArray, IndexArray, MsArray]
Work: TypeAlias = tuple[KeyArray, IndexArray, KeyArray]

LAST_QUERY = 2**31 - 1
LABEL_BITS = 32
ITEM_MASK = 2**LABEL_BITS - 1
_HASH_FACTOR = 2_654_435_761  # Knuth's multiplicative hashing: 2^32 over the golden ratio


def new_work(n_vertices: int, n_arcs: int, n_points: int = 0) -> Work:
    """Scratch arrays for one search at a time: mark, parent, heap.

    Vertices come first, then room for `n_points` points; of the heap only what a search fills ever
    takes memory. A mark holds the query above the label,
    later queries below earlier ones, so that one comparison tells whether a label falls. Queries
    with one scratch must be numbered upwards from 1 to `LAST_QUERY`.
    """
    n = n_vertices + n_points
    return (
        np.full(n, np.iinfo(np.int64).max),
        np.empty(n, np.int32),
        np.empty(n_arcs + 4 * n_points + 4_096, np.int64),
    )


@compiled
def push(heap: KeyArray, size: int, key: int) -> int:
    """Add `key` to a four-way heap of `size` entries; returns the new size."""
    at = size
    while at > 0:
        up = (at - 1) >> 2
        if heap[up] <= key:
            break
        heap[at] = heap[up]
        at = up
    heap[at] = key
    return size + 1


@compiled
def drop_top(heap: KeyArray, size: int) -> int:
    """Remove the least entry, `heap[0]`; returns the new size."""
    size -= 1
    key = heap[size]
    at = 0
    while True:
        child = (at << 2) + 1
        if child >= size:
            break
        best = child
        least = heap[child]
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < least:
                least = heap[other]
                best = other
        if least >= key:
            break
        heap[at] = least
        at = best
    heap[at] = key
    return size


@compiled
def heap_for(n_entries: int, heap: KeyArray) -> KeyArray:
    """Return the heap, or a larger one if so many entries might not fit."""
    return heap if heap.size >= n_entries else np.empty(n_entries, np.int64)


@compiled
def offer(  # noqa: PLR0917 - compiled code takes no keywords
    item: int, label: int, via: int, base: int, size: int, heap: KeyArray, work: Work
) -> int:
    """Lower the label of `item` if it can be; returns the size of the heap."""
    mark, parent, _ = work
    if (base | label) >= mark[item]:
        return size
    mark[item] = base | label
    parent[item] = via
    return push(heap, size, (label << LABEL_BITS) | item)


@compiled
def _offer_first(  # noqa: PLR0917 - compiled code takes no keywords
    arcs: ArcArrays,
    seeds: SeedArrays,
    direct: EndArrays,
    n: int,
    limit: int,
    base: int,
    heap: KeyArray,
    work: Work,
) -> int:
    """Offer what the seeds lead to and the points on the way out; returns the size of the heap."""
    arc_start, arc_to, arc_delay_ms = arcs
    seed_vertex, seed_ms = seeds
    direct_point, direct_vertex, direct_ms = direct
    size = 0
    for i in range(direct_point.size):
        if direct_ms[i] <= limit:
            via = -2 - direct_vertex[i]
            size = offer(n + direct_point[i], direct_ms[i], via, base, size, heap, work)
    for i in range(seed_vertex.size):
        via = -2 - seed_vertex[i]
        for arc in range(arc_start[seed_vertex[i]], arc_start[seed_vertex[i] + 1]):
            label = seed_ms[i] + arc_delay_ms[arc]
            if label <= limit:
                size = offer(arc_to[arc], label, via, base, size, heap, work)
    return size


@compiled
def _slot(vertex: int, n_slots: int) -> int:
    return int(((vertex * _HASH_FACTOR) & ITEM_MASK) >> 8 & (n_slots - 1))


@compiled
def _first_rows(vertex: IndexArray) -> IndexArray:
    """Hash table of the first row of each vertex in sorted `vertex`, -1 = free."""
    n_slots = 8
    while n_slots < 4 * vertex.size:
        n_slots *= 2
    table = np.full(n_slots, -1, np.int32)
    for row in range(vertex.size):
        if row == 0 or vertex[row] != vertex[row - 1]:
            slot = _slot(vertex[row], n_slots)
            while table[slot] >= 0:
                slot = (slot + 1) & (n_slots - 1)
            table[slot] = row
    return table


@compiled
def _offer_points(  # noqa: PLR0917 - compiled code takes no keywords
    vertex: int,
    label: int,
    table: IndexArray,
    ends: EndArrays,
    n: int,
    limit: int,
    base: int,
    size: int,
    heap: KeyArray,
    work: Work,
) -> int:
    """Offer the points that lie on `vertex`, if any; returns the size of the heap."""
    end_point, end_vertex, end_ms = ends
    slot = _slot(vertex, table.size)
    while table[slot] >= 0 and end_vertex[table[slot]] != vertex:
        slot = (slot + 1) & (table.size - 1)
    row = table[slot]
    while 0 <= row < end_vertex.size and end_vertex[row] == vertex:
        if label + end_ms[row] <= limit:
            item = n + end_point[row]
            size = offer(item, label + end_ms[row], vertex, base, size, heap, work)
        row += 1
    return size


@compiled
def search(  # noqa: PLR0917 - compiled code takes no keywords
    arcs: ArcArrays,
    vertex_ms: MsArray,
    seeds: SeedArrays,
    ends: EndArrays,
    direct: EndArrays,
    n_wanted: int,
    limit_ms: int,
    query: int,
    work: Work,
    time_ms: MsArray,
    last_vertex: IndexArray,
) -> int:
    """Settle points in order of time, then row, until `n_wanted` are or `limit_ms` is passed.

    arcs : start (n + 1,), to (m,), delay_ms (m,) int32
    vertex_ms : (n,) int32, `INFINITE_MS` = closed
    seeds : vertices partly driven at the one place, and the milliseconds that takes
    ends : (point, vertex, milliseconds of the part driven), sorted by vertex
    direct : (point, vertex, milliseconds) where both places lie on one vertex, in order of travel
    time_ms, last_vertex : (n_points,) outputs, to be handed over filled with `INFINITE_MS` and -1

    A parent or last vertex of -2 - v means that the seed v itself came before; returns the number
    of points settled. Parents are `work[1]`.
    """
    arc_start, arc_to, arc_delay_ms = arcs
    mark, parent, heap = work
    n = vertex_ms.size
    # Closed arcs and vertices lie beyond every limit, so one comparison keeps them out.
    limit = min(limit_ms, INFINITE_MS - 1)
    base = (LAST_QUERY - query) << LABEL_BITS
    n_entries = arc_to.size + ends[0].size + direct[0].size
    for vertex in seeds[0]:
        n_entries += arc_start[vertex + 1] - arc_start[vertex]
    heap = heap_for(n_entries, heap)
    size = _offer_first(arcs, seeds, direct, n, limit, base, heap, work)
    table = _first_rows(ends[1])
    settled = 0
    while size > 0 and settled < n_wanted:
        label = heap[0] >> LABEL_BITS
        item = heap[0] & ITEM_MASK
        size = drop_top(heap, size)
        if mark[item] != base | label:
            continue
        if item >= n:
            time_ms[item - n] = label
            last_vertex[item - n] = parent[item]
            settled += 1
            continue
        if table[_slot(item, table.size)] >= 0:
            size = _offer_points(item, label, table, ends, n, limit, base, size, heap, work)
        passed = label + vertex_ms[item]
        if passed <= limit:
            # Written out: a call per arc counts references to the arrays, a quarter more time.
            for arc in range(arc_start[item], arc_start[item + 1]):
                far = passed + arc_delay_ms[arc]
                to = arc_to[arc]
                if far <= limit and (base | far) < mark[to]:
                    mark[to] = base | far
                    parent[to] = item
                    size = push(heap, size, (far << LABEL_BITS) | to)
    return settled


@compiled
def leave(
    arcs: ArcArrays, vertex: IndexArray, left_ms: MsArray
) -> tuple[IndexArray, MsArray, IndexArray]:
    """Vertices entered on leaving partly driven ones: (to, label_ms, row of `vertex`).

    left_ms : (s,) int32 milliseconds still to be driven on each; closed arcs are left out.
    """
    arc_start, arc_to, arc_delay_ms = arcs
    n_out = 0
    for row in range(vertex.size):
        n_out += arc_start[vertex[row] + 1] - arc_start[vertex[row]]
    to = np.empty(n_out, np.int32)
    label_ms = np.empty(n_out, np.int32)
    origin = np.empty(n_out, np.int32)
    n_out = 0
    for row in range(vertex.size):
        for arc in range(arc_start[vertex[row]], arc_start[vertex[row] + 1]):
            label = left_ms[row] + arc_delay_ms[arc]
            if label < INFINITE_MS:
                to[n_out] = arc_to[arc]
                label_ms[n_out] = label
                origin[n_out] = row
                n_out += 1
    return to[:n_out].copy(), label_ms[:n_out].copy(), origin[:n_out].copy()


@compiled
def ball(  # noqa: PLR0917 - compiled code takes no keywords
    arcs: ArcArrays,
    vertex_ms: MsArray,
    seeds: SeedArrays,
    limit_ms: int,
    query: int,
    work: Work,
) -> tuple[IndexArray, MsArray]:
    """Return all vertices (s,) int32 with labels up to `limit_ms`, and those (s,) int32, in order.

    seeds : (vertex, label_ms) where the search starts: at the near end of these vertices; see
    `leave` for places in the middle of one.

    A parent, in `work[1]`, of -2 - i means that row i of the seeds came before.
    """
    arc_start, arc_to, arc_delay_ms = arcs
    seed_vertex, seed_ms = seeds
    mark, parent, heap = work
    limit = min(limit_ms, INFINITE_MS - 1)
    base = (LAST_QUERY - query) << LABEL_BITS
    found = np.empty(vertex_ms.size, np.int32)
    found_ms = np.empty(vertex_ms.size, np.int32)
    n_found = 0
    size = 0
    heap = heap_for(arc_to.size + seed_vertex.size, heap)
    for i in range(seed_vertex.size):
        if seed_ms[i] <= limit:
            size = offer(seed_vertex[i], seed_ms[i], -2 - i, base, size, heap, work)
    while size > 0:
        label = heap[0] >> LABEL_BITS
        item = heap[0] & ITEM_MASK
        size = drop_top(heap, size)
        if mark[item] != base | label:
            continue
        found[n_found] = item
        found_ms[n_found] = label
        n_found += 1
        passed = label + vertex_ms[item]
        if passed <= limit:
            for arc in range(arc_start[item], arc_start[item + 1]):
                far = passed + arc_delay_ms[arc]
                to = arc_to[arc]
                if far <= limit and (base | far) < mark[to]:
                    mark[to] = base | far
                    parent[to] = item
                    size = push(heap, size, (far << LABEL_BITS) | to)
    return found[:n_found].copy(), found_ms[:n_found].copy()


@compiled
def nearest_seed(
    arcs: ArcArrays, vertex_ms: MsArray, seeds: SeedArrays
) -> tuple[IndexArray, MsArray]:
    """Return for every vertex the row (n,) int32 of its nearest seed and the label (n,) int32 ms.

    seeds : (vertex, label_ms) as in `ball`; -1 and `INFINITE_MS` where none leads. With one seed
    this is the search from one to all. Of seeds equally near the choice is always the same one.
    """
    arc_start, arc_to, arc_delay_ms = arcs
    seed_vertex, seed_ms = seeds
    nearest = np.full(vertex_ms.size, -1, np.int32)
    label_ms = np.full(vertex_ms.size, INFINITE_MS, np.int32)
    heap = np.empty(arc_to.size + seed_vertex.size, np.int64)
    size = 0
    for i in range(seed_vertex.size):
        vertex = seed_vertex[i]
        if seed_ms[i] < label_ms[vertex]:
            label_ms[vertex] = seed_ms[i]
            nearest[vertex] = i
            size = push(heap, size, (np.int64(seed_ms[i]) << LABEL_BITS) | vertex)
    while size > 0:
        label = heap[0] >> LABEL_BITS
        vertex = heap[0] & ITEM_MASK
        size = drop_top(heap, size)
        if label != label_ms[vertex]:
            continue
        passed = label + vertex_ms[vertex]
        for arc in range(arc_start[vertex], arc_start[vertex + 1]):
            far = passed + arc_delay_ms[arc]
            to = arc_to[arc]
            if far < label_ms[to]:
                label_ms[to] = far
                nearest[to] = nearest[vertex]
                size = push(heap, size, (far << LABEL_BITS) | to)
    return nearest, label_ms
