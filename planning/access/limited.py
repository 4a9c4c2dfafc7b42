"""What remains of times by road within some outlines: cells, and the targets they need."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from planning.access.model import Access, Cells, Times
from routing.roads.model import BoolArray, FloatArray, IndexArray


def within_outlines(found: Access, shapes: Sequence[bytes]) -> Access:
    """Return `found` for the cells whose point lies in one of `shapes` (WKB).

    A target remains if it lies there or is the nearest of such a cell, now or with roads open.
    """
    outlines = [shapely.from_wkb(shape) for shape in shapes]
    asked = found.question
    rows = np.flatnonzero(_covered(outlines, found.cells.lonlat)).astype(np.int32)
    targets = np.array([(one.lon, one.lat) for one in asked.places], np.float64).reshape(-1, 2)
    kept = _covered(outlines, targets)
    for times in (found.now, found.open_roads):
        near = times.nearest[rows]
        kept[near[near >= 0]] = True
    new_row = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    now = _times(found.now, rows, new_row)
    is_same = found.open_roads is found.now
    unsaid = np.array(asked.unknown, np.float64).reshape(-1, 2)
    return replace(
        found,
        question=replace(
            asked,
            places=tuple(one for one, stays in zip(asked.places, kept, strict=True) if stays),
            unknown=tuple(
                one for one, stays in zip(asked.unknown, _covered(outlines, unsaid), strict=True)
                if stays
            ),
        ),
        cells=_cells(found.cells, rows),
        now=now,
        open_roads=now if is_same else _times(found.open_roads, rows, new_row),
        off_road=found.off_road[kept],
        limited=True,
    )  # fmt: skip


def _covered(outlines: Sequence[shapely.Geometry], lonlat: FloatArray) -> BoolArray:
    """Return for (n, 2) points whether one of the outlines covers each."""
    inside = np.zeros(len(lonlat), np.bool_)
    points: Any = shapely.points(lonlat)
    for outline in outlines:
        shapely.prepare(outline)
        inside |= shapely.covers(outline, points)
    return inside


def _cells(cells: Cells, rows: IndexArray) -> Cells:
    chosen = rows.tolist()
    return replace(
        cells,
        cell=[cells.cell[row] for row in chosen],
        lonlat=cells.lonlat[rows],
        people=cells.people[rows],
        modelled=[cells.modelled[row] for row in chosen],
        district=cells.district[rows],
        shapes=[cells.shapes[row] for row in chosen],
    )


def _times(times: Times, rows: IndexArray, new_row: IndexArray) -> Times:
    near = times.nearest[rows]
    return Times(
        times.seconds[rows],
        times.standing[rows],
        np.where(near >= 0, new_row[near], near).astype(np.int32) if len(new_row) else near,
    )
