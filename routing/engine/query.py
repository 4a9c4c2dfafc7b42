"""Shortest time and path between two places, each with several seeds, in a customized hierarchy.

Both searches climb the elimination tree, where all vertices they can need lie, in one common walk
from the lowest vertex up; no queue is needed and nothing has to be cleared afterwards.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from routing.engine.compiled import compiled, lower
from routing.engine.digraph import INFINITE_MS, IndexArray, MsArray
from routing.engine.hierarchy import Hierarchy
from routing.engine.metric import Metric

Seeds: TypeAlias = tuple[IndexArray, MsArray]
"""Vertices (s,) int32 and the times (s,) int32 ms, of any sign, that each adds there."""

Places: TypeAlias = tuple[IndexArray, IndexArray, MsArray]
"""Seeds of many places: those of place i are start[i]:start[i + 1] of the vertices and times."""

Net: TypeAlias = tuple[
    IndexArray, IndexArray, IndexArray, IndexArray, MsArray, IndexArray, IndexArray, MsArray
]
Labels: TypeAlias = tuple[MsArray, MsArray, IndexArray, IndexArray]


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A hierarchy with its metric, and room for one search at a time: each thread needs its own."""

    hierarchy: Hierarchy
    metric: Metric
    net: Net
    labels: Labels


def new_query(hierarchy: Hierarchy, metric: Metric, *, reuse: Query | None = None) -> Query:
    """Prepare searches; `reuse` takes over the room of a query of the same hierarchy."""
    n = hierarchy.n
    return Query(
        hierarchy=hierarchy,
        metric=metric,
        net=(
            hierarchy.rank,
            hierarchy.parent,
            hierarchy.up_start,
            hierarchy.up_to,
            metric.up_ms,
            hierarchy.down_start,
            hierarchy.down_from,
            metric.down_ms,
        ),
        labels=reuse.labels
        if reuse
        else (
            np.full(n, INFINITE_MS, dtype=np.int32),
            np.full(n, INFINITE_MS, dtype=np.int32),
            np.empty(n, dtype=np.int32),
            np.empty(n, dtype=np.int32),
        ),
    )


def writable(array: IndexArray) -> IndexArray:
    """Copy a read-only array: compiled code would take it for a new type and be compiled anew."""
    return array if array.flags.writeable else array.copy()


def writable_places(places: Places) -> Places:
    """Copy read-only arrays of places, as `writable` does."""
    return writable(places[0]), writable(places[1]), writable(places[2])


def shortest_ms(query: Query, seeds: Seeds, *, goals: Seeds) -> int:
    """Return the time in ms from the best of `seeds` to the best of `goals`, or INFINITE_MS."""
    return int(
        _meet_ms(
            query.net,
            query.labels[:2],
            writable(seeds[0]),
            writable(seeds[1]),
            writable(goals[0]),
            writable(goals[1]),
        )
    )


def shortest_path(query: Query, seeds: Seeds, *, goals: Seeds) -> tuple[int, IndexArray]:
    """Return the time in ms and the vertices (k,) int32 from seed to goal; none if unreachable."""
    ms, middle = _meet(
        query.net,
        query.labels,
        writable(seeds[0]),
        writable(seeds[1]),
        writable(goals[0]),
        writable(goals[1]),
    )
    if middle < 0:
        return int(ms), np.empty(0, dtype=np.int32)
    hierarchy = query.hierarchy
    below = (
        hierarchy.into_start,
        hierarchy.into_arc,
        hierarchy.up_tail,
        hierarchy.from_start,
        hierarchy.from_arc,
        hierarchy.down_head,
    )
    _, _, came, went = query.labels
    return int(ms), hierarchy.vertex[_unpack(query.net, below, came, went, middle)]


def shortest_each_ms(query: Query, sources: Places, *, targets: Places) -> MsArray:
    """Return the time (k,) int32 ms from place i of the sources to place i of the targets."""
    result = np.empty(sources[0].size - 1, dtype=np.int32)
    room = query.labels[:2]
    _meet_each(query.net, room, writable_places(sources), writable_places(targets), result)
    return result


@compiled
def start_climb(  # noqa: PLR0917 - compiled code takes no keywords
    rank: IndexArray,
    vertices: IndexArray,
    offset_ms: MsArray,
    label: MsArray,
    climbers: IndexArray,
    size: int,
) -> tuple[int, int]:
    """Set the first labels, counted from the earliest; returns that and the number of climbers."""
    least = INFINITE_MS
    for i in range(vertices.size):
        least = min(least, offset_ms[i])
    for i in range(vertices.size):
        if offset_ms[i] < INFINITE_MS:
            at = rank[vertices[i]]
            label[at] = min(label[at], offset_ms[i] - least)
            climbers[size] = at
            size += 1
    return least, size


@compiled
def lowest(climbers: IndexArray, size: int) -> int:
    """Return the lowest of the climbers: none of the others can reach it any more."""
    at = climbers[0]
    for i in range(1, size):
        at = min(at, climbers[i])
    return int(at)


@compiled
def step_up(climbers: IndexArray, size: int, at: int, above: int) -> int:
    """Move the climbers at one vertex up as one; returns how many are left."""
    kept = 0
    moved = above < 0
    for i in range(size):
        if climbers[i] != at:
            climbers[kept] = climbers[i]
            kept += 1
        elif not moved:
            moved = True
            climbers[kept] = above
            kept += 1
    return kept


@compiled
def _meet_ms(  # noqa: PLR0917 - compiled code takes no keywords
    net: Net,
    room: tuple[MsArray, MsArray],
    seed: IndexArray,
    seed_ms: MsArray,
    goal: IndexArray,
    goal_ms: MsArray,
) -> int:
    """Time from seeds to goals; the way itself is not noted, which halves the work."""
    rank, parent, up_start, up_to, up_ms, down_start, down_from, down_ms = net
    ahead, behind = room
    climbers = np.empty(seed.size + goal.size, np.int32)
    first_ms, size = start_climb(rank, seed, seed_ms, ahead, climbers, 0)
    last_ms, size = start_climb(rank, goal, goal_ms, behind, climbers, size)
    best = INFINITE_MS
    while size > 0:
        at = lowest(climbers, size)
        gone, left = ahead[at], behind[at]
        ahead[at] = INFINITE_MS
        behind[at] = INFINITE_MS
        best = min(best, gone + left)
        if gone < best:
            begin, end = up_start[at], up_start[at + 1]
            lower(ahead, up_to[begin:end], up_ms[begin:end], gone)
        if left < best:
            begin, end = down_start[at], down_start[at + 1]
            lower(behind, down_from[begin:end], down_ms[begin:end], left)
        size = step_up(climbers, size, at, parent[at])
    return best + first_ms + last_ms if best < INFINITE_MS else best


@compiled
def _lower_noting(  # noqa: PLR0917 - compiled code takes no keywords
    label: MsArray, came: IndexArray, to: IndexArray, ms: MsArray, gone: int, via: int
) -> None:
    """Do as `lower` does, and note where the way came from."""
    for k in range(to.size):
        at = np.uintp(to[k])
        if gone + ms[k] < label[at]:
            label[at] = gone + ms[k]
            came[at] = via


@compiled
def _meet(  # noqa: PLR0917 - compiled code takes no keywords
    net: Net,
    labels: Labels,
    seed: IndexArray,
    seed_ms: MsArray,
    goal: IndexArray,
    goal_ms: MsArray,
) -> tuple[int, int]:
    """Time from seeds to goals, and the highest vertex of that way (-1 if there is none)."""
    rank, parent, up_start, up_to, up_ms, down_start, down_from, down_ms = net
    ahead, behind, came, went = labels
    climbers = np.empty(seed.size + goal.size, np.int32)
    first_ms, size = start_climb(rank, seed, seed_ms, ahead, climbers, 0)
    came[climbers[:size]] = -1
    n_seeds = size
    last_ms, size = start_climb(rank, goal, goal_ms, behind, climbers, size)
    went[climbers[n_seeds:size]] = -1
    best = INFINITE_MS
    middle = -1
    while size > 0:
        at = lowest(climbers, size)
        gone, left = ahead[at], behind[at]
        ahead[at] = INFINITE_MS
        behind[at] = INFINITE_MS
        if gone + left < best:
            best = gone + left
            middle = at
        if gone < best:
            begin, end = up_start[at], up_start[at + 1]
            _lower_noting(ahead, came, up_to[begin:end], up_ms[begin:end], gone, at)
        if left < best:
            begin, end = down_start[at], down_start[at + 1]
            _lower_noting(behind, went, down_from[begin:end], down_ms[begin:end], left, at)
        size = step_up(climbers, size, at, parent[at])
    if middle >= 0:
        best += first_ms + last_ms
    return best, middle


@compiled
def _meet_each(
    net: Net,
    room: tuple[MsArray, MsArray],
    sources: Places,
    targets: Places,
    result: MsArray,
) -> None:
    start, seed, seed_ms = sources
    end, goal, goal_ms = targets
    for i in range(result.size):
        result[i] = _meet_ms(
            net,
            room,
            seed[start[i] : start[i + 1]],
            seed_ms[start[i] : start[i + 1]],
            goal[end[i] : end[i + 1]],
            goal_ms[end[i] : end[i + 1]],
        )


@compiled
def _listed(start: IndexArray, to: IndexArray, vertex: int, other: int) -> int:
    """Arc at `vertex` whose higher end is `other`, or -1."""
    low = start[vertex]
    high = start[vertex + 1]
    while low < high:
        middle = (low + high) >> 1
        if to[middle] < other:
            low = middle + 1
        else:
            high = middle
    return low if low < start[vertex + 1] and to[low] == other else -1


@compiled
def _over(net: Net, below: tuple[IndexArray, ...], tail: int, head: int) -> int:
    """Vertex below both ends over which the arc from `tail` to `head` leads; -1 if over none."""
    _, _, up_start, up_to, up_ms, down_start, down_from, down_ms = net
    into_start, into_arc, up_tail, from_start, from_arc, down_head = below
    if tail < head:
        ms = up_ms[_listed(up_start, up_to, tail, head)]
        for i in range(from_start[tail], from_start[tail + 1]):
            first = from_arc[i]
            if down_ms[first] <= ms:
                second = _listed(up_start, up_to, down_head[first], head)
                if second >= 0 and down_ms[first] + up_ms[second] == ms:
                    return int(down_head[first])
    else:
        ms = down_ms[_listed(down_start, down_from, head, tail)]
        for i in range(into_start[head], into_start[head + 1]):
            second = into_arc[i]
            if up_ms[second] <= ms:
                first = _listed(down_start, down_from, up_tail[second], tail)
                if first >= 0 and down_ms[first] + up_ms[second] == ms:
                    return int(up_tail[second])
    return -1


@compiled
def _unpack(
    net: Net, below: tuple[IndexArray, ...], came: IndexArray, went: IndexArray, middle: int
) -> IndexArray:
    """Ranks of all vertices on the way that was found, in order."""
    stops = [middle]
    while came[stops[-1]] >= 0:
        stops.append(came[stops[-1]])
    # The stack holds the stops still ahead, the next on top.
    stack = [middle]
    while went[stack[-1]] >= 0:
        stack.append(went[stack[-1]])
    stack.reverse()
    stack.pop()
    stack.extend(stops)
    way = [stack.pop()]
    while len(stack) > 0:
        between = _over(net, below, way[-1], stack[-1])
        if between >= 0:
            stack.append(between)
        else:
            way.append(stack.pop())
    return np.array(way, dtype=np.int32)
