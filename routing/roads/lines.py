"""Polylines of many legs laid in a row, each in its direction of travel."""

from dataclasses import dataclass

import numpy as np

from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray, Segments
from routing.roads.plane import LocalPlane


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Vertices of several lines in a row: line number, degrees, metres, share of the length."""

    row: IdArray
    lonlat: FloatArray
    xy: FloatArray
    measure: FloatArray

    def at(self, row: int, share: float) -> FloatArray:
        """Point (1, 2) at `share` of one line's length."""
        own = self.row == row
        lon, lat = self.lonlat[own].T
        measure = self.measure[own]
        return np.array([[np.interp(share, measure, lon), np.interp(share, measure, lat)]])

    def heading_deg(self, row: int, share: float, *, arriving: bool) -> float:
        """Bearing of one line at `share` of its length, at a vertex of the piece before or after.

        0 for a line without any length.
        """
        own = self.row == row
        east_m, north_m = np.diff(self.xy[own], axis=0).T
        pieces = np.flatnonzero(np.hypot(east_m, north_m) > 0.0)
        if not pieces.size:
            return 0.0
        begins = self.measure[own][pieces]
        behind = np.searchsorted(begins, share, side="left" if arriving else "right")
        piece = pieces[max(int(behind) - 1, 0)]
        return float(np.degrees(np.arctan2(east_m[piece], north_m[piece])) % 360.0)

    def bearings_deg(self, n: int) -> tuple[FloatArray, FloatArray]:
        """Bearings of the first and the last piece with a length of each of `n` lines."""
        east_m, north_m = np.diff(self.xy, axis=0).T
        pieces = np.flatnonzero((np.diff(self.row) == 0) & (np.hypot(east_m, north_m) > 0.0))
        bearing_deg = np.degrees(np.arctan2(east_m[pieces], north_m[pieces])) % 360.0
        first, last = np.zeros(n), np.zeros(n)
        last[self.row[pieces]] = bearing_deg
        first[self.row[pieces[::-1]]] = bearing_deg[::-1]
        return first, last


def lay_lines(
    segments: Segments, segment: IndexArray, *, forward: BoolArray, plane: LocalPlane
) -> Lines:
    """Lay the polylines of `segment` in a row, each in its direction of travel."""
    first, stop = segments.offsets[segment], segments.offsets[segment + 1]
    size = stop - first
    row = np.repeat(np.arange(segment.size), size)
    starts = np.cumsum(size) - size
    place = np.arange(row.size) - starts[row]
    lonlat = segments.coords[np.where(forward[row], first[row] + place, stop[row] - 1 - place)]
    xy = plane.to_xy(lonlat)
    along_m = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    length_m = along_m[starts + size - 1] - along_m[starts]
    measure = (along_m - along_m[starts][row]) / np.where(length_m > 0, length_m, 1.0)[row]
    measure = np.where((length_m > 0)[row], measure, place / (size - 1)[row])
    return Lines(row, lonlat, xy, measure)
