"""A city by name, downloaded through osmnx and cached."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx

from data.errors import NoInternetError, NoRoadsError, PlaceNotFoundError
from data.model import CityData, Progress
from data.osm import modes as osm_modes
from data.osm import read as osm_read
from data.osm import tags as osm_tags
from data.osm.city import build_city, no_progress
from data.osm.raw import DEGREES_PER_UNIT, OsmRaw, TaggedObject

WAY_TAGS = (
    "highway", "junction", "name", "name:en", "name:zh", *osm_tags.ALSO_NAMES, "ref", "layer",
    "bridge", "tunnel", "lanes", "area", *osm_tags.DRIVE_KEYS, "maxspeed", "maxspeed:forward",
    "maxspeed:backward", "maxspeed:type", "source:maxspeed", "zone:maxspeed",
    *sorted(osm_tags.KEPT_KEYS), *osm_modes.MODE_KEYS, *osm_tags.BACKWARD_KEYS,
    *osm_tags.FORWARD_KEYS,
)  # fmt: skip
NODE_TAGS = ("highway", "barrier", "foot", "emergency", "bicycle", "motorcycle",
             *osm_tags.DRIVE_KEYS)  # fmt: skip
ROAD_FILTER = ['["highway"]', '["route"="ferry"]']
FEATURE_TAGS: dict[str, bool | str | list[str]] = {
    **dict.fromkeys(sorted(osm_read.PLACE_KEYS - {"building"}), True),
    "boundary": "administrative",
    "natural": "water",
    "waterway": "riverbank",
}
REVERSED = frozenset({"-1", "reverse", "T"})
"""Values of `oneway` for which osmnx already turns the way's nodes round."""
TIMEOUT_S = 120


def read_place(
    query: str,
    *,
    cache_folder: Path,
    key: str | None = None,
    time_zone: str = "Asia/Shanghai",
    progress: Progress = no_progress,
) -> CityData:
    """Return the city that the map server knows as `query`, e.g. `Shenzhen, China`.

    Downloads are kept in `cache_folder` and used again. Turn restrictions cannot be had this way:
    an extract (`data.osm.pbf.read_pbf`) has them. Raises `NoInternetError`,
    `PlaceNotFoundError` and `NoRoadsError`.
    """
    progress("download", 0.0)
    graph, features = _download(query, cache_folder=cache_folder)
    progress("download", 1.0)
    raw = raw_from_graph(graph)
    add_features(raw, features)
    return build_city(
        raw,
        key=key or query.split(",", maxsplit=1)[0].strip().lower().replace(" ", "-"),
        name=query.split(",", maxsplit=1)[0].strip(),
        name_zh=None,
        source=f"OpenStreetMap, place {query}",
        time_zone=time_zone,
        progress=progress,
    )


def raw_from_graph(graph: "nx.MultiDiGraph[int]") -> OsmRaw:
    """Return the ways of an unsimplified osmnx graph made with `all_oneway`.

    Each way's edges are chained again in node order; one cut by the place's border becomes
    several runs with the same way id.
    """
    edges_of: dict[int, dict[int, list[int]]] = {}
    tags_of: dict[int, dict[str, str]] = {}
    for start, end, edge in graph.edges(data=True):
        way = int(edge["osmid"])
        edges_of.setdefault(way, {}).setdefault(start, []).append(end)
        if way not in tags_of:
            tags_of[way] = {k: v for k, v in edge.items() if isinstance(v, str)}
    raw = OsmRaw()
    for way, following in edges_of.items():
        tags = tags_of[way]
        if tags.get("oneway") in REVERSED:
            tags["oneway"] = "yes"
        if osm_tags.is_road(tags):
            for refs in _runs(following):
                raw.add_way(way, tags, refs=refs, x=_fixed(graph, refs, "x"),
                            y=_fixed(graph, refs, "y"))  # fmt: skip
    for node, attributes in graph.nodes(data=True):
        tags = {k: v for k, v in attributes.items() if isinstance(v, str)}
        if osm_read.is_road_node(tags):
            raw.node_tags[int(node)] = tags
    return raw


def add_features(raw: OsmRaw, features: gpd.GeoDataFrame) -> None:
    """Add osmnx features (indexed by element type and id) to `raw` as points and areas."""
    columns = [name for name in features.columns if name != "geometry"]
    for index, values, geometry in zip(
        features.index, features[columns].itertuples(index=False), features.geometry, strict=True
    ):
        tags = {k: v for k, v in zip(columns, values, strict=True) if isinstance(v, str)}
        one = TaggedObject(f"{index[0]}/{index[1]}", tags, geometry)
        target = raw.areas if geometry.geom_type.endswith("Polygon") else raw.points
        target.append(one)


def _runs(following: dict[int, list[int]]) -> Iterator[list[int]]:
    """Chain edges (node → next nodes of one way) into runs of nodes that use each edge once."""
    ends = {end for after in following.values() for end in after}
    starts = [node for node in following if node not in ends]
    left = {start: list(after) for start, after in following.items()}
    for start in [*starts, *following]:
        run = [start]
        while left.get(run[-1]):
            run.append(left[run[-1]].pop(0))
        if len(run) > 1:
            yield run


def _fixed(graph: "nx.MultiDiGraph[int]", refs: list[int], axis: str) -> list[int]:
    return [round(graph.nodes[ref][axis] / DEGREES_PER_UNIT) for ref in refs]


def _download(query: str, *, cache_folder: Path) -> tuple["nx.MultiDiGraph[int]", gpd.GeoDataFrame]:
    import osmnx  # noqa: PLC0415 - slow to import, and only this door needs it
    from osmnx._errors import (  # noqa: PLC0415
        InsufficientResponseError,
        ResponseStatusCodeError,
    )

    with _settings(osmnx.settings, cache_folder=cache_folder):
        try:
            area = osmnx.geocode_to_gdf(query)
        except (InsufficientResponseError, TypeError) as error:
            raise PlaceNotFoundError(query) from error
        except (OSError, ResponseStatusCodeError) as error:
            raise NoInternetError(query) from error
        polygon = area.union_all()
        try:
            graph = osmnx.graph_from_polygon(
                polygon, simplify=False, retain_all=True, truncate_by_edge=True,
                custom_filter=ROAD_FILTER,
            )  # fmt: skip
            features = osmnx.features_from_polygon(polygon, FEATURE_TAGS)
        except InsufficientResponseError as error:
            raise NoRoadsError(f"OpenStreetMap at {query!r}") from error
        except (OSError, ResponseStatusCodeError) as error:
            raise NoInternetError(query) from error
    return graph, features


@contextmanager
def _settings(settings: Any, *, cache_folder: Path) -> Iterator[None]:
    """Set osmnx's global settings, and put them back."""
    ours = {
        "all_oneway": True,
        "cache_folder": str(cache_folder),
        "use_cache": True,
        "requests_timeout": TIMEOUT_S,
        "useful_tags_way": list(dict.fromkeys(WAY_TAGS)),
        "useful_tags_node": list(NODE_TAGS),
    }
    before = {name: getattr(settings, name) for name in ours}
    try:
        for name, value in ours.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
