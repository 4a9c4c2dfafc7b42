"""The two directed edges of each two-way street, found by their ends, way and line."""

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.roads.model import BoolArray, IdArray


def opposite_edges(
    ends: IdArray, way: IdArray, backward: BoolArray, geometry: NDArray[np.object_]
) -> tuple[IdArray, IdArray]:
    """Match the edges of opposite direction on one line.

    Parameters
    ----------
    ends : (n, 2) int64 numbers of the nodes that each edge leaves and enters
    way : (n,) int64 number of the way or set of ways it belongs to
    backward : (n,) bool, marked `reversed`; the other edge gives the street its direction
    geometry : (n,) object of shapely.LineString in the direction of travel

    Returns
    -------
    along, against : (k,) int64 rows; `against` is -1 where there is none
    """
    shape, turned, even = _shapes(geometry)
    turned |= even & backward
    ends = ends.copy()
    ends[turned] = ends[turned, ::-1]
    order = np.lexsort((turned, shape, way, ends[:, 1], ends[:, 0]))
    street = np.column_stack((ends, way, shape))[order]
    new_street = np.append(True, (street[1:] != street[:-1]).any(axis=1))
    # Several edges of one direction on one line: the first pairs with the first against it.
    new_run = new_street | np.append(True, np.diff(turned[order].astype(np.int8)) != 0)
    first_of_run = np.flatnonzero(new_run)[np.cumsum(new_run) - 1]
    place_in_run = np.arange(order.size) - first_of_run
    pairing = np.lexsort((turned[order], place_in_run, np.cumsum(new_street)))
    row = order[pairing]
    group, nth = np.cumsum(new_street)[pairing], place_in_run[pairing]
    paired = np.flatnonzero((np.diff(group) == 0) & (np.diff(nth) == 0))
    mate = np.full(row.size, -1, dtype=np.int64)
    mate[paired] = row[paired + 1]
    is_mate = np.zeros(row.size, dtype=np.bool_)
    is_mate[paired + 1] = True
    along, against = row[~is_mate], mate[~is_mate]
    swap = (against >= 0) & backward[along]
    along, against = np.where(swap, against, along), np.where(swap, along, against)
    by_row = np.argsort(along)
    return along[by_row], against[by_row]


def _shapes(geometry: NDArray[np.object_]) -> tuple[IdArray, BoolArray, BoolArray]:
    """Number of each line that is the same in both directions, whether it runs from its greater
    end to its lesser, and whether it cannot be told.
    """
    coords, line = shapely.get_coordinates(geometry, return_index=True)
    cell = np.rint(coords * 1e9).astype(np.int64)
    first = np.searchsorted(line, np.arange(geometry.size))
    last = np.append(first[1:], line.size) - 1
    # Multiplicative hashing by large odd numbers, summed so that order does not count.
    mixed = cell[:, 0].view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= cell[:, 1].view(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    shape = np.add.reduceat(mixed, first).view(np.int64)
    turned = np.zeros(geometry.size, dtype=np.bool_)
    even = np.ones(geometry.size, dtype=np.bool_)
    for step in (0, 1):
        one, other = cell[np.minimum(first + step, last)], cell[np.maximum(last - step, first)]
        for axis in (0, 1):
            turned |= even & (one[:, axis] > other[:, axis])
            even &= one[:, axis] == other[:, axis]
    return shape, turned, even
