"""Published instances, where the bulk data are."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path
from scipy.spatial.distance import cdist

from gis.settings import PROJECT_FOLDER
from planning.siting.instance import Instance, of_matrix, of_pairs
from tests.conftest import NEEDS_SHARED, SHARED_DATA

LOCATION = SHARED_DATA / "location"
GOLDEN = PROJECT_FOLDER / "tests" / "golden" / "siting"


def file(folder: str, name: str) -> Path:
    """A published file: with the tests, else among the bulk data, else the test skips."""
    for at in (GOLDEN, LOCATION):
        if (at / folder / name).is_file():
            return at / folder / name
    pytest.skip(NEEDS_SHARED)


def keys(count: int, kind: str = "") -> list[str]:
    return [f"{kind}{at}" for at in range(count)]


def square(travel: np.ndarray, weight: np.ndarray | None = None) -> Instance:
    """An instance in which each place is a site."""
    names = keys(len(travel))
    demand = np.ones(len(travel)) if weight is None else weight
    return of_matrix(dict(zip(names, demand.tolist(), strict=True)), names, travel, rows=names,
                     columns=names)  # fmt: skip


def sao_jose(size: int) -> Instance:
    xy = np.loadtxt(file("mclp_sjc", f"SJC{size}.txt"), skiprows=1)
    return square(cdist(xy, xy), np.loadtxt(file("mclp_sjc", f"demand-SJC{size}.dat"))[:size])


def real_city(name: str) -> Instance:
    text = file("mclp_ails", f"{name}.txt").read_text()
    points, demand = text.split("NODE_COORD_SECTION")[1].split("DEMAND_SECTION")
    lat, lon = np.radians(np.array(points.split(), dtype=float).reshape(-1, 2)).T
    weight = np.array([one for one in demand.split() if one != "EOF"], dtype=float)
    cosine = np.sin(lat)[:, None] * np.sin(lat) + np.cos(lat)[:, None] * np.cos(lat) * np.cos(
        lon[:, None] - lon
    )
    return square(6_378_100.0 * np.arccos(np.clip(cosine, -1.0, 1.0)), weight)


def pmed(number: int) -> tuple[Instance, int]:
    """OR-Library: of edges named twice the last counts."""
    with file("pmed", f"pmed{number}.txt").open() as lines:
        size, _, count = map(int, lines.readline().split())
        cost = {}
        for line in lines:
            if line.strip():
                i, j, length = map(int, line.split())
                cost[min(i, j) - 1, max(i, j) - 1] = length
    pairs = np.array(list(cost))
    graph = csr_array((list(cost.values()), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    return square(shortest_path(graph, directed=False)), count


def published(name: str) -> dict[int, int]:
    """Published optima by the number of the instance."""
    rows = [row.split() for row in file("pmed", name).read_text().split("\n")]
    return {int(row[0][4:]): int(row[1]) for row in rows if row and row[0][4:].isdigit()}


SF_TRAVEL = "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
SF_DEMAND = "SF_demand_205_centroid_uniform_weight.csv"


def san_francisco(demand_of: Mapping[str, float] | None = None) -> Instance:
    """205 tracts and 16 stores, metres by road; the demand of its own file, in its own order."""
    with file("spopt_sf", SF_TRAVEL).open() as lines:
        table = list(csv.DictReader(lines))
    if demand_of is None:
        with file("spopt_sf", SF_DEMAND).open() as lines:
            demand_of = {row["NAME"]: float(row["POP2000"]) for row in csv.DictReader(lines)}
    pairs = [(row["DestinationName"], row["name"], float(row["distance"])) for row in table]
    return of_pairs(demand_of, sorted({store for _, store, _ in pairs}), pairs)
