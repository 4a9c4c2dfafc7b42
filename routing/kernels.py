"""Compiled Dijkstra search over states; the only numba code.

One kernel serves both directions: forward over successors, reverse over predecessors. A label is
the seconds between the seed place and the near end of a state, so that partly driven first and
last states are added exactly, outside the graph.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from numba import njit

from routing.engine.digraph import INFINITE_MS
from routing.model import IndexArray

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

ArcArrays: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]
SeedArrays: TypeAlias = tuple[IndexArray, IndexArray]
EndArrays: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]
Work: TypeAlias = tuple[
    IndexArray, IndexArray, IndexArray, IndexArray, IndexArray, IndexArray, IndexArray
]


def _compiled(function: FunctionT) -> FunctionT:
    """Compile without the interpreter lock, cached on disk; keeps the type numba loses."""
    return cast("FunctionT", njit(cache=True, nogil=True)(function))


def new_work(n_states: int, n_points: int) -> Work:
    """Scratch arrays for one search at a time: label, query stamp, parent, heap position,
    first end, heap keys, heap items; states first, then room for `n_points` points.
    """
    n = n_states + n_points
    return (
        np.empty(n, np.int32),
        np.zeros(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
    )


@_compiled
def _touch(item: int, query: int, work: Work) -> None:
    label_ms, stamp, _, position, first_end, _, _ = work
    if stamp[item] != query:
        stamp[item] = query
        label_ms[item] = INFINITE_MS
        position[item] = -1
        first_end[item] = -1


@_compiled
def _relax(  # noqa: PLR0917 - compiled code takes no keywords
    item: int, label: int, via: int, query: int, size: int, work: Work
) -> int:
    """Lower the label of `item` if it can be, in a four-way heap of `size`; returns the size."""
    label_ms, _, parent, position, _, heap_key, heap_item = work
    _touch(item, query, work)
    if not label < label_ms[item]:
        return size
    label_ms[item] = label
    parent[item] = via
    at = position[item]
    if at < 0:
        at = size
        size += 1
    while at > 0:
        up = (at - 1) >> 2
        if heap_key[up] <= label:
            break
        heap_key[at] = heap_key[up]
        heap_item[at] = heap_item[up]
        position[heap_item[at]] = at
        at = up
    heap_key[at] = label
    heap_item[at] = item
    position[item] = at
    return size


@_compiled
def _drop_top(size: int, work: Work) -> int:
    _, _, _, position, _, heap_key, heap_item = work
    size -= 1
    key = heap_key[size]
    item = heap_item[size]
    at = 0
    while True:
        child = (at << 2) + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if heap_key[other] < heap_key[best]:
                best = other
        if heap_key[best] >= key:
            break
        heap_key[at] = heap_key[best]
        heap_item[at] = heap_item[best]
        position[heap_item[at]] = at
        at = best
    heap_key[at] = key
    heap_item[at] = item
    position[item] = at
    return size


@_compiled
def search(  # noqa: PLR0917 - compiled code takes no keywords
    arcs: ArcArrays,
    state_time_ms: IndexArray,
    seeds: SeedArrays,
    ends: EndArrays,
    direct: EndArrays,
    n_wanted: int,
    limit_ms: int,
    query: int,
    work: Work,
    time_ms: IndexArray,
    last_state: IndexArray,
) -> int:
    """Settle points in order of time until `n_wanted` are, or `limit_ms` is passed.

    seeds : states partly driven at the one place, and the seconds that takes
    ends : (point, state, seconds of the part driven), sorted by state
    direct : (point, state, seconds) where both places lie on one state, in order of travel
    time_ms, last_state : (n_points,) outputs, to be handed over filled with inf and -1

    A parent or last state of -2 - s means that the seed s itself came before; returns the number
    of points settled.
    """
    arc_start, arc_to, arc_delay_ms = arcs
    seed_state, seed_time_ms = seeds
    end_point, end_state, end_time_ms = ends
    direct_point, direct_state, direct_time_ms = direct
    _, _, parent, _, first_end, heap_key, heap_item = work
    n_states = state_time_ms.size
    size = 0
    settled = 0
    for i in range(end_state.size - 1, -1, -1):
        _touch(end_state[i], query, work)
        first_end[end_state[i]] = i
    for i in range(direct_point.size):
        item = n_states + direct_point[i]
        size = _relax(item, direct_time_ms[i], -2 - direct_state[i], query, size, work)
    for i in range(seed_state.size):
        state = seed_state[i]
        if seed_time_ms[i] < INFINITE_MS:
            for arc in range(arc_start[state], arc_start[state + 1]):
                label = seed_time_ms[i] + arc_delay_ms[arc]
                size = _relax(arc_to[arc], label, -2 - state, query, size, work)
    while size > 0 and settled < n_wanted:
        item = heap_item[0]
        key = heap_key[0]
        if key > limit_ms:
            break
        size = _drop_top(size, work)
        if item >= n_states:
            time_ms[item - n_states] = key
            last_state[item - n_states] = parent[item]
            settled += 1
            continue
        i = first_end[item]
        while 0 <= i < end_state.size and end_state[i] == item:
            size = _relax(n_states + end_point[i], key + end_time_ms[i], item, query, size, work)
            i += 1
        passed = key + state_time_ms[item]
        if passed < INFINITE_MS:
            for arc in range(arc_start[item], arc_start[item + 1]):
                size = _relax(arc_to[arc], passed + arc_delay_ms[arc], item, query, size, work)
    return settled
