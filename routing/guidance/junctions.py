"""What guidance must know of the roads not taken: exits of a roundabout, sides of a fork."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import RoadGraph
from routing.guidance.ways import Way, way_of
from routing.roads.lines import lay_lines
from routing.roads.model import FloatArray, IdArray, IndexArray, Profile
from routing.roads.plane import LocalPlane

AHEAD_DEG = 90.0
"""Roads that turn off by more are no part of a fork."""

Option: TypeAlias = tuple[int, float, bool]
"""A leg that may follow, the angle of the turn onto it, whether it stays in the roundabout."""


def exits_and_forks(
    graph: RoadGraph, leg: IndexArray, bearing_out_deg: FloatArray, *, plane: LocalPlane
) -> tuple[IndexArray, IndexArray]:
    """Look at the roads not taken where `leg` (p,) passes through roundabouts and onto ramps.

    Only roads that the profile may take count, closed ones included: they are seen all the same.
    Which way round the traffic goes does not matter, and roads that pass above or below share no
    node. On foot there are no roundabouts: one crosses their arms.

    bearing_out_deg : (p,) float64 at the end of each leg

    Returns
    -------
    exits : (p,) int32
        Roads that leave the roundabout at the end of each of its legs; where it is left there,
        only up to the one taken. -1 off roundabouts.
    fork_side : (p,) int32
        -1 where the leg is a ramp and the leftmost of several ways ahead at its start, 1 where it
        is the rightmost, else 0.
    """
    segments, segment = graph.segments, leg // 2
    ring = segments.is_roundabout[segment] & (graph.profile is not Profile.WALK)
    exits = np.where(ring, 0, -1).astype(np.int32)
    fork_side = np.zeros(leg.size, dtype=np.int32)
    onto_ramp = (way_of(segments, segment[1:]) == Way.RAMP) & ~ring[:-1]
    rows = np.flatnonzero(ring[:-1] | onto_ramp)
    if not rows.size:
        return exits, fork_side
    choice, way = _ways_on(graph, leg[rows])
    count = np.bincount(choice, minlength=rows.size)
    # On ramps most legs have one way on, and no fork to speak of.
    chosen = ring[rows] | (count > 1)
    asked = np.flatnonzero(chosen)
    if not asked.size:
        return exits, fork_side
    way = way[chosen[choice]]
    stop = np.cumsum(count[asked])
    lines = lay_lines(segments, way // 2, forward=way % 2 == 0, plane=plane)
    start_deg, _ = lines.bearings_deg(way.size)
    from_deg = np.repeat(bearing_out_deg[rows[asked]], count[asked])
    ways = list(
        zip(
            way.tolist(),
            ((start_deg - from_deg + 180.0) % 360.0 - 180.0).tolist(),
            segments.is_roundabout[way // 2].tolist(),
            strict=True,
        )
    )
    begin = 0
    for row, end in zip(rows[asked].tolist(), stop.tolist(), strict=True):
        options, begin = ways[begin:end], end
        taken = int(leg[row + 1])
        if not ring[row]:
            fork_side[row + 1] = _side_of_fork(options, taken)
        elif ring[row + 1]:
            exits[row] = sum(not in_ring for _, _, in_ring in options)
        else:
            exits[row] = _exits_up_to(options, taken)
    return exits, fork_side


def _ways_on(graph: RoadGraph, leg: IndexArray) -> tuple[IdArray, IndexArray]:
    """Legs (w,) that may follow each of `leg` (r,), with the row of the latter, without U-turns."""
    arcs, place = graph.successors, graph.leg_place[leg]
    state = graph.place_state[place]
    first = arcs.start[state]
    # Inside a chain of legs there is no choice.
    ends = place + 1 == graph.state_leg_start[state + 1]
    count = np.where(ends, arcs.start[state + 1] - first, 0)
    row = np.repeat(np.arange(leg.size), count)
    arc = np.arange(row.size) - np.repeat(np.cumsum(count) - count - first, count)
    way = graph.state_leg[graph.state_leg_start[arcs.to[arc]]]
    kept = ((way ^ 1) != leg[row]) & (graph.free_flow_ms[way] < INFINITE_MS)
    return row[kept], way[kept]


def _exits_up_to(options: Sequence[Option], taken: int) -> int:
    """Count the roads that leave at one node up to the taken one: farthest from the ring first."""
    in_ring_deg = next((angle_deg for _, angle_deg, in_ring in options if in_ring), None)
    taken_deg = next((angle_deg for way, angle_deg, _ in options if way == taken), None)
    if in_ring_deg is None or taken_deg is None:
        return 1

    def from_ring_deg(angle_deg: float) -> float:
        return abs((angle_deg - in_ring_deg + 180.0) % 360.0 - 180.0)

    before = (
        not in_ring and from_ring_deg(angle_deg) > from_ring_deg(taken_deg)
        for _, angle_deg, in_ring in options
    )
    return 1 + sum(before)


def _side_of_fork(options: Sequence[Option], taken: int) -> int:
    own_deg = next((angle_deg for way, angle_deg, _ in options if way == taken), None)
    others_deg = [
        angle_deg for way, angle_deg, _ in options if way != taken and abs(angle_deg) <= AHEAD_DEG
    ]
    if own_deg is None or not others_deg:
        return 0
    if max(others_deg) < own_deg:
        return 1
    return -1 if min(others_deg) > own_deg else 0
