"""What was known of legs, carried over to a map that changed.

Ways are cut and joined, nodes moved; the place on the same OSM way stays. Places along each new leg
are put onto the old legs of their way, in the direction of travel; where the way has got another
number, onto the street drawn at the very same place.
"""

import numpy as np
from numpy.typing import NDArray

from routing.model import BoolArray, FloatArray, IndexArray, Segments
from routing.plane import LocalPlane
from routing.snap import Snapper

PLACES_AT = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Shares of a new leg at which its old one is looked up."""
SAME_WAY_M = 30.0
SAME_PLACE_M = 5.0


def old_legs(old: Segments, new: Segments, *, known: BoolArray) -> IndexArray:
    """Find the old leg at `PLACES_AT` along each new one: (2 * n_new, 5) int32, -1 = none.

    known : (2 * n_old,) bool legs worth finding
    """
    share = np.array(PLACES_AT)
    lonlat, heading_deg = _places_along(new, share)
    found = np.full((len(new), 2, share.size), -1, dtype=np.int32)
    if not known.any():
        return found.reshape(-1, share.size)
    snapper = Snapper(old, known)
    way = np.repeat(new.osm_way_id, share.size)
    for direction in (0, 1):
        near = snapper.snap(
            lonlat,
            max_distance_m=SAME_WAY_M,
            heading_deg=(heading_deg + 180.0 * direction) % 360.0,
            slack_m=SAME_WAY_M,
        )
        point = near.point_of_candidate()
        same_way = (old.osm_way_id[near.segment] == way[point]) & (way[point] >= 0)
        fits = same_way | (near.candidate_distance_m <= SAME_PLACE_M)
        fits &= ~near.heading_ignored[point]
        row = np.flatnonzero(fits)
        # The same way before another, the nearer before the farther.
        row = row[np.lexsort((near.candidate_distance_m[row], ~same_way[row], point[row]))]
        first, at = np.unique(point[row], return_index=True)
        row = row[at]
        leg = 2 * near.segment[row] + np.where(near.open_legs[row, 0], 0, 1)
        flat = np.full(lonlat.shape[0], -1, dtype=np.int32)
        flat[first] = leg
        found[:, direction] = flat.reshape(len(new), share.size)
    return found.reshape(-1, share.size)


def carry_over(
    values: NDArray[np.float64], legs: IndexArray, *, least_share: float = 0.6
) -> NDArray[np.float64]:
    """Mean of the old `values` (2 * n_old, ...) along each new leg; NaN = unknown.

    legs : what `old_legs` returned; less than `least_share` of its places known is unknown.
    Means of speeds belong to paces: hand over seconds per metre.
    """
    at = values[np.maximum(legs, 0)]
    at = np.where((legs >= 0).reshape(legs.shape + (1,) * (values.ndim - 1)), at, np.nan)
    known = ~np.isnan(at)
    count = known.sum(axis=1)
    total = np.where(known, at, 0.0).sum(axis=1)
    enough = count >= least_share * legs.shape[1]
    return np.where(enough, total / np.maximum(count, 1), np.nan)


def _places_along(segments: Segments, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Longitude, latitude (n * s, 2) at `share` (s,) of each segment, heading (n * s,) there."""
    plane = LocalPlane.around(segments.coords)
    xy = plane.to_xy(segments.coords)
    step = np.hypot(*np.diff(xy, axis=0).T)
    # One ruler over all lines behind each other; the leaps between lines count nothing.
    step[segments.offsets[1:-1] - 1] = 0.0
    ruler = np.concatenate(([0.0], np.cumsum(step)))
    begin, end = ruler[segments.offsets[:-1]], ruler[segments.offsets[1:] - 1]
    at = (begin[:, None] + share * (end - begin)[:, None]).ravel()
    piece = np.searchsorted(ruler, at, side="right") - 1
    low = np.repeat(segments.offsets[:-1], share.size)
    high = np.repeat(segments.offsets[1:] - 2, share.size)
    piece = np.clip(piece, low, high)
    length = np.maximum(ruler[piece + 1] - ruler[piece], 1e-9)
    part = np.clip((at - ruler[piece]) / length, 0.0, 1.0)[:, None]
    along = xy[piece + 1] - xy[piece]
    heading_deg = np.degrees(np.arctan2(along[:, 0], along[:, 1])) % 360.0
    return plane.to_lonlat(xy[piece] + part * along), heading_deg
