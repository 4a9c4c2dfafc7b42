"""Compiled search for the nearest roads in a grid of line pieces.

A piece is the straight line between two vertices of a polyline, named by the row of the first. It
is listed in every cell that it touches, so that all pieces nearer than d lie in the cells nearer
than d. Cells are visited in square rings outward from the point until the next ring cannot hold
anything nearer than what is found.
"""

from typing import TypeAlias

import numpy as np

from routing.engine.compiled import compiled
from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray

Grid: TypeAlias = tuple[IndexArray, IndexArray, IndexArray, FloatArray, int, int]
"""cell_start, piece, owner, frame, number of columns and rows; see `SnapIndex`."""
Lines: TypeAlias = tuple[FloatArray, IdArray]
"""coords (m, 2) degrees and offsets (n + 1,) of `Segments`."""
Found: TypeAlias = tuple[IndexArray, IndexArray, FloatArray, FloatArray, FloatArray, BoolArray]
"""start, segment, fraction, candidate_distance_m, snapped, open_legs of `SnapResult`."""
PerPoint: TypeAlias = tuple[FloatArray, BoolArray]
"""distance_m, heading_ignored of `SnapResult`."""

MIN_HEADING_COSINE = float(np.cos(np.radians(70.0)))
"""A crossing street stays closed although a compass of a moving unit may be 15-20 degrees off."""

HEADING_REACH_M = 50.0
"""A heading may prefer a road this much farther than the nearest one: parallel carriageways lie
within it, but the heading of a unit in a yard says nothing about a road 250 m away."""


@compiled
def _touches(  # noqa: PLR0917 - compiled code takes no keywords
    x0: float, y0: float, x1: float, y1: float, left: float, bottom: float, size: float
) -> bool:
    """Whether a line whose box overlaps the square crosses it: its corners on both sides of it."""
    dx, dy = x1 - x0, y1 - y0
    a = dx * (bottom - y0) - dy * (left - x0)
    b = a + dx * size
    c = a - dy * size
    d = b - dy * size
    slack = 1e-6 * (abs(dx) + abs(dy)) * size
    return min(a, b, c, d) <= slack and max(a, b, c, d) >= -slack


@compiled
def list_pieces(
    lines: Lines,
    frame: FloatArray,
    shape: tuple[int, int],
    counts: IdArray,
    out: tuple[IndexArray, IndexArray],
) -> None:
    """Count the pieces of each cell, or write them if `out` (piece, owner) has room.

    counts : (cells,) int64, per cell raised by its number of pieces; when writing it holds the
    first free row of each cell and ends as the first row of the next
    """
    coords, offsets = lines
    columns, rows = shape
    writing = out[0].size > 0
    cell_m = frame[6]
    for segment in range(offsets.size - 1):
        for row in range(offsets[segment], offsets[segment + 1] - 1):
            x0 = (coords[row, 0] - frame[0]) * frame[2] - frame[4]
            y0 = (coords[row, 1] - frame[1]) * frame[3] - frame[5]
            x1 = (coords[row + 1, 0] - frame[0]) * frame[2] - frame[4]
            y1 = (coords[row + 1, 1] - frame[1]) * frame[3] - frame[5]
            first_column = max(int(min(x0, x1) / cell_m), 0)
            last_column = min(int(max(x0, x1) / cell_m), columns - 1)
            first_row = max(int(min(y0, y1) / cell_m), 0)
            last_row = min(int(max(y0, y1) / cell_m), rows - 1)
            for j in range(first_row, last_row + 1):
                for i in range(first_column, last_column + 1):
                    if _touches(x0, y0, x1, y1, i * cell_m, j * cell_m, cell_m):
                        cell = j * columns + i
                        if writing:
                            out[0][counts[cell]] = row
                            out[1][counts[cell]] = segment
                        counts[cell] += 1


@compiled
def _measure(
    coords: FloatArray, frame: FloatArray, row: int, x: float, y: float
) -> tuple[float, float, float, float]:
    """Squared distance to a piece, the share of it behind the nearest point, its direction."""
    x0 = (coords[row, 0] - frame[0]) * frame[2] - frame[4]
    y0 = (coords[row, 1] - frame[1]) * frame[3] - frame[5]
    dx = (coords[row + 1, 0] - coords[row, 0]) * frame[2]
    dy = (coords[row + 1, 1] - coords[row, 1]) * frame[3]
    square = dx * dx + dy * dy
    share = 0.0
    if square > 0.0:
        share = min(max(((x - x0) * dx + (y - y0) * dy) / square, 0.0), 1.0)
    off_x, off_y = x - x0 - share * dx, y - y0 - share * dy
    return off_x * off_x + off_y * off_y, share, dx, dy


@compiled
def _open_bits(
    usable: BoolArray, segment: int, dx: float, dy: float, heading: tuple[bool, float, float]
) -> int:
    """1 if the piece may be driven along its geometry, 2 against it, 3 both, 0 neither."""
    bits = (1 if usable[2 * segment] else 0) | (2 if usable[2 * segment + 1] else 0)
    known, east, north = heading
    if known and bits:
        along = dx * east + dy * north
        least = MIN_HEADING_COSINE * np.sqrt(dx * dx + dy * dy)
        if along < least:
            bits &= 2
        if -along < least:
            bits &= 1
    return bits


@compiled
def _outside(at: float, cell: int, cell_m: float) -> float:
    """Distance along one axis from `at` to the band of cells `cell`."""
    return max(cell * cell_m - at, at - (cell + 1) * cell_m, 0.0)


@compiled
def _nearest_square(  # noqa: PLR0917 - compiled code takes no keywords
    grid: Grid,
    coords: FloatArray,
    usable: BoolArray,
    x: float,
    y: float,
    heading: tuple[bool, float, float],
    limit: float,
) -> float:
    """Squared distance to the nearest usable piece, `limit` (squared) if none is nearer."""
    cell_start, piece, owner, frame, columns, rows = grid
    cell_m = frame[6]
    column, row = int(np.floor(x / cell_m)), int(np.floor(y / cell_m))
    ring = max(0, -column, column - columns + 1, -row, row - rows + 1)
    # Nothing outside rings 0..ring is nearer than ring cells and the way to the own cell's border.
    margin = min(x - column * cell_m, (column + 1) * cell_m - x)
    margin = min(margin, y - row * cell_m, (row + 1) * cell_m - y)
    last_ring = max(column, columns - 1 - column, row, rows - 1 - row)
    best = limit
    while ring <= last_ring:
        covered = max((ring - 1) * cell_m + margin, 0.0)
        if ring > 0 and covered * covered >= best:
            break
        for j in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            edge = abs(j - row) == ring
            step = 1 if edge or ring == 0 else 2 * ring
            off_y = _outside(y, j, cell_m)
            i = column - ring
            if edge and i < 0:
                i = 0
            while i <= column + ring:
                if edge and i >= columns:
                    break
                if 0 <= i < columns:
                    off_x = _outside(x, i, cell_m)
                    if off_x * off_x + off_y * off_y < best:
                        cell = j * columns + i
                        for k in range(cell_start[cell], cell_start[cell + 1]):
                            square, _, dx, dy = _measure(coords, frame, piece[k], x, y)
                            if square < best and _open_bits(usable, owner[k], dx, dy, heading):
                                best = square
                i += step
        ring += 1
    return best


@compiled
def _fraction(lines: Lines, frame: FloatArray, segment: int, place: tuple[int, float]) -> float:
    """Share of the segment's metres before a place, given as a piece and the share of that."""
    coords, offsets = lines
    before, total = 0.0, 0.0
    for row in range(offsets[segment], offsets[segment + 1] - 1):
        dx = (coords[row + 1, 0] - coords[row, 0]) * frame[2]
        dy = (coords[row + 1, 1] - coords[row, 1]) * frame[3]
        length = np.sqrt(dx * dx + dy * dy)
        if row == place[0]:
            before = total + place[1] * length
        total += length
    return min(before / total, 1.0) if total > 0.0 else 0.0


@compiled
def _collect(  # noqa: C901, PLR0917 - compiled code takes no keywords
    grid: Grid,
    lines: Lines,
    usable: BoolArray,
    x: float,
    y: float,
    heading: tuple[bool, float, float],
    reach_m: float,
    found: Found,
    first: int,
) -> int:
    """Write all segments within `reach_m`, nearest first; returns the row behind the last.

    -1 if they do not fit.
    """
    cell_start, piece, owner, frame, columns, rows = grid
    _, segment, fraction, distance, snapped, open_legs = found
    coords = lines[0]
    cell_m = frame[6]
    end = first
    low_column = max(int(np.floor((x - reach_m) / cell_m)), 0)
    high_column = min(int(np.floor((x + reach_m) / cell_m)), columns - 1)
    low_row = max(int(np.floor((y - reach_m) / cell_m)), 0)
    high_row = min(int(np.floor((y + reach_m) / cell_m)), rows - 1)
    for j in range(low_row, high_row + 1):
        off_y = _outside(y, j, cell_m)
        for i in range(low_column, high_column + 1):
            off_x = _outside(x, i, cell_m)
            if off_x * off_x + off_y * off_y > reach_m * reach_m:
                continue
            cell = j * columns + i
            for k in range(cell_start[cell], cell_start[cell + 1]):
                square, share, dx, dy = _measure(coords, frame, piece[k], x, y)
                if square > reach_m * reach_m:
                    continue
                bits = _open_bits(usable, owner[k], dx, dy, heading)
                if bits == 0:
                    continue
                at = first
                while at < end and segment[at] != owner[k]:
                    at += 1
                new = at == end
                if new:
                    if end == segment.size:
                        return -1
                    end += 1
                    segment[at] = owner[k]
                    open_legs[at, 0] = open_legs[at, 1] = False
                open_legs[at, 0] |= (bits & 1) != 0
                open_legs[at, 1] |= (bits & 2) != 0
                away = np.sqrt(square)
                if new or away < distance[at]:
                    distance[at] = away
                    fraction[at] = share
                    # The piece is remembered here until its share is made one of the segment.
                    snapped[at, 0] = piece[k]
    for at in range(first, end):
        row, share = int(snapped[at, 0]), fraction[at]
        fraction[at] = _fraction(lines, frame, segment[at], (row, share))
        for axis in range(2):
            snapped[at, axis] = coords[row, axis] + share * (
                coords[row + 1, axis] - coords[row, axis]
            )
    _sort(found, first, end)
    return end


@compiled
def _sort(found: Found, first: int, end: int) -> None:
    """Order rows by distance, equal ones by segment."""
    _, segment, fraction, distance, snapped, open_legs = found
    for i in range(first + 1, end):
        at = i
        while at > first and (
            distance[at] < distance[at - 1]
            or (distance[at] == distance[at - 1] and segment[at] < segment[at - 1])
        ):
            segment[at], segment[at - 1] = segment[at - 1], segment[at]
            fraction[at], fraction[at - 1] = fraction[at - 1], fraction[at]
            distance[at], distance[at - 1] = distance[at - 1], distance[at]
            for axis in range(2):
                left, right = snapped[at - 1, axis], snapped[at, axis]
                snapped[at - 1, axis], snapped[at, axis] = right, left
                was, now = open_legs[at - 1, axis], open_legs[at, axis]
                open_legs[at - 1, axis], open_legs[at, axis] = now, was
            at -= 1


@compiled
def snap_points(  # noqa: PLR0917 - compiled code takes no keywords
    grid: Grid,
    lines: Lines,
    usable: BoolArray,
    points: FloatArray,
    headings_deg: FloatArray,
    limits: tuple[float, float],
    per_point: PerPoint,
    found: Found,
) -> int:
    """Snap points in order; returns the row of the first that did not fit or is no place, or k.

    headings_deg : (k,), or (0,) where none is known; limits : max_distance_m, slack_m
    per_point, found : outputs, `start` of `found` to be handed over with a 0 in front
    """
    frame = grid[3]
    distance_m, heading_ignored = per_point
    start = found[0]
    max_m, slack_m = limits
    nowhere = (False, 0.0, 0.0)
    for i in range(points.shape[0]):
        lon, lat = points[i, 0], points[i, 1]
        if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
            return i
        x = (lon - frame[0]) * frame[2] - frame[4]
        y = (lat - frame[1]) * frame[3] - frame[5]
        nearest_m = np.sqrt(_nearest_square(grid, lines[0], usable, x, y, nowhere, np.inf))
        distance_m[i] = nearest_m
        heading_ignored[i] = False
        start[i + 1] = start[i]
        if nearest_m > max_m:
            continue
        heading = nowhere
        if headings_deg.size and not np.isnan(headings_deg[i]):
            angle = np.radians(headings_deg[i])
            heading = (True, np.sin(angle), np.cos(angle))
            reach_m = min(nearest_m + HEADING_REACH_M, max_m)
            limit = reach_m * reach_m * (1.0 + 1e-12) + 1e-12
            square = _nearest_square(grid, lines[0], usable, x, y, heading, limit)
            if square < limit:
                nearest_m = np.sqrt(square)
                distance_m[i] = nearest_m
            else:
                heading = nowhere
                heading_ignored[i] = True
        reach_m = nearest_m + slack_m
        reach_m = max(min(reach_m, max_m), nearest_m) * (1.0 + 1e-12) + 1e-9
        end = _collect(grid, lines, usable, x, y, heading, reach_m, found, start[i])
        if end < 0:
            return i
        start[i + 1] = end
    return int(points.shape[0])
