"""Distances from road pieces to the nodes of a square grid near them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from routing.areas.errors import AreaTooLargeError
from routing.engine.compiled import compiled
from routing.roads.model import FloatArray, IndexArray

DistanceArray = NDArray[np.float32]

OUTSIDE = -1
_MARKED = -2

# 12 bytes a node: 480 MB. At 25 m this is a square of 158 km.
MAX_NODES = 40_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Nodes at whole multiples of `cell_m` of a plane: the same places for every area drawn."""

    column: int
    row: int
    nx: int
    ny: int
    cell_m: float

    @classmethod
    def around(cls, xy: FloatArray, *, margin_m: float, cell_m: float) -> Self:
        """Cover `xy` (m, 2) metres, m >= 1, with `margin_m` and one more ring of nodes.

        Raises
        ------
        AreaTooLargeError
            If that takes more than `MAX_NODES` nodes.
        """
        low = np.floor((xy.min(axis=0) - margin_m) / cell_m).astype(np.int64) - 1
        size = np.ceil((xy.max(axis=0) + margin_m) / cell_m).astype(np.int64) + 2 - low
        if int(size[0]) * int(size[1]) > MAX_NODES:
            raise AreaTooLargeError(cell_m=cell_m, n_nodes=int(size[0]) * int(size[1]))
        return cls(int(low[0]), int(low[1]), int(size[0]), int(size[1]), cell_m)

    def to_cells(self, xy: FloatArray) -> FloatArray:
        """Metres of the plane in cells east and north of the first node."""
        return xy / self.cell_m - (self.column, self.row)

    def origin_m(self) -> FloatArray:
        """Place of the first node, (2,) metres."""
        return np.array((self.column, self.row)) * self.cell_m


@compiled
def paint(pieces: FloatArray, reach: float, distance2: DistanceArray) -> None:
    """Lower the squared distances of all nodes within `reach` of straight pieces.

    pieces : (p, 4) float64 x0, y0, x1, y1 in cells; distance2 : (ny, nx) float32, squared cells.
    """
    for i in range(pieces.shape[0]):
        x0, y0, x1, y1 = pieces[i, 0], pieces[i, 1], pieces[i, 2], pieces[i, 3]
        dx, dy = x1 - x0, y1 - y0
        length2 = dx * dx + dy * dy
        scale = 1.0 / length2 if length2 > 0.0 else 0.0
        for y in range(int(np.ceil(min(y0, y1) - reach)), int(np.floor(max(y0, y1) + reach)) + 1):
            low, high = _columns(x0, y0, dx, dy, y, reach)
            for x in range(low, high):
                px, py = x - x0, y - y0
                share = min(1.0, max(0.0, (px * dx + py * dy) * scale))
                ex, ey = px - share * dx, py - share * dy
                d2 = np.float32(ex * ex + ey * ey)
                distance2[y, x] = min(distance2[y, x], d2)


@compiled
def paint_owners(  # noqa: PLR0917 - compiled code takes no keywords
    pieces: FloatArray,
    time_ms: FloatArray,
    owner: IndexArray,
    reach: float,
    distance2: DistanceArray,
    node_ms: DistanceArray,
    node_owner: IndexArray,
) -> None:
    """As `paint`; each node also takes the owner of its nearest piece.

    Of pieces equally far, as two directions of one street, the one reached earlier counts:
    time_ms (p, 2) float64 at both ends of each piece.
    """
    for i in range(pieces.shape[0]):
        x0, y0, x1, y1 = pieces[i, 0], pieces[i, 1], pieces[i, 2], pieces[i, 3]
        dx, dy = x1 - x0, y1 - y0
        length2 = dx * dx + dy * dy
        scale = 1.0 / length2 if length2 > 0.0 else 0.0
        for y in range(int(np.ceil(min(y0, y1) - reach)), int(np.floor(max(y0, y1) + reach)) + 1):
            low, high = _columns(x0, y0, dx, dy, y, reach)
            for x in range(low, high):
                px, py = x - x0, y - y0
                share = min(1.0, max(0.0, (px * dx + py * dy) * scale))
                ex, ey = px - share * dx, py - share * dy
                d2 = np.float32(ex * ex + ey * ey)
                if d2 > distance2[y, x] + 1e-4:
                    continue
                at_ms = time_ms[i, 0] + share * (time_ms[i, 1] - time_ms[i, 0])
                if d2 < distance2[y, x] - 1e-4 or at_ms < node_ms[y, x]:
                    node_ms[y, x] = at_ms
                    node_owner[y, x] = owner[i]
                distance2[y, x] = min(distance2[y, x], d2)


@compiled
def _columns(  # noqa: PLR0917 - compiled code takes no keywords
    x0: float, y0: float, dx: float, dy: float, y: int, reach: float
) -> tuple[int, int]:
    """Range of the nodes in row `y` that may lie within `reach` of the piece."""
    near, far = 0.0, 1.0
    if dy != 0.0:
        a, b = (y - reach - y0) / dy, (y + reach - y0) / dy
        near, far = max(0.0, min(a, b)), min(1.0, max(a, b))
    a, b = x0 + near * dx, x0 + far * dx
    return int(np.ceil(min(a, b) - reach)), int(np.floor(max(a, b) + reach)) + 1


@compiled
def fill_pockets(label: IndexArray, owner: IndexArray, largest: int) -> None:
    """Give enclosed outside pockets of at most `largest` nodes to the regions around them.

    label, owner : (ny, nx) int32; a node takes its `owner`, or that of a neighbour if it has none.
    Nodes touching by a corner belong to one pocket, as the borders see it.
    """
    ny, nx = label.shape
    queue = np.empty((largest + 8, 2), np.int32)
    for y in range(1, ny - 1):
        for x in range(1, nx - 1):
            if (
                label[y, x] >= 0
                or label[y, x - 1] < 0
                or label[y - 1, x - 1] < 0
                or label[y - 1, x] < 0
                or label[y - 1, x + 1] < 0
            ):
                continue  # not the first node of a pocket
            size, enclosed = _pocket(label, queue, y, x, largest)
            enclosed &= size <= largest
            for k in range(size):
                qy, qx = queue[k]
                label[qy, qx] = owner[qy, qx] if enclosed else OUTSIDE
            if enclosed:
                _spread(label, queue[:size])


@compiled
def _pocket(label: IndexArray, queue: IndexArray, y: int, x: int, largest: int) -> tuple[int, bool]:
    """Queue and mark the nodes of a pocket until there are more than `largest`.

    Returns their number and whether all lie off the edge of the grid.
    """
    ny, nx = label.shape
    label[y, x] = _MARKED
    queue[0] = y, x
    size, done = 1, 0
    enclosed = True
    while enclosed and done < size <= largest:
        qy, qx = queue[done]
        enclosed = 0 < qy < ny - 1 and 0 < qx < nx - 1
        done += 1
        for vy in range(max(qy - 1, 0), min(qy + 2, ny)):
            for vx in range(max(qx - 1, 0), min(qx + 2, nx)):
                if label[vy, vx] == OUTSIDE:
                    label[vy, vx] = _MARKED
                    queue[size] = vy, vx
                    size += 1
    return size, enclosed


@compiled
def _spread(label: IndexArray, nodes: IndexArray) -> None:
    missing = True
    while missing:
        missing = False
        for k in range(nodes.shape[0]):
            y, x = nodes[k]
            if label[y, x] < 0:
                label[y, x] = max(
                    label[y, x - 1], label[y, x + 1], label[y - 1, x], label[y + 1, x]
                )
                missing |= label[y, x] < 0
