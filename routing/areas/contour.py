"""From labels on the nodes of a square grid to polygons: marching squares with shared borders.

Neighbours of different label are parted by one crossing on the grid edge between them; inside a
square the crossings are joined by straight lines, over its middle where three or more labels meet.
Every border is traced once for the region on either side from the same points, so regions neither
overlap nor leave gaps. Simplification moves a border by at most `tolerance` and never over a grid
node: each crossing that is dropped is still crossed, on the same grid edge and in the same order.
Hence no ring can cut itself or another, and every polygon is valid without repair.

Source: Lorensen & Cline, SIGGRAPH 1987 (marching cubes), in the plane; Douglas & Peucker,
Cartographica 1973, with the constraint above.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.engine.compiled import compiled
from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray

# Crossings keep this share of a grid edge away from its nodes, so that no two of them coincide.
NODE_GAP = 1e-3


def trace(label: IndexArray) -> tuple[IdArray, IdArray, IdArray]:
    """List the lines of all borders, each with its region on the left.

    Parameters
    ----------
    label : (ny, nx) int32
        Region of each node, `OUTSIDE` for none; the outermost nodes must be outside.

    Returns
    -------
    start, end : (h,) int64 sorted by start
        Crossings, as `2 * edge + side`: `edge = 2 * node + (0 eastward, 1 northward)`, side 1 if
        the region lies at the far end of the edge. Each is the start of one line and end of one.
    middle : (h,) int64
        Square (node of its lower left corner) over whose middle the line leads, -1 = straight.
    """
    size = 4 * int(_count_mixed(label))
    start, end, middle = (np.empty(size, dtype=np.int64) for _ in range(3))
    used = _emit(label, start, end, middle)
    order = np.argsort(start[:used])
    return start[:used][order], end[:used][order], middle[:used][order]


@compiled
def _count_mixed(label: IndexArray) -> int:
    count = 0
    for y in range(label.shape[0] - 1):
        for x in range(label.shape[1] - 1):
            first = label[y, x]
            if label[y, x + 1] != first or label[y + 1, x] != first or label[y + 1, x + 1] != first:
                count += 1
    return count


@compiled
def _emit(label: IndexArray, start: IdArray, end: IdArray, middle: IdArray) -> int:
    ny, nx = label.shape
    corner = np.empty(4, np.int64)
    edge = np.empty(4, np.int64)
    side = np.array([1, 1, 0, 0])
    used = 0
    for y in range(ny - 1):
        for x in range(nx - 1):
            corner[0], corner[1] = label[y, x], label[y, x + 1]
            corner[2], corner[3] = label[y + 1, x + 1], label[y + 1, x]
            crossings = 0
            for i in range(4):
                crossings += corner[i] != corner[(i + 1) % 4]
            if crossings == 0:
                continue
            node = y * nx + x
            edge[0], edge[1] = 2 * node, 2 * (node + 1) + 1
            edge[2], edge[3] = 2 * (node + nx), 2 * node + 1
            # Side of corner i on the edge behind it (i) and on the edge before it (i - 1).
            cut = _parted_pair(corner) if crossings == 4 else -1
            for i in range(4):
                behind, before = i, (i + 3) % 4
                if corner[i] == corner[(i + 1) % 4] or (cut >= 0 and i % 2 != cut):
                    continue
                first = i
                while corner[(first + 3) % 4] == corner[i]:
                    first = (first + 3) % 4
                    before = (first + 3) % 4
                over = node if crossings > 2 and cut < 0 else -1
                if corner[i] >= 0:
                    start[used] = 2 * edge[behind] + (1 - side[behind])
                    end[used] = 2 * edge[before] + side[before]
                    middle[used] = over
                    used += 1
                other = corner[(i + 1) % 4]
                if cut >= 0 and other >= 0:
                    start[used] = 2 * edge[before] + (1 - side[before])
                    end[used] = 2 * edge[behind] + side[behind]
                    middle[used] = -1
                    used += 1
    return used


@compiled
def _parted_pair(corner: IdArray) -> int:
    """Of four corners alternating in label: 0 or 1 for the diagonal cut off, -1 for all meeting."""
    even, odd = corner[0] == corner[2], corner[1] == corner[3]
    if even and odd:
        return 0 if corner[0] > corner[1] else 1
    if even:
        return 1
    return 0 if odd else -1


def polygons(
    label: IndexArray,
    crossing_share: FloatArray,
    *,
    lines: tuple[IdArray, IdArray, IdArray],
    tolerance: float,
    to_lonlat: tuple[FloatArray, FloatArray],
) -> tuple[IndexArray, NDArray[np.object_]]:
    """Join the lines of `trace` to simplified polygons with their holes.

    Parameters
    ----------
    label : (ny, nx) int32
    crossing_share : (h,) float64
        Where each line starts on its grid edge, 0..1 from the edge's own node; equal for both
        sides of a crossing.
    lines : tuple
        As `trace` returned it.
    tolerance : float
        How far a border may move, in cells.
    to_lonlat : tuple of (2,) float64
        Origin and degrees per cell.

    Returns
    -------
    region : (p,) int32 label of each polygon; polygon : (p,) object of shapely.Polygon
    """
    start, end, _ = lines
    if not start.size:
        return np.empty(0, np.int32), np.empty(0, object)
    nx = label.shape[1]
    xy = _crossing_places(start, crossing_share, nx)
    following = np.searchsorted(start, end)
    ring_of, ring_start, order = _rings(following)
    points, point_id, offsets = _ring_points(label, lines, xy, ring_start, order)
    kept = np.zeros(point_id.size, dtype=np.bool_)
    _simplify_rings(points, point_id, offsets, nx, tolerance, kept)
    region = _regions(label, start)
    signed_area = _signed_areas(points, offsets)
    is_hole = signed_area < 0
    shell = _shells(start, region, ring_of, order[ring_start[:-1]], is_hole)
    ring = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
    origin, scale = to_lonlat
    rings = np.asarray(shapely.linearrings(points[kept] * scale + origin, indices=ring[kept]))
    shells, holes = np.flatnonzero(~is_hole), np.flatnonzero(is_hole)
    rank = np.cumsum(~is_hole) - 1
    by_shell = holes[np.argsort(shell[holes], kind="stable")]
    made = np.asarray(shapely.polygons(rings[shells]))
    parents = rank[shell[by_shell]]
    for index in np.unique(parents):
        made[index] = shapely.polygons(rings[shells[index]], rings[by_shell[parents == index]])
    return region[order[ring_start[:-1]]][shells].astype(np.int32), made


def _crossing_places(start: IdArray, share: FloatArray, nx: int) -> FloatArray:
    edge = start >> 1
    y, x = np.divmod(edge >> 1, nx)
    north = (edge & 1).astype(np.bool_)
    return np.column_stack((x + np.where(north, 0.0, share), y + np.where(north, share, 0.0)))


def _regions(label: IndexArray, start: IdArray) -> IndexArray:
    """Region on the left of each line: the label of the node at its side of the crossed edge."""
    near, far = edge_nodes(start >> 1, label.shape[1])
    return label.ravel()[np.where(start & 1, far, near)]


def edge_nodes(edge: IdArray, nx: int) -> tuple[IdArray, IdArray]:
    """Return the near and far grid node of each edge."""
    near = edge >> 1
    return near, near + np.where(edge & 1, nx, 1)


@compiled
def _rings(following: IdArray) -> tuple[IdArray, IdArray, IdArray]:
    """Ring of each line, first row of each ring in `order`, lines in order of their rings."""
    n = following.size
    ring_of = np.full(n, -1, np.int64)
    order = np.empty(n, np.int64)
    ring_start = np.empty(n + 1, np.int64)
    rings, used = 0, 0
    for first in range(n):
        if ring_of[first] >= 0:
            continue
        ring_start[rings] = used
        line = first
        while ring_of[line] < 0:
            ring_of[line] = rings
            order[used] = line
            used += 1
            line = following[line]
        rings += 1
    ring_start[rings] = used
    return ring_of, ring_start[: rings + 1], order


@compiled
def _ring_points(
    label: IndexArray,
    lines: tuple[IdArray, IdArray, IdArray],
    xy: FloatArray,
    ring_start: IdArray,
    order: IdArray,
) -> tuple[FloatArray, IdArray, IdArray]:
    """Points of all rings in a row, not closed: crossings (id = edge) and middles (id < 0)."""
    start, _, middle = lines
    n = order.size
    extra = 0
    for line in range(n):
        extra += middle[line] >= 0
    points = np.empty((n + extra, 2))
    point_id = np.empty(n + extra, np.int64)
    offsets = np.empty(ring_start.size, np.int64)
    used = 0
    for ring in range(ring_start.size - 1):
        offsets[ring] = used
        for k in range(ring_start[ring], ring_start[ring + 1]):
            line = order[k]
            points[used] = xy[line]
            point_id[used] = start[line] >> 1
            used += 1
            if middle[line] >= 0:
                _middle(label, middle[line], start, xy, points[used])
                point_id[used] = -1 - middle[line]
                used += 1
    offsets[-1] = used
    return points, point_id, offsets


@compiled
def _middle(label: IndexArray, node: int, start: IdArray, xy: FloatArray, out: FloatArray) -> None:
    """Mean of the crossings around a square."""
    nx = label.shape[1]
    out[:] = 0.0
    count = 0
    for edge in (2 * node, 2 * (node + 1) + 1, 2 * (node + nx), 2 * node + 1):
        line = np.searchsorted(start, 2 * edge)
        if line < start.size and start[line] >> 1 == edge:
            out[0] += xy[line, 0]
            out[1] += xy[line, 1]
            count += 1
    out /= count


@compiled
def _signed_areas(points: FloatArray, offsets: IdArray) -> FloatArray:
    area = np.zeros(offsets.size - 1)
    for ring in range(area.size):
        low, high = offsets[ring], offsets[ring + 1]
        for i in range(low, high):
            j = i + 1 if i + 1 < high else low
            area[ring] += points[i, 0] * points[j, 1] - points[j, 0] * points[i, 1]
    return area / 2.0


@compiled
def _shells(
    start: IdArray,
    region: IndexArray,
    ring_of: IdArray,
    ring_first: IdArray,
    is_hole: BoolArray,
) -> IdArray:
    """Shell of each ring: the next border to the west of a hole is its shell or another hole."""
    shell = np.arange(ring_first.size)
    low = np.full(ring_first.size, -1, np.int64)
    for line in range(start.size):
        if (start[line] >> 1) & 1 == 0 and low[ring_of[line]] < 0:
            low[ring_of[line]] = line
    # Rings further south or west come first, so that a neighbour's own shell is known.
    for ring in ring_of[np.sort(low[low >= 0])]:
        if not is_hole[ring]:
            continue
        line = low[ring] - 1
        while (start[line] >> 1) & 1 == 1 or region[line] != region[low[ring]]:
            line -= 1
        shell[ring] = shell[ring_of[line]]
    return shell


@compiled
def _simplify_rings(  # noqa: PLR0917 - compiled code takes no keywords
    points: FloatArray,
    point_id: IdArray,
    offsets: IdArray,
    nx: int,
    tolerance: float,
    kept: BoolArray,
) -> None:
    longest = 0
    for ring in range(offsets.size - 1):
        longest = max(longest, offsets[ring + 1] - offsets[ring])
    row = np.empty(longest + 1, np.int64)
    stack = np.empty((longest + 1, 2), np.int64)
    for ring in range(offsets.size - 1):
        low, n = offsets[ring], offsets[ring + 1] - offsets[ring]
        # Middles stay, and part a ring into stretches between the same two regions.
        first = low
        for i in range(low, low + n):
            if (point_id[i] < 0) > (point_id[first] < 0) or (
                (point_id[i] < 0) == (point_id[first] < 0) and point_id[i] < point_id[first]
            ):
                first = i
        size = 0
        for step in range(n + 1):
            i = low + (first - low + step) % n
            row[size] = i
            size += 1
            if step and (point_id[i] < 0 or step == n):
                _simplify_stretch(points, point_id, row[:size], nx, tolerance, kept, stack)
                row[0] = i
                size = 1


@compiled
def _simplify_stretch(  # noqa: PLR0917 - compiled code takes no keywords
    points: FloatArray,
    point_id: IdArray,
    row: IdArray,
    nx: int,
    tolerance: float,
    kept: BoolArray,
    stack: IdArray,
) -> None:
    # One direction for the regions on both sides, so that both keep the same points.
    last = row.size - 1
    ends = (point_id[row[0]], point_id[row[last]])
    if ends[0] > ends[1] or (ends[0] == ends[1] and point_id[row[1]] > point_id[row[last - 1]]):
        row = row[::-1].copy()
    kept[row[0]] = kept[row[last]] = True
    stack[0] = 0, last
    depth = 1
    while depth:
        depth -= 1
        i, j = stack[depth]
        if j - i < 2:
            continue
        split = _split(points, point_id, row[i : j + 1], nx, tolerance)
        if split > 0:
            kept[row[i + split]] = True
            stack[depth] = i, i + split
            stack[depth + 1] = i + split, j
            depth += 2


@compiled
def _split(points: FloatArray, point_id: IdArray, row: IdArray, nx: int, tolerance: float) -> int:
    """Place of the point furthest from the chord, 0 if the chord may replace all points."""
    x0, y0 = points[row[0]]
    x1, y1 = points[row[-1]]
    dx, dy = x1 - x0, y1 - y0
    length2 = dx * dx + dy * dy
    worst, split, passed = -1.0, 1, 0.0
    allowed = length2 > 0.0
    for k in range(1, row.size - 1):
        x, y = points[row[k]]
        share = 0.0
        if length2 > 0.0:
            share = min(1.0, max(0.0, ((x - x0) * dx + (y - y0) * dy) / length2))
        off = np.hypot(x - x0 - share * dx, y - y0 - share * dy)
        if off > worst:
            worst, split = off, k
        if allowed:
            at = _crossed_at(point_id[row[k]], nx, x0, y0, dx, dy)
            allowed = at > passed
            passed = at
    return 0 if allowed and worst <= tolerance else split


@compiled
def _crossed_at(  # noqa: PLR0917 - compiled code takes no keywords
    edge: int, nx: int, x0: float, y0: float, dx: float, dy: float
) -> float:
    """Share of the chord at which it crosses the grid edge, -1 if it does not."""
    node = edge >> 1
    gx, gy = float(node % nx), float(node // nx)
    if edge & 1:
        x0, y0, dx, dy, gx, gy = y0, x0, dy, dx, gy, gx
    if dy == 0.0:
        return -1.0
    at = (gy - y0) / dy
    along = x0 + at * dx - gx
    if 0.0 < at < 1.0 and NODE_GAP <= along <= 1.0 - NODE_GAP:
        return at
    return -1.0
