"""A grid over the lines of a city, for finding the nearest; one serves all profiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from routing.roads.model import FloatArray, IndexArray, Segments, freeze
from routing.roads.plane import LocalPlane
from routing.snap.kernels import Grid, list_pieces

CELL_M = 80.0
_MAX_CELLS = 4_000_000
_ARRAYS = ("cell_start", "piece", "owner", "frame")


@dataclass(frozen=True, slots=True, eq=False)
class SnapIndex:
    """Line pieces by square cell, row by row from the south-west; arrays may be memory maps.

    cell_start : (columns * rows + 1,) int32 rows of `piece` and `owner`
    piece : (m,) int32 row of `Segments.coords` at which the piece starts
    owner : (m,) int32 row in `Segments`
    frame : (9,) float64 centre longitude and latitude, metres per degree east and north, west and
    south border of the grid in metres of the plane, cell size in metres, columns, rows
    """

    cell_start: IndexArray
    piece: IndexArray
    owner: IndexArray
    frame: FloatArray

    @property
    def plane(self) -> LocalPlane:
        """The plane in which distances are measured."""
        return LocalPlane(*self.frame[:4].tolist())

    def grid(self) -> Grid:
        """Return what the kernels take."""
        columns, rows = self.frame[7:].astype(np.int64).tolist()
        return self.cell_start, self.piece, self.owner, self.frame, columns, rows

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name, to be stored."""
        return {name: getattr(self, name) for name in _ARRAYS}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Invert `to_arrays`."""
        return cls(**{name: arrays[name] for name in _ARRAYS})


def build_snap_index(segments: Segments, *, cell_m: float = CELL_M) -> SnapIndex:
    """Sort the line pieces of all segments into cells of `cell_m`, or larger over a vast area."""
    plane = LocalPlane.around(segments.coords)
    low = plane.to_xy(segments.coords.min(axis=0))
    span = plane.to_xy(segments.coords.max(axis=0)) - low
    cell_m = max(cell_m, float(np.sqrt(np.prod(np.maximum(span, cell_m)) / _MAX_CELLS)))
    columns, rows = (np.floor(span / cell_m).astype(np.int64) + 1).tolist()
    centre = (plane.lon, plane.lat, plane.m_per_deg_lon, plane.m_per_deg_lat)
    frame = np.array((*centre, *low, cell_m, columns, rows), dtype=np.float64)
    lines = (segments.coords, segments.offsets)
    counts = np.zeros(columns * rows, dtype=np.int64)
    nothing = np.empty(0, dtype=np.int32)
    list_pieces(lines, frame, (columns, rows), counts, (nothing, nothing))
    start = np.concatenate(([0], np.cumsum(counts)))
    piece, owner = np.empty((2, start[-1]), dtype=np.int32)
    list_pieces(lines, frame, (columns, rows), start[:-1].copy(), (piece, owner))
    return SnapIndex(
        cell_start=freeze(start.astype(np.int32)),
        piece=freeze(piece),
        owner=freeze(owner),
        frame=freeze(frame),
    )
