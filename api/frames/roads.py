"""The roads of a city that was read but not stored: their graph, and times as a table."""

import inspect
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.model import CityData
from routing.graph.build import RoadGraph, build_graph
from routing.roads.model import Barriers, Coded, Profile, Restriction, Segments
from routing.rules.model import ProfileRules
from routing.search.router import DijkstraRouter
from routing.search.whole import whole_matrix
from routing.snap.snapper import DEFAULT_MAX_DISTANCE_M


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """A city's roads for one means of travel, as free as they are by law."""

    router: DijkstraRouter

    @classmethod
    def of(
        cls, city: CityData, profile: Profile | ProfileRules = Profile.AMBULANCE_LIGHTS
    ) -> "Roads":
        """Build the graph of a city that was read."""
        return cls(DijkstraRouter(road_graph(city, profile=profile)))

    def seconds(
        self,
        places: gpd.GeoDataFrame,
        sites: gpd.GeoDataFrame,
        *,
        max_distance_m: float = DEFAULT_MAX_DISTANCE_M,
        file: Path | None = None,
    ) -> pd.DataFrame:
        """Return seconds from each of `sites` (columns) to each of `places` (rows).

        Polygons stand for a point within them. Infinite where no way leads, NaN in the rows of
        places without a road within `max_distance_m`, of which nobody can say. More than 2 GiB of
        times are kept in `file` and mapped, block by block.

        Raises
        ------
        ValueError
            One of the two is not in WGS-84, or names a row twice.
        MemoryError
            There are more than 2 GiB of times, and no file was named.
        """
        start, end = (
            self.router.snap(_lonlat(one), max_distance_m=max_distance_m) for one in (sites, places)
        )
        found = whole_matrix(self.router, start, end, file=file).T
        found[~end.found] = np.nan
        return pd.DataFrame(found, index=places.index, columns=sites.index, copy=False)


def _lonlat(frame: gpd.GeoDataFrame) -> "np.ndarray[Any, np.dtype[np.float64]]":
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        message = "Longitude and latitude (EPSG:4326) are needed: use frame.to_crs(4326)."
        raise ValueError(message)
    if not frame.index.is_unique:
        message = "Rows are matched by their index, and it names one twice."
        raise ValueError(message)
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    return shapely.get_coordinates(points)


def road_graph(city: CityData, *, profile: Profile | ProfileRules = Profile.CAR) -> RoadGraph:
    """Build the turn-aware graph of a city that was read but not stored."""
    nodes = city.road_nodes
    gates = nodes[nodes.kind == "barrier"]
    barriers = Barriers(
        gates.node_id.to_numpy(np.int64),
        Coded.of([tags.get("drive_access") for tags in gates.tags]),
        Coded.of([tags.get("walk_access") for tags in gates.tags]),
    )
    restrictions = [_restriction(row) for row in city.restrictions.to_dict("records")]
    return build_graph(
        segments_of(city),
        profile,
        restrictions=restrictions,
        signal_nodes=nodes[nodes.kind == "traffic_signals"].node_id.to_numpy(np.int64),
        barriers=barriers,
    )


def _restriction(row: Mapping[Hashable, Any]) -> Restriction:
    via = row["via_node"]
    return Restriction(
        row["kind"], int(row["from_way_id"]), int(row["to_way_id"]),
        via_node=None if pd.isna(via) else int(via), via_way_ids=tuple(row["via_way_ids"]),
        except_modes=tuple(row["except_modes"]),
    )  # fmt: skip


def segments_of(city: CityData) -> Segments:
    """Return the segments of a city that was read but not stored."""
    frame = city.segments
    known = set(inspect.signature(Segments.from_columns).parameters)
    columns: dict[str, Any] = {
        name: frame[name].tolist() for name in frame.columns if name in known
    }
    for name, value in (("maxspeed_kmh", np.nan), ("maxspeed_backward_kmh", np.nan),
                        ("osm_way_id", -1)):  # fmt: skip
        columns[name] = [value if entry is None else entry for entry in columns[name]]
    coords, line = shapely.get_coordinates(frame.geometry.values, return_index=True)
    counts = np.bincount(line, minlength=len(frame))
    return Segments.from_columns(
        segment_id=np.arange(len(frame)),
        coords=coords,
        offsets=np.concatenate(([0], np.cumsum(counts))),
        **columns,
    )
