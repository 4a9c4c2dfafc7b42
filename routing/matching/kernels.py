"""Compiled hidden Markov model of a trace on a road graph.

A layer is one observation with its candidates: places on legs, in a direction of travel. Between
two layers every candidate of the first searches forward, by the fastest way, for those of the
second; the length of that way against the straight line is the evidence.
"""

from typing import TypeAlias

import numpy as np

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS, IndexArray
from routing.engine.dijkstra import KeyArray, drop_top, push
from routing.roads.model import FloatArray, IdArray

Ways: TypeAlias = tuple[IndexArray, IndexArray, IndexArray, IndexArray, FloatArray]
"""arc_start, arc_to, arc_delay_ms, state_ms, state_m of the graph."""
Origins: TypeAlias = tuple[IndexArray, IndexArray, IndexArray, IndexArray, FloatArray, FloatArray]
"""state, row, spent_ms, left_ms, spent_m, left_m (c, 2): as driven, and after turning round."""
Goals: TypeAlias = tuple[IndexArray, IndexArray, IndexArray, IndexArray, FloatArray]
"""start (c + 1,) of the entries of each candidate; state, row, spent_ms, spent_m of each entry."""
Layers: TypeAlias = tuple[IndexArray, FloatArray, FloatArray, FloatArray, IndexArray, FloatArray]
"""start (l + 1,) of candidates; xy (l, 2), at_s, tolerance_m (l,); leg, emission (c,)."""
Work: TypeAlias = tuple[
    IndexArray, IndexArray, FloatArray, IndexArray, IndexArray, IndexArray, KeyArray, IndexArray
]

START, SKIPPED = -1, -2
U_TURN_MS = 10_000
U_TURN_M = 100.0
"""Turning round where the map has no turn costs as much as a detour of this length."""
_NEVER = -1e300


def new_work(n_states: int, n_arcs: int) -> Work:
    """Scratch of one matching at a time: stamp, label_ms, label_m, parent, first goal and its
    stamp by state, heap, the last two stamps given out.
    """
    return (
        np.zeros(n_states, np.int32),
        np.empty(n_states, np.int32),
        np.empty(n_states),
        np.empty(n_states, np.int32),
        np.empty(n_states, np.int32),
        np.zeros(n_states, np.int32),
        np.empty(n_arcs + 4_096, np.int64),
        np.zeros(2, np.int32),
    )


@compiled
def mark_goals(
    goals: Goals, first: int, end: int, work: Work
) -> tuple[IndexArray, IndexArray, int]:
    """Chain the goal entries of candidates first..end by state: candidate, next entry, offset."""
    goal_start, goal_state, _, _, _ = goals
    _, _, _, _, goal_first, goal_stamp, _, stamps = work
    stamps[1] += 1
    offset = goal_start[first]
    n = goal_start[end] - offset
    candidate = np.empty(n, np.int32)
    following = np.empty(n, np.int32)
    for c in range(first, end):
        for entry in range(goal_start[c], goal_start[c + 1]):
            state = goal_state[entry]
            following[entry - offset] = -1
            if goal_stamp[state] == stamps[1]:
                following[entry - offset] = goal_first[state]
            goal_stamp[state] = stamps[1]
            goal_first[state] = entry
            candidate[entry - offset] = c - first
    return candidate, following, offset


@compiled
def spread(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one loop; compiled code takes no keywords
    ways: Ways,
    origins: Origins,
    origin: int,
    goals: Goals,
    chained: tuple[IndexArray, IndexArray, int],
    limit_ms: int,
    work: Work,
    out_ms: IndexArray,
    out_m: FloatArray,
    out_entry: IndexArray,
) -> None:
    """Search the fastest ways from one candidate to the marked goals within `limit_ms`.

    out_ms, out_m : (n_goals,), `INFINITE_MS` where there is no way
    out_entry : (n_goals,) entry of `goals` reached by arcs, or -2 - s for the way along the very
    state of the origin as driven (s = 0) or turned round (s = 1). Parents stay in `work`.
    """
    arc_start, arc_to, arc_delay_ms, state_ms, state_m = ways
    from_state, _, from_spent_ms, from_left_ms, from_spent_m, from_left_m = origins
    _, _, _, goal_spent_ms, goal_spent_m = goals
    candidate, following, offset = chained
    stamp, label_ms, label_m, parent, goal_first, goal_stamp, heap, stamps = work
    stamps[0] += 1
    now = stamps[0]
    out_ms[:] = INFINITE_MS
    size = 0
    worst = INFINITE_MS
    for s in range(2):
        state = from_state[origin, s]
        if state < 0:
            continue
        extra_ms = s * U_TURN_MS
        extra_m = s * U_TURN_M
        if goal_stamp[state] == stamps[1]:
            entry = goal_first[state]
            while entry >= 0:
                ahead_m = goal_spent_m[entry] - from_spent_m[origin, s]
                time_ms = max(goal_spent_ms[entry] - from_spent_ms[origin, s], 0) + extra_ms
                goal = candidate[entry - offset]
                if ahead_m >= 0.0 and time_ms < min(out_ms[goal], limit_ms):
                    out_ms[goal] = time_ms
                    out_m[goal] = ahead_m + extra_m
                    out_entry[goal] = -2 - s
                entry = following[entry - offset]
        for arc in range(arc_start[state], arc_start[state + 1]):
            label = from_left_ms[origin, s] + extra_ms + arc_delay_ms[arc]
            to = arc_to[arc]
            if label <= limit_ms and (stamp[to] != now or label < label_ms[to]):
                stamp[to] = now
                label_ms[to] = label
                label_m[to] = from_left_m[origin, s] + extra_m
                parent[to] = -2 - s
                size = push(heap, size, (np.int64(label) << 32) | to)
    while size > 0:
        label = heap[0] >> 32
        state = heap[0] & 0xFFFFFFFF
        size = drop_top(heap, size)
        if label >= worst:
            break
        if label != label_ms[state]:
            continue
        if goal_stamp[state] == stamps[1]:
            entry = goal_first[state]
            while entry >= 0:
                goal = candidate[entry - offset]
                time_ms = label + goal_spent_ms[entry]
                if time_ms < min(out_ms[goal], limit_ms):
                    out_ms[goal] = time_ms
                    out_m[goal] = label_m[state] + goal_spent_m[entry]
                    out_entry[goal] = entry
                entry = following[entry - offset]
            worst = out_ms.max()
        passed = label + state_ms[state]
        if passed > limit_ms:
            continue
        for arc in range(arc_start[state], arc_start[state + 1]):
            far = passed + arc_delay_ms[arc]
            to = arc_to[arc]
            if far <= limit_ms and (stamp[to] != now or far < label_ms[to]):
                stamp[to] = now
                label_ms[to] = far
                label_m[to] = label_m[state] + state_m[state]
                parent[to] = state
                if size == heap.size:
                    return
                size = push(heap, size, (far << 32) | to)


@compiled
def longest_ms(layers: Layers, here: int, there: int) -> int:
    """Longest free-flow time worth searching: twice the time that passed, and no wild detour."""
    _, xy, at_s, _, _, _ = layers
    passed_s = at_s[there] - at_s[here]
    straight_m = np.hypot(xy[there, 0] - xy[here, 0], xy[there, 1] - xy[here, 1])
    return int(1000.0 * min(2.0 * passed_s + 20.0, straight_m / 2.5 + 40.0))


@compiled
def stays(layers: Layers, origins: Origins, pair: tuple[int, int], tolerance_m: float) -> bool:
    """Whether the second candidate is the first a little behind on the same leg: only noise."""
    leg = layers[4]
    spent_m = origins[4]
    a, b = pair
    behind_m = spent_m[a, 0] - spent_m[b, 0]
    return bool(leg[a] == leg[b] and 0.0 <= behind_m <= tolerance_m)


@compiled
def decode(  # noqa: C901, PLR0915, PLR0917 - compiled code takes no keywords
    ways: Ways,
    layers: Layers,
    origins: Origins,
    goals: Goals,
    beta: tuple[float, float],
    max_gap_s: float,
    max_skipped: int,
    max_speed_m_s: float,
    work: Work,
) -> tuple[IndexArray, IndexArray, FloatArray]:
    """Viterbi search for the likeliest candidate of each layer; probabilities of all of them.

    beta : metres, and its growth per metre between the layers
    Returns previous (l,) layer before each, `START` of an unbroken part or `SKIPPED` as an
    outlier; chosen (l,) candidate or -1; probability (c,) of each candidate.
    """
    start, xy, at_s, tolerance_m, _, emission = layers
    n = at_s.size
    n_candidates = emission.size
    previous = np.full(n, SKIPPED, np.int32)
    back = np.full(n_candidates, -1, np.int32)
    score = np.full(n_candidates, _NEVER)
    most = 0
    for layer in range(n):
        most = max(most, start[layer + 1] - start[layer])
    link_start = np.zeros(n + 1, np.int64)
    links = np.empty(1_024)
    n_links = 0
    out_ms = np.empty(most, np.int32)
    out_m = np.empty(most)
    out_entry = np.empty(most, np.int32)
    before = -1
    layer = 0
    while layer < n or before < n - 1:
        first = start[layer] if layer < n else n_candidates
        end = start[layer + 1] if layer < n else n_candidates
        if before < 0:
            previous[layer] = START
            score[first:end] = emission[first:end]
            before = layer
            layer += 1
            continue
        lost = layer == n or layer - before > max_skipped + 1
        lost = lost or at_s[layer] - at_s[before] > max_gap_s
        if lost:
            # What was skipped was no outlier but the start of another part.
            layer = before + 1
            before = -1
            continue
        width = end - first
        size = (start[before + 1] - start[before]) * width
        while n_links + size > links.size:
            grown = np.empty(2 * links.size)
            grown[:n_links] = links[:n_links]
            links = grown
        straight_m = np.hypot(xy[layer, 0] - xy[before, 0], xy[layer, 1] - xy[before, 1])
        longest_m = max_speed_m_s * (at_s[layer] - at_s[before]) + 2.0 * tolerance_m[layer]
        scale_m = beta[0] + beta[1] * straight_m
        limit_ms = longest_ms(layers, before, layer)
        chained = mark_goals(goals, first, end, work)
        joined = False
        for a in range(start[before], start[before + 1]):
            row = n_links + (a - start[before]) * width
            links[row : row + width] = _NEVER
            if score[a] == _NEVER:
                continue
            spread(
                ways, origins, a, goals, chained, limit_ms, work,
                out_ms[:width], out_m[:width], out_entry[:width],
            )  # fmt: skip
            for b in range(width):
                route_m = out_m[b] if out_ms[b] < INFINITE_MS else np.inf
                if stays(layers, origins, (a, first + b), tolerance_m[layer]):
                    route_m = 0.0
                if route_m > longest_m:
                    continue
                links[row + b] = -abs(route_m - straight_m) / scale_m
                total = score[a] + links[row + b] + emission[first + b]
                if total > score[first + b]:
                    score[first + b] = total
                    back[first + b] = a
                    joined = True
        if joined:
            previous[layer] = before
            link_start[layer] = n_links
            n_links += size
            before = layer
        layer += 1
    chosen = _trace_back(start, previous, back, score)
    return previous, chosen, _posterior(layers, previous, chosen, link_start, links)


@compiled
def _trace_back(
    start: IndexArray, previous: IndexArray, back: IndexArray, score: FloatArray
) -> IndexArray:
    chosen = np.full(previous.size, -1, np.int32)
    wanted = -1
    for layer in range(previous.size - 1, -1, -1):
        if previous[layer] == SKIPPED:
            continue
        if wanted < 0:
            wanted = start[layer] + np.argmax(score[start[layer] : start[layer + 1]])
        chosen[layer] = wanted
        wanted = back[wanted] if previous[layer] >= 0 else -1
    return chosen


@compiled
def _posterior(  # noqa: C901, PLR0912 - forward and backward pass
    layers: Layers,
    previous: IndexArray,
    chosen: IndexArray,
    link_start: IdArray,
    links: FloatArray,
) -> FloatArray:
    """Forward-backward probability (c,) of each candidate of a layer that has a chosen one."""
    start, emission = layers[0], layers[5]
    n = previous.size
    forward = np.full(emission.size, _NEVER)
    backward = np.zeros(emission.size)
    for layer in range(n):
        before = previous[layer]
        first, end = start[layer], start[layer + 1]
        if before == START:
            forward[first:end] = emission[first:end]
        if before < 0:
            continue
        for b in range(first, end):
            total = 0.0
            peak = _NEVER
            for a in range(start[before], start[before + 1]):
                link = links[link_start[layer] + (a - start[before]) * (end - first) + b - first]
                value = forward[a] + link
                if value > peak:
                    total = total * np.exp(max(peak - value, -700.0)) + 1.0
                    peak = value
                elif value > peak - 700.0:
                    total += np.exp(value - peak)
            if peak > _NEVER / 2:
                forward[b] = peak + np.log(total) + emission[b]
    for layer in range(n - 1, -1, -1):
        before = previous[layer]
        if before < 0:
            continue
        first, end = start[layer], start[layer + 1]
        for a in range(start[before], start[before + 1]):
            total = 0.0
            peak = _NEVER
            for b in range(first, end):
                link = links[link_start[layer] + (a - start[before]) * (end - first) + b - first]
                value = link + emission[b] + backward[b]
                if value > peak:
                    total = total * np.exp(max(peak - value, -700.0)) + 1.0
                    peak = value
                elif value > peak - 700.0:
                    total += np.exp(value - peak)
            backward[a] = peak + np.log(total) if peak > _NEVER / 2 else _NEVER
    for layer in range(n):
        if chosen[layer] < 0:
            continue
        first, end = start[layer], start[layer + 1]
        best = forward[chosen[layer]] + backward[chosen[layer]]
        for c in range(first, end):
            forward[c] = np.exp(min(max(forward[c] + backward[c] - best, -700.0), 700.0))
        forward[first:end] /= forward[first:end].sum()
    return forward
