"""Points within cells: a cell that is wider than the circle is not reached whole, or not at all."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from routing.roads.plane import LocalPlane

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.int64]

SPACING_M = 150.0
MOST_A_SIDE = 8


def spread_points(
    shapes: Sequence[bytes], lonlat: FloatArray, *, spacing_m: float = SPACING_M
) -> tuple[FloatArray, IndexArray]:
    """Return points (p, 2) spread evenly over n cells, and the cell of each (p,).

    shapes : (n,) WKB; lonlat : (n, 2) the point of each cell, which stands alone for a cell no
    wider than `spacing_m`, or of a shape that no point of the grid falls into. At most
    `MOST_A_SIDE` points a side.
    """
    outlines: Any = shapely.from_wkb(np.array(shapes, object))
    plane = LocalPlane.around(lonlat)
    west, south, east, north = shapely.bounds(outlines).T
    low = plane.to_xy(np.column_stack([west, south]))
    size = plane.to_xy(np.column_stack([east, north])) - low
    sides = np.clip(np.ceil(size / spacing_m), 1, MOST_A_SIDE).astype(np.int64)
    found, owner = [lonlat[:0]], [np.zeros(0, np.int64)]
    for columns, rows in np.unique(sides, axis=0).tolist():
        mine = np.flatnonzero((sides == (columns, rows)).all(axis=1))
        if columns * rows == 1:
            found.append(lonlat[mine])
            owner.append(mine)
            continue
        x, y = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
        share = np.column_stack([x.ravel(), y.ravel()])
        points = plane.to_lonlat(
            (low[mine, None] + share[None] * size[mine, None]).reshape(-1, 2)
        )  # fmt: skip
        whose = np.repeat(mine, len(share))
        inside = shapely.contains_xy(outlines[whose], points[:, 0], points[:, 1])
        none = np.setdiff1d(mine, whose[inside])
        found += [points[inside], lonlat[none]]
        owner += [whose[inside], none]
    order = np.argsort(np.concatenate(owner), kind="stable")
    return np.concatenate(found)[order], np.concatenate(owner)[order]


def shared_out(
    people: FloatArray, owner: IndexArray, usable: npt.NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """Return the people at each point (p,), and those of cells without any usable point (n,).

    people : (n,) of the cells; a cell's are spread evenly over its `usable` points (p,).
    """
    count = np.bincount(owner[usable], minlength=len(people))
    at_point = np.where(usable, people[owner] / np.maximum(count, 1)[owner], 0.0)
    return at_point, np.where(count == 0, people, 0.0)
