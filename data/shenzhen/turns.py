"""Turning lanes of the Shenzhen model: slips for turning right, and the loops of interchanges.

Traffic goes round a cell clockwise. At each corner of the cell it leaves one edge and enters the
next: a slip cuts that corner. Where one road passes over the other, a loop closer to the corner
leads back from the edge entered to the edge left, which makes a clover leaf.
"""

import numpy as np

from data.shenzhen.carriageways import Stops, join_stops
from data.shenzhen.classes import PRIMARY, PRIMARY_LINK, SECONDARY, SECONDARY_LINK
from data.shenzhen.draft import NO_NAME, Draft, labels
from data.shenzhen.grid import Grid
from data.shenzhen.ground import FloatArray, IntArray
from data.shenzhen.sides import ABOVE, BELOW, DUAL, LEFT, RIGHT, Sides

CORNERS = ((ABOVE, RIGHT), (RIGHT, BELOW), (BELOW, LEFT), (LEFT, ABOVE))
"""The edge that clockwise traffic leaves, and the one that it enters."""
SLIP_SHARE = 0.9
SLIP_M = (28.0, 45.0)
INTERCHANGE_SLIP_M = 52.0
LOOP = 0.55
"""How far from the corner a loop ends, of the slip's distance."""
LONGEST_SHARE = 0.17
"""Of an edge, so that lanes stay clear of the first gate."""
SHORTEST_EDGE_M = 120.0


def lay_turning_lanes(
    grid: Grid, sides: Sides, *, draft: Draft, rng: np.random.Generator
) -> Stops:  # fmt: skip
    """Lay slips and loops where two dual arterials meet; return where they begin and end."""
    column, row = (index.ravel() for index in np.indices((grid.columns, grid.rows)))
    stops: list[Stops] = []
    for leave, enter in CORNERS:
        edges = (leave, enter)
        wide = rng.random(len(column)) < SLIP_SHARE
        clover = sides.interchange[column + (RIGHT in edges), row + (ABOVE in edges)]
        wide |= clover
        for edge in edges:
            side = sides.of_cell(column, row, edge=edge)
            wide &= (sides.kind[side] == DUAL) & (sides.highway[side] <= SECONDARY)
            wide &= _edge_m(grid, column, row=row, edge=edge) >= SHORTEST_EDGE_M
        cut_m = np.where(clover, INTERCHANGE_SLIP_M, rng.uniform(*SLIP_M, len(column)))
        for which, share in ((wide, 1.0), (wide & clover, LOOP)):
            stops += _lanes(
                grid, sides, draft=draft, cell=(column[which], row[which]), edges=edges,
                cut_m=cut_m[which], share=share,
            )  # fmt: skip
    return join_stops(*stops)


def _lanes(
    grid: Grid,
    sides: Sides,
    *,
    draft: Draft,
    cell: tuple[IntArray, IntArray],
    edges: tuple[int, int],
    cut_m: FloatArray,
    share: float,
) -> list[Stops]:
    """Lay one lane at a corner of each cell; a `share` under 1 makes it a loop."""
    stops = [
        _stop(grid, sides, draft=draft, cell=cell, edge=edge, cut_m=cut_m, share=share,
              far=(RIGHT if edge in {ABOVE, BELOW} else ABOVE) in edges)
        for edge in edges
    ]  # fmt: skip
    first, second = stops if share == 1.0 else stops[::-1]
    major = np.minimum(sides.highway[first.side], sides.highway[second.side]) == PRIMARY
    draft.edges(
        first.node, second.node, highway=np.where(major, PRIMARY_LINK, SECONDARY_LINK), oneway=1,
        label=labels(np.full(len(cut_m), NO_NAME), 0, 0, 0),
    )  # fmt: skip
    return stops


def _stop(
    grid: Grid,
    sides: Sides,
    *,
    draft: Draft,
    cell: tuple[IntArray, IntArray],
    edge: int,
    far: bool,
    cut_m: FloatArray,
    share: float,
) -> Stops:
    """Lay the nodes on one edge, `cut_m` from its far or near end."""
    column, row = cell
    level = edge in {ABOVE, BELOW}
    along_m = _edge_m(grid, column, row=row, edge=edge)
    place = np.minimum(cut_m / along_m, LONGEST_SHARE) * share
    if far:
        place = 1 - place
    outer = np.full(len(column), float(edge in {RIGHT, ABOVE}))
    a, b = (place, outer) if level else (outer, place)
    node = draft.nodes(sides.within(grid, column, row, a=a, b=b))
    half = np.full(len(column), int(edge in {LEFT, BELOW}))
    return Stops(sides.of_cell(column, row, edge=edge), half, place, node)


def _edge_m(grid: Grid, column: IntArray, *, row: IntArray, edge: int) -> FloatArray:
    """Return the length of one edge of each cell."""
    first = (column + (edge == RIGHT), row + (edge == ABOVE))
    level = edge in {ABOVE, BELOW}
    last = (first[0] + level, first[1] + (not level))
    return np.asarray(np.linalg.norm(grid.corner_m[last] - grid.corner_m[first], axis=-1))
