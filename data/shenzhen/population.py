"""Population cells of the Shenzhen model: census counts of the districts spread over streets."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.frames import make_frame
from data.model import COUNT_COLUMNS, POPULATION_COLUMNS
from data.shenzhen.classes import MOTORWAY_LINK, Streets
from data.shenzhen.ground import AGE_BANDS, CENSUS_DAY, FloatArray, Ground, IntArray

CELL_M = 600.0
CROWDING_EXPONENT = 1.3
CELL_NOISE = 0.35


@dataclass(frozen=True, slots=True)
class Cells:
    """Populated cells, c of them, and the node weights that belong to them.

    `district`, `column`, `row`, `population`: (c,). `x_m`, `y_m`: (c,) mean of the cell's
    junctions. `node_weight`: (n,) persons per node; 0 on expressways.
    """

    district: IntArray
    column: IntArray
    row: IntArray
    population: IntArray
    x_m: FloatArray
    y_m: FloatArray
    size_m: float
    node_weight: FloatArray


def apportion(total: IntArray, weights: FloatArray) -> IntArray:
    """Share out each whole number of `total` (k,) over `weights` (k, m) without a rest.

    Returns (k, m) whole numbers that sum to `total`; largest remainders first (Hare's method).
    """
    exact = total[:, None] * weights / weights.sum(axis=1, keepdims=True)
    parts: IntArray = np.floor(exact).astype(np.int64)
    missing = total - parts.sum(axis=1)
    rank = np.argsort(np.argsort(parts - exact, axis=1, kind="stable"), axis=1, kind="stable")
    parts += rank < missing[:, None]
    return parts


def populate(ground: Ground, streets: Streets, rng: np.random.Generator, *, scale: float) -> Cells:
    """Spread every district's census count over square cells by their number of junctions."""
    size_m = CELL_M / np.sqrt(scale)
    node = np.ones(len(streets.x_m), dtype=bool)
    fast = streets.highway <= MOTORWAY_LINK
    node[streets.start[fast]] = False
    node[streets.end[fast]] = False
    node = np.flatnonzero(node)
    x_m, y_m = streets.x_m[node], streets.y_m[node]
    key = np.column_stack(
        [ground.district_at(x_m, y_m), np.floor(x_m / size_m), np.floor(y_m / size_m)]
    ).astype(np.int64)
    cells, cell_of, junctions = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    cell_of = cell_of.ravel()
    weight = junctions**CROWDING_EXPONENT * rng.lognormal(0.0, CELL_NOISE, len(cells))
    population = np.zeros(len(cells), dtype=np.int64)
    for number, district in enumerate(ground.districts):
        mine = cells[:, 0] == number
        population[mine] = apportion(np.array([district.population]), weight[None, mine])[0]
    node_weight = np.zeros(len(streets.x_m))
    node_weight[node] = (population / junctions)[cell_of]
    return Cells(
        cells[:, 0], cells[:, 1], cells[:, 2], population,
        np.bincount(cell_of, weights=x_m) / junctions,
        np.bincount(cell_of, weights=y_m) / junctions,
        size_m, node_weight,
    )  # fmt: skip


def population_frame(ground: Ground, cells: Cells, *, source: str) -> gpd.GeoDataFrame:
    """Return the cells (`POPULATION_COLUMNS`): squares cut at the district's outline.

    `age_bands` counts persons by band with the district's census shares; they sum to `population`.
    """
    corner_x, corner_y = cells.column * cells.size_m, cells.row * cells.size_m
    squares = shapely.box(corner_x, corner_y, corner_x + cells.size_m, corner_y + cells.size_m)
    outlines = np.array(ground.outlines_m, dtype=object)[cells.district]
    cut = ~shapely.contains(outlines, squares)
    pieces = shapely.intersection(outlines[cut], squares[cut])
    squares[cut] = [max(shapely.get_parts(piece), key=shapely.area) for piece in pieces]
    shares = np.array([district.age_shares for district in ground.districts])
    ages = apportion(cells.population, shares[cells.district])
    codes = [ground.districts[number].code for number in cells.district]
    count = len(codes)
    values = {
        "source": [source] * count,
        "source_ref": [
            f"{code}-{column}-{row}"
            for code, column, row in zip(codes, cells.column, cells.row, strict=True)
        ],
        "population": cells.population.astype(np.float64),
        "age_bands": [dict(zip(AGE_BANDS, bands, strict=True)) for bands in ages.tolist()],
        "counted_on": [CENSUS_DAY] * count,
        "time_of_day": ["all"] * count,
        "modelled": np.ones(count, dtype=bool),
    }
    return make_frame(POPULATION_COLUMNS, values, geometry=ground.to_degrees_all(squares))


def census_counts(ground: Ground, *, source: str) -> pd.DataFrame:
    """Return the census of each district by age band, and of all ages (`COUNT_COLUMNS`)."""
    rows: list[tuple[str, int, int | None, float]] = []
    for district in ground.districts:
        total = np.array([district.population])
        bands = apportion(total, district.age_shares[None])[0].tolist()
        ages = [tuple(band.removesuffix("+").split("-")) for band in AGE_BANDS]
        rows.append((district.code, 0, None, district.population))
        rows += [
            (district.code, int(low[0]), int(low[1]) + 1 if len(low) > 1 else None, persons)
            for low, persons in zip(ages, bands, strict=True)
        ]
    return pd.DataFrame(
        [(code, CENSUS_DAY, low, below, "all", "resident", source, persons)
         for code, low, below, persons in rows],
        columns=list(COUNT_COLUMNS), dtype=object,
    )  # fmt: skip
