"""Exact forward search where times change with the time of day.

Time is cut into slices of equal length, the last one without end. In each a vertex has its own
time, that of driving all of it within that slice; whoever crosses from one slice into the next has
driven a share of it and needs the same share of the new time for the rest. Hence who enters later
never leaves earlier, and Dijkstra's algorithm stays exact (Ichoua, Gendreau and Potvin 2003,
doi:10.1016/S0377-2217(02)00147-9). A vertex closed in a slice is stood on until the slice ends.
Instants are milliseconds since the start of the first slice.
"""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS, IndexArray, MsArray
from routing.engine.dijkstra import (
    ITEM_MASK,
    LABEL_BITS,
    LAST_QUERY,
    ArcArrays,
    KeyArray,
    Work,
    drop_top,
    heap_for,
    push,
    search,
)

SliceArray: TypeAlias = NDArray[np.int32]
SlicedPlaces: TypeAlias = tuple[IndexArray, SliceArray]
SlicedPoints: TypeAlias = tuple[IndexArray, IndexArray, SliceArray]


@dataclass(frozen=True, slots=True, eq=False)
class SlicedTimes:
    """Times of all vertices by slice.

    vertex_ms : (n_slices, n) int32, `INFINITE_MS` = closed in that slice
    least_ms : (n,) int32, the least of each vertex, a lower bound at any time
    """

    vertex_ms: SliceArray
    slice_length_ms: int
    least_ms: MsArray

    @classmethod
    def of(cls, vertex_ms: ArrayLike, *, slice_length_ms: int) -> Self:
        """Take times (n_slices, n) in slices of `slice_length_ms`.

        Raises
        ------
        ValueError
            If there is no slice, or none of any length.
        """
        sliced_ms = np.ascontiguousarray(vertex_ms, dtype=np.int32)
        if sliced_ms.ndim != 2 or not sliced_ms.shape[0] or slice_length_ms < 1:
            raise ValueError("At least one slice of at least 1 ms is needed.")
        return cls(sliced_ms, slice_length_ms, sliced_ms.min(axis=0))


@compiled
def finish_ms(sliced_ms: SliceArray, column: int, enter_ms: int, slice_length_ms: int) -> int:
    """Return when one who enters at `enter_ms` has driven `column` of (n_slices, n) times.

    Rounded to the nearest millisecond once, at the end; `INFINITE_MS` if never. Times that are the
    same in all slices are added as they are.
    """
    n_slices = sliced_ms.shape[0]
    at = min(enter_ms // slice_length_ms, n_slices - 1)
    now_ms = np.float64(enter_ms)
    share_unit = sliced_ms[at, column]
    left_ms = np.float64(share_unit)
    closed = share_unit >= INFINITE_MS
    share = 1.0
    while at < n_slices - 1:
        end_ms = np.float64((at + 1) * slice_length_ms)
        if not closed:
            if now_ms + left_ms <= end_ms:
                break
            left_ms -= end_ms - now_ms
            share = left_ms / share_unit
        now_ms = end_ms
        at += 1
        unit = sliced_ms[at, column]
        closed = unit >= INFINITE_MS
        if not closed and unit != share_unit:
            left_ms = share * unit
            share_unit = unit
    if closed or now_ms + left_ms >= INFINITE_MS:
        return INFINITE_MS
    return int(np.rint(now_ms + left_ms))


@compiled
def _offer(  # noqa: PLR0917 - compiled code takes no keywords
    item: int,
    label: int,
    via: int,
    base: int,
    size: int,
    heap: KeyArray,
    mark: KeyArray,
    parent: IndexArray,
) -> int:
    """Lower the label of `item` if it can be; returns the size of the heap."""
    if (base | label) >= mark[item]:
        return size
    mark[item] = base | label
    parent[item] = via
    return push(heap, size, (label << LABEL_BITS) | item)


@compiled
def _arrive(goals: SlicedPlaces, item: int, label: int, slice_length_ms: int) -> tuple[int, int]:
    """Return the earliest arrival at goals on vertex `item` entered at `label`, and the row."""
    goal_vertex, goal_ms = goals
    best_ms, best_row = INFINITE_MS, -1
    for row in range(goal_vertex.size):
        if goal_vertex[row] == item:
            arrival = finish_ms(goal_ms, row, label, slice_length_ms)
            if arrival < best_ms:
                best_ms, best_row = arrival, row
    return best_ms, best_row


@compiled
def earliest(  # noqa: PLR0917 - compiled code takes no keywords
    arcs: ArcArrays,
    sliced_ms: SliceArray,
    slice_length_ms: int,
    depart_ms: int,
    seeds: SlicedPlaces,
    goals: SlicedPlaces,
    limit_ms: int,
    query: int,
    work: Work,
) -> tuple[int, int]:
    """Return the earliest arrival as an instant, and its row of `goals`.

    arcs : of the forward graph; delays are the same at any time
    sliced_ms : (n_slices, n) int32 time of each vertex in each slice
    depart_ms, limit_ms : instants of departure and of the latest arrival sought
    seeds : vertices (s,), and the time (n_slices, s) of what is left of each from the one place
    goals : vertices (g,), and the time (n_slices, g) of what is driven of each to the other place

    `INFINITE_MS` and -1 if there is no way within the limit. Parents in `work[1]` lead back from
    the goal's vertex to -2 - (row of the seed). Places on one and the same vertex,
    reached without an arc, are the caller's: see `finish_ms`.
    """
    arc_start, arc_to, arc_delay_ms = arcs
    seed_vertex, seed_ms = seeds
    mark, parent, heap = work
    limit = min(limit_ms, INFINITE_MS - 1)
    base = (LAST_QUERY - query) << LABEL_BITS
    n_entries = arc_to.size
    for vertex in seed_vertex:
        n_entries += arc_start[vertex + 1] - arc_start[vertex]
    heap = heap_for(n_entries, heap)
    size = 0
    for row in range(seed_vertex.size):
        left_at = finish_ms(seed_ms, row, depart_ms, slice_length_ms)
        for arc in range(arc_start[seed_vertex[row]], arc_start[seed_vertex[row] + 1]):
            far = left_at + arc_delay_ms[arc]
            if far <= limit:
                size = _offer(arc_to[arc], far, -2 - row, base, size, heap, mark, parent)
    best_ms, best_goal = INFINITE_MS, -1
    while size > 0:
        label = heap[0] >> LABEL_BITS
        item = heap[0] & ITEM_MASK
        if label > limit:
            break  # A goal was reached before.
        size = drop_top(heap, size)
        if mark[item] != base | label:
            continue
        arrival, row = _arrive(goals, item, label, slice_length_ms)
        if arrival <= limit and arrival < best_ms:
            best_ms, best_goal = arrival, row
            limit = arrival
        passed = finish_ms(sliced_ms, item, label, slice_length_ms)
        if passed <= limit:
            for arc in range(arc_start[item], arc_start[item + 1]):
                far = passed + arc_delay_ms[arc]
                if far <= limit:
                    size = _offer(arc_to[arc], far, item, base, size, heap, mark, parent)
    return best_ms, best_goal


def path_to(vertex: int, work: Work) -> tuple[int, list[int]]:
    """Return the row of the seed and the vertices entered since, `vertex` the last."""
    path = []
    while vertex >= 0:
        path.append(vertex)
        vertex = int(work[1][vertex])
    return -2 - vertex, path[::-1]


def nearest_at(
    forward: ArcArrays,
    backward: ArcArrays,
    *,
    times: SlicedTimes,
    depart_ms: int,
    origins: SlicedPoints,
    goals: SlicedPlaces,
    direct: SlicedPoints,
    n_points: int,
    k: int,
    limit_ms: int = INFINITE_MS,
    work: Work,
    query: int,
) -> tuple[MsArray, int]:
    """Return the instants (n_points,) int32 at which the `k` first of many points arrive.

    A search against the traffic at the least times of each vertex puts points in order of a bound
    that none can beat; in that order each is searched forward exactly, until the next bound lies
    behind the k-th arrival.

    origins : (point, vertex, left_ms (n_slices, c)) of all places of the points
    goals : (vertex, spent_ms (n_slices, g)) of the one place they go to
    direct : (point, vertex, ms (n_slices, d)) of points on the goal's vertex and not past it
    query : number of the first query on `work`; the second value returned is the next free one

    `INFINITE_MS` for points that are not among the `k` first or do not arrive by `limit_ms`.
    Of points that arrive together those with the lower row go first.
    """
    length_ms = times.slice_length_ms
    exact_ms = np.full(n_points, INFINITE_MS, dtype=np.int32)
    for row, point in enumerate(direct[0]):
        exact_ms[point] = min(exact_ms[point], finish_ms(direct[2], row, depart_ms, length_ms))
    done = np.zeros(n_points, dtype=np.bool_)
    wanted, settled = 2 * k, 2 * k
    latest_ms = min(limit_ms, INFINITE_MS - 1)
    while k and settled == wanted and not done.all():
        wanted *= 2
        bound_ms, settled = _bounds(
            backward, times, origins, goals, direct,
            n_points=n_points, wanted=wanted, limit_ms=latest_ms - depart_ms,
            work=work, query=query,
        )  # fmt: skip
        query += 1
        order = np.argsort(bound_ms, kind="stable")[:settled]
        for point in order[~done[order]]:
            if depart_ms + int(bound_ms[point]) > latest_ms:
                done[:] = True
                break
            rows = np.flatnonzero(origins[0] == point)
            arrival_ms, _ = earliest(
                forward, times.vertex_ms, length_ms, depart_ms,
                (origins[1][rows], np.ascontiguousarray(origins[2][:, rows])), goals,
                latest_ms, query, work,
            )  # fmt: skip
            query += 1
            exact_ms[point] = min(exact_ms[point], arrival_ms)
            done[point] = True
            if np.count_nonzero(done) >= k:
                kth_ms = int(np.partition(exact_ms[done], k - 1)[k - 1])
                latest_ms = min(latest_ms, kth_ms)
    order = np.argsort(exact_ms, kind="stable")[:k]
    order = order[exact_ms[order] <= min(limit_ms, INFINITE_MS - 1)]
    first_ms = np.full(n_points, INFINITE_MS, dtype=np.int32)
    first_ms[order] = exact_ms[order]
    return first_ms, query


def _bounds(
    backward: ArcArrays,
    times: SlicedTimes,
    origins: SlicedPoints,
    goals: SlicedPlaces,
    direct: SlicedPoints,
    *,
    n_points: int,
    wanted: int,
    limit_ms: int,
    work: Work,
    query: int,
) -> tuple[MsArray, int]:
    """Search in reverse at the least times; returns them (n_points,) and how many were settled."""
    bound_ms = np.full(n_points, INFINITE_MS, dtype=np.int32)
    order = np.argsort(origins[1], kind="stable")
    settled = search(
        backward,
        times.least_ms,
        (goals[0], goals[1].min(axis=0)),
        (origins[0][order], origins[1][order], origins[2].min(axis=0)[order]),
        (direct[0], direct[1], direct[2].min(axis=0)),
        wanted,
        limit_ms,
        query,
        work,
        bound_ms,
        np.full(n_points, -1, dtype=np.int32),
    )
    return bound_ms, settled
