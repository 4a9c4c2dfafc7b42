"""Points onto roads."""

import numpy as np
from numpy.typing import ArrayLike

from routing.roads.errors import InvalidNetworkError
from routing.roads.model import BoolArray, FloatArray, Segments, SnapResult
from routing.snap.errors import InvalidPointError
from routing.snap.index import SnapIndex, build_snap_index
from routing.snap.kernels import snap_points

DEFAULT_MAX_DISTANCE_M = 300.0
DEFAULT_SLACK_M = 2.0


class Snapper:
    """Finds the nearest usable roads of one profile; safe to share between threads.

    Only legs of `usable_legs` are offered; a graph names those of its largest connected part, so
    that a snapped place can reach, and be reached from, every other one while no road is closed.
    Distances are those of `LocalPlane`.
    """

    def __init__(
        self, segments: Segments, usable_legs: BoolArray, *, index: SnapIndex | None = None
    ) -> None:
        """Offer the legs `usable_legs` (2 * n_segments,) bool, leg 2 i + d is segment i driven
        along its geometry (d = 0) or against it (1). `index` is that of the same segments.

        Raises
        ------
        InvalidNetworkError
            If mask or index belong to other segments.
        """
        self.index = build_snap_index(segments) if index is None else index
        self.plane = self.index.plane
        n = len(segments)
        if usable_legs.shape != (2 * n,) or self.index.owner.max(initial=-1) >= n:
            raise InvalidNetworkError(
                "The usable legs or the stored snapping index belong to other road segments; "
                "build the graph again."
            )
        usable = usable_legs.astype(np.bool_).view()
        usable.setflags(write=False)
        self._usable = usable
        self._lines = (segments.coords, segments.offsets)
        self._grid = self.index.grid()

    def snap(
        self,
        points: ArrayLike,
        *,
        max_distance_m: float = DEFAULT_MAX_DISTANCE_M,
        heading_deg: ArrayLike | None = None,
        slack_m: float = DEFAULT_SLACK_M,
    ) -> SnapResult:
        """Snap (k, 2) longitude, latitude points, or one (2,) point, to their nearest segments.

        The nearest segment and all others at most `slack_m` farther away are offered, each with
        the directions in which it may be driven: the arms of a junction and coincident streets
        are all kept, and the search decides. A point without a road within `max_distance_m` has
        no candidate and the true distance; `SnapResult.require` turns it into
        `NoRoadNearbyError`.

        `heading_deg` (k,) is the direction of travel clockwise from north, NaN where unknown.
        Directions more than 70 degrees off it are not offered, unless no other road lies within
        the limit and 50 m of the nearest: then it is ignored, and `heading_ignored` says so.

        Raises
        ------
        InvalidPointError
            If a coordinate is not finite or beyond 180 or 90 degrees, a heading is infinite, or
            their numbers differ.
        """
        lonlat = np.array(points, dtype=np.float64).reshape(-1, 2)
        k = lonlat.shape[0]
        heading = _headings(heading_deg, k=k)
        per_point = (np.empty(k), np.empty(k, np.bool_))
        start = np.zeros(k + 1, dtype=np.int32)
        room = 4 * k + 64
        limits = (float(max_distance_m), float(slack_m))
        while True:
            found = (
                start,
                np.empty(room, np.int32),
                np.empty(room),
                np.empty(room),
                np.empty((room, 2)),
                np.empty((room, 2), np.bool_),
            )
            first = snap_points(
                self._grid, self._lines, self._usable, lonlat, heading, limits, per_point, found
            )
            if first == k:
                break
            lon, lat = lonlat[first].tolist()
            if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
                msg = f"({lon}, {lat}) is no longitude and latitude in degrees; check their order."
                raise InvalidPointError(msg)
            room *= 4
        _, segment, fraction, away, snapped, open_legs = found
        c = int(start[-1])
        return SnapResult(
            point=lonlat,
            start=start,
            segment=segment[:c],
            fraction=fraction[:c],
            candidate_distance_m=away[:c],
            snapped=snapped[:c],
            open_legs=open_legs[:c],
            distance_m=per_point[0],
            heading_ignored=per_point[1],
            max_distance_m=max_distance_m,
        )


def _headings(heading_deg: ArrayLike | None, *, k: int) -> FloatArray:
    if heading_deg is None:
        return np.empty(0)
    heading = np.array(heading_deg, dtype=np.float64).reshape(-1)
    if heading.size != k or np.isinf(heading).any():
        msg = f"{k} headings in degrees clockwise from north are needed, NaN where unknown."
        raise InvalidPointError(msg)
    return heading
