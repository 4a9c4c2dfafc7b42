"""Auckland's roads: ours from OpenStreetMap with turns and sirens, JEMSS' own beside them."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from api.frames.roads import road_graph
from data.model import CityData
from data.osm.pbf import read_pbf
from routing.live.city_roads import FREE_FLOW
from routing.live.loading import hierarchy_of
from routing.roads.model import Profile
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter

OFF_ROAD_MS = 47.0 / 3.6
"""JEMSS: 47 km/h with sirens between a place and the roads it knows, which are the main ones."""
FARTHEST_M = 3_000.0
"""Farther from a road that is known, nobody can say."""
DAY_S = 86_400.0
FloatArray = npt.NDArray[np.float64]
Seconds = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """The city as read, and what answers for its roads."""

    city: CityData
    router: HierarchyRouter

    def seconds(
        self, origins: FloatArray, cells: FloatArray
    ) -> tuple[Seconds, npt.NDArray[np.bool_]]:
        """Return times (cells, origins) with the ways off the roads, and whether a road is near."""
        start, end = (
            self.router.snap(points, max_distance_m=FARTHEST_M) for points in (origins, cells)
        )
        driven = np.concatenate(list(self.router.matrix(start, end))).T
        off = (end.distance_m[:, None] + start.distance_m[None]) / OFF_ROAD_MS
        return (driven + off).astype(np.float32), np.asarray(end.found)


def auckland_roads(folder: Path) -> Roads:
    """Read the extract and build its hierarchy for ambulances with sirens."""
    city = read_pbf(
        folder / "auckland_main_roads.osm.pbf", key="auckland", name="Auckland", name_zh="奥克兰",
        time_zone="Pacific/Auckland",
    )  # fmt: skip
    graph = road_graph(city, profile=Profile.AMBULANCE_LIGHTS)
    base = DijkstraRouter(graph)
    fast = FastTimes.of(graph, hierarchy_of(graph), base.times, metric_id=FREE_FLOW)
    return Roads(city, HierarchyRouter(base, fast))


def jemss_seconds(folder: Path, origins: FloatArray, cells: FloatArray) -> Seconds:
    """Return times (cells, origins) on JEMSS' own network, with sirens and ways off the roads."""
    node = duckdb.sql(f"SELECT * FROM '{folder}/road_nodes.parquet' ORDER BY index").fetchnumpy()
    arc = duckdb.sql(f"SELECT * FROM '{folder}/road_arcs.parquet'").fetchnumpy()
    size = len(node["index"])
    roads = csr_array(
        (arc["mode_1"] * DAY_S, (arc["fromNode"] - 1, arc["toNode"] - 1)), shape=(size, size)
    )
    metre = np.array([88_990.0, 111_320.0])
    open_to = np.flatnonzero(node["offRoadAccess"] == 1)
    tree = cKDTree(np.column_stack([node["x"], node["y"]])[open_to] * metre)
    (from_m, start), (to_m, end) = (tree.query(points * metre) for points in (origins, cells))
    driven = dijkstra(roads, indices=open_to[start])[:, open_to[end]].T
    off = (to_m[:, None] + from_m[None]) / OFF_ROAD_MS
    return (driven + off).astype(np.float32)


def main_roads(city: CityData) -> dict[str, shapely.Geometry]:
    """Return the roads that a map in print shows, by class."""
    frame = city.segments
    return {
        highway: shapely.MultiLineString(list(frame.geometry[frame.highway == highway]))
        for highway in ("motorway", "trunk", "primary")
    }
