"""City streets of the Shenzhen model: a warped lattice of arterials with finer streets inside.

The rule. Arterials form an irregular net of blocks some 0.9 km wide; every third is a primary
road, the others secondary. A block holds 4 x 4, 8 x 8 or 16 x 16 plots between local streets,
the middle one of which is a collector (tertiary); denser where more people live (census of its
district over its buildable land, higher around seeded centres). A block on a hill holds none.
Then streets are removed: all outside the land or in a reservoir; locals and collectors on hills
and across rivers (arterials bridge rivers, and every third tunnels through hills); and a random
share of the rest, by the block's style, which leaves dead ends. Some local streets are one-way,
neighbours in opposite directions. Noise bends everything.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from data.shenzhen_ground import BoolArray, FloatArray, Ground, IntArray
from data.shenzhen_names import (
    LOCAL_SUFFIXES,
    ROAD_SUFFIXES,
    NamePair,
    numbered,
    with_suffix,
)

HIGHWAYS = (
    "motorway", "motorway_link", "primary", "secondary", "tertiary", "residential",
    "unclassified", "living_street",
)  # fmt: skip
MOTORWAY, MOTORWAY_LINK, PRIMARY, SECONDARY, TERTIARY, RESIDENTIAL, UNCLASSIFIED, LIVING_STREET = (
    range(len(HIGHWAYS))
)

PLOTS = 16
LEVELS = (1, 4, 8, 16)
BLOCK_M = 900.0
NODES_BEFORE_REMOVAL = 212_000
BLOCKS_PER_ARTERIAL_NAME, BLOCKS_PER_COLLECTOR_NAME = 7, 3
NAMED_LOCAL_SHARE = 0.45
ONE_WAY_LOCAL_SHARE = 0.12
COLLECTOR_REMOVED = 0.02
LOCAL_REMOVED_BY_STYLE = (0.12, 0.22, 0.32)
LOCAL_CLASS_BY_STYLE = (RESIDENTIAL, RESIDENTIAL, LIVING_STREET)
UNCLASSIFIED_BLOCK_SHARE = 0.12
URBAN_CENTRES = 26


@dataclass(slots=True)
class Streets:
    """A street network in the local plane. n nodes, m segments.

    `x_m`, `y_m`: (n,) metres. `is_corner`: (n,) whether two arterials meet. `start`, `end`: (m,)
    node indices. `highway`: (m,) index into `HIGHWAYS`. `oneway`: (m,) 0 or 1 along the segment.
    `layer`, `is_bridge`, `is_tunnel`: (m,). `name`: (m,) index into `names`, -1 for none.
    """

    x_m: FloatArray
    y_m: FloatArray
    is_corner: BoolArray
    start: IntArray
    end: IntArray
    highway: IntArray
    oneway: IntArray
    layer: IntArray
    is_bridge: BoolArray
    is_tunnel: BoolArray
    name: IntArray
    names: list[NamePair]


@dataclass(slots=True)
class _Edges:
    """Lattice edges. `along`, `line`: fine indices; `upright`: whether `line` counts columns."""

    upright: BoolArray
    line: IntArray
    along: IntArray
    step: IntArray

    def __len__(self) -> int:
        return len(self.line)

    def take(self, keep: BoolArray) -> "_Edges":
        return _Edges(self.upright[keep], self.line[keep], self.along[keep], self.step[keep])

    def ends(self) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Return column and row of the first and of the second end."""
        further = self.along + self.step
        return (
            np.where(self.upright, self.line, self.along),
            np.where(self.upright, self.along, self.line),
            np.where(self.upright, self.line, further),
            np.where(self.upright, further, self.line),
        )


class _Lattice:
    """Blocks over the bounding box of the land, and where their fine points lie."""

    def __init__(self, ground: Ground, rng: np.random.Generator, *, block_m: float) -> None:
        self.block_m = block_m
        min_x, min_y, max_x, max_y = ground.land_m.bounds
        self.columns = int(np.ceil((max_x - min_x) / block_m)) + 1
        self.rows = int(np.ceil((max_y - min_y) / block_m)) + 1
        corner = (self.columns + 1, self.rows + 1)
        line_x = np.arange(corner[0]) + rng.uniform(-0.2, 0.2, corner[0])
        line_y = np.arange(corner[1]) + rng.uniform(-0.2, 0.2, corner[1])
        x = line_x[:, None] + rng.normal(0, 0.05, corner)
        y = line_y[None, :] + rng.normal(0, 0.05, corner)
        for _ in range(4):
            wave_x, wave_y = rng.uniform(0.08, 0.45, 2)
            shift = rng.uniform(0, 2 * np.pi, 2)
            x += 0.13 * np.sin(wave_y * y + shift[0])
            y += 0.13 * np.sin(wave_x * x + shift[1])
        self.corner_x, self.corner_y = min_x + (x - 0.5) * block_m, min_y + (y - 0.5) * block_m
        fine = (self.columns * PLOTS + 1, self.rows * PLOTS + 1)
        self.noise = rng.normal(0, 0.13 * block_m / PLOTS, (2, *fine))
        # Main roads run smoother than the streets between them.
        self.noise[:, ::PLOTS, :] *= 0.25
        self.noise[:, :, ::PLOTS] *= 0.25

    def node_id(self, column: IntArray, row: IntArray) -> IntArray:
        """Return one number per fine point."""
        return column * (self.rows * PLOTS + 1) + row

    def position(self, node_id: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return metres of fine points: between the block's corners, shaken."""
        column, row = np.divmod(node_id, self.rows * PLOTS + 1)
        block_x = np.minimum(column // PLOTS, self.columns - 1)
        block_y = np.minimum(row // PLOTS, self.rows - 1)
        a, b = (column - block_x * PLOTS) / PLOTS, (row - block_y * PLOTS) / PLOTS
        place = []
        for corners, noise in zip((self.corner_x, self.corner_y), self.noise, strict=True):
            near = corners[block_x, block_y] * (1 - a) + corners[block_x + 1, block_y] * a
            far = corners[block_x, block_y + 1] * (1 - a) + corners[block_x + 1, block_y + 1] * a
            place.append(near * (1 - b) + far * b + noise[column, row])
        return place[0], place[1]


def lay_streets(
    ground: Ground, rng: np.random.Generator, *, scale: float, bases: list[NamePair]
) -> Streets:
    """Lay arterials, collectors and local streets; `scale` 1 gives some 213,000 nodes."""
    lattice = _Lattice(ground, rng, block_m=BLOCK_M / np.sqrt(scale))
    level = _block_levels(ground, lattice, rng, node_target=NODES_BEFORE_REMOVAL * scale)
    style = rng.choice(3, level.shape, p=(0.35, 0.4, 0.25))
    edges = _all_edges(level)
    highway = _classify(edges, style, rng)
    edges, highway = _on_land(ground, lattice, edges, highway)
    keep = rng.random(len(edges)) >= _removal_share(edges, highway, style)
    edges, highway = edges.take(keep), highway[keep]
    edges, highway, is_bridge, is_tunnel = _cross_barriers(ground, lattice, edges, highway)
    name, names = _name(edges, highway, rng, bases)
    first_column, first_row, second_column, second_row = edges.ends()
    ids, index = np.unique(
        np.concatenate(
            [lattice.node_id(first_column, first_row), lattice.node_id(second_column, second_row)]
        ),
        return_inverse=True,
    )
    x_m, y_m = lattice.position(ids)
    column, row = np.divmod(ids, lattice.rows * PLOTS + 1)
    start, end = index[: len(edges)], index[len(edges) :]
    oneway, backward = _one_ways(edges, highway, rng)
    return Streets(
        x_m, y_m, (column % PLOTS == 0) & (row % PLOTS == 0),
        np.where(backward, end, start), np.where(backward, start, end), highway, oneway,
        is_bridge.astype(np.int64) - is_tunnel, is_bridge, is_tunnel, name, names,
    )  # fmt: skip


def _block_levels(
    ground: Ground, lattice: _Lattice, rng: np.random.Generator, *, node_target: float
) -> IntArray:
    """Return how many plots each block has along a side: (columns, rows), values of `LEVELS`."""
    shape = (lattice.columns, lattice.rows)
    samples = 5
    offset = (np.arange(samples) + 0.5) / samples * PLOTS
    column, row = np.meshgrid(
        (np.arange(shape[0])[:, None] * PLOTS + offset).ravel().astype(np.int64),
        (np.arange(shape[1])[:, None] * PLOTS + offset).ravel().astype(np.int64),
        indexing="ij",
    )
    x_m, y_m = lattice.position(lattice.node_id(column.ravel(), row.ravel()))
    district = ground.district_at(x_m, y_m)
    buildable = (district >= 0) & ~shapely.intersects_xy(ground.hills_m, x_m, y_m)
    buildable &= ~shapely.intersects_xy(ground.still_water_m, x_m, y_m)
    population = np.array([d.population for d in ground.districts], dtype=np.float64)
    sampled = np.bincount(district[buildable], minlength=len(population))
    density = population / np.maximum(sampled, 1)
    weight = np.where(buildable, density[district], 0.0)
    weight *= _centrality(x_m, y_m, weight, rng)

    def per_block(values: npt.NDArray[np.float64]) -> FloatArray:
        blocks = values.reshape(shape[0], samples, shape[1], samples)
        means: FloatArray = blocks.mean(axis=(1, 3))
        return means

    share, score = per_block(buildable.astype(np.float64)), np.sqrt(per_block(weight))
    score[share < 0.12] = 0.0

    def levels(threshold: float) -> IntArray:
        steps = np.array([0.0, threshold / 4.5, threshold])
        return np.asarray(LEVELS)[np.searchsorted(steps, score, side="left")]

    low, high = 0.0, float(score.max()) * 5
    for _ in range(40):
        middle = (low + high) / 2
        if float((share * levels(middle) ** 2).sum()) > node_target:
            low = middle
        else:
            high = middle
    return levels(high)


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


def _all_edges(level: IntArray) -> _Edges:
    across, upright = _edges_one_way(level), _edges_one_way(level.T)
    return _Edges(
        np.repeat([False, True], [len(across[0]), len(upright[0])]),
        *(np.concatenate(pair) for pair in zip(across, upright, strict=True)),
    )


def _edges_one_way(level: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return line, start along it and step of every edge that runs along the first axis."""
    lines = np.arange(level.shape[1] * PLOTS + 1)
    padded = np.pad(level, ((0, 0), (1, 1)), constant_values=1)
    above, below = padded[:, lines // PLOTS + 1], padded[:, lines // PLOTS]
    between = lines % PLOTS != 0
    plots = np.where(between, above, np.maximum(above, below))
    plots[between & (lines % (PLOTS // plots) != 0)] = 0
    line, along, step = [], [], []
    for count in LEVELS:
        block, which = np.nonzero(plots == count)
        size = PLOTS // count
        along.append((block[:, None] * PLOTS + np.arange(count) * size).ravel())
        line.append(np.repeat(lines[which], count))
        step.append(np.full(len(block) * count, size))
    return np.concatenate(line), np.concatenate(along), np.concatenate(step)


def _block_of(edges: _Edges, shape: tuple[int, ...]) -> tuple[IntArray, IntArray]:
    """Return column and row of the block an edge lies in or bounds."""
    across, along = edges.line // PLOTS, edges.along // PLOTS
    column = np.where(edges.upright, across, along)
    row = np.where(edges.upright, along, across)
    return np.minimum(column, shape[0] - 1), np.minimum(row, shape[1] - 1)


def _classify(edges: _Edges, style: IntArray, rng: np.random.Generator) -> IntArray:
    block = _block_of(edges, style.shape)
    quiet = rng.random(style.shape) < UNCLASSIFIED_BLOCK_SHARE
    local = np.where(quiet, UNCLASSIFIED, np.asarray(LOCAL_CLASS_BY_STYLE)[style])[block]
    within = edges.line % PLOTS
    arterial = np.where(edges.line // PLOTS % 3 == 0, PRIMARY, SECONDARY)
    return np.where(within == 0, arterial, np.where(within == PLOTS // 2, TERTIARY, local))


def _lines(lattice: _Lattice, edges: _Edges) -> npt.NDArray[np.object_]:
    first_column, first_row, second_column, second_row = edges.ends()
    first = lattice.position(lattice.node_id(first_column, first_row))
    second = lattice.position(lattice.node_id(second_column, second_row))
    ends = np.stack([np.column_stack(first), np.column_stack(second)], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)


def _on_land(
    ground: Ground, lattice: _Lattice, edges: _Edges, highway: IntArray
) -> tuple[_Edges, IntArray]:
    """Keep what lies within the city, some metres off its edge, and outside reservoirs."""
    inland = ground.land_m.buffer(-25.0)
    shapely.prepare(inland)
    first_column, first_row, _, _ = edges.ends()
    near = shapely.intersects_xy(
        inland, *lattice.position(lattice.node_id(first_column, first_row))
    )
    edges, highway = edges.take(near), highway[near]
    lines = _lines(lattice, edges)
    shapely.prepare(ground.still_water_m)
    keep = shapely.contains(inland, lines) & ~shapely.intersects(ground.still_water_m, lines)
    return edges.take(keep), highway[keep]


def _removal_share(edges: _Edges, highway: IntArray, style: IntArray) -> FloatArray:
    local = np.asarray(LOCAL_REMOVED_BY_STYLE)[style][_block_of(edges, style.shape)]
    share = np.where(highway == TERTIARY, COLLECTOR_REMOVED, local)
    return np.where(highway < TERTIARY, 0.0, share)


def _cross_barriers(
    ground: Ground, lattice: _Lattice, edges: _Edges, highway: IntArray
) -> tuple[_Edges, IntArray, BoolArray, BoolArray]:
    lines = _lines(lattice, edges)
    middle = shapely.get_coordinates(lines).reshape(-1, 2, 2).mean(axis=1)
    shapely.prepare(ground.hills_m)
    shapely.prepare(ground.river_lines_m)
    on_hill = shapely.intersects_xy(ground.hills_m, middle[:, 0], middle[:, 1])
    over_river = shapely.intersects(ground.river_lines_m, lines)
    keep = ~on_hill | (highway == PRIMARY)
    keep &= ~over_river | (highway < TERTIARY)
    is_bridge = over_river & ~on_hill
    return edges.take(keep), highway[keep], is_bridge[keep], on_hill[keep]


def _one_ways(
    edges: _Edges, highway: IntArray, rng: np.random.Generator
) -> tuple[IntArray, BoolArray]:
    """Return the one-way flag, and which of them run against the lattice's direction."""
    street = edges.line * 4096 + edges.along // PLOTS * 2 + edges.upright
    _, which = np.unique(street, return_inverse=True)
    chosen = (rng.random(which.max(initial=0) + 1) < ONE_WAY_LOCAL_SHARE)[which]
    chosen &= highway > TERTIARY
    return chosen.astype(np.int64), chosen & (edges.line % 2 == 1)


def _name(
    edges: _Edges, highway: IntArray, rng: np.random.Generator, bases: list[NamePair]
) -> tuple[IntArray, list[NamePair]]:
    """Return each edge's name index and the names: stretches of arterials, numbered locals."""
    kind = np.clip(highway - PRIMARY, 0, 3)
    stretch = np.choose(kind, [BLOCKS_PER_ARTERIAL_NAME, BLOCKS_PER_ARTERIAL_NAME,
                               BLOCKS_PER_COLLECTOR_NAME, 1])  # fmt: skip
    key = np.column_stack(
        [kind, edges.upright, edges.line, edges.along // PLOTS // stretch, edges.step]
    ).astype(np.int64)
    key[kind < 3, 4] = 0
    distinct, which = np.unique(key, axis=0, return_inverse=True)
    named = (distinct[:, 0] < 3) | (rng.random(len(distinct)) < NAMED_LOCAL_SHARE)
    order = rng.integers(0, 2, len(distinct))
    names: list[NamePair] = []
    index = np.full(len(distinct), -1, dtype=np.int64)
    roads = 0
    for number in np.flatnonzero(named):
        road_kind, upright, line, along, step = distinct[number].tolist()
        if road_kind < 3:
            suffixes = ROAD_SUFFIXES[HIGHWAYS[PRIMARY + road_kind]]
            pair = with_suffix(bases[roads % len(bases)], suffixes[order[number] % len(suffixes)])
            roads += 1
        else:
            block = (along * 911 + line // PLOTS) if upright else (line // PLOTS * 911 + along)
            pair = numbered(
                bases[-1 - block % len(bases)], line % PLOTS // step, LOCAL_SUFFIXES[upright]
            )
        index[number] = len(names)
        names.append(pair)
    return index[which.ravel()], names
