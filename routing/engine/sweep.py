"""Times between many places: one climb for each place on one side, one pass down for the other.

The restricted sweep of Delling, Goldberg and Werneck, Faster batched shortest paths in road
networks (ATMOS 2011), over the elimination tree. Many places are swept together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled, lower
from routing.engine.digraph import INFINITE_MS, IndexArray, MsArray
from routing.engine.hierarchy import Hierarchy
from routing.engine.metric import Metric
from routing.engine.query import (
    Places,
    Seeds,
    lowest,
    start_climb,
    step_up,
    writable,
    writable_places,
)

LANES = 64
"""Places swept together. A loop over so many the compiler turns into one over vectors; of 16 or 32
it makes as many steps one by one, which takes as long for a quarter of the places."""

TILE = 16
"""Selected places whose times are gathered before they are written: one cache line of a row."""

BLOCK_ENTRIES = 1 << 24

Arcs: TypeAlias = tuple[IndexArray, IndexArray, MsArray]


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Places pinned to a hierarchy and metric, ready to be reached from any place, or to reach it.

    forward : whether the selected places are where ways end
    slot : (n,) int32 row of each vertex (by rank), -1 if it is not needed
    start, to, ms : the arcs of each row, from or to rows before it
    place_start, place_row, place_ms : seeds of the places, as rows
    """

    forward: bool
    slot: IndexArray
    arcs: Arcs
    places: Places

    @property
    def n_rows(self) -> int:
        """Number of vertices that a sweep passes."""
        return self.arcs[0].size - 1

    @property
    def n_places(self) -> int:
        """Number of places selected."""
        return self.places[0].size - 1


def select(hierarchy: Hierarchy, metric: Metric, *, places: Places, forward: bool) -> Selection:
    """Pin places: as ends of ways (`forward`) or as their starts.

    places : (start (k + 1,) int32, vertex (c,) int32, offset_ms (c,) int32)
    """
    start, vertex, offset_ms = writable_places(places)
    at = hierarchy.rank[vertex]
    # In order of rank, places that share ancestors follow each other in memory.
    order, slot = _ancestors(hierarchy.parent, np.unique(at))
    arcs = _compact(order, slot, _arcs(hierarchy, metric, down=forward))
    return Selection(forward=forward, slot=slot, arcs=arcs, places=(start, slot[at], offset_ms))


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """A hierarchy with its metric, and room for one sweep at a time: each thread needs its own."""

    hierarchy: Hierarchy
    metric: Metric
    label: MsArray


def new_sweep(hierarchy: Hierarchy, metric: Metric) -> Sweep:
    """Prepare sweeps."""
    return Sweep(hierarchy, metric, np.full(hierarchy.n, INFINITE_MS, dtype=np.int32))


def times_ms(sweep: Sweep, selection: Selection, *, seeds: Seeds) -> MsArray:
    """Times (k,) int32 ms between one place and all selected ones, INFINITE_MS = no way.

    From the place to them if they were selected `forward`, from them to the place otherwise.
    """
    hierarchy = sweep.hierarchy
    arcs = _arcs(hierarchy, sweep.metric, down=not selection.forward)
    result = np.empty(selection.n_places, dtype=np.int32)
    _sweep_one(
        (hierarchy.rank, hierarchy.parent),
        arcs,
        sweep.label,
        (writable(seeds[0]), writable(seeds[1])),
        (selection.slot, *selection.arcs),
        selection.places,
        result,
    )
    return result


def matrix_blocks(
    sweep: Sweep, sources: Places, *, targets: Places, block: int | None = None
) -> Iterator[MsArray]:
    """Yield the times between all places in blocks of rows (<= block, n_targets) int32 ms.

    Whatever the number of places, no more than one block is in memory: as many rows as fit
    64 MiB unless `block` says otherwise.
    """
    n_sources, n_targets = sources[0].size - 1, targets[0].size - 1
    block = block or max(LANES, BLOCK_ENTRIES // max(n_targets, 1) // LANES * LANES)
    hierarchy, metric = sweep.hierarchy, sweep.metric
    forward = select(hierarchy, metric, places=targets, forward=True)
    for first in range(0, n_sources, block):
        rows = _slice(sources, first, min(first + block, n_sources))
        backward = None
        if n_targets < rows[0].size - 1:
            backward = select(hierarchy, metric, places=rows, forward=False)
        if backward and _work(backward, n_targets) < _work(forward, rows[0].size - 1):
            yield np.ascontiguousarray(_matrix(sweep, backward, targets).T)
        else:
            yield _matrix(sweep, forward, rows)


def _work(selection: Selection, n_others: int) -> int:
    return -(-n_others // LANES) * selection.arcs[1].size


def _slice(places: Places, first: int, last: int) -> Places:
    start, vertex, offset_ms = places
    low, high = start[first], start[last]
    return start[first : last + 1] - low, vertex[low:high], offset_ms[low:high]


def _arcs(hierarchy: Hierarchy, metric: Metric, *, down: bool) -> Arcs:
    if down:
        return hierarchy.down_start, hierarchy.down_from, metric.down_ms
    return hierarchy.up_start, hierarchy.up_to, metric.up_ms


def _matrix(sweep: Sweep, selection: Selection, places: Places) -> MsArray:
    """Times (k, n_places) between `places` and the selected ones."""
    hierarchy = sweep.hierarchy
    result = np.empty((places[0].size - 1, selection.n_places), dtype=np.int32)
    _sweep_many(
        (hierarchy.rank, hierarchy.parent),
        _arcs(hierarchy, sweep.metric, down=not selection.forward),
        sweep.label,
        writable_places(places),
        (selection.slot, *selection.arcs),
        selection.places,
        result,
    )
    return result


@compiled
def _ancestors(parent: IndexArray, vertices: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Vertices and all above them, ends of arcs before their starts, and the row of each."""
    slot = np.full(parent.size, -1, np.int32)
    size = 0
    for vertex in vertices:
        at = vertex
        while at >= 0 and slot[at] < 0:
            slot[at] = size
            size += 1
            at = parent[at]
    order = np.empty(size, np.int32)
    size = 0
    for vertex in vertices:
        at = vertex
        length = 0
        while at >= 0 and slot[at] >= size:
            length += 1
            at = parent[at]
        at = vertex
        for i in range(size + length - 1, size - 1, -1):
            order[i] = at
            at = parent[at]
        size += length
    for i in range(size):
        slot[order[i]] = i
    return order, slot


@compiled
def _compact(order: IndexArray, slot: IndexArray, arcs: Arcs) -> Arcs:
    """Open arcs of the selected vertices alone, row by row."""
    start, to, ms = arcs
    row_start = np.empty(order.size + 1, np.int32)
    # Room for all arcs, and one: what is not written to never becomes memory.
    row_to = np.empty(to.size + 1, np.int32)
    row_ms = np.empty(to.size + 1, np.int32)
    size = 0
    row_start[0] = 0
    for row in range(order.size):
        begin, end = start[order[row]], start[order[row] + 1]
        heads, times = to[begin:end], ms[begin:end]
        for k in range(heads.size):
            row_to[np.uintp(size)] = slot[np.uintp(heads[k])]
            row_ms[np.uintp(size)] = times[k]
            size += 1 if times[k] < INFINITE_MS else 0
        row_start[row + 1] = size
    return row_start, row_to[:size], row_ms[:size]


@compiled
def _climb(  # noqa: PLR0917 - compiled code takes no keywords
    tree: tuple[IndexArray, IndexArray],
    arcs: Arcs,
    label: MsArray,
    vertices: IndexArray,
    offset_ms: MsArray,
    slot: IndexArray,
    table: MsArray,
    lane: int,
) -> int:
    """Write the times from the seeds to all rows above them into a column; returns their base."""
    rank, parent = tree
    start, to, arc_ms = arcs
    climbers = np.empty(vertices.size, np.int32)
    least, size = start_climb(rank, vertices, offset_ms, label, climbers, 0)
    while size > 0:
        at = lowest(climbers, size)
        gone = label[at]
        label[at] = INFINITE_MS
        if gone < INFINITE_MS:
            if slot[at] >= 0:
                table[slot[at], lane] = gone
            lower(label, to[start[at] : start[at + 1]], arc_ms[start[at] : start[at + 1]], gone)
        size = step_up(climbers, size, at, parent[at])
    return least


@compiled
def _sweep_one(  # noqa: PLR0917 - compiled code takes no keywords
    tree: tuple[IndexArray, IndexArray],
    arcs: Arcs,
    label: MsArray,
    seeds: Seeds,
    rows: tuple[IndexArray, IndexArray, IndexArray, MsArray],
    places: Places,
    result: MsArray,
) -> None:
    slot, row_start, row_to, row_ms = rows
    n_rows = row_start.size - 1
    table = np.full((n_rows, 1), INFINITE_MS, np.int32)
    base = _climb(tree, arcs, label, seeds[0], seeds[1], slot, table, 0)
    time = table.reshape(n_rows)
    for row in range(n_rows):
        best = time[row]
        to = row_to[row_start[row] : row_start[row + 1]]
        ms = row_ms[row_start[row] : row_start[row + 1]]
        for k in range(to.size):
            best = min(best, np.int32(ms[k] + time[np.uintp(to[k])]))
        time[row] = best
    start, place_row, place_ms = places
    for place in range(result.size):
        best = INFINITE_MS
        for i in range(start[place], start[place + 1]):
            if time[place_row[i]] < INFINITE_MS and place_ms[i] < INFINITE_MS:
                best = min(best, time[place_row[i]] + place_ms[i] + base)
        result[place] = best


@compiled
def _sweep_many(  # noqa: PLR0917 - compiled code takes no keywords
    tree: tuple[IndexArray, IndexArray],
    arcs: Arcs,
    label: MsArray,
    others: Places,
    rows: tuple[IndexArray, IndexArray, IndexArray, MsArray],
    places: Places,
    result: MsArray,
) -> None:
    slot, row_start, row_to, row_ms = rows
    start, vertex, offset_ms = others
    table = np.empty((row_start.size - 1, LANES), np.int32)
    base = np.empty(LANES, np.int64)
    for first in range(0, result.shape[0], LANES):
        n_lanes = min(LANES, result.shape[0] - first)
        table[:] = INFINITE_MS
        for lane in range(n_lanes):
            low, high = start[first + lane], start[first + lane + 1]
            base[lane] = _climb(
                tree, arcs, label, vertex[low:high], offset_ms[low:high], slot, table, lane
            )
        _pass_down((row_start, row_to, row_ms), table)
        _write(places, table, base, result[first : first + n_lanes])


@compiled
def _pass_down(arcs: Arcs, table: MsArray) -> None:
    """Lower the labels (n_rows, LANES) of each row by those before it."""
    row_start, row_to, row_ms = arcs
    best = np.empty(LANES, np.int32)
    for row in range(row_start.size - 1):
        for lane in range(LANES):
            best[lane] = table[row, lane]
        heads = row_to[row_start[row] : row_start[row + 1]]
        times = row_ms[row_start[row] : row_start[row + 1]]
        for k in range(heads.size):
            ms = times[k]
            to = np.uintp(heads[k])
            for lane in range(LANES):
                best[lane] = min(best[lane], np.int32(ms + table[to, lane]))
        for lane in range(LANES):
            table[row, lane] = best[lane]


@compiled
def _write(places: Places, table: MsArray, base: NDArray[np.int64], result: MsArray) -> None:
    """Write the times of the selected places: result (n_lanes, n_places)."""
    start, place_row, place_ms = places
    least = np.empty((TILE, LANES), np.int32)
    for tile in range(0, result.shape[1], TILE):
        width = min(TILE, result.shape[1] - tile)
        for at in range(width):
            for lane in range(LANES):
                least[at, lane] = INFINITE_MS
            for i in range(start[tile + at], start[tile + at + 1]):
                ms = place_ms[i]
                to = np.uintp(place_row[i])
                if ms >= INFINITE_MS:
                    continue
                # Offsets may be less than nothing: no way stays no way.
                for lane in range(LANES):
                    time = table[to, lane]
                    through = np.int32(ms + time) if time < INFINITE_MS else np.int32(INFINITE_MS)
                    least[at, lane] = min(least[at, lane], through)
        for lane in range(result.shape[0]):
            for at in range(width):
                ms = least[at, lane]
                result[lane, tile + at] = ms + base[lane] if ms < INFINITE_MS else INFINITE_MS
