"""What guidance must know of the roads not taken: exits of a roundabout, sides of a fork."""

import numpy as np

from routing.engine.digraph import INFINITE_MS
from routing.graph import RoadGraph
from routing.lines import lay_lines
from routing.model import BoolArray, FloatArray, IdArray, IndexArray, Profile
from routing.plane import LocalPlane
from routing.ways import Way, way_of

AHEAD_DEG = 90.0
"""Roads that turn off by more are no part of a fork."""


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
    lines = lay_lines(segments, way // 2, forward=way % 2 == 0, plane=plane)
    start_deg, _ = lines.bearings_deg(way.size)
    angle_deg = (start_deg - bearing_out_deg[rows][choice] + 180.0) % 360.0 - 180.0
    way_in_ring = segments.is_roundabout[way // 2]
    for k, row in enumerate(rows.tolist()):
        own = choice == k
        taken = way[own] == leg[row + 1]
        if onto_ramp[row]:
            fork_side[row + 1] = _side_of_fork(angle_deg[own], taken)
        elif ring[row + 1]:
            exits[row] = np.count_nonzero(~way_in_ring[own])
        else:
            exits[row] = _exits_up_to(angle_deg[own], taken, way_in_ring[own])
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


def _exits_up_to(angle_deg: FloatArray, taken: BoolArray, in_ring: BoolArray) -> int:
    """Count the roads that leave at one node up to the taken one: farthest from the ring first."""
    if not in_ring.any() or not taken.any():
        return 1
    from_ring_deg = np.abs((angle_deg - angle_deg[in_ring][0] + 180.0) % 360.0 - 180.0)
    before = from_ring_deg[~in_ring] > from_ring_deg[taken][0]
    return 1 + int(np.count_nonzero(before))


def _side_of_fork(angle_deg: FloatArray, taken: BoolArray) -> int:
    others_deg = angle_deg[~taken & (np.abs(angle_deg) <= AHEAD_DEG)]
    if not taken.any() or not others_deg.size:
        return 0
    own_deg = angle_deg[taken][0]
    if (others_deg < own_deg).all():
        return 1
    return -1 if (others_deg > own_deg).all() else 0
