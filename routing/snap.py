"""Points onto roads."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from routing.errors import InvalidPointError
from routing.graph import RoadGraph
from routing.model import IdArray, SnapResult
from routing.plane import LocalPlane

DEFAULT_MAX_DISTANCE_M = 300.0
_Shapes = NDArray[np.object_]


class Snapper:
    """Finds the nearest usable road of one graph; built once, safe to share between threads.

    Only segments of the graph's largest connected part are offered, so that a snapped place can
    reach, and be reached from, every other one while no road is closed. Distances are those of
    `LocalPlane`.
    """

    def __init__(self, graph: RoadGraph) -> None:
        segments = graph.segments
        self._graph = graph
        self.plane = LocalPlane.around(segments.coords)
        self._row = np.unique(graph.state_segment[graph.routable])
        vertices = np.diff(segments.offsets)
        chosen = np.zeros(len(segments), dtype=np.bool_)
        chosen[self._row] = True
        xy = self.plane.to_xy(segments.coords[np.repeat(chosen, vertices)])
        line = np.repeat(np.arange(self._row.size), vertices[self._row])
        self._lines: _Shapes = np.asarray(shapely.linestrings(xy, indices=line))
        self._tree = shapely.STRtree(self._lines)

    def snap(
        self, points: ArrayLike, *, max_distance_m: float = DEFAULT_MAX_DISTANCE_M
    ) -> SnapResult:
        """Snap (k, 2) longitude, latitude points, or one (2,) point, to their nearest segment.

        A point without a road within `max_distance_m` keeps its row with `segment` -1 and the
        true distance; `SnapResult.require` turns it into `NoRoadNearbyError`.

        Raises
        ------
        InvalidPointError
            If a coordinate is not finite or beyond 180 or 90 degrees.
        """
        lonlat = np.atleast_2d(np.asarray(points, dtype=np.float64)).reshape(-1, 2)
        bad = ~(np.isfinite(lonlat) & (np.abs(lonlat) <= (180.0, 90.0))).all(axis=1)
        if bad.any():
            lon, lat = lonlat[bad][0]
            msg = f"({lon}, {lat}) is no longitude and latitude in degrees; check their order."
            raise InvalidPointError(msg)
        xy: _Shapes = np.asarray(shapely.points(self.plane.to_xy(lonlat)))
        nearest = self._nearest(xy, max_distance_m=max_distance_m)
        lines = self._lines[nearest]
        fraction = shapely.line_locate_point(lines, xy, normalized=True)
        on_road = shapely.line_interpolate_point(lines, fraction, normalized=True)
        distance_m = shapely.distance(xy, on_road)
        segment = np.where(distance_m <= max_distance_m, self._row[nearest], -1).astype(np.int32)
        state = np.where(segment[:, None] >= 0, self._graph.segment_state[segment], -1)
        return SnapResult(
            point=lonlat,
            snapped=self.plane.to_lonlat(shapely.get_coordinates(on_road)),
            segment=segment,
            fraction=fraction,
            distance_m=distance_m,
            forward_state=state[:, 0],
            backward_state=state[:, 1],
            max_distance_m=max_distance_m,
        )

    def _nearest(self, xy: _Shapes, *, max_distance_m: float) -> IdArray:
        """Row of the nearest line to each point; a bounded search first, as it is the cheap one."""
        nearest = np.full(xy.size, -1, dtype=np.int64)
        index, line = self._tree.query_nearest(xy, max_distance=max_distance_m, all_matches=False)
        nearest[index] = line
        far = np.flatnonzero(nearest < 0)
        if far.size:
            index, line = self._tree.query_nearest(xy[far], all_matches=False)
            nearest[far[index]] = line
        return nearest
