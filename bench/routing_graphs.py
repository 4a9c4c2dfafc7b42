"""The graphs that routing is measured on: node graphs without turns, and turn-aware ones.

metropolis : the mirrored 7 x 7 tiling of Shenzhen's real centre, from an OpenStreetMap extract
shenzhen : the model city of this project
auckland : the JEMSS network of a real ambulance service (node graph only, it has no turns)
core : Shenzhen's real centre
province : a mirrored 16 x 16 tiling of the core, made here (node graph only)
sample : the city that comes with the software, for a quick run
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from api.frames.roads import road_graph
from bench.peers_libraries import parquet_columns
from data.coquimbo.city import coquimbo
from data.model import CityData
from data.osm.pbf import read_pbf
from data.shenzhen.city import shenzhen
from gis.settings import PROJECT_FOLDER
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import RoadGraph
from routing.graph.chains import chain_up

SHARED_DATA = PROJECT_FOLDER.parent / "shared/data"
METROPOLIS_EXTRACT = SHARED_DATA / "osm/shenzhen-tiled-7x7.osm.pbf"
CORE_EXTRACT = SHARED_DATA / "osm/shenzhen-core.osm.pbf"
_AUCKLAND = SHARED_DATA / "jemss_auckland"
_DAY_MS = 86_400_000
IndexArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class NodeGraph:
    """A graph of junctions, strongly connected; parallel edges may occur, loops do not.

    lonlat : (n, 2) float64; tail, head, ms : (m,) int32
    leg_edge : (2 * n_segments,) int32 the edge each leg lies on, -1 = none; leg_before_ms,
    leg_ms : (2 * n_segments,) int32 time on that edge before the leg, and on the leg itself.
    These three are empty where the graph does not come from segments.
    """

    lonlat: FloatArray
    tail: IndexArray
    head: IndexArray
    ms: IndexArray
    leg_edge: IndexArray
    leg_before_ms: IndexArray
    leg_ms: IndexArray

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.lonlat)


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """One city's graphs; `turns` is None where only the node graph is measured."""

    name: str
    nodes: NodeGraph
    turns: RoadGraph | None
    extract: Path | None = None


def node_graph(graph: RoadGraph, *, with_service: bool = False) -> NodeGraph:
    """Merge a city's legs to edges between junctions, turns left out.

    Service roads are left out, as in the measurements elsewhere that this is compared with, and
    so is everything outside the largest strongly connected part. Times are those of `graph`.
    """
    segments = graph.segments
    ends = np.column_stack((segments.from_node, segments.to_node))
    ends = np.searchsorted(graph.node_id, ends)
    leg_ms = graph.free_flow_ms
    open_ = leg_ms < INFINITE_MS
    if not with_service:
        service = segments.highway.lookup({"service": 1.0}, default=0.0) > 0
        open_ &= ~np.repeat(service, 2)
    leg = np.flatnonzero(open_).astype(np.int32)
    tail, head = ends[leg >> 1, leg & 1], ends[leg >> 1, 1 - (leg & 1)]
    inside = largest_part(tail, head, n=graph.node_id.size)
    kept = inside[tail] & inside[head]
    leg, tail, head = leg[kept], tail[kept], head[kept]
    merged = merge(tail, head, leg_ms[leg], n=graph.node_id.size)
    leg_edge = np.full(leg_ms.size, -1, dtype=np.int32)
    leg_before_ms = np.zeros(leg_ms.size, dtype=np.int32)
    leg_edge[leg] = merged.edge_of
    leg_before_ms[leg] = merged.before_ms
    return NodeGraph(
        lonlat=graph.node_lonlat[merged.node],
        tail=merged.tail,
        head=merged.head,
        ms=merged.ms,
        leg_edge=leg_edge,
        leg_before_ms=leg_before_ms,
        leg_ms=leg_ms,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """Edges joined at nodes that offer no choice.

    node : (n,) rows of the nodes kept; tail, head, ms : (m,) int32 in the new numbers
    edge_of, before_ms : for each edge given, the one it went into (-1 = dropped) and the time
    on that one before it
    """

    node: NDArray[np.int64]
    tail: IndexArray
    head: IndexArray
    ms: IndexArray
    edge_of: IndexArray
    before_ms: IndexArray


def merge(
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    ms: IndexArray,
    *,
    n: int,
    keep: NDArray[np.bool_] | None = None,
) -> Merged:
    """Join edges at nodes with two neighbours and no choice; loops are dropped.

    tail, head, ms : (m,); keep : (n,) bool nodes that must stay
    """
    through = _through(tail, head, n=n)
    if keep is not None:
        through &= ~keep
    order = np.lexsort((head, tail))
    first = np.searchsorted(tail[order], head)
    second = np.minimum(first + 1, tail.size - 1)
    last = np.searchsorted(tail[order], head, side="right") - 1
    ahead = order[np.minimum(first, tail.size - 1)]
    ahead = np.where((head[ahead] == tail) & (last > first), order[second], ahead)
    goes_on = through[head] & (head[ahead] != tail)
    start = np.concatenate(([0], np.cumsum(goes_on))).astype(np.int32)
    chains = chain_up(start, ahead[goes_on].astype(np.int32))
    begin, end = chains.member[chains.start[:-1]], chains.member[chains.start[1:] - 1]
    chain_tail, chain_head = tail[begin], head[end]
    # Rings without a junction start at a node that is merged away.
    kept = ~through[chain_tail] & ~through[chain_head] & (chain_tail != chain_head)
    total = np.concatenate(([0], np.cumsum(ms[chains.member].astype(np.int64))))
    before = total[chains.place] - total[chains.start[chains.chain_of]]
    node = np.unique(np.concatenate((chain_tail[kept], chain_head[kept])))
    number = np.cumsum(kept) - 1
    return Merged(
        node=node,
        tail=np.searchsorted(node, chain_tail[kept]).astype(np.int32),
        head=np.searchsorted(node, chain_head[kept]).astype(np.int32),
        ms=np.diff(total[chains.start])[kept].astype(np.int32),
        edge_of=np.where(kept, number, -1)[chains.chain_of].astype(np.int32),
        before_ms=before.astype(np.int32),
    )


def _through(
    tail: NDArray[np.int64], head: NDArray[np.int64], *, n: int
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether a node only passes traffic on: one edge in and out, or one each way on two sides."""
    pairs = np.unique(np.minimum(tail, head) * np.int64(n) + np.maximum(tail, head))
    low, high = pairs // n, pairs % n
    neighbours = np.bincount(low[low != high], minlength=n) + np.bincount(high, minlength=n)
    n_out, n_in = np.bincount(tail, minlength=n), np.bincount(head, minlength=n)
    directed = np.unique(tail * np.int64(n) + head)
    simple = (np.bincount(directed // n, minlength=n) == n_out) & (
        np.bincount(directed % n, minlength=n) == n_in
    )
    loops = np.bincount(tail[tail == head], minlength=n) > 0
    even = (n_out == n_in) & ((n_out == 1) | (n_out == 2))
    return np.asarray((neighbours == 2) & even & simple & ~loops)


def largest_part(tail: NDArray[Any], head: NDArray[Any], *, n: int) -> NDArray[np.bool_]:
    """Whether each node is in the largest strongly connected part."""
    matrix = coo_array((np.ones(tail.size, dtype=np.int8), (tail, head)), shape=(n, n)).tocsr()
    _, label = connected_components(matrix, directed=True, connection="strong")
    return np.asarray(label == np.bincount(label).argmax())


def from_edges(
    lonlat: FloatArray, tail: NDArray[Any], head: NDArray[Any], ms: NDArray[Any]
) -> NodeGraph:
    """Return the largest strongly connected part of edges that have no segments."""
    inside = largest_part(tail, head, n=len(lonlat))
    kept = inside[tail] & inside[head] & (tail != head)
    number = np.cumsum(inside) - 1
    none = np.empty(0, dtype=np.int32)
    return NodeGraph(
        lonlat=lonlat[inside],
        tail=number[tail[kept]].astype(np.int32),
        head=number[head[kept]].astype(np.int32),
        ms=ms[kept].astype(np.int32),
        leg_edge=none,
        leg_before_ms=none,
        leg_ms=none,
    )


def _of_city(name: str, city: CityData, extract: Path | None = None) -> Roads:
    turns = road_graph(city)
    return Roads(name, node_graph(turns), turns, extract)


def _metropolis() -> Roads:
    city = read_pbf(METROPOLIS_EXTRACT, key="metropolis")
    return _of_city("metropolis", city, METROPOLIS_EXTRACT)


def _core() -> Roads:
    return _of_city("core", read_pbf(CORE_EXTRACT, key="core"), CORE_EXTRACT)


def _auckland() -> Roads:
    columns = parquet_columns(_AUCKLAND, "road_nodes", "road_arcs")
    if columns is None:
        raise FileNotFoundError("No Parquet reader is there; run: ./run bench peers")
    node = columns["road_nodes.index"]
    order = np.argsort(node)
    lonlat = np.column_stack((columns["road_nodes.x"], columns["road_nodes.y"]))[order]
    tail = np.searchsorted(node[order], columns["road_arcs.fromNode"])
    head = np.searchsorted(node[order], columns["road_arcs.toNode"])
    ms = np.maximum(np.rint(columns["road_arcs.mode_2"] * _DAY_MS), 1)
    return Roads("auckland", from_edges(lonlat, tail, head, ms), None)


def _province() -> Roads:
    from bench.routing_tiling import tiled

    graph = road_graph(read_pbf(CORE_EXTRACT, key="core"))
    return Roads("province", tiled(graph, across=16), None)


GRAPHS: dict[str, Callable[[], Roads]] = {
    "metropolis": _metropolis,
    "shenzhen": lambda: _of_city("shenzhen", shenzhen(seed=4403)),
    "auckland": _auckland,
    "core": _core,
    "province": _province,
    "sample": lambda: _of_city("sample", coquimbo()),
}
