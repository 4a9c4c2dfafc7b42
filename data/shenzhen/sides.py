"""Main roads of the Shenzhen model: what lies on each side of a cell.

Every second grid line is an arterial, three of five primary and two secondary; every fifth
tunnels through hills. Of the lines between, stretches are collectors. Arterials and half of the
collectors are dual carriageways.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from data.shenzhen.classes import PRIMARY, SECONDARY, TERTIARY
from data.shenzhen.draft import LABEL_OF_CLASS, labels
from data.shenzhen.grid import Grid, alive
from data.shenzhen.ground import BoolArray, FloatArray, Ground, IntArray

Value = TypeVar("Value", bound=np.generic)

NONE, SINGLE, DUAL = range(3)
LEFT, RIGHT, BELOW, ABOVE = range(4)

ARTERIALS = (PRIMARY, SECONDARY) * 3 + (PRIMARY,)
"""Classes of successive arterials, again and again; the first tunnels through hills."""
HALF_MEDIAN_M = {PRIMARY: 16.0, SECONDARY: 12.0, TERTIARY: 7.0}
"""From the middle of a dual road to that of either carriageway."""
SECONDARY_MISSING = 0.03
INTERCHANGE_SHARE = 0.9
"""Of crossings of two primary roads."""
INTERCHANGE_ARM_M = 210.0
"""Shortest side of a cell at an interchange."""
INTERCHANGE_LEAST_SINE = 0.98
"""Of the angle at which the roads cross."""
COLLECTOR_SHARE = 0.66
COLLECTOR_DUAL = 0.5
COLLECTOR_STRETCH, ARTERIAL_STRETCH = 6, 14
"""Cells for which a collector stays as it is, and a main road keeps its name."""
OFF_EDGE_M = 50.0


@dataclass(slots=True)
class Sides:
    """What lies on the s sides of cells, those that run across first, then upright ones.

    `upright`: (s,). `column`, `row`: (s,) corner at the left or lower end. `kind`: (s,) `NONE`,
    `SINGLE` or `DUAL`. `highway`: (s,) class. `label`: (s, 4) name (`draft.labels`).
    `half_m`: (s,) metres, 0 unless dual. `inset`: (columns, rows, 4) share of a cell that lies
    between its LEFT, RIGHT, BELOW, ABOVE edge and the near carriageway there. `interchange`:
    (columns + 1, rows + 1) corners at which one road passes over the other.
    """

    upright: BoolArray
    column: IntArray
    row: IntArray
    kind: IntArray
    highway: IntArray
    label: IntArray
    half_m: FloatArray
    inset: FloatArray
    shape: tuple[int, int]
    interchange: BoolArray

    def across(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Return `values` (s,) of the sides that run across as (columns, rows + 1)."""
        columns, rows = self.shape
        return values[: columns * (rows + 1)].reshape(columns, rows + 1)

    def up(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Return `values` (s,) of the upright sides as (columns + 1, rows)."""
        columns, rows = self.shape
        return values[columns * (rows + 1) :].reshape(columns + 1, rows)

    def of_cell(self, column: IntArray, row: IntArray, *, edge: int) -> IntArray:
        """Return the side at one edge of each cell."""
        columns, rows = self.shape
        if edge in {BELOW, ABOVE}:
            return column * (rows + 1) + row + (edge == ABOVE)
        return columns * (rows + 1) + (column + (edge == RIGHT)) * rows + row

    def within(
        self, grid: Grid, column: IntArray, row: IntArray, *, a: FloatArray, b: FloatArray
    ) -> FloatArray:
        """Return metres (k, 2) of points between the near carriageways of cells, 0 to 1."""
        left, right, below, above = self.inset[column, row].T
        return grid.at(
            column, row, a=left + a * (1 - left - right), b=below + b * (1 - below - above)
        )


def plan_sides(ground: Ground, grid: Grid, *, rng: np.random.Generator) -> Sides:
    """Decide what lies on every side: arterials, collectors in stretches, and the ground's say."""
    columns, rows = grid.columns, grid.rows
    across = np.indices((columns, rows + 1)).reshape(2, -1)
    up = np.indices((columns + 1, rows)).reshape(2, -1)
    column, row = np.concatenate([across, up], axis=1)
    upright = np.repeat([False, True], [across.shape[1], up.shape[1]])
    line, along = np.where(upright, column, row), np.where(upright, row, column)
    arterial = line % 2 == 0
    cycle = line // 2 % len(ARTERIALS)
    highway = np.where(arterial, np.asarray(ARTERIALS)[cycle], TERTIARY)
    tunnels = arterial & (cycle == 0)

    stretch = (along + line * 5) // COLLECTOR_STRETCH
    draw = rng.random((2, 2, max(columns, rows) + 1, stretch.max() + 1))
    present, dual = draw[:, upright.astype(np.int64), line, stretch]
    living = alive(grid)
    beside = living[column + 1, row + 1]
    beside |= np.where(upright, living[column, row + 1], living[column + 1, row])
    gap = rng.random((2, max(columns, rows) + 1, along.max() // 2 + 1)) < SECONDARY_MISSING
    missing = (highway == SECONDARY) & gap[upright.astype(np.int64), line, along // 2]

    kind = np.where(arterial | (dual < COLLECTOR_DUAL), DUAL, SINGLE)
    kind[~arterial & ((present >= COLLECTOR_SHARE) | ~beside)] = NONE
    kind[missing] = NONE
    ends = np.stack(
        [grid.corner_m[column, row], grid.corner_m[column + ~upright, row + upright]], axis=1
    )
    on_hill = shapely.intersects_xy(ground.hills_m, *ends.mean(axis=1).T)
    kind[~_passable(ground, ends, highway=highway, allowed=tunnels | ~on_hill)] = NONE

    half_m = np.zeros(len(kind))
    for which, metres in HALF_MEDIAN_M.items():
        half_m[(kind == DUAL) & (highway == which)] = metres
    name_stretch = np.where(arterial, along // ARTERIAL_STRETCH, stretch)
    label = labels(LABEL_OF_CLASS[highway], upright, line, name_stretch)
    sides = Sides(
        upright, column, row, kind, highway, label, half_m, np.empty(0), (columns, rows),
        np.empty(0, dtype=bool),
    )  # fmt: skip
    _end_tunnels(sides, on_hill)
    sides.inset = _insets(grid, sides)
    long_enough = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1) >= INTERCHANGE_ARM_M
    large = arms_of(sides, (kind == DUAL) & (highway == PRIMARY) & long_enough, absent=False).all(
        axis=0
    )
    large &= ~shapely.intersects_xy(ground.hills_m, grid.corner_m[..., 0], grid.corner_m[..., 1])
    along, up = np.gradient(grid.corner_m, axis=(0, 1))
    area = along[..., 0] * up[..., 1] - along[..., 1] * up[..., 0]
    sides_m2 = np.linalg.norm(along, axis=-1) * np.linalg.norm(up, axis=-1)
    large &= area > INTERCHANGE_LEAST_SINE * sides_m2
    sides.interchange = large & (rng.random(large.shape) < INTERCHANGE_SHARE)
    return sides


def _passable(
    ground: Ground, ends_m: FloatArray, *, highway: IntArray, allowed: BoolArray
) -> BoolArray:
    """Return which of the sides `allowed` (s,) carry a road: none outside or in lakes.

    `ends_m`: (s, 2, 2) metres. Only arterials cross rivers.
    """
    inland = ground.land_m.buffer(-OFF_EDGE_M)
    for area in (inland, ground.still_water_m, ground.river_lines_m):
        shapely.prepare(area)
    x_m, y_m = ends_m.mean(axis=1).T
    passable = allowed & shapely.intersects_xy(inland, x_m, y_m)
    lines = np.asarray(shapely.linestrings(ends_m[passable]))
    dry = shapely.contains(inland, lines) & ~shapely.intersects(ground.still_water_m, lines)
    dry &= (highway[passable] != TERTIARY) | ~shapely.intersects(ground.river_lines_m, lines)
    passable[passable] = dry
    return np.asarray(passable)


def _end_tunnels(sides: Sides, on_hill: BoolArray) -> None:
    """Take away, in place, tunnels that lead nowhere."""
    while True:
        arms = (arms_of(sides, sides.kind, absent=NONE) > NONE).sum(axis=0)
        first = arms[sides.column, sides.row]
        second = arms[sides.column + ~sides.upright, sides.row + sides.upright]
        blind = (sides.kind > NONE) & on_hill & ((first == 1) | (second == 1))
        if not blind.any():
            return
        sides.kind[blind] = NONE
        sides.half_m[blind] = 0.0


def _insets(grid: Grid, sides: Sides) -> FloatArray:
    corner = grid.corner_m
    low, left = np.diff(corner, axis=0), np.diff(corner, axis=1)
    width_m = np.linalg.norm(low[:, :-1] + low[:, 1:], axis=-1) / 2
    height_m = np.linalg.norm(left[:-1] + left[1:], axis=-1) / 2
    across, up = sides.across(sides.half_m), sides.up(sides.half_m)
    return np.stack(
        [up[:-1] / width_m, up[1:] / width_m, across[:, :-1] / height_m, across[:, 1:] / height_m],
        axis=-1,
    )


def arms_of(sides: Sides, values: npt.NDArray[Value], *, absent: float) -> npt.NDArray[Value]:
    """Return (4, columns + 1, rows + 1) values of the sides LEFT, RIGHT, BELOW, ABOVE a corner."""
    across, up = sides.across(values), sides.up(values)
    columns, rows = sides.shape
    arms = np.full((4, columns + 1, rows + 1), absent, dtype=values.dtype)
    arms[LEFT, 1:], arms[RIGHT, :-1] = across, across
    arms[BELOW, :, 1:], arms[ABOVE, :, :-1] = up, up
    return arms
