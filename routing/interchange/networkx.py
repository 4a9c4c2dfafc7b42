"""Roads to and from networkx graphs in osmnx's shape, and GraphML files.

osmnx's shape (2.1): a `MultiDiGraph` with one edge per direction of travel, node attributes `x`
and `y` in degrees, edge attributes `osmid`, `length` (m), `highway`, `oneway`, `reversed` and OSM
tags as texts, `geometry` along the direction of travel; `reversed` marks the edge that runs against
its way. Both edges of a two-way street become one segment here.

Simplified graphs hold lists where the parts of an edge differed, without saying which part is how
long. A mean of such speeds is wrong (osmnx issue 717): 1 km at 100 and 9 km at 20 km/h do not make
60. From a list we take the lowest speed and the lowest class, so that no way is promised faster
than it can be, drop the ambiguous way id, and warn. `travel_time` computed before simplification
is exact, for osmnx sums it; such times are handed on as `Imported.leg_ms`.
"""

import warnings
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import osmnx
import shapely
from numpy.typing import NDArray

from routing.engine.digraph import INFINITE_MS
from routing.interchange.pairs import opposite_edges
from routing.interchange.tags import (
    access_of,
    any_true,
    lowest_class,
    one_text,
    one_way_id,
    speeds_kmh,
)
from routing.roads.errors import InvalidNetworkError
from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray, Segments

CRS = "epsg:4326"

# Nodes on one spot make edges of 0 m in osmnx; a segment has a length.
SHORTEST_M = 0.01

_TAGS = {"name": "name", "name_zh": "name:zh", "name_en": "name:en", "ref": "ref"}
_ACCESS = (
    "drive_access",
    "walk_access",
    "bicycle_access",
    "motorcycle_access",
    "emergency_access",
)

Edge: TypeAlias = tuple[Hashable, Hashable, Mapping[str, Any]]
Graph: TypeAlias = "nx.Graph[Any]"
Roads: TypeAlias = "nx.MultiDiGraph[Any]"


class InterchangeWarning(UserWarning):
    """A graph says less about its roads than routing needs; the text says what was assumed."""


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """Roads of a networkx graph.

    leg_ms : (2 * n_segments,) int32 or None
        The edges' `travel_time`, `INFINITE_MS` where there is no edge, `leg = 2 * segment +
        direction`; None unless every edge carries one.
    """

    segments: Segments
    leg_ms: IndexArray | None


def to_networkx(segments: Segments, *, leg_ms: IndexArray | None = None) -> Roads:
    """Turn roads into a graph in osmnx's shape, one edge per leg that may be driven.

    Parameters
    ----------
    segments : Segments
    leg_ms : (2 * n_segments,) int32, optional
        Time of each leg of one profile, as `RoadGraph.free_flow_ms`: edges get a `travel_time` in
        seconds, and legs at `INFINITE_MS` become no edge. Without it edges follow `oneway`.

    Notes
    -----
    Turn restrictions, signals and barriers are no part of this shape: shortest times of such a
    graph are at most those of `Router`. `segment_id` leads back to our rows.
    """
    if leg_ms is None:
        open_ = np.column_stack((segments.oneway >= 0, segments.oneway <= 0)).ravel()
    else:
        open_ = leg_ms < INFINITE_MS
    graph: Roads = nx.MultiDiGraph(crs=CRS, created_with="GoldenHour", simplified=True)
    legs = np.flatnonzero(open_)
    graph.add_nodes_from(_nodes(segments, legs >> 1))
    graph.add_edges_from(_edges(segments, legs, leg_ms))
    return graph


def _nodes(segments: Segments, rows: IdArray) -> Iterable[tuple[int, dict[str, float]]]:
    first, last = segments.offsets[rows], segments.offsets[rows + 1] - 1
    node = np.concatenate((segments.from_node[rows], segments.to_node[rows]))
    lonlat = segments.coords[np.concatenate((first, last))]
    node, where = np.unique(node, return_index=True)
    for name, (x, y) in zip(node.tolist(), lonlat[where].tolist(), strict=True):
        yield name, {"x": x, "y": y}


def _edges(
    segments: Segments, legs: IdArray, leg_ms: IndexArray | None
) -> Iterable[tuple[int, int, dict[str, Any]]]:
    shared = _shared_attributes(segments)
    both = np.isin(legs ^ 1, legs)
    against = (legs & 1).astype(np.bool_)
    rows = legs >> 1
    tail = np.where(against, segments.to_node[rows], segments.from_node[rows])
    head = np.where(against, segments.from_node[rows], segments.to_node[rows])
    kmh = np.where(
        against & (segments.maxspeed_backward_kmh[rows] > 0),
        segments.maxspeed_backward_kmh[rows],
        segments.maxspeed_kmh[rows],
    )
    lines = _lines(segments)
    line = lines[rows]
    line[against] = shapely.reverse(line[against])
    time_s = None if leg_ms is None else (leg_ms[legs] / 1000.0).tolist()
    for i, (u, v, row, back, two_way, limit) in enumerate(
        zip(
            tail.tolist(),
            head.tolist(),
            rows.tolist(),
            against.tolist(),
            both.tolist(),
            kmh.tolist(),
            strict=True,
        )
    ):
        attributes = {
            **shared[row], "oneway": not two_way, "reversed": back, "geometry": line[i],
        }  # fmt: skip
        if limit > 0:
            attributes["maxspeed"] = str(int(limit)) if limit.is_integer() else repr(limit)
        if time_s is not None:
            attributes["travel_time"] = time_s[i]
        yield u, v, attributes


def _lines(segments: Segments) -> NDArray[np.object_]:
    row = np.repeat(np.arange(len(segments)), np.diff(segments.offsets))
    return np.asarray(shapely.linestrings(segments.coords, indices=row), dtype=object)


def _shared_attributes(segments: Segments) -> list[dict[str, Any]]:
    """Attributes of each segment that both its edges carry; absent tags are left out."""
    attributes: list[dict[str, Any]] = [
        {"osmid": way, "length": length, "segment_id": segment}
        for way, length, segment in zip(
            segments.osm_way_id.tolist(),
            segments.length_m.tolist(),
            segments.segment_id.tolist(),
            strict=True,
        )
    ]
    texts = {"highway": segments.highway}
    texts |= {tag: getattr(segments, column) for column, tag in _TAGS.items()}
    texts |= {column: getattr(segments, column) for column in _ACCESS}
    for tag, column in texts.items():
        for row in np.flatnonzero(column.codes >= 0).tolist():
            attributes[row][tag] = column.table[column.codes[row]]
    flags = (
        ("bridge", "yes", segments.is_bridge),
        ("tunnel", "yes", segments.is_tunnel),
        ("junction", "roundabout", segments.is_roundabout),
        ("ford", "yes", segments.is_ford),
    )
    for tag, value, flag in flags:
        for row in np.flatnonzero(flag).tolist():
            attributes[row][tag] = value
    for row in np.flatnonzero(segments.layer).tolist():
        attributes[row]["layer"] = str(segments.layer[row])
    return attributes


def from_networkx(graph: Graph) -> Imported:
    """Read roads from a graph of osmnx or of `to_networkx`, simplified or not.

    Undirected graphs are two-way throughout; `speed_kph` is not read, for osmnx fills it with means
    of other roads. Node ids that are not whole numbers are numbered anew.

    Raises
    ------
    InvalidNetworkError
        If an edge lacks its length or a node its place, if places are not degrees, or if there is
        no edge.

    Warns
    -----
    InterchangeWarning
        If attributes are lists, or only some edges carry a `travel_time`.
    """
    crs = str(graph.graph.get("crs", CRS)).lower()
    if crs not in {CRS, "wgs84", "crs84", "ogc:crs84"}:
        msg = (
            f"The graph's coordinates are in '{crs}': turn it back to degrees with "
            "osmnx.project_graph(G, to_latlong=True)."
        )
        raise InvalidNetworkError(msg)
    if not graph.is_directed():
        graph = graph.to_directed()
    edges: list[Edge] = list(graph.edges(data=True))
    if not edges:
        raise InvalidNetworkError("The graph has no edge: load one that holds roads.")
    place = _places(graph)
    length_m = _numbers(edges, "length", "osmnx.distance.add_edge_lengths(G)")
    geometry = _geometries(edges, place)
    along, against = opposite_edges(
        *_numbered(edges),
        backward=np.fromiter((data.get("reversed") is True for _, _, data in edges), np.bool_),
        geometry=geometry,
    )
    _warn_of_lists(edges)
    return _imported(edges, graph, geometry, length_m=length_m, along=along, against=against)


def _places(graph: Graph) -> dict[Hashable, tuple[float, float]]:
    place = {}
    for node, data in graph.nodes(data=True):
        try:
            x, y = float(data["x"]), float(data["y"])
        except (KeyError, TypeError, ValueError):
            msg = f"Node {node} has no place: every node needs 'x' and 'y' in degrees."
            raise InvalidNetworkError(msg) from None
        if not (-180.0 <= x <= 180.0 and -90.0 <= y <= 90.0):
            msg = (
                f"Node {node} lies at ({x}, {y}), which are no degrees: project the graph back "
                "with osmnx.project_graph(G, to_latlong=True)."
            )
            raise InvalidNetworkError(msg)
        place[node] = (x, y)
    return place


def _numbers(edges: list[Edge], name: str, remedy: str) -> FloatArray:
    try:
        values = np.array([data[name] for _, _, data in edges], dtype=np.float64)
    except (KeyError, TypeError, ValueError):
        values = np.array([_number(data.get(name)) for _, _, data in edges])
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if wrong.size:
        tail, head, data = edges[wrong[0]]
        msg = (
            f"{wrong.size} of {len(edges)} edges lack a usable '{name}', the first from {tail} to "
            f"{head} ({data.get(name)!r}): add it with {remedy}."
        )
        raise InvalidNetworkError(msg)
    return values


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else np.nan


def _geometries(
    edges: list[Edge], place: Mapping[Hashable, tuple[float, float]]
) -> NDArray[np.object_]:
    """Line of each edge in its direction of travel; straight where the graph has none."""
    lines = np.empty(len(edges), dtype=object)
    lines[:] = [data.get("geometry") for _, _, data in edges]
    bare = [i for i, line in enumerate(lines) if not isinstance(line, shapely.LineString)]
    if bare:
        ends = [(place[edges[i][0]], place[edges[i][1]]) for i in bare]
        lines[bare] = shapely.linestrings(np.array(ends))
    return lines


def _numbered(edges: list[Edge]) -> tuple[IdArray, IdArray]:
    """Numbers of the nodes of each edge (n, 2), and of its way or set of ways (n,)."""
    node: dict[Hashable, int] = {}
    ends = [node.setdefault(end, len(node)) for u, v, _ in edges for end in (u, v)]
    number: dict[Hashable, int] = {}
    ways = (data.get("osmid") for _, _, data in edges)
    way = [
        number.setdefault(
            tuple(sorted(map(str, one))) if isinstance(one, list) else one, len(number)
        )
        for one in ways
    ]
    return np.array(ends, np.int64).reshape(-1, 2), np.array(way, np.int64)


def _imported(
    edges: list[Edge],
    graph: Graph,
    geometry: NDArray[np.object_],
    *,
    length_m: FloatArray,
    along: IdArray,
    against: IdArray,
) -> Imported:
    coords, row = shapely.get_coordinates(geometry[along], return_index=True)
    node_id = _node_ids(graph)
    data = [edges[i][2] for i in along.tolist()]
    two_way = against >= 0
    kmh = speeds_kmh([one.get("maxspeed") for _, _, one in edges])
    highway = [lowest_class(one.get("highway")) for one in data]
    texts: dict[str, Any] = {
        column: [one_text(one.get(tag)) for one in data] for column, tag in _TAGS.items()
    }
    access: dict[str, Any] = {column: access_of(column, data, highway) for column in _ACCESS}
    segments = Segments.from_columns(
        segment_id=_segment_ids(data),
        osm_way_id=[one_way_id(one.get("osmid")) for one in data],
        from_node=[node_id[edges[i][0]] for i in along.tolist()],
        to_node=[node_id[edges[i][1]] for i in along.tolist()],
        length_m=np.maximum(length_m[along], SHORTEST_M),
        oneway=np.where(two_way, 0, 1),
        maxspeed_kmh=kmh[along],
        maxspeed_backward_kmh=np.where(two_way, kmh[against], np.nan),
        layer=[int(_layer(one.get("layer"))) for one in data],
        is_bridge=[any_true(one.get("bridge")) for one in data],
        is_tunnel=[any_true(one.get("tunnel")) for one in data],
        is_roundabout=[one.get("junction") == "roundabout" for one in data],
        is_ford=[any_true(one.get("ford")) for one in data],
        coords=coords,
        offsets=np.concatenate(([0], np.cumsum(np.bincount(row, minlength=along.size)))),
        highway=highway,
        **texts,
        **access,
    )
    return Imported(segments, _leg_ms(edges, along=along, against=against, two_way=two_way))


def _leg_ms(
    edges: list[Edge], *, along: IdArray, against: IdArray, two_way: BoolArray
) -> IndexArray | None:
    timed = sum("travel_time" in data for _, _, data in edges)
    if timed < len(edges):
        if timed:
            _warn(f"Only {timed} of {len(edges)} edges carry a 'travel_time': none is used.")
        return None
    time_s = _numbers(edges, "travel_time", "osmnx.add_edge_travel_times(G)")
    time_ms = np.clip(np.rint(time_s * 1000.0), 1, INFINITE_MS).astype(np.int32)
    return (
        np.column_stack((time_ms[along], np.where(two_way, time_ms[against], INFINITE_MS)))
        .ravel()
        .astype(np.int32)
    )


def _node_ids(graph: Graph) -> dict[Hashable, int]:
    if all(isinstance(node, int | np.integer) for node in graph):
        return {node: int(node) for node in graph}
    return {node: i for i, node in enumerate(graph)}


def _segment_ids(data: list[Mapping[str, Any]]) -> IdArray:
    given = [one.get("segment_id") for one in data]
    if all(isinstance(value, int) for value in given) and len(set(given)) == len(given):
        return np.array(given, dtype=np.int64)
    return np.arange(len(data), dtype=np.int64)


def _layer(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0


def _warn_of_lists(edges: list[Edge]) -> None:
    taken = {
        "maxspeed": "the lowest counts",
        "highway": "the lowest class counts",
        "osmid": "turn restrictions of these ways cannot be placed",
    }
    for name, choice in taken.items():
        count = sum(isinstance(data.get(name), list) for _, _, data in edges)
        if count:
            _warn(
                f"{count} of {len(edges)} edges have several values of '{name}': {choice}. Convert "
                "the graph before osmnx.simplify_graph to keep each part's own."
            )


def _warn(text: str) -> None:
    warnings.warn(InterchangeWarning(text), stacklevel=4)


def write_graphml(path: Path, graph: Roads) -> None:
    """Write a graph of `to_networkx` so that `osmnx.load_graphml` reads it."""
    osmnx.save_graphml(graph, path)


def read_graphml(path: Path) -> Imported:
    """Read roads from a GraphML file that osmnx or `write_graphml` wrote.

    Raises
    ------
    InvalidNetworkError
        If the file is no GraphML in osmnx's shape, or as `from_networkx`.
    """
    try:
        graph = osmnx.load_graphml(path, edge_dtypes={"segment_id": int})
    except (ParseError, nx.NetworkXError, AttributeError, KeyError, ValueError) as error:
        msg = f"'{path.name}' is no GraphML in osmnx's shape ({error}): save it with osmnx."
        raise InvalidNetworkError(msg) from error
    return from_networkx(graph)
