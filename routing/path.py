"""A found sequence of states made into a route: geometry, times, guidance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.graph import RoadGraph
from routing.model import BoolArray, FloatArray, IdArray, IndexArray, RouteResult, Segments
from routing.plane import LocalPlane
from routing.steps import Legs, make_steps


def portion_s(time_s: FloatArray, share: FloatArray) -> FloatArray:
    """Time of a `share` of each state; closed stays inf even for a share of 0."""
    return np.where(np.isfinite(time_s), np.where(np.isfinite(time_s), time_s, 0) * share, np.inf)


def assemble_route(
    graph: RoadGraph,
    states: Sequence[int],
    *,
    start_along: float,
    end_along: float,
    state_time_s: FloatArray,
    plane: LocalPlane,
) -> RouteResult:
    """Describe the drive along `states` from `start_along` of the first to `end_along` of the last.

    Both are shares of the state in its direction of travel, 0 to 1.
    """
    segments, path = graph.segments, np.asarray(states, dtype=np.int32)
    segment, forward = graph.state_segment[path], graph.state_forward[path]
    begin, end = np.zeros(path.size), np.ones(path.size)
    begin[0], end[-1] = start_along, end_along
    share = end - begin
    driven_s = state_time_s[path] * share
    arrive_s = np.concatenate(([0.0], np.cumsum(driven_s + _delays_s(graph, path))))
    lines = _lines(segments, segment, forward=forward, plane=plane)
    row, measure = lines.row, lines.measure
    kept = (measure > begin[row]) & (measure < end[row])
    kept[np.flatnonzero(np.diff(row))] = True  # the junctions
    ends = [lines.at(0, start_along), lines.at(path.size - 1, end_along)]
    row, measure = row[kept], measure[kept]
    since_s = (measure - begin[row]) / np.where(share > 0, share, 1.0)[row] * driven_s[row]
    elapsed_s = (arrive_s[1:] - driven_s)[row] + since_s
    n_kept = np.cumsum(np.bincount(row, minlength=path.size))
    bearing_in_deg, bearing_out_deg = lines.bearings_deg(path.size)
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
        travel_time_s=float(legs.start_s[-1]),
        distance_m=float(legs.start_m[-1]),
        geometry=np.concatenate((ends[0], lines.lonlat[kept], ends[1])),
        elapsed_s=np.concatenate(([0.0], elapsed_s, arrive_s[-1:])),
        steps=make_steps(segments, legs),
        segment=segment,
        forward=forward,
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


def _delays_s(graph: RoadGraph, path: IndexArray) -> FloatArray:
    """Seconds at the node before each state of `path`; the first has none."""
    arcs = graph.successors
    delays_s = np.zeros(path.size)
    for i in range(1, path.size):
        first, stop = arcs.start[path[i - 1]], arcs.start[path[i - 1] + 1]
        delays_s[i] = arcs.delay_s[first + int(np.argmax(arcs.to[first:stop] == path[i]))]
    return delays_s
