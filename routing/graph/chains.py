"""Chains: legs joined where the road offers no choice, so that the search graph is small.

A leg is a segment driven in one direction, numbered `2 * segment + direction` (0 along the
geometry, 1 against). Times are kept per leg and summed over a chain, never averaged: merging
changes no travel time.
"""

from dataclasses import dataclass

import numpy as np

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS
from routing.roads.model import FloatArray, IndexArray


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """Every vertex of a leg graph in exactly one chain.

    start : (n_chains + 1,) int32; member : (n,) int32 vertices in order of travel
    chain_of, place : (n,) int32 chain of each vertex and its row in `member`
    """

    start: IndexArray
    member: IndexArray
    chain_of: IndexArray
    place: IndexArray


def chain_up(arc_start: IndexArray, arc_to: IndexArray) -> Chains:
    """Join each vertex to its only successor where it is that one's only predecessor.

    arc_start : (n + 1,) int32; arc_to : (m,) int32
    """
    n = arc_start.size - 1
    n_in = np.bincount(arc_to, minlength=n)
    only = np.diff(arc_start) == 1
    follower = np.full(n, -1, dtype=np.int32)
    follower[only] = arc_to[arc_start[:-1][only]]
    joined = only & (n_in[follower] == 1) & (follower != np.arange(n))
    follower[~joined] = -1
    return Chains(*_follow(follower))


@compiled
def _follow(follower: IndexArray) -> tuple[IndexArray, IndexArray, IndexArray, IndexArray]:
    n = follower.size
    led = np.zeros(n, np.bool_)
    for vertex in range(n):
        if follower[vertex] >= 0:
            led[follower[vertex]] = True
    start = np.empty(n + 1, np.int32)
    member = np.empty(n, np.int32)
    chain_of = np.full(n, -1, np.int32)
    place = np.empty(n, np.int32)
    n_chains = 0
    size = 0
    # The second round opens the rings that no vertex leads into.
    for ring in range(2):
        for first in range(n):
            if chain_of[first] >= 0 or (ring == 0 and led[first]):
                continue
            start[n_chains] = size
            vertex = first
            while vertex >= 0 and chain_of[vertex] < 0:
                chain_of[vertex] = n_chains
                place[vertex] = size
                member[size] = vertex
                size += 1
                vertex = follower[vertex]
            n_chains += 1
    start[n_chains] = size
    return start[: n_chains + 1].copy(), member, chain_of, place


@compiled
def chain_times_ms(
    start: IndexArray, leg: IndexArray, wait_ms: IndexArray, leg_ms: IndexArray
) -> IndexArray:
    """Time (n_chains,) int32 ms of driving each whole chain; infinite if one leg is closed.

    start : (n_chains + 1,) int32 rows of `leg` and `wait_ms` (k,) int32, the wait after each leg
    leg_ms : (2 * n_segments,) int32
    """
    times_ms = np.empty(start.size - 1, np.int32)
    for chain in range(start.size - 1):
        times_ms[chain] = _span_ms(start[chain], start[chain + 1], leg, wait_ms, leg_ms)
    return times_ms


@compiled
def changed_times_ms(  # noqa: PLR0917 - compiled code takes no keywords
    chains: IndexArray,
    start: IndexArray,
    leg: IndexArray,
    wait_ms: IndexArray,
    leg_ms: IndexArray,
    before_ms: IndexArray,
) -> IndexArray:
    """Return a copy of `before_ms` with the times of `chains` summed anew."""
    times_ms = before_ms.copy()
    for i in range(chains.size):
        chain = chains[i]
        times_ms[chain] = _span_ms(start[chain], start[chain + 1], leg, wait_ms, leg_ms)
    return times_ms


@compiled
def _span_ms(
    first: int, stop: int, leg: IndexArray, wait_ms: IndexArray, leg_ms: IndexArray
) -> int:
    total = np.int64(0)
    for row in range(first, stop):
        total += np.int64(leg_ms[leg[row]]) + np.int64(wait_ms[row])
        if total >= INFINITE_MS:
            return INFINITE_MS
    return int(total)


@compiled
def spans_at(  # noqa: PLR0917 - compiled code takes no keywords
    place: IndexArray,
    share: FloatArray,
    chain_of_place: IndexArray,
    start: IndexArray,
    leg: IndexArray,
    wait_ms: IndexArray,
    leg_ms: IndexArray,
) -> tuple[IndexArray, IndexArray]:
    """Time from a chain's start to each point on it, and from there to its end.

    place : (c,) int32 rows of `leg`; share : (c,) float64 of the leg behind the point, 0 to 1

    Returns
    -------
    spent_ms, left_ms : (c,) int32
        Infinite where the part concerned is closed. The parts of one open leg add up exactly.
    """
    spent_ms = np.empty(place.size, np.int32)
    left_ms = np.empty(place.size, np.int32)
    for i in range(place.size):
        row = place[i]
        chain = chain_of_place[row]
        here_ms = np.int64(leg_ms[leg[row]])
        if here_ms >= INFINITE_MS:
            spent_ms[i] = INFINITE_MS
            left_ms[i] = INFINITE_MS
            continue
        driven_ms = np.int64(np.floor(share[i] * here_ms + 0.5))
        before_ms = np.int64(_span_ms(start[chain], row, leg, wait_ms, leg_ms))
        after_ms = np.int64(_span_ms(row + 1, start[chain + 1], leg, wait_ms, leg_ms))
        spent_ms[i] = min(before_ms + driven_ms, np.int64(INFINITE_MS))
        left_ms[i] = min(
            here_ms - driven_ms + np.int64(wait_ms[row]) + after_ms, np.int64(INFINITE_MS)
        )
    return spent_ms, left_ms


@compiled
def spans_between(
    origins: tuple[IndexArray, FloatArray],
    ends: tuple[IndexArray, FloatArray],
    leg: IndexArray,
    wait_ms: IndexArray,
    leg_ms: IndexArray,
) -> IndexArray:
    """Time (p,) int32 ms between two points of one chain, the second not behind the first.

    origins, ends : rows (p,) int32 of `leg` and shares (p,) float64 of that leg behind the point
    """
    rows, shares = origins
    end_rows, end_shares = ends
    time_ms = np.empty(rows.size, np.int32)
    for i in range(rows.size):
        row, end = rows[i], end_rows[i]
        begun_ms = np.int64(np.floor(shares[i] * leg_ms[leg[row]] + 0.5))
        driven_ms = np.int64(np.floor(end_shares[i] * leg_ms[leg[end]] + 0.5))
        inner_ms = np.int64(_span_ms(row, end, leg, wait_ms, leg_ms))
        closed = inner_ms >= INFINITE_MS or leg_ms[leg[end]] >= INFINITE_MS
        total_ms = inner_ms + driven_ms - begun_ms
        time_ms[i] = INFINITE_MS if closed else min(total_ms, np.int64(INFINITE_MS))
    return time_ms
