"""A found sequence of states made into a route: geometry, times, guidance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.graph import Arcs, RoadGraph
from routing.model import BoolArray, FloatArray, IdArray, IndexArray, RouteResult, Segments
from routing.plane import LocalPlane
from routing.steps import Legs, make_steps


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """Legs in order of travel, from a share of the first to a share of the last.

    leg : (p,) int32; wait_ms : (p,) int32 at the node before each, 0 for the first
    """

    leg: IndexArray
    wait_ms: IndexArray
    start_share: float
    end_share: float


def drive_along(
    graph: RoadGraph, states: Sequence[int], *, start: tuple[int, float], end: tuple[int, float]
) -> Drive:
    """Unfold `states` into legs, from one place to another.

    start, end : row of `RoadGraph.state_leg` and share of that leg behind the place
    """
    rows: list[IdArray] = []
    waits: list[IndexArray] = []
    last = len(states) - 1
    for i, state in enumerate(states):
        first = start[0] if i == 0 else int(graph.state_leg_start[state])
        stop = end[0] + 1 if i == last else int(graph.state_leg_start[state + 1])
        rows.append(np.arange(first, stop))
        before = 0 if i == 0 else _turn_delay_ms(graph.successors, states[i - 1], state)
        waits.append(np.array([before, *graph.state_wait_ms[first : stop - 1]], dtype=np.int32))
    return Drive(graph.state_leg[np.concatenate(rows)], np.concatenate(waits), start[1], end[1])


def _turn_delay_ms(successors: Arcs, state: int, following: int) -> int:
    first, stop = successors.start[state], successors.start[state + 1]
    turns = successors.delay_ms[first:stop][successors.to[first:stop] == following]
    return int(turns.min())


def assemble_route(
    graph: RoadGraph, drive: Drive, *, leg_ms: IndexArray, plane: LocalPlane
) -> RouteResult:
    """Describe `drive` at the leg times (2 * n_segments,) `leg_ms`."""
    segments, n = graph.segments, drive.leg.size
    segment, forward = drive.leg // 2, drive.leg % 2 == 0
    whole_ms = leg_ms[drive.leg].astype(np.float64)
    begin, end = np.zeros(n), np.ones(n)
    begin[0], end[-1] = drive.start_share, drive.end_share
    share = end - begin
    # Whole milliseconds at both ends, as the search counts them.
    driven_s = (np.floor(end * whole_ms + 0.5) - np.floor(begin * whole_ms + 0.5)) / 1000.0
    depart_s = np.concatenate(([0.0], np.cumsum(driven_s)))
    depart_s[:-1] += np.cumsum(drive.wait_ms) / 1000.0
    depart_s[-1] += drive.wait_ms.sum() / 1000.0
    lines = _lines(segments, segment, forward=forward, plane=plane)
    row, measure = lines.row, lines.measure
    kept = (measure > begin[row]) & (measure < end[row])
    kept[np.flatnonzero(np.diff(row))] = True  # the junctions
    ends = [lines.at(0, drive.start_share), lines.at(n - 1, drive.end_share)]
    row, measure = row[kept], measure[kept]
    since_s = (measure - begin[row]) / np.where(share > 0, share, 1.0)[row] * driven_s[row]
    elapsed_s = depart_s[row] + since_s
    n_kept = np.cumsum(np.bincount(row, minlength=n))
    bearing_in_deg, bearing_out_deg = lines.bearings_deg(n)
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


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Vertices of several lines in a row: line number, degrees, metres, share of the length."""

    row: IdArray
    lonlat: FloatArray
    xy: FloatArray
    measure: FloatArray

    def at(self, row: int, share: float) -> FloatArray:
        """Point (1, 2) at `share` of one line's length."""
        own = self.row == row
        lon, lat = self.lonlat[own].T
        measure = self.measure[own]
        return np.array([[np.interp(share, measure, lon), np.interp(share, measure, lat)]])

    def bearings_deg(self, n: int) -> tuple[FloatArray, FloatArray]:
        """Bearings of the first and the last piece with a length of each of `n` lines."""
        east_m, north_m = np.diff(self.xy, axis=0).T
        pieces = np.flatnonzero((np.diff(self.row) == 0) & (np.hypot(east_m, north_m) > 0.0))
        bearing_deg = np.degrees(np.arctan2(east_m[pieces], north_m[pieces])) % 360.0
        first, last = np.zeros(n), np.zeros(n)
        last[self.row[pieces]] = bearing_deg
        first[self.row[pieces[::-1]]] = bearing_deg[::-1]
        return first, last


def _lines(
    segments: Segments, segment: IndexArray, *, forward: BoolArray, plane: LocalPlane
) -> _Lines:
    """Lay the polylines of `segment` in a row, each in its direction of travel."""
    first, stop = segments.offsets[segment], segments.offsets[segment + 1]
    size = stop - first
    row = np.repeat(np.arange(segment.size), size)
    starts = np.cumsum(size) - size
    place = np.arange(row.size) - starts[row]
    lonlat = segments.coords[np.where(forward[row], first[row] + place, stop[row] - 1 - place)]
    xy = plane.to_xy(lonlat)
    along_m = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    length_m = along_m[starts + size - 1] - along_m[starts]
    measure = (along_m - along_m[starts][row]) / np.where(length_m > 0, length_m, 1.0)[row]
    measure = np.where((length_m > 0)[row], measure, place / (size - 1)[row])
    return _Lines(row, lonlat, xy, measure)
