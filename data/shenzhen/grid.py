"""The ground plan of the Shenzhen model: a warped grid of blocks, each of 2 x 2 cells.

Every second grid line is an arterial, those between may carry a collector (`sides`).
How many local streets a block holds follows from where people live: the census of its district
over its buildable land, higher around seeded centres.
"""

import numpy as np
import shapely

from data.shenzhen.ground import BoolArray, FloatArray, Ground, IntArray

BLOCK_M = 510.0
"""Mean distance of arterials. The city's 1,470 km² of level ground hold 200,000 junctions only
where everything is closer together than in the real core, whose 60 junctions per km² of built-up
500 m squares would come to 88,000."""
LINES = (0, 2, 3, 4)
"""Local streets that may cross a cell each way, from empty to dense blocks."""
JUNCTIONS_PER_CELL = (3.0, 7.3, 9.2, 11.6)
"""What a cell with that many of them comes to, its share of the main roads included."""
JUNCTIONS = 214_000
SAMPLES = 4
URBAN_CENTRES = 26


class Grid:
    """Corners of cells in the local plane, and what each cell holds.

    `columns`, `rows`: number of cells. `corner_m`: (columns + 1, rows + 1, 2) metres.
    `lines`: (columns, rows) local streets that may cross a cell each way, 0 = none.
    """

    def __init__(self, ground: Ground, rng: np.random.Generator, *, scale: float) -> None:
        block_m = BLOCK_M / np.sqrt(scale)
        min_x, min_y, max_x, max_y = ground.land_m.bounds
        blocks = (
            int(np.ceil((max_x - min_x) / block_m)) + 1,
            int(np.ceil((max_y - min_y) / block_m)) + 1,
        )
        self.columns, self.rows = 2 * blocks[0], 2 * blocks[1]
        self.corner_m = np.array([min_x, min_y]) + block_m * _corners(blocks, rng)
        self.lines = self._fill(ground, rng, blocks=blocks, target=JUNCTIONS * scale)

    def at(self, column: IntArray, row: IntArray, *, a: FloatArray, b: FloatArray) -> FloatArray:
        """Return metres (k, 2) of points within cells, `a` across and `b` up, 0 to 1."""
        a, b = a[:, None], b[:, None]
        near = self.corner_m[column, row] * (1 - a) + self.corner_m[column + 1, row] * a
        far = self.corner_m[column, row + 1] * (1 - a) + self.corner_m[column + 1, row + 1] * a
        return np.asarray(near * (1 - b) + far * b)

    def _fill(
        self, ground: Ground, rng: np.random.Generator, *, blocks: tuple[int, int], target: float
    ) -> IntArray:
        """Return `lines` so that the city comes to some `target` junctions."""
        per_cell = SAMPLES // 2
        offset = (np.arange(per_cell) + 0.5) / per_cell
        column, row = (
            grid.ravel()
            for grid in np.meshgrid(
                np.repeat(np.arange(self.columns), per_cell),
                np.repeat(np.arange(self.rows), per_cell),
                indexing="ij",
            )
        )
        a, b = (
            grid.ravel()
            for grid in np.meshgrid(
                np.tile(offset, self.columns), np.tile(offset, self.rows), indexing="ij"
            )
        )
        x_m, y_m = self.at(column, row, a=a, b=b).T
        district = ground.district_at(x_m, y_m)
        buildable = (district >= 0) & ~shapely.intersects_xy(ground.hills_m, x_m, y_m)
        buildable &= ~shapely.intersects_xy(ground.still_water_m, x_m, y_m)
        population = np.array([d.population for d in ground.districts], dtype=np.float64)
        sampled = np.bincount(district[buildable], minlength=len(population))
        weight = np.where(buildable, (population / np.maximum(sampled, 1))[district], 0.0)
        weight *= _centrality(x_m, y_m, weight, rng)
        weight = weight.reshape(blocks[0], SAMPLES, blocks[1], SAMPLES).mean(axis=(1, 3))
        score = np.repeat(np.repeat(np.sqrt(weight), 2, axis=0), 2, axis=1)
        share = buildable.reshape(self.columns, per_cell, self.rows, per_cell).mean(axis=(1, 3))
        score[share < 0.5] = 0.0
        expected = np.asarray(JUNCTIONS_PER_CELL)

        def level(threshold: float) -> IntArray:
            steps = np.array([0.0, threshold / 2.6, threshold])
            return np.searchsorted(steps, score, side="left")

        low, high = 0.0, float(score.max()) * 5
        for _ in range(40):
            middle = (low + high) / 2
            if float((share * expected[level(middle)]).sum()) > target:
                low = middle
            else:
                high = middle
        return np.asarray(LINES)[level(high)]


def _corners(blocks: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Return (columns + 1, rows + 1, 2) corners in block sides: shaken lines, bent by waves."""
    x, y = (_line_places(count, rng) for count in blocks)
    corner = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    corner += rng.normal(0, 0.035, corner.shape)
    for _ in range(4):
        wave_x, wave_y = rng.uniform(0.08, 0.45, 2)
        shift = rng.uniform(0, 2 * np.pi, 2)
        corner[..., 0] += 0.13 * np.sin(wave_y * corner[..., 1] + shift[0])
        corner[..., 1] += 0.13 * np.sin(wave_x * corner[..., 0] + shift[1])
    return corner - 0.5


def _line_places(blocks: int, rng: np.random.Generator) -> FloatArray:
    places = np.empty(2 * blocks + 1)
    places[::2] = np.arange(blocks + 1) + rng.uniform(-0.2, 0.2, blocks + 1)
    share = rng.uniform(0.42, 0.58, blocks)
    places[1::2] = places[:-1:2] * (1 - share) + places[2::2] * share
    return places


def _centrality(
    x_m: FloatArray, y_m: FloatArray, weight: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Return 0.35 far from every seeded urban centre, up to 1.35 in one."""
    centres = rng.choice(len(x_m), URBAN_CENTRES, p=weight / weight.sum())
    radius_m = rng.uniform(1500, 4500, URBAN_CENTRES)
    central = np.zeros(len(x_m))
    for centre, radius in zip(centres, radius_m, strict=True):
        distance_m = np.hypot(x_m - x_m[centre], y_m - y_m[centre])
        central = np.maximum(central, np.exp(-((distance_m / radius) ** 2)))
    return 0.35 + central


def alive(grid: Grid) -> BoolArray:
    """Return which cells hold local streets, with a dead rim: (columns + 2, rows + 2)."""
    return np.pad(grid.lines > 0, 1)
