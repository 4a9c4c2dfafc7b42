"""A found sequence of states made into a route: geometry, times, guidance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import RoadGraph
from routing.guidance.junctions import exits_and_forks
from routing.guidance.steps import Legs, make_steps
from routing.roads.lines import lay_lines
from routing.roads.model import FloatArray, IndexArray, RouteResult
from routing.roads.plane import LocalPlane


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """Legs in order of travel, from a share of the first to a share of the last.

    leg : (p,) int32; wait_ms : (p,) int32 before each, at the node or at a closed road
    """

    leg: IndexArray
    wait_ms: IndexArray
    start_share: float
    end_share: float

    @property
    def shares(self) -> FloatArray:
        """Part of each leg that is driven, (p, 2) float64 from and to."""
        shares = np.tile([0.0, 1.0], (self.leg.size, 1))
        shares[0, 0], shares[-1, 1] = self.start_share, self.end_share
        return shares

    def driven_ms(self, leg_ms: IndexArray) -> IndexArray:
        """Time (p,) on each leg at `leg_ms` (2 * n_segments,), as the search counts it."""
        whole_ms = leg_ms[self.leg].astype(np.float64)
        begin_ms, end_ms = np.floor(self.shares.T * whole_ms + 0.5)
        return np.asarray((end_ms - begin_ms).astype(np.int32))


def drive_along(
    graph: RoadGraph, states: Sequence[int], *, start: tuple[int, float], end: tuple[int, float]
) -> Drive:
    """Unfold `states` into legs, from one place to another.

    start, end : row of `RoadGraph.state_leg` and share of that leg behind the place
    """
    arcs = graph.successors
    rows, wait_ms = _unfold(
        np.asarray(states, dtype=np.int32),
        (start[0], end[0]),
        graph.state_leg_start,
        graph.state_wait_ms,
        (arcs.start, arcs.to, arcs.delay_ms),
    )
    return Drive(graph.state_leg[rows], wait_ms, start[1], end[1])


@compiled
def _unfold(
    states: IndexArray,
    ends: tuple[int, int],
    leg_start: IndexArray,
    state_wait_ms: IndexArray,
    arcs: tuple[IndexArray, IndexArray, IndexArray],
) -> tuple[IndexArray, IndexArray]:
    """Rows of the legs driven, and the wait (p,) int32 before each."""
    arc_start, arc_to, arc_delay_ms = arcs
    n_rows = 0
    for state in states:
        n_rows += leg_start[state + 1] - leg_start[state]
    rows = np.empty(n_rows, np.int32)
    wait_ms = np.empty(n_rows, np.int32)
    size = 0
    for i in range(states.size):
        first = ends[0] if i == 0 else leg_start[states[i]]
        stop = ends[1] + 1 if i == states.size - 1 else leg_start[states[i] + 1]
        for row in range(first, stop):
            rows[size] = row
            wait_ms[size] = 0 if row == first else state_wait_ms[row - 1]
            size += 1
        if i > 0:
            delay_ms = INFINITE_MS
            for arc in range(arc_start[states[i - 1]], arc_start[states[i - 1] + 1]):
                if arc_to[arc] == states[i]:
                    delay_ms = min(delay_ms, arc_delay_ms[arc])
            wait_ms[size - (stop - first)] = delay_ms
    return rows[:size].copy(), wait_ms[:size].copy()


def assemble_route(
    graph: RoadGraph,
    drive: Drive,
    *,
    driven_ms: IndexArray,
    plane: LocalPlane,
    destination: FloatArray,
) -> RouteResult:
    """Describe `drive`, whose legs took `driven_ms` (p,) each.

    destination : (2,) float64 longitude, latitude meant, which lies beside the road or on it
    """
    segments, n = graph.segments, drive.leg.size
    segment, forward = drive.leg // 2, drive.leg % 2 == 0
    begin, end = drive.shares.T
    share = end - begin
    driven_s = driven_ms / 1000.0
    depart_s = np.concatenate(([0.0], np.cumsum(driven_s)))
    depart_s[:-1] += np.cumsum(drive.wait_ms) / 1000.0
    depart_s[-1] += drive.wait_ms.sum() / 1000.0
    lines = lay_lines(segments, segment, forward=forward, plane=plane)
    row, measure = lines.row, lines.measure
    kept = (measure > begin[row]) & (measure < end[row])
    kept[np.flatnonzero(np.diff(row))] = True  # the junctions
    ends = [lines.at(0, drive.start_share), lines.at(n - 1, drive.end_share)]
    row, measure = row[kept], measure[kept]
    since_s = (measure - begin[row]) / np.where(share > 0, share, 1.0)[row] * driven_s[row]
    elapsed_s = depart_s[row] + since_s
    n_kept = np.cumsum(np.bincount(row, minlength=n))
    bearing_in_deg, bearing_out_deg = lines.bearings_deg(n)
    exits, fork_side = exits_and_forks(graph, drive.leg, bearing_out_deg, plane=plane)
    bearing_in_deg[0] = lines.heading_deg(0, drive.start_share, arriving=False)
    bearing_out_deg[-1] = lines.heading_deg(n - 1, drive.end_share, arriving=True)
    reach_m = plane.to_xy(destination) - plane.to_xy(ends[1][0])
    # A wait belongs to the leg before it: guidance is spoken on arrival at the junction.
    arrive_s = depart_s.copy()
    arrive_s[1:-1] -= drive.wait_ms[1:] / 1000.0
    legs = Legs(
        segment=segment,
        vertex=np.concatenate(([0], n_kept[:-1], [row.size + 1])).astype(np.int32),
        start_m=np.concatenate(([0.0], np.cumsum(segments.length_m[segment] * share))),
        start_s=arrive_s,
        bearing_in_deg=bearing_in_deg,
        bearing_out_deg=bearing_out_deg,
        exits=exits,
        fork_side=fork_side,
        beside_m=_beside_m(reach_m, float(bearing_out_deg[-1])),
    )
    return RouteResult(
        profile=graph.profile,
        travel_time_s=round(float(depart_s[-1]), 3),
        distance_m=float(legs.start_m[-1]),
        geometry=np.concatenate((ends[0], lines.lonlat[kept], ends[1])),
        elapsed_s=np.concatenate(([0.0], elapsed_s, depart_s[-1:])),
        steps=make_steps(segments, legs),
        segment=segment.astype(np.int32),
        forward=np.asarray(forward),
    )


def _beside_m(offset_m: FloatArray, heading_deg: float) -> float:
    """Metres that `offset_m` (2,) east and north leads to the right of the heading."""
    east, north = np.sin(np.radians(heading_deg)), np.cos(np.radians(heading_deg))
    return float(offset_m[0] * north - offset_m[1] * east)
