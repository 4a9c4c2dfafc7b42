"""Carriageways of the Shenzhen model, and the crossings of main roads.

Each cell has its own near carriageway, on which traffic keeps the cell at its right. Where two
dual roads cross, the near carriageways of the four cells meet in four nodes, which traffic rounds
anticlockwise; where a dual and a single road cross, in two. Only there can the median be passed.
At an interchange one road passes over the other without a common node.
"""

from dataclasses import dataclass

import numpy as np

from data.shenzhen.classes import HIGHWAYS, SECONDARY
from data.shenzhen.draft import Draft
from data.shenzhen.grid import Grid
from data.shenzhen.ground import BoolArray, FloatArray, IntArray
from data.shenzhen.sides import ABOVE, BELOW, DUAL, LEFT, NONE, RIGHT, SINGLE, Sides, arms_of

MEDIAN_CLOSED = 0.45
"""Of the places where a collector meets an arterial, or two from both sides."""
INTERCHANGE_REACH_M = 8.0
"""How far beyond the other road's carriageways a bridge begins."""


@dataclass(slots=True)
class Corners:
    """Crossings of main roads. `node`: (columns + 1, rows + 1, 2, 2) node of the draft in the
    west or east, south or north quarter; quarters no dual carriageway divides share one. `upright`:
    the same for the road that runs up; other nodes at an interchange alone.
    """

    node: IntArray
    upright: IntArray


def lay_corners(grid: Grid, sides: Sides, *, draft: Draft, rng: np.random.Generator) -> Corners:
    """Lay the nodes at every corner and the short roads between them.

    Where a collector meets an arterial, the arterial's median stays closed at `MEDIAN_CLOSED` of
    the corners: either end of the collector meets its near side alone.
    """
    kind = arms_of(sides, sides.kind, absent=NONE)
    half_m = arms_of(sides, sides.half_m, absent=0.0)
    left, right, below, above = kind
    split_x, split_y = (below == DUAL) | (above == DUAL), (left == DUAL) | (right == DUAL)
    offset_x = np.maximum(half_m[BELOW], half_m[ABOVE])[..., None, None]
    offset_y = np.maximum(half_m[LEFT], half_m[RIGHT])[..., None, None]
    reach = INTERCHANGE_REACH_M * sides.interchange[..., None, None]
    ids = _quarters(grid, draft, offset_x=offset_x + reach, offset_y=offset_y)
    node = ids.copy()
    node[~split_x, 1] = node[~split_x, 0]
    node[~split_y, :, 1] = node[~split_y, :, 0]
    upright = node.copy()
    upright[sides.interchange] = _quarters(
        grid, draft, offset_x=offset_x, offset_y=offset_y + reach
    )[sides.interchange]
    lowest = arms_of(
        sides, np.where(sides.kind > NONE, sides.highway, len(HIGHWAYS)), absent=len(HIGHWAYS)
    )
    big_level, big_steep = lowest[:2].max(axis=0) <= SECONDARY, lowest[2:].max(axis=0) <= SECONDARY
    arterial_level = lowest[:2].min(axis=0) <= SECONDARY
    arterial_steep = lowest[2:].min(axis=0) <= SECONDARY
    closed = rng.random(split_x.shape) < MEDIAN_CLOSED
    closed &= (big_level & ~arterial_steep) | (big_steep & ~arterial_level)
    there = kind > NONE
    level_crossing = (there.sum(axis=0) >= 3) & ~closed & ~sides.interchange
    draft.mark(
        node,
        np.arange(split_x.size).reshape(split_x.shape),
        is_corner=arterial_level & arterial_steep & level_crossing,
        is_crossing=level_crossing,
    )
    corners = Corners(node, upright)
    _cross(sides, draft, corners, there=there, split=(split_x, split_y),
           is_open=(~(closed & big_steep), ~(closed & big_level)))  # fmt: skip
    return corners


def _quarters(grid: Grid, draft: Draft, *, offset_x: FloatArray, offset_y: FloatArray) -> IntArray:
    """Lay four nodes about every corner, so many metres west and east, south and north."""
    east, north = _directions(grid.corner_m)
    sign = np.array([-1.0, 1.0])
    spot = (
        grid.corner_m[:, :, None, None]
        + (offset_x * sign[:, None])[..., None] * east[:, :, None, None]
        + (offset_y * sign)[..., None] * north[:, :, None, None]
    )
    return draft.nodes(spot.reshape(-1, 2)).reshape(spot.shape[:-1])


def _directions(corner_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return unit vectors along the two grid lines at each corner."""
    east, north = np.gradient(corner_m, axis=(0, 1))
    return (
        east / np.linalg.norm(east, axis=-1, keepdims=True),
        north / np.linalg.norm(north, axis=-1, keepdims=True),
    )


def _cross(
    sides: Sides,
    draft: Draft,
    corners: Corners,
    *,
    there: BoolArray,
    split: tuple[BoolArray, BoolArray],
    is_open: tuple[BoolArray, BoolArray],
) -> None:
    """Join the nodes of every corner across the medians.

    `there`: (4, columns + 1, rows + 1) which arms there are. `split`: whether an upright, a level
    road divides west from east, south from north; `is_open`: whether traffic may cross it.
    """
    (split_x, split_y), (open_x, open_y) = split, is_open
    number = arms_of(sides, np.arange(len(sides.kind)), absent=-1)
    # The side whose road crosses: one of the two arms in a line, or where there is none, any.
    level = np.where(there[LEFT], number[LEFT], number[RIGHT])
    steep = np.where(there[BELOW], number[BELOW], number[ABOVE])
    has_level, has_steep = there[:2].any(axis=0), there[2:].any(axis=0)
    level, steep = np.where(has_level, level, steep), np.where(has_steep, steep, level)

    def join(where: BoolArray, start: tuple[int, int], *, end: tuple[int, int], side: IntArray,
             oneway: int, bridge: bool = False) -> None:  # fmt: skip
        which = side[where]
        node = corners.upright if side is steep else corners.node
        draft.edges(
            node[where][:, *start], node[where][:, *end], highway=sides.highway[which],
            oneway=oneway, label=sides.label[which], bridge=bridge,
        )  # fmt: skip

    join(sides.interchange, (0, 0), end=(1, 0), side=level, oneway=1, bridge=True)
    join(sides.interchange, (1, 0), end=(1, 1), side=steep, oneway=1)
    join(sides.interchange, (1, 1), end=(0, 1), side=level, oneway=1, bridge=True)
    join(sides.interchange, (0, 1), end=(0, 0), side=steep, oneway=1)
    four = split_x & split_y & ~sides.interchange
    join(four & open_x, (0, 0), end=(1, 0), side=level, oneway=1)
    join(four & open_y, (1, 0), end=(1, 1), side=steep, oneway=1)
    join(four & open_x, (1, 1), end=(0, 1), side=level, oneway=1)
    join(four & open_y, (0, 1), end=(0, 0), side=steep, oneway=1)
    over, through = split_x & ~split_y, split_y & ~split_x
    join(over & has_level & open_x, (0, 0), end=(1, 0), side=level, oneway=0)
    join(through & has_steep & open_y, (0, 0), end=(0, 1), side=steep, oneway=0)
    # Where a dual road ends, traffic turns back.
    join(over & ~has_level & ~there[BELOW], (0, 0), end=(1, 0), side=steep, oneway=1)
    join(over & ~has_level & ~there[ABOVE], (1, 0), end=(0, 0), side=steep, oneway=1)
    join(through & ~has_steep & ~there[RIGHT], (0, 0), end=(0, 1), side=level, oneway=1)
    join(through & ~has_steep & ~there[LEFT], (0, 1), end=(0, 0), side=level, oneway=1)


@dataclass(slots=True)
class Stops:
    """Places where something meets a main road. `side`, `half`: (k,) the carriageway (0 = south
    or west of the middle, 1 = north or east). `share`: (k,) along the side, 0 to 1. `node`: (k,).
    """

    side: IntArray
    half: IntArray
    share: FloatArray
    node: IntArray


def join_stops(*stops: Stops) -> Stops:
    """Return all stops together."""
    return Stops(
        np.concatenate([s.side for s in stops]), np.concatenate([s.half for s in stops]),
        np.concatenate([s.share for s in stops]), np.concatenate([s.node for s in stops]),
    )  # fmt: skip


def lay_carriageways(sides: Sides, corners: Corners, *, draft: Draft, stops: Stops) -> None:
    """Lay the main roads from corner to corner over their stops."""
    for half in (0, 1):
        dual = np.flatnonzero(sides.kind == DUAL)
        first, last = (_end_node(sides, corners, dual, end=end, half=half) for end in (0, 1))
        on = (sides.kind[stops.side] == DUAL) & (stops.half == half)
        forward = sides.upright[dual] == (half == 1)
        _string(sides, draft, dual, ends=(first, last), stops=stops, on=on, forward=forward)
    single = np.flatnonzero(sides.kind == SINGLE)
    on = sides.kind[stops.side] == SINGLE
    _string_single(sides, corners, draft, single, stops=stops, on=on)


def _end_node(
    sides: Sides, corners: Corners, side: IntArray, *, end: int, half: int
) -> IntArray:  # fmt: skip
    """Return the node at which one half of each side begins (`end` 0) or ends (1)."""
    upright = sides.upright[side]
    column = sides.column[side] + np.where(upright, 0, end)
    row = sides.row[side] + np.where(upright, end, 0)
    quarter = (np.where(upright, half, 1 - end), np.where(upright, 1 - end, half))
    return np.where(
        upright, corners.upright[column, row, *quarter], corners.node[column, row, *quarter]
    )


def _chains(
    side: IntArray, ends: tuple[IntArray, IntArray], stops: Stops, on: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return start, end and side of the pieces between neighbouring nodes of each side."""
    every = np.concatenate([side, stops.side[on], side])
    share = np.concatenate([np.full(len(side), -1.0), stops.share[on], np.full(len(side), 2.0)])
    node = np.concatenate([ends[0], stops.node[on], ends[1]])
    order = np.lexsort((share, every))
    every, node = every[order], node[order]
    same = every[1:] == every[:-1]
    return node[:-1][same], node[1:][same], every[1:][same]


def _string(
    sides: Sides,
    draft: Draft,
    side: IntArray,
    *,
    ends: tuple[IntArray, IntArray],
    stops: Stops,
    on: BoolArray,
    forward: BoolArray,
) -> None:
    start, end, which = _chains(side, ends, stops, on)
    onward = np.zeros(len(sides.kind), dtype=bool)
    onward[side] = forward
    along = onward[which]
    draft.edges(
        np.where(along, start, end), np.where(along, end, start), highway=sides.highway[which],
        oneway=1, label=sides.label[which],
    )  # fmt: skip


def _string_single(
    sides: Sides,
    corners: Corners,
    draft: Draft,
    side: IntArray,
    *,
    stops: Stops,
    on: BoolArray,
) -> None:
    """Lay two-way roads; their ends fork where they meet both carriageways of another road."""
    out = [_end_node(sides, corners, side, end=end, half=half) for end, half in ((0, 0), (1, 0))]
    back = [_end_node(sides, corners, side, end=end, half=half) for end, half in ((0, 1), (1, 1))]
    # Half 0 is where traffic leads away from the left end; on an upright road, half 1.
    upright = sides.upright[side]
    go = [np.where(upright, b, a) for a, b in zip(out, back, strict=True)]
    come = [np.where(upright, a, b) for a, b in zip(out, back, strict=True)]
    start, end, which = _chains(side, (go[0], go[1]), stops, on)
    other_start, other_end, _ = _chains(side, (come[0], come[1]), stops, on)
    forked = (start != other_start) | (end != other_end)
    common = {"highway": sides.highway[which], "label": sides.label[which]}
    for chosen, a, b, oneway in (
        (~forked, start, end, 0), (forked, start, end, 1), (forked, other_end, other_start, 1),
    ):  # fmt: skip
        draft.edges(
            a[chosen], b[chosen], oneway=oneway,
            **{name: value[chosen] for name, value in common.items()},
        )  # fmt: skip
