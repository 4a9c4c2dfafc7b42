"""Isochrones and service areas: valid polygons whose area is that of the roads reached.

An area is all that lies within `buffer_m` of road reached in time; the last street of a way counts
as far as it is driven. Concave hulls of reached junctions claim 20-50 % more, with parks, railways
and water that nobody reaches. The default of 60 m is what a crew with its equipment walks in about
a minute (1 m/s), and half the depth of a block of 120 m: the doors of a street are inside, the
middle of a park is not.

Distances to the reached road are exact at the nodes of a grid and interpolated between them. The
area is about 1 % above that of exact buffers, most of it the small holes that are filled, at a
hundredth of their time. One grid for the whole city makes areas of growing limits comparable.
`rasterio.features.shapes` on the same grid takes as long for its stairs alone as the whole drawing
takes here, and smoothing them afterwards would part neighbours; see `routing.areas.contour`.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.areas import contour
from routing.areas.distance_field import (
    OUTSIDE,
    DistanceArray,
    Grid,
    fill_pockets,
    paint,
    paint_owners,
)
from routing.areas.entries import NO_OWNER, LegTimes
from routing.roads.model import FloatArray, Segments
from routing.roads.plane import LocalPlane

BUFFER_M = 60.0
CELL_M = 20.0
MIN_HOLE_M2 = 2_500.0

# A border moves by at most this share of a cell when its points are thinned.
_TOLERANCE = 0.25
# All four corners of the square around a reached point must lie inside.
_LARGEST_CELL = 1.5


def reach_polygon(
    segments: Segments,
    times: LegTimes,
    *,
    limit_ms: int,
    plane: LocalPlane,
    buffer_m: float = BUFFER_M,
    cell_m: float = CELL_M,
    min_hole_m2: float = MIN_HOLE_M2,
) -> shapely.MultiPolygon:
    """Draw the area reached within one limit.

    Parameters
    ----------
    segments : Segments
    times : LegTimes
        From `leg_times`, or made by hand; `towards` times give the area from which the place is
        reached.
    limit_ms : int
    plane : LocalPlane
        Centred near the area; distances are measured in it.
    buffer_m : float
        Width of the area on either side of the road.
    cell_m : float
        Distance between grid nodes, at most `buffer_m / 1.5`.
    min_hole_m2 : float
        Smaller holes are filled, counted in whole cells; others stay.

    Returns
    -------
    shapely.MultiPolygon
        Longitude and latitude, valid; empty if no road is reached. Every reached point of road is
        inside; nothing is further than `buffer_m + cell_m` from such a point.

    Raises
    ------
    ValueError
        If a size is not positive or the cells are too large for the buffer.
    AreaTooLargeError
        If the grid would take too much memory.
    """
    return isochrone_bands(
        segments,
        times,
        limits_ms=(limit_ms,),
        plane=plane,
        buffer_m=buffer_m,
        cell_m=cell_m,
        min_hole_m2=min_hole_m2,
    )[0]


def isochrone_bands(
    segments: Segments,
    times: LegTimes,
    *,
    limits_ms: Sequence[int],
    plane: LocalPlane,
    buffer_m: float = BUFFER_M,
    cell_m: float = CELL_M,
    min_hole_m2: float = MIN_HOLE_M2,
    cumulative: bool = True,
) -> list[shapely.MultiPolygon]:
    """Draw the areas of several growing limits from one search.

    Parameters are those of `reach_polygon`. Each area contains the one before it exactly. With
    `cumulative=False` each is only what its limit adds: bands side by side that share borders.

    Raises
    ------
    ValueError
        Also if the limits do not grow.
    AreaTooLargeError
        If the grid would take too much memory.
    """
    _check_sizes(buffer_m, cell_m)
    if not len(limits_ms) or any(b <= a for a, b in pairwise(limits_ms)):
        raise ValueError("Give one limit or several growing ones.")
    pieces_m = [
        times.within(limit_ms).united().pieces(segments, plane)[0] for limit_ms in limits_ms
    ]
    if not pieces_m[-1].size:
        return [shapely.MultiPolygon()] * len(limits_ms)
    margin_m = buffer_m + cell_m
    grid = Grid.around(pieces_m[-1].reshape(-1, 2), margin_m=margin_m, cell_m=cell_m)
    reach = margin_m / cell_m
    distance2 = np.full((len(limits_ms), grid.ny, grid.nx), np.inf, dtype=np.float32)
    band = np.full((grid.ny, grid.nx), OUTSIDE, dtype=np.int32)
    for i in reversed(range(len(limits_ms))):
        paint(_in_cells(pieces_m[i], grid), reach, distance2[i])
        band[distance2[i] <= (buffer_m / cell_m) ** 2] = i
    fill_pockets(band, band, int(min_hole_m2 / cell_m**2))
    lines = contour.trace(band)
    near, far = contour.edge_nodes(lines[0] >> 1, grid.nx)
    # A border belongs to the inner of its two bands: there that band's buffer ends.
    flat = band.ravel()
    inner = np.where(flat[near] < 0, flat[far], flat[near])
    inner = np.where(flat[far] < 0, inner, np.minimum(inner, flat[far]))
    field = distance2.reshape(len(limits_ms), -1)
    share = _level_share(field[inner, near], field[inner, far], buffer_m / cell_m)
    region, polygon = contour.polygons(
        band, share, lines=lines, tolerance=_TOLERANCE, to_lonlat=_to_lonlat(grid, plane)
    )
    bands = [_multi(polygon[region == i]) for i in range(len(limits_ms))]
    if not cumulative:
        return bands
    areas = bands[:1]
    for added in bands[1:]:
        whole = shapely.coverage_union_all([areas[-1], added])
        areas.append(_multi(shapely.get_parts(whole)))
    return areas


def service_areas(
    segments: Segments,
    times: LegTimes,
    *,
    limit_ms: int,
    plane: LocalPlane,
    buffer_m: float = BUFFER_M,
    cell_m: float = CELL_M,
    min_hole_m2: float = MIN_HOLE_M2,
) -> dict[int, shapely.MultiPolygon]:
    """Divide the area reached within a limit among the places that reach it first.

    Parameters are those of `reach_polygon`; `times` must name owners (`leg_times` with
    `state_point`).

    Returns
    -------
    dict of int to shapely.MultiPolygon
        By owner. Areas do not overlap, leave no gap between neighbours, and together are the area
        of `reach_polygon`. A place elsewhere than the nearest road piece belongs to that piece's
        owner; a street driven from both ends is divided where both arrive at the same time.

    Raises
    ------
    ValueError
        If a size is not positive, the cells are too large, or reached legs have no owner.
    AreaTooLargeError
        If the grid would take too much memory.
    """
    _check_sizes(buffer_m, cell_m)
    stretches = times.within(limit_ms)
    if (stretches.owner == NO_OWNER).any():
        raise ValueError("Service areas need times with owners: search with 'state_point'.")
    pieces_m, time_ms, stretch = stretches.pieces(segments, plane)
    if not pieces_m.size:
        return {}
    margin_m = buffer_m + cell_m
    grid = Grid.around(pieces_m.reshape(-1, 2), margin_m=margin_m, cell_m=cell_m)
    distance2 = np.full((grid.ny, grid.nx), np.inf, dtype=np.float32)
    node_ms = np.full((grid.ny, grid.nx), np.inf, dtype=np.float32)
    node_owner = np.full((grid.ny, grid.nx), NO_OWNER, dtype=np.int32)
    paint_owners(
        _in_cells(pieces_m, grid), time_ms, stretches.owner[stretch], margin_m / cell_m,
        distance2, node_ms, node_owner,
    )  # fmt: skip
    level = buffer_m / cell_m
    label = np.where(distance2 <= level**2, node_owner, np.int32(OUTSIDE))
    fill_pockets(label, node_owner, int(min_hole_m2 / cell_m**2))
    lines = contour.trace(label)
    near, far = contour.edge_nodes(lines[0] >> 1, grid.nx)
    flat, field = label.ravel(), distance2.ravel()
    both = (flat[near] >= 0) & (flat[far] >= 0)
    share = np.where(
        both,
        _middle_share(field[near], field[far]),
        _level_share(field[near], field[far], level),
    )
    region, polygon = contour.polygons(
        label, share, lines=lines, tolerance=_TOLERANCE, to_lonlat=_to_lonlat(grid, plane)
    )
    return {int(owner): _multi(polygon[region == owner]) for owner in np.unique(region)}


def _check_sizes(buffer_m: float, cell_m: float) -> None:
    if not (0 < cell_m * _LARGEST_CELL <= buffer_m < np.inf):
        msg = (
            f"Cells of {cell_m} m do not suit a buffer of {buffer_m} m: take cells of at most "
            f"the buffer divided by {_LARGEST_CELL}."
        )
        raise ValueError(msg)


def _in_cells(pieces_m: FloatArray, grid: Grid) -> FloatArray:
    return grid.to_cells(pieces_m.reshape(-1, 2)).reshape(-1, 4)


def _level_share(near2: DistanceArray, far2: DistanceArray, level: float) -> FloatArray:
    """Where between two nodes the distance (given squared) passes `level`."""
    near, far = np.sqrt(near2.astype(np.float64)), np.sqrt(far2.astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.nan_to_num((level - near) / (far - near), nan=0.5, posinf=0.5, neginf=0.5)
    return np.asarray(np.clip(share, 2 * contour.NODE_GAP, 1.0 - 2 * contour.NODE_GAP))


def _middle_share(near2: DistanceArray, far2: DistanceArray) -> FloatArray:
    """Where between two nodes of different owner both owners' roads are equally far.

    Each distance grows by one per cell on the way to the other's road.
    """
    near, far = np.sqrt(near2.astype(np.float64)), np.sqrt(far2.astype(np.float64))
    with np.errstate(invalid="ignore"):
        share = np.nan_to_num(0.5 + (far - near) / 2.0, nan=0.5, posinf=0.5, neginf=0.5)
    return np.asarray(np.clip(share, 2 * contour.NODE_GAP, 1.0 - 2 * contour.NODE_GAP))


def _to_lonlat(grid: Grid, plane: LocalPlane) -> tuple[FloatArray, FloatArray]:
    origin: FloatArray = plane.to_lonlat(grid.origin_m()[None])[0]
    return origin, grid.cell_m / np.array((plane.m_per_deg_lon, plane.m_per_deg_lat))


def _multi(parts: NDArray[np.object_]) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(list(parts))
