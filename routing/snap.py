"""Points onto roads."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from routing.errors import InvalidPointError
from routing.model import BoolArray, FloatArray, Segments, SnapResult
from routing.plane import LocalPlane

DEFAULT_MAX_DISTANCE_M = 300.0
DEFAULT_SLACK_M = 2.0
"""Roads this much farther than the nearest are candidates too: junction arms, twin carriageways."""
_Shapes = NDArray[np.object_]


class Snapper:
    """Finds the nearest usable roads of one network; built once, safe to share between threads.

    Only legs in `usable_legs` are offered, so that a snapped place can reach, and be reached
    from, every other one while no road is closed. Distances are those of `LocalPlane`.
    """

    def __init__(self, segments: Segments, usable_legs: BoolArray) -> None:
        """`usable_legs` (2 * n_segments,) bool: legs along and against each segment."""
        self.plane = LocalPlane.around(segments.coords)
        self.usable_legs = usable_legs
        open_legs = usable_legs.reshape(-1, 2)
        self._row = np.flatnonzero(open_legs.any(axis=1)).astype(np.int32)
        self._open = open_legs[self._row]
        vertices = np.diff(segments.offsets)
        chosen = np.zeros(len(segments), dtype=np.bool_)
        chosen[self._row] = True
        xy = self.plane.to_xy(segments.coords[np.repeat(chosen, vertices)])
        line = np.repeat(np.arange(self._row.size), vertices[self._row])
        self._lines: _Shapes = np.asarray(shapely.linestrings(xy, indices=line))
        self._tree = shapely.STRtree(self._lines)

    def snap(
        self,
        points: ArrayLike,
        *,
        max_distance_m: float = DEFAULT_MAX_DISTANCE_M,
        slack_m: float = DEFAULT_SLACK_M,
    ) -> SnapResult:
        """Snap (k, 2) longitude, latitude points, or one (2,) point.

        A point without a road within `max_distance_m` keeps its row without candidates and with
        the true distance; `SnapResult.require` turns it into `NoRoadNearbyError`.

        Raises
        ------
        InvalidPointError
            If a coordinate is not finite or beyond 180 or 90 degrees.
        """
        lonlat = checked_points(points)
        xy: _Shapes = np.asarray(shapely.points(self.plane.to_xy(lonlat)))
        _, distance_m = self._tree.query_nearest(xy, all_matches=False, return_distance=True)
        within = np.where(distance_m <= max_distance_m, distance_m + slack_m, -1.0)
        near = np.flatnonzero(within >= 0)
        point, line = self._tree.query(xy[near], predicate="dwithin", distance=within[near])
        point = near[point]
        lines, at = self._lines[line], xy[point]
        away_m = shapely.distance(lines, at)
        order = np.lexsort((line, away_m, point))
        point, line, lines, away_m = point[order], line[order], lines[order], away_m[order]
        fraction = shapely.line_locate_point(lines, xy[point], normalized=True)
        on_road = shapely.line_interpolate_point(lines, fraction, normalized=True)
        count = np.bincount(point, minlength=len(lonlat))
        return SnapResult(
            point=lonlat,
            start=np.concatenate(([0], np.cumsum(count))).astype(np.int32),
            distance_m=distance_m,
            segment=self._row[line],
            candidate_distance_m=away_m,
            fraction=fraction,
            snapped=self.plane.to_lonlat(shapely.get_coordinates(on_road)),
            open_legs=self._open[line],
            max_distance_m=max_distance_m,
        )


def checked_points(points: ArrayLike) -> FloatArray:
    """Return `points` as (k, 2) float64, or raise `InvalidPointError`."""
    lonlat = np.atleast_2d(np.asarray(points, dtype=np.float64)).reshape(-1, 2)
    bad = ~(np.isfinite(lonlat) & (np.abs(lonlat) <= (180.0, 90.0))).all(axis=1)
    if bad.any():
        lon, lat = lonlat[bad][0]
        msg = f"({lon}, {lat}) is no longitude and latitude in degrees; check their order."
        raise InvalidPointError(msg)
    return lonlat
