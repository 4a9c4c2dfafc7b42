"""Directions in which roads begin and end, and the angles of turns between them."""

import numpy as np

from routing.roads.model import FloatArray, IndexArray, Segments
from routing.roads.plane import LocalPlane


def leg_bearings_deg(segments: Segments, plane: LocalPlane) -> tuple[FloatArray, FloatArray]:
    """Bearings, clockwise from north, at the start and at the end of each leg.

    Two (2 * n_segments,) float64 arrays; leg `2 * i + 1` is segment i driven against its geometry.
    A line without any length points north.
    """
    n = len(segments)
    line = np.repeat(np.arange(n), np.diff(segments.offsets))
    east_m, north_m = np.diff(plane.to_xy(segments.coords), axis=0).T
    pieces = np.flatnonzero((np.diff(line) == 0) & (np.hypot(east_m, north_m) > 0.0))
    bearing_deg = np.degrees(np.arctan2(east_m[pieces], north_m[pieces]))
    first_deg, last_deg = np.zeros(n), np.zeros(n)
    last_deg[line[pieces]] = bearing_deg
    first_deg[line[pieces[::-1]]] = bearing_deg[::-1]
    start_deg = np.column_stack((first_deg, last_deg + 180.0)).ravel() % 360.0
    end_deg = np.column_stack((last_deg, first_deg + 180.0)).ravel() % 360.0
    return start_deg, end_deg


def turn_angles_deg(
    from_leg: IndexArray, to_leg: IndexArray, bearings_deg: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Angle of each turn in (-180, 180], positive to the right; driving back is 180.

    from_leg, to_leg : (m,) legs; bearings_deg : as `leg_bearings_deg` returns them
    """
    start_deg, end_deg = bearings_deg
    angle_deg = (start_deg[to_leg] - end_deg[from_leg] + 180.0) % 360.0 - 180.0
    back = (from_leg ^ 1) == to_leg
    return np.where(back | (angle_deg == -180.0), 180.0, angle_deg)
