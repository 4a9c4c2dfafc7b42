"""A found sequence of states made into a route: geometry, times, guidance."""

from collections.abc import Sequence

import numpy as np

from routing.graph import RoadGraph
from routing.model import FloatArray, IndexArray, RouteResult
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
    geometry, elapsed, bearings, sizes = [], [], [], []
    for i in range(path.size):
        line = segments.line(segment[i])[:: 1 if forward[i] else -1]
        xy = plane.to_xy(line)
        measure = _measure(xy)
        at = measure[(measure > begin[i]) & (measure < end[i])]
        at = np.concatenate(([begin[i]], at, [end[i]]))
        kept = slice(0 if i == 0 else 1, None)
        lonlat = np.column_stack([np.interp(at, measure, axis) for axis in line.T])
        geometry.append(lonlat[kept])
        depart_s = arrive_s[i + 1] - driven_s[i]
        elapsed.append((depart_s + (at - begin[i]) / (share[i] or 1.0) * driven_s[i])[kept])
        bearings.append(_bearings_deg(xy))
        sizes.append(lonlat[kept].shape[0])
    bearing_deg = np.array(bearings)
    legs = Legs(
        segment=segment,
        vertex=np.maximum(np.concatenate(([0], np.cumsum(sizes))) - 1, 0).astype(np.int32),
        start_m=np.concatenate(([0.0], np.cumsum(segments.length_m[segment] * share))),
        start_s=arrive_s,
        bearing_in_deg=bearing_deg[:, 0],
        bearing_out_deg=bearing_deg[:, 1],
    )
    return RouteResult(
        profile=graph.profile,
        travel_time_s=float(legs.start_s[-1]),
        distance_m=float(legs.start_m[-1]),
        geometry=np.concatenate(geometry),
        elapsed_s=np.concatenate(elapsed),
        steps=make_steps(segments, legs),
        segment=segment,
        forward=forward,
    )


def _delays_s(graph: RoadGraph, path: IndexArray) -> FloatArray:
    """Seconds at the node before each state of `path`; the first has none."""
    arcs = graph.successors
    delays_s = np.zeros(path.size)
    for i in range(1, path.size):
        first, stop = arcs.start[path[i - 1]], arcs.start[path[i - 1] + 1]
        delays_s[i] = arcs.delay_s[first + int(np.argmax(arcs.to[first:stop] == path[i]))]
    return delays_s


def _measure(xy: FloatArray) -> FloatArray:
    """Share of the line's length at each vertex, 0 to 1."""
    cumulative_m = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    if cumulative_m[-1] == 0.0:
        return np.linspace(0.0, 1.0, cumulative_m.size)
    return np.asarray(cumulative_m / cumulative_m[-1])


def _bearings_deg(xy: FloatArray) -> tuple[float, float]:
    """Bearings of the first and the last piece of a line that has a length."""
    pieces = np.diff(xy, axis=0)
    pieces = pieces[np.hypot(*pieces.T) > 0.0]
    if not pieces.size:
        return 0.0, 0.0
    first, last = np.degrees(np.arctan2(pieces[[0, -1], 0], pieces[[0, -1], 1])) % 360.0
    return float(first), float(last)
