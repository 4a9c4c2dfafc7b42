"""Compiled listing of the legs between matched observations, and what is done before matching."""

from typing import TypeAlias

import numpy as np

from routing.engine.compiled import compiled
from routing.engine.digraph import IndexArray
from routing.matching.kernels import (
    START,
    Goals,
    Layers,
    Origins,
    Ways,
    Work,
    longest_ms,
    mark_goals,
    spread,
    stays,
)
from routing.roads.model import BoolArray, FloatArray

Chains: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]
"""state_leg_start, state_wait_ms, place_state of the graph."""


@compiled
def drive(  # noqa: C901, PLR0912, PLR0915, PLR0917 - compiled code takes no keywords
    ways: Ways,
    chains: Chains,
    layers: Layers,
    origins: Origins,
    goals: Goals,
    previous: IndexArray,
    chosen: IndexArray,
    work: Work,
) -> tuple[IndexArray, IndexArray, BoolArray, IndexArray]:
    """List the legs of the chosen ways.

    Returns row (p,) of `RoadGraph.state_leg`, layer (p,) that it leads to, turned (p,) whether the
    vehicle turned round on the leg before to get there; visit (l,) row of these on which each
    layer lies, -1 where skipped. The first layer of a part starts with a row of its own.
    """
    state_leg_start = chains[0]
    from_state, from_row, _, _, _, _ = origins
    goal_state, goal_row = goals[1], goals[2]
    parent = work[3]
    tolerance_m = layers[3]
    out_row = np.empty(1_024, np.int32)
    target = np.empty(1_024, np.int32)
    turned = np.empty(1_024, np.bool_)
    rows = np.empty(1_024, np.int32)
    visit = np.full(previous.size, -1, np.int32)
    n = 0
    out_ms = np.empty(1, np.int32)
    out_m = np.empty(1)
    out_entry = np.empty(1, np.int32)
    for layer in range(previous.size):
        c = chosen[layer]
        if c < 0:
            continue
        n_rows = 0
        s = 0
        if previous[layer] == START:
            rows[0] = from_row[c, 0]
            n_rows = 1
        else:
            before = previous[layer]
            a = chosen[before]
            chained = mark_goals(goals, c, c + 1, work)
            limit_ms = longest_ms(layers, before, layer)
            spread(ways, origins, a, goals, chained, limit_ms, work, out_ms, out_m, out_entry)
            if not stays(layers, origins, (a, c), tolerance_m[layer]):
                # Rows from the goal back to the origin, the origin's own left out.
                if out_entry[0] <= -2:
                    s = -2 - out_entry[0]
                    state = from_state[a, s]
                    last = goal_row[_entry_on(goals, c, state)]
                else:
                    state = goal_state[out_entry[0]]
                    last = goal_row[out_entry[0]]
                    s = -1
                while True:
                    lowest = state_leg_start[state] if s < 0 else from_row[a, s] + 1 - s
                    while n_rows + last - lowest + 1 >= rows.size:
                        grown = np.empty(2 * rows.size, np.int32)
                        grown[:n_rows] = rows[:n_rows]
                        rows = grown
                    for row in range(last, lowest - 1, -1):
                        rows[n_rows] = row
                        n_rows += 1
                    if s >= 0:
                        break
                    via = parent[state]
                    if via <= -2:
                        s = -2 - via
                        state = from_state[a, s]
                    else:
                        state = via
                    last = state_leg_start[state + 1] - 1
        while n + n_rows >= out_row.size:
            size = out_row.size
            out_row = np.concatenate((out_row, np.empty(size, np.int32)))
            target = np.concatenate((target, np.empty(size, np.int32)))
            turned = np.concatenate((turned, np.empty(size, np.bool_)))
        for i in range(n_rows - 1, -1, -1):
            out_row[n] = rows[i]
            target[n] = layer
            turned[n] = s == 1 and i == n_rows - 1
            n += 1
        visit[layer] = n - 1
    return out_row[:n].copy(), target[:n].copy(), turned[:n].copy(), visit


@compiled
def waits(ways: Ways, chains: Chains, rows: IndexArray) -> IndexArray:
    """Delay (p,) int32 ms that the graph gives the node behind each row, 0 where none leads on."""
    _, state_wait_ms, place_state = chains
    arc_start, arc_to, arc_delay_ms, _, _ = ways
    wait_ms = np.zeros(rows.size, np.int32)
    for i in range(rows.size - 1):
        state, following = place_state[rows[i]], place_state[rows[i + 1]]
        if state == following and rows[i + 1] == rows[i] + 1:
            wait_ms[i] = state_wait_ms[rows[i]]
            continue
        for arc in range(arc_start[state], arc_start[state + 1]):
            if arc_to[arc] == following:
                wait_ms[i] = arc_delay_ms[arc]
                break
    return wait_ms


@compiled
def thin(xy: FloatArray, at_least_m: FloatArray) -> IndexArray:
    """Row (n,) of the observation that each one repeats: itself, unless it lies nearer than
    `at_least_m` (n,) to the last that was kept.
    """
    kept = np.empty(xy.shape[0], np.int32)
    last = -1
    for i in range(xy.shape[0]):
        if last < 0 or np.hypot(xy[i, 0] - xy[last, 0], xy[i, 1] - xy[last, 1]) >= at_least_m[i]:
            last = i
        kept[i] = last
    return kept


@compiled
def _entry_on(goals: Goals, candidate: int, state: int) -> int:
    goal_start, goal_state = goals[0], goals[1]
    for entry in range(goal_start[candidate], goal_start[candidate + 1]):
        if goal_state[entry] == state:
            return entry
    return -1
