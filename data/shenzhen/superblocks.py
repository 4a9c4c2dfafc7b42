"""Local streets of the Shenzhen model: small networks of their own inside the main roads.

A cell holds 2 x 2 to 4 x 4 crossing places. Neighbours among them are joined by chance, which
gives bends, junctions, dead ends and loops; where no main road lies between two cells, their
streets go on into one another. A street reaches a main road only at a gate. On a dual
carriageway a gate is right in, right out: it meets the near side alone.
"""

from dataclasses import dataclass, field

import numpy as np

from data.shenzhen.carriageways import Stops
from data.shenzhen.classes import (
    LIVING_STREET,
    PRIMARY,
    RESIDENTIAL,
    SECONDARY,
    TERTIARY,
    UNCLASSIFIED,
)
from data.shenzhen.draft import LOCAL_NAME, Draft, labels
from data.shenzhen.grid import LINES, Grid
from data.shenzhen.ground import BoolArray, FloatArray, IntArray
from data.shenzhen.sides import ABOVE, BELOW, DUAL, LEFT, NONE, RIGHT, SINGLE, Sides

THROUGH_BY_STYLE = (0.65, 0.5, 0.4)
"""Share of lines along which a street runs on, from orderly blocks to grown ones."""
JOINED_THROUGH, JOINED_ELSE = 0.95, 0.2
"""Share of neighbouring places that are joined along such lines, and along the others."""
STYLE_SHARES = (0.35, 0.4, 0.25)
CLASS_BY_STYLE = (RESIDENTIAL, RESIDENTIAL, LIVING_STREET)
UNCLASSIFIED_BLOCK_SHARE = 0.12
MEAN_JOINED = 0.6
"""About the mean of the two over all lines."""
JOINED_ACROSS = 0.5
"""Chance that a street goes on into the next cell where no main road lies between."""
GATES_PER_SIDE = {PRIMARY: 0.54, SECONDARY: 0.54, TERTIARY: 0.88}
"""Mean number of gates along one edge of a cell, by the class of the road there."""
ONE_WAY_SHARE = 0.26
"""Of lines; neighbours in opposite directions. Where one would trap its drivers it is opened."""
GATE_ONE_WAY_SHARE = 0.18
"""Of the last piece before a main road, where the rest is two-way."""
EVERY_EDGE = (LEFT, RIGHT, BELOW, ABOVE)


@dataclass(slots=True)
class _Gates:
    """Gates collected so far; each has a `key`, the same where two cells share one."""

    key: list[IntArray] = field(default_factory=list)
    side: list[IntArray] = field(default_factory=list)
    half: list[IntArray] = field(default_factory=list)
    share: list[FloatArray] = field(default_factory=list)
    xy_m: list[FloatArray] = field(default_factory=list)
    inner: list[IntArray] = field(default_factory=list)
    highway: list[IntArray] = field(default_factory=list)
    oneway: list[IntArray] = field(default_factory=list)
    label: list[IntArray] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The c cells that hold n x n places. `place`: (c, n, n) nodes; `oneway`: (c, 2, n) -1, 0, 1
    for the streets across and up; `highway`: (c,); `joined`: (c, 2, n) chance that neighbours
    on a line are joined.
    """

    n: int
    column: IntArray
    row: IntArray
    place: IntArray
    oneway: IntArray
    highway: IntArray
    joined: FloatArray

    def label(self, upright: int, which: IntArray, *, line: IntArray) -> IntArray:
        """Return the name labels of streets `line` of the cells `which`."""
        column, row = self.column[which], self.row[which]
        number = line + 1 + max(LINES) * ((column if upright else row) % 2)
        return labels(LOCAL_NAME, upright, column // 2 * 911 + row // 2, number)


def lay_superblocks(grid: Grid, sides: Sides, *, draft: Draft, rng: np.random.Generator) -> Stops:
    """Lay the local streets; return their gates onto the main roads."""
    blocks = (grid.columns // 2, grid.rows // 2)
    style = rng.choice(len(STYLE_SHARES), blocks, p=STYLE_SHARES)
    quiet = rng.random(blocks) < UNCLASSIFIED_BLOCK_SHARE
    highway = np.where(quiet, UNCLASSIFIED, np.asarray(CLASS_BY_STYLE)[style])
    through = np.asarray(THROUGH_BY_STYLE)[style]
    shift = rng.uniform(-0.1, 0.1, (len(sides.kind), max(LINES)))
    common = rng.random(shift.shape)
    rim = np.full((4, grid.columns, grid.rows, max(LINES)), -1)
    gates = _Gates()
    for n in LINES[1:]:
        column, row = np.nonzero(grid.lines == n)
        block = (column // 2, row // 2)
        oneway = np.where(rng.random((len(column), 2, n)) < ONE_WAY_SHARE, 1, 0)
        oneway[:, :, 1::2] *= -1
        runs_on = rng.random((len(column), 2, n)) < through[block][:, None, None]
        place = _places(grid, sides, draft=draft, rng=rng, cell=(column, row), n=n)
        cells = _Cells(
            n, column, row, place, oneway,
            highway[block], np.where(runs_on, JOINED_THROUGH, JOINED_ELSE),
        )  # fmt: skip
        _inside(cells, draft, rng=rng)
        rim[LEFT, column, row, :n], rim[RIGHT, column, row, :n] = (
            cells.place[:, 0], cells.place[:, -1],
        )  # fmt: skip
        rim[BELOW, column, row, :n], rim[ABOVE, column, row, :n] = (
            cells.place[:, :, 0], cells.place[:, :, -1],
        )  # fmt: skip
        for edge in EVERY_EDGE:
            _gates(grid, sides, gates=gates, rng=rng, cells=cells, edge=edge, drawn=(shift, common))
    _across(grid, sides, draft=draft, rng=rng, rim=rim, highway=highway)
    return _open_gates(gates, draft)


def _places(
    grid: Grid,
    sides: Sides,
    *,
    draft: Draft,
    rng: np.random.Generator,
    cell: tuple[IntArray, IntArray],
    n: int,
) -> IntArray:
    count = len(cell[0])
    even = np.broadcast_to((np.arange(n) + 1) / (n + 1), (count, n))
    line = even[:, None] + rng.uniform(-0.14, 0.14, (count, 2, n)) / (n + 1)
    noise = rng.uniform(-0.16, 0.16, (2, count, n, n)) / (n + 1)
    a, b = line[:, 0, :, None] + noise[0], line[:, 1, None, :] + noise[1]
    column, row = (np.repeat(index, n * n) for index in cell)
    spots = sides.within(grid, column, row, a=a.ravel(), b=b.ravel())
    return draft.nodes(spots).reshape(count, n, n)


def _inside(cells: _Cells, draft: Draft, *, rng: np.random.Generator) -> None:
    """Join neighbouring places within the cells."""
    for upright in (0, 1):
        # Axis 1 along the street, axis 2 from street to street.
        place = cells.place.swapaxes(1, 2) if upright else cells.place
        chance = rng.random((len(place), cells.n - 1, cells.n))
        which, along, line = np.nonzero(chance < cells.joined[:, upright, None, :])
        _street(
            draft, place[which, along, line], place[which, along + 1, line],
            oneway=cells.oneway[which, upright, line], highway=cells.highway[which],
            label=cells.label(upright, which, line=line),
        )  # fmt: skip


def _street(
    draft: Draft,
    start: IntArray,
    end: IntArray,
    *,
    oneway: IntArray,
    highway: IntArray,
    label: IntArray,
) -> None:
    back = oneway < 0
    draft.edges(
        np.where(back, end, start), np.where(back, start, end), highway=highway,
        oneway=np.abs(oneway), label=label,
    )  # fmt: skip


def _gates(
    grid: Grid,
    sides: Sides,
    *,
    gates: _Gates,
    rng: np.random.Generator,
    cells: _Cells,
    edge: int,
    drawn: tuple[FloatArray, FloatArray],
) -> None:
    """Draw the gates of the cells at one edge.

    `drawn`: (s, lines) for each line of each side how far its gate is off its even place, and the
    number below whose chance it opens.
    """
    shift, common = drawn
    side = sides.of_cell(cells.column, cells.row, edge=edge)
    mean = np.zeros(len(side))
    for highway, gates_per_side in GATES_PER_SIDE.items():
        mean[(sides.kind[side] > NONE) & (sides.highway[side] == highway)] = gates_per_side
    upright = int(edge in {BELOW, ABOVE})
    chance = cells.joined[:, upright] * mean[:, None] / (cells.n * MEAN_JOINED)
    # Across a single road streets rather go on, so both cells draw the same there.
    number = rng.random(chance.shape)
    single = sides.kind[side] == SINGLE
    number[single] = common[side[single], : cells.n]
    which, line = np.nonzero(number < chance)
    end = -1 if edge in {RIGHT, ABOVE} else 0
    at = side[which]
    share = (line + 1 + shift[at, line]) / (cells.n + 1)
    at_edge = np.full(len(which), float(edge in {RIGHT, ABOVE}))
    a, b = (share, at_edge) if upright else (at_edge, share)
    place = cells.place[which, line, end] if upright else cells.place[which, end, line]
    half = np.full(len(which), int(edge in {LEFT, BELOW}))
    one = sides.kind[at] != DUAL
    gates.key.append(((at * 2 + np.where(one, 0, half)) * 8 + cells.n) * 8 + line)
    gates.side.append(at)
    gates.half.append(half)
    gates.share.append(share)
    gates.xy_m.append(sides.within(grid, cells.column[which], cells.row[which], a=a, b=b))
    gates.inner.append(place)
    gates.highway.append(cells.highway[which])
    oneway = cells.oneway[which, upright, line]
    alone = (oneway == 0) & (rng.random(len(which)) < GATE_ONE_WAY_SHARE)
    oneway = np.where(alone, rng.choice((-1, 1), len(which)), oneway)
    # Segments of gates run from the gate inwards.
    gates.oneway.append(-oneway if edge in {RIGHT, ABOVE} else oneway)
    gates.label.append(cells.label(upright, which, line=line))


def _open_gates(gates: _Gates, draft: Draft) -> Stops:
    key = np.concatenate(gates.key)
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    node = draft.nodes(np.concatenate(gates.xy_m)[first])
    _street(
        draft, node[which], np.concatenate(gates.inner), oneway=np.concatenate(gates.oneway),
        highway=np.concatenate(gates.highway), label=np.concatenate(gates.label),
    )  # fmt: skip
    return Stops(
        np.concatenate(gates.side)[first],
        np.concatenate(gates.half)[first],
        np.concatenate(gates.share)[first],
        node,
    )


def _across(
    grid: Grid,
    sides: Sides,
    *,
    draft: Draft,
    rng: np.random.Generator,
    rim: IntArray,
    highway: IntArray,
) -> None:
    """Let streets go on from cell to cell where no main road lies between."""
    for upright, near, far in ((0, RIGHT, LEFT), (1, ABOVE, BELOW)):
        column, row = np.nonzero(
            (grid.lines[:, :-1] > 0) & (grid.lines[:, 1:] > 0)
            if upright
            else (grid.lines[:-1] > 0) & (grid.lines[1:] > 0)
        )
        none = sides.kind[sides.of_cell(column, row, edge=near)] == NONE
        column, row = column[none], row[none]
        start, end = rim[near, column, row], rim[far, column + (1 - upright), row + upright]
        joined: BoolArray = (start >= 0) & (end >= 0) & (rng.random(start.shape) < JOINED_ACROSS)
        which, line = np.nonzero(joined)
        column, row = column[which], row[which]
        number = line + 1 + max(LINES) * ((column if upright else row) % 2)
        draft.edges(
            start[joined], end[joined], highway=highway[column // 2, row // 2], oneway=0,
            label=labels(LOCAL_NAME, upright, column // 2 * 911 + row // 2, number),
        )  # fmt: skip
