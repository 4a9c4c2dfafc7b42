"""Exact forward search where times change on the way.

A vertex is a chain of links; each link has the time of driving all of it, which changes at known
instants, the last time without end. Who is on a link when its time changes has driven a share of it
and needs the same share of the new time for the rest. A link that is closed, or would be before one
has left it, is not entered: one stands in front of it until it opens, and never in the middle.
Hence who enters later never leaves earlier, and Dijkstra's algorithm stays exact (Ichoua, Gendreau
and Potvin 2003, doi:10.1016/S0377-2217(02)00147-9). Standing is part of the answer only where no
way around arrives earlier.

Instants are whole milliseconds since one that the caller chooses, before which nothing changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS, IndexArray, MsArray
from routing.engine.dijkstra import (
    ITEM_MASK,
    LABEL_BITS,
    LAST_QUERY,
    KeyArray,
    Work,
    drop_top,
    heap_for,
    offer,
)

ShareArray: TypeAlias = NDArray[np.float64]
TimeArrays: TypeAlias = tuple[MsArray, IndexArray, MsArray, MsArray]
ArcArrays: TypeAlias = tuple[IndexArray, IndexArray, MsArray]
ChainArrays: TypeAlias = tuple[IndexArray, IndexArray, MsArray]
"""Rows of each vertex (n + 1,); link and wait behind it (k,) of each row."""

Starts: TypeAlias = tuple[IndexArray, IndexArray, ShareArray]
"""Vertex, row of its chain, and share of that row's link behind the place, (s,) each."""

Ends: TypeAlias = tuple[IndexArray, IndexArray, IndexArray, ShareArray]
"""Point, vertex, row and share, (e,) each, in order of the vertices."""

Direct: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]
"""Point, row of `Starts` and row of `Ends` on the same vertex and not behind it, (d,) each."""

Change: TypeAlias = tuple[IndexArray, int, MsArray]
"""Items, the instant, and the time of each from then on."""


@dataclass(frozen=True, slots=True, eq=False)
class ChangingTimes:
    """Times of n items that change.

    first_ms : (n,) int32 until the first change, `INFINITE_MS` = closed
    start : (n + 1,) int32 rows of the changes of each item, in order of the instants
    since_ms, later_ms : (c,) int32 instant of each change, and the time from then on
    """

    first_ms: MsArray
    start: IndexArray
    since_ms: MsArray
    later_ms: MsArray

    @classmethod
    def of(cls, first_ms: MsArray, changes: Sequence[Change] = ()) -> Self:
        """Lay out `changes`, which come in order of their instants."""
        nothing = np.empty(0, np.int32)
        item = np.concatenate([nothing, *(one[0] for one in changes)]).astype(np.int32)
        sizes = [one[0].size for one in changes]
        since_ms = np.repeat([one[1] for one in changes], sizes).astype(np.int32)
        later_ms = np.concatenate([nothing, *(one[2] for one in changes)]).astype(np.int32)
        return cls(first_ms, *_by_item(first_ms.size, item, since_ms, later_ms))

    @property
    def arrays(self) -> TimeArrays:
        """Return what the kernels take."""
        return self.first_ms, self.start, self.since_ms, self.later_ms

    def least_ms(self) -> MsArray:
        """Return the least time of each item, (n,) int32."""
        least = self.first_ms.copy()
        item = np.repeat(np.arange(least.size), np.diff(self.start))
        np.minimum.at(least, item, self.later_ms)
        return least


@compiled
def _by_item(
    n: int, item: IndexArray, since_ms: MsArray, later_ms: MsArray
) -> tuple[IndexArray, MsArray, MsArray]:
    """Sort changes by item, those of one item in the order given."""
    start = np.zeros(n + 1, np.int32)
    for one in item:
        start[one + 1] += 1
    for one in range(n):
        start[one + 1] += start[one]
    at = start[:-1].copy()
    since, later = np.empty_like(since_ms), np.empty_like(later_ms)
    for row in range(item.size):
        place = at[item[row]]
        since[place] = since_ms[row]
        later[place] = later_ms[row]
        at[item[row]] += 1
    return start, since, later


@compiled
def _part_ms(whole_ms: int, begin: float, end: float) -> float:
    """Time from one share of a link to another, in whole milliseconds at both."""
    return float(np.floor(end * whole_ms + 0.5) - np.floor(begin * whole_ms + 0.5))


@compiled
def drive_ms(
    times: TimeArrays, link: int, begin: float, end: float, reach_ms: int
) -> tuple[int, int]:
    """Return when one who reaches a link at `reach_ms` sets out on it and when it is driven.

    begin, end : shares of the link between which it is driven. Rounded to the nearest millisecond
    once, at the end; both `INFINITE_MS` if never.
    """
    first_ms, start, since_ms, later_ms = times
    at, stop = start[link], start[link + 1]
    unit = first_ms[link]
    while at < stop and since_ms[at] <= reach_ms:
        unit = later_ms[at]
        at += 1
    begun_ms = reach_ms
    now_ms = np.float64(reach_ms)
    part_ms = left_ms = _part_ms(unit, begin, end)
    while True:
        if unit >= INFINITE_MS:
            if at == stop:
                return INFINITE_MS, INFINITE_MS
            begun_ms = since_ms[at]
            now_ms = np.float64(begun_ms)
            unit = later_ms[at]
            at += 1
            part_ms = left_ms = _part_ms(unit, begin, end)
        elif at == stop or now_ms + left_ms <= since_ms[at]:
            break
        else:
            unit = later_ms[at]
            if unit < INFINITE_MS:
                share = (left_ms - (since_ms[at] - now_ms)) / part_ms
                part_ms = _part_ms(unit, begin, end)
                left_ms = share * part_ms
                now_ms = np.float64(since_ms[at])
            at += 1
    if now_ms + left_ms >= INFINITE_MS:
        return INFINITE_MS, INFINITE_MS
    return begun_ms, int(np.rint(now_ms + left_ms))


@compiled
def _along_ms(  # noqa: PLR0917 - compiled code takes no keywords
    chains: ChainArrays,
    link_times: TimeArrays,
    first: int,
    begin: float,
    last: int,
    end: float,
    now_ms: int,
) -> int:
    """Return the instant at share `end` of row `last`, if at `begin` of row `first` now."""
    _, row_link, row_wait_ms = chains
    for row in range(first, last + 1):
        row_begin = begin if row == first else 0.0
        row_end = end if row == last else 1.0
        _, now_ms = drive_ms(link_times, row_link[row], row_begin, row_end, now_ms)
        if row < last:
            now_ms += row_wait_ms[row]
        if now_ms >= INFINITE_MS:
            return INFINITE_MS
    return int(now_ms)


@compiled
def _first_at(vertex: int, ordered: IndexArray) -> int:
    """Return the first row of `ordered` that is not below `vertex`."""
    low, high = 0, ordered.size
    while low < high:
        middle = (low + high) >> 1
        if ordered[middle] < vertex:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _set_out(  # noqa: PLR0917 - compiled code takes no keywords
    arcs: ArcArrays,
    chains: ChainArrays,
    link_times: TimeArrays,
    places: tuple[Starts, Ends, Direct],
    depart_ms: int,
    limit: int,
    base: int,
    heap: KeyArray,
    work: Work,
) -> int:
    """Offer what the starts lead to and the points on the way out; returns the size of the heap."""
    arc_start, arc_to, arc_delay_ms = arcs
    row_start = chains[0]
    (seed_vertex, seed_row, seed_share), (_, _, end_row, end_share), direct = places
    direct_point, direct_start, direct_end = direct
    n = arc_start.size - 1
    size = 0
    for i in range(direct_point.size):
        here, there = direct_start[i], direct_end[i]
        label = _along_ms(
            chains, link_times, seed_row[here], seed_share[here], end_row[there], end_share[there],
            depart_ms,
        )  # fmt: skip
        if label <= limit:
            size = offer(n + direct_point[i], label, -2 - i, base, size, heap, work)
    for i in range(seed_vertex.size):
        vertex = seed_vertex[i]
        last_row = row_start[vertex + 1] - 1
        left = _along_ms(chains, link_times, seed_row[i], seed_share[i], last_row, 1.0, depart_ms)
        for arc in range(arc_start[vertex], arc_start[vertex + 1]):
            label = left + arc_delay_ms[arc]
            if label <= limit:
                size = offer(arc_to[arc], label, -2 - i, base, size, heap, work)
    return size


@compiled
def arrivals(  # noqa: PLR0917 - compiled code takes no keywords
    arcs: ArcArrays,
    chains: ChainArrays,
    link_times: TimeArrays,
    vertex_times: TimeArrays,
    places: tuple[Starts, Ends, Direct],
    depart_ms: int,
    wanted: int,
    limit_ms: int,
    query: int,
    work: Work,
    arrival_ms: MsArray,
    last: IndexArray,
) -> int:
    """Find the `wanted` points reached first, leaving one place at `depart_ms`; returns how many.

    arcs : of the forward graph; delays are the same at any time
    places : where the one place lies, where the points lie, and which of them on one vertex
    arrival_ms : (n_points,) written at points that are found by `limit_ms`, both instants
    last : (n_points,) written likewise: the vertex, or -2 - (row of `Direct`)

    Parents in `work[1]` lead back from the vertex to -2 - (row of `Starts`).
    """
    arc_start, arc_to, arc_delay_ms = arcs
    row_start = chains[0]
    (seed_vertex, _, _), (end_point, end_vertex, end_row, end_share), direct = places
    first_ms, change_start, since_ms, later_ms = vertex_times
    mark, parent, heap = work
    limit = min(limit_ms, INFINITE_MS - 1)
    base = (LAST_QUERY - query) << LABEL_BITS
    n = arc_start.size - 1
    n_entries = arc_to.size + end_point.size + direct[0].size
    for vertex in seed_vertex:
        n_entries += arc_start[vertex + 1] - arc_start[vertex]
    heap = heap_for(n_entries, heap)
    size = 0
    size = _set_out(arcs, chains, link_times, places, depart_ms, limit, base, heap, work)
    settled = 0
    while size > 0 and settled < wanted:
        label = heap[0] >> LABEL_BITS
        item = heap[0] & ITEM_MASK
        size = drop_top(heap, size)
        if mark[item] != base | label:
            continue
        if item >= n:
            arrival_ms[item - n] = label
            last[item - n] = parent[item]
            settled += 1
            continue
        at = _first_at(item, end_vertex)
        while at < end_vertex.size and end_vertex[at] == item:
            far = _along_ms(
                chains, link_times, row_start[item], 0.0, end_row[at], end_share[at], label
            )
            if far <= limit:
                size = offer(n + end_point[at], far, item, base, size, heap, work)
            at += 1
        unit = first_ms[item]
        change, stop = change_start[item], change_start[item + 1]
        while change < stop and since_ms[change] <= label:
            unit = later_ms[change]
            change += 1
        passed = label + unit
        if change < stop and passed > since_ms[change]:
            # Only across a change it takes driving link by link.
            passed = _along_ms(
                chains, link_times, row_start[item], 0.0, row_start[item + 1] - 1, 1.0, label
            )
        for arc in range(arc_start[item], arc_start[item + 1]):
            far = passed + arc_delay_ms[arc]
            if far <= limit:
                size = offer(arc_to[arc], far, item, base, size, heap, work)
    return settled


def path_to(vertex: int, work: Work) -> tuple[int, list[int]]:
    """Return the row of the start and the vertices entered since, `vertex` the last."""
    path = []
    while vertex >= 0:
        path.append(vertex)
        vertex = int(work[1][vertex])
    return -2 - vertex, path[::-1]


@compiled
def driven_ms(
    link_times: TimeArrays,
    link: IndexArray,
    wait_ms: MsArray,
    shares: tuple[float, float],
    depart_ms: int,
) -> tuple[MsArray, MsArray]:
    """Drive links (p,) in a row: how long one stood in front of each, and how long each took.

    wait_ms : (p,) int32 at the node before each link; shares : of the first and the last link
    """
    stood_ms = np.empty(link.size, np.int32)
    took_ms = np.empty(link.size, np.int32)
    now_ms = depart_ms
    for i in range(link.size):
        begin = shares[0] if i == 0 else 0.0
        end = shares[1] if i == link.size - 1 else 1.0
        now_ms += wait_ms[i]
        begun_ms, end_ms = drive_ms(link_times, link[i], begin, end, now_ms)
        stood_ms[i] = begun_ms - now_ms
        took_ms[i] = end_ms - begun_ms
        now_ms = end_ms
    return stood_ms, took_ms
