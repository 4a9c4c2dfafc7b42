"""A province made of one real city centre: mirrored tiles whose roads continue across borders.

Every other tile is mirrored, so that a road that leaves one tile enters the next at the same
place. A mirror turns right-hand traffic into left-hand traffic, so one-ways are driven the other
way in tiles that are mirrored once; they then continue across the border, too. It repeats one dense
urban texture, which is harder for a hierarchy than the country between real towns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.routing_graphs import NodeGraph, from_edges, merge
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import RoadGraph

CROP_DEG = (113.956, 22.5075, 114.092, 22.5975)
FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One tile in unit coordinates: (0, 0) south-west, (1, 1) north-east.

    xy : (n, 2) float64; side : (n,) int64, 0 inside, 1 west, 2 east, 3 south, 4 north border
    tail, head, ms : (m,) edges
    """

    xy: FloatArray
    side: LongArray
    tail: LongArray
    head: LongArray
    ms: NDArray[np.int32]


def tiled(graph: RoadGraph, *, across: int) -> NodeGraph:
    """Lay `across` by `across` tiles of the crop box of `graph`, service roads left out."""
    tile = cut_tile(graph)
    row, column = (part.ravel() for part in np.mgrid[0:across, 0:across])
    n, m = len(tile.xy), tile.tail.size
    number = np.arange(row.size)[:, None] * n + np.arange(n)[None, :]
    # Neighbours share the nodes on their border: the tile to the east or north takes them over.
    for border, other, along, step in ((1, 2, column, 1), (3, 4, row, across)):
        for parity in (0, 1):
            # A mirrored tile has its east side in the west, and so has its western neighbour.
            mine = border if parity == 0 else other
            shared = np.flatnonzero(tile.side == mine)
            tiles = np.flatnonzero((along % 2 == parity) & (along > 0))
            number[tiles[:, None], shared] = number[(tiles - step)[:, None], shared]
    mirrored = (row + column) % 2 == 1
    tail = np.where(mirrored[:, None], tile.head, tile.tail)
    head = np.where(mirrored[:, None], tile.tail, tile.head)
    which = np.arange(row.size)[:, None]
    x = np.where(column[:, None] % 2, 1 - tile.xy[:, 0], tile.xy[:, 0]) + column[:, None]
    y = np.where(row[:, None] % 2, 1 - tile.xy[:, 1], tile.xy[:, 1]) + row[:, None]
    west, south, east, north = CROP_DEG
    lonlat = np.column_stack(
        (west + x.ravel() * (east - west), south + y.ravel() * (north - south))
    )
    ms = np.broadcast_to(tile.ms, (row.size, m)).ravel()
    return _joined(lonlat, number[which, tail].ravel(), number[which, head].ravel(), ms)


def _joined(
    lonlat: FloatArray, tail: LongArray, head: LongArray, ms: NDArray[np.int32]
) -> NodeGraph:
    whole = from_edges(lonlat, tail, head, ms)
    merged = merge(whole.tail.astype(np.int64), whole.head.astype(np.int64), whole.ms, n=whole.n)
    return from_edges(whole.lonlat[merged.node], merged.tail, merged.head, merged.ms)


def cut_tile(graph: RoadGraph) -> Tile:
    """Cut the crop box out of a city and merge what offers no choice within it."""
    segments = graph.segments
    west, south, east, north = CROP_DEG
    vertex = np.arange(len(segments.coords))
    last = np.zeros(vertex.size, dtype=np.bool_)
    last[segments.offsets[1:] - 1] = True
    begin = vertex[~last]
    segment = np.searchsorted(segments.offsets, begin, side="right") - 1
    xy = (segments.coords - (west, south)) / (east - west, north - south)
    name = _vertex_names(graph)
    metres = np.hypot(*(np.diff(segments.coords, axis=0)[begin] * (0.923, 1.0)).T)
    whole = np.bincount(segment, metres, minlength=len(segments))
    share = metres / np.maximum(whole[segment], 1e-12)
    service = segments.highway.lookup({"service": 1.0}, default=0.0) > 0

    inside = ((xy > 0) & (xy < 1)).all(axis=1)
    a, b = begin, begin + 1
    kept = (inside[a] | inside[b]) & ~service[segment]
    a, b, segment, share = a[kept], b[kept], segment[kept], share[kept]
    cut = np.flatnonzero(inside[a] != inside[b])
    outer = np.where(inside[a[cut]], b[cut], a[cut])
    inner = np.where(inside[a[cut]], a[cut], b[cut])
    at, on_border, side = _border(xy[inner], xy[outer])
    share[cut] *= at
    first_new = int(name.max()) + 1
    fresh = first_new + np.arange(cut.size)
    ends = np.column_stack((name[a], name[b]))
    ends[cut, np.where(inside[a[cut]], 1, 0)] = fresh

    place = np.zeros((first_new + cut.size, 2))
    place[name] = xy
    place[fresh] = on_border
    sides = np.zeros(len(place), dtype=np.int64)
    sides[fresh] = side
    tails, heads, times = [], [], []
    for direction in (0, 1):
        leg_ms = graph.free_flow_ms[2 * segment + direction]
        open_ = leg_ms < INFINITE_MS
        tails.append(ends[open_, direction])
        heads.append(ends[open_, 1 - direction])
        times.append(np.maximum(np.rint(leg_ms[open_] * share[open_]), 1))
    merged = merge(
        np.concatenate(tails), np.concatenate(heads),
        np.concatenate(times).astype(np.int32), n=len(place), keep=sides > 0,
    )  # fmt: skip
    return Tile(
        xy=place[merged.node],
        side=sides[merged.node],
        tail=merged.tail.astype(np.int64),
        head=merged.head.astype(np.int64),
        ms=merged.ms,
    )


def _vertex_names(graph: RoadGraph) -> LongArray:
    """Number every vertex of every polyline; ends that are one node get one number."""
    segments = graph.segments
    name = graph.node_id.size + np.arange(len(segments.coords), dtype=np.int64)
    name[segments.offsets[:-1]] = np.searchsorted(graph.node_id, segments.from_node)
    name[segments.offsets[1:] - 1] = np.searchsorted(graph.node_id, segments.to_node)
    return name


def _border(inner: FloatArray, outer: FloatArray) -> tuple[FloatArray, FloatArray, LongArray]:
    """Where lines from inside leave the unit square: share of the line, place, side."""
    move = outer - inner
    with np.errstate(divide="ignore", invalid="ignore"):
        to_low, to_high = (0 - inner) / move, (1 - inner) / move
    reach = np.where(move < 0, to_low, np.where(move > 0, to_high, np.inf))
    axis = np.argmin(reach, axis=1)
    rows = np.arange(len(inner))
    at = reach[rows, axis]
    place = inner + move * at[:, None]
    side = 1 + 2 * axis + (move[rows, axis] > 0)
    return at, place, side.astype(np.int64)
