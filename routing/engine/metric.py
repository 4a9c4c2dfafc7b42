"""Times for the arcs of a hierarchy: customization, the step repeated whenever times change."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS, Digraph, IndexArray, MsArray
from routing.engine.hierarchy import Hierarchy

Side: TypeAlias = tuple[IndexArray, IndexArray, MsArray]
Below: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """Shortest times over lower vertices, for the arcs of one hierarchy; read-only.

    up_ms : (n_up,) int32; down_ms : (n_down,) int32; INFINITE_MS = no way now
    """

    up_ms: MsArray
    down_ms: MsArray


def customize(
    hierarchy: Hierarchy, vertex_ms: MsArray, *, delay_ms: MsArray, graph: Digraph
) -> Metric:
    """Work out the times of all arcs of a hierarchy from those of its graph.

    Parameters
    ----------
    hierarchy : Hierarchy
        As built from `graph`.
    vertex_ms : (n,) int32
        Time to pass each vertex, spent before an arc that leaves it.
    delay_ms : (m,) int32
        Time of each arc. Times are not negative; INFINITE_MS and more is closed.
    """
    n_up = hierarchy.n_up
    arc_ms = np.full(n_up + hierarchy.n_down, INFINITE_MS, dtype=np.int32)
    _fill(_fixed(graph.start), hierarchy.arc, _fixed(vertex_ms), _fixed(delay_ms), arc_ms)
    up_ms, down_ms = arc_ms[:n_up], arc_ms[n_up:]
    up = (hierarchy.up_start, hierarchy.up_to, up_ms)
    down = (hierarchy.down_start, hierarchy.down_from, down_ms)
    into = (hierarchy.into_start, hierarchy.into_arc, hierarchy.up_tail)
    out = (hierarchy.from_start, hierarchy.from_arc, hierarchy.down_head)
    _relax_triangles(up, down, into, out)
    arc_ms.flags.writeable = False
    return Metric(up_ms=arc_ms[:n_up], down_ms=arc_ms[n_up:])


def _fixed(array: IndexArray) -> IndexArray:
    """View an array as read-only: compiled code takes that for a type of its own."""
    view = array.view()
    view.flags.writeable = False
    return view


@compiled
def _fill(
    start: IndexArray, arc: IndexArray, vertex_ms: MsArray, delay_ms: MsArray, arc_ms: MsArray
) -> None:
    for vertex in range(start.size - 1):
        for i in range(start[vertex], start[vertex + 1]):
            if arc[i] >= 0 and vertex_ms[vertex] < INFINITE_MS and delay_ms[i] < INFINITE_MS:
                ms = vertex_ms[vertex] + delay_ms[i]
                arc_ms[arc[i]] = min(arc_ms[arc[i]], ms)


@compiled
def _relax_triangles(up: Side, down: Side, into: Below, out: Below) -> None:
    """Lower every arc to the best way over a vertex below both ends, from the lowest up."""
    n = up[0].size - 1
    slot = np.empty(n, np.int32)
    for vertex in range(n):
        _relax_lists(vertex, out, down[2], up, slot)
        _relax_lists(vertex, into, up[2], down, slot)


@compiled
def _relax_lists(
    vertex: int, below: Below, first_ms: MsArray, side: Side, slot: IndexArray
) -> None:
    """Lower the arcs of one side at `vertex` over each lower vertex that `below` joins to it."""
    below_start, below_arc, below_end = below
    start, to, ms = side
    begin, end = start[vertex], start[vertex + 1]
    if begin == end:
        return
    # Places without sign and sums of 32 bits, as in `compiled.lower`.
    heads, own_ms = to[begin:end], ms[begin:end]
    for k in range(heads.size):
        slot[np.uintp(heads[k])] = k
    arcs = below_arc[below_start[vertex] : below_start[vertex + 1]]
    for i in range(arcs.size):
        arc = np.uintp(arcs[i])
        base = first_ms[arc]
        if base >= INFINITE_MS:
            continue
        low = np.uintp(below_end[arc])
        first, last = start[low], start[low + np.uintp(1)]
        # What the lower list holds above the vertex is part of the vertex's own list, and is
        # all of it if there are as many: then no places have to be looked up.
        if last - first >= heads.size and to[last - heads.size] == heads[0]:
            lower_ms = ms[last - heads.size : last]
            for k in range(heads.size):
                own_ms[k] = min(own_ms[k], np.int32(base + lower_ms[k]))
        else:
            lower_to, lower_ms = to[first:last], ms[first:last]
            k = lower_to.size
            while k > 0 and lower_to[np.uintp(k - 1)] > vertex:
                k -= 1
                at = np.uintp(slot[np.uintp(lower_to[np.uintp(k)])])
                own_ms[at] = min(own_ms[at], np.int32(base + lower_ms[np.uintp(k)]))
