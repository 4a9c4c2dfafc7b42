"""From what was drawn to the legs it means, with the covered part of each. Pure.

A surface covers what lies within it. A line drawn by hand follows roads: of each place on it the
nearest road that runs the same way counts, so that crossing streets stay open. Edges are found by
OSM way and share of its length, and by where they lay if the map no longer has that way.
"""

from collections.abc import Iterable
from itertools import chain

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.geometry import margin_deg
from routing.conditions.model import Direction, Drawing, Drawn, Legs, RoadEdge, Structure
from routing.roads.model import BoolArray, FloatArray, Segments
from routing.roads.plane import LocalPlane

MIN_PIECE_M = 0.5
"""A shorter piece of a longer road touches the surface only by the drawer's hand."""

LINE_TOLERANCE_M = 15.0
"""How far beside the road a hand-drawn line may run."""

_SAMPLE_M = 3.0
_MAX_SAMPLES = 20_000
_MAX_TURN_COS = float(np.cos(np.radians(30.0)))
_SAME_PLACE_M = 2.0
_MIN_FOLLOWED_M = 10.0
_DIRECTIONS = {Direction.BOTH: (0, 1), Direction.FORWARD: (0,), Direction.BACKWARD: (1,)}

Rows = NDArray[np.intp]


def resolve_legs(
    segments: Segments, drawing: Drawing, *, tolerance_m: float = LINE_TOLERANCE_M
) -> Legs:
    """Return the legs that `drawing` means on this map; none where no road is hit.

    Parameters
    ----------
    segments : Segments
        All roads of the city, or at least all near the drawing and all of its ways.
    tolerance_m : float
        How far beside its road a drawn line may run, metres.
    """
    if drawing.drawn is Drawn.EDGES:
        return _resolve_edges(segments, drawing, tolerance_m=tolerance_m)
    if shapely.is_empty(drawing.geometry):
        return _joined([])
    if drawing.drawn is Drawn.LINE:
        return _joined(
            _along(segments, line, drawing, tolerance_m=tolerance_m)
            for line in shapely.get_parts(drawing.geometry)
        )
    return _within(segments, drawing)


def near(segments: Segments, geometry: shapely.Geometry, *, margin_m: float = 0.0) -> Rows:
    """Return the rows of segments whose box meets the box of `geometry`, widened by `margin_m`."""
    west, south, east, north = shapely.bounds(geometry)
    margin = margin_deg(margin_m)
    wide = margin / max(0.01, float(np.cos(np.radians((south + north) / 2))))
    starts = segments.offsets[:-1]
    if not starts.size:
        return np.empty(0, np.intp)
    lon, lat = segments.coords[:, 0], segments.coords[:, 1]
    # Most roads are elsewhere: one look at a vertex in the box's row spares the exact boxes.
    low = np.minimum.reduceat(lat, starts) <= north + margin
    rows = np.flatnonzero(low & (np.maximum.reduceat(lat, starts) >= south - margin))
    if not rows.size:
        return rows
    index, first = _vertices(segments, rows)
    lon = lon[index]
    meets = np.minimum.reduceat(lon, first) <= east + wide
    meets &= np.maximum.reduceat(lon, first) >= west - wide
    return np.asarray(rows[meets])


def _vertices(segments: Segments, rows: Rows) -> tuple[Rows, Rows]:
    """Return the vertices of `rows` one after the other, and where each row's begin."""
    counts = np.diff(segments.offsets)[rows]
    first = np.concatenate(([0], np.cumsum(counts[:-1])))
    return np.repeat(segments.offsets[rows] - first, counts) + np.arange(counts.sum()), first


def _lines(segments: Segments, rows: Rows, plane: LocalPlane) -> NDArray[np.object_]:
    index, _ = _vertices(segments, rows)
    owner = np.repeat(np.arange(rows.size), np.diff(segments.offsets)[rows])
    return np.asarray(shapely.linestrings(plane.to_xy(segments.coords[index]), indices=owner))


def _kept(segments: Segments, rows: Rows, drawing: Drawing) -> BoolArray:
    """Say which rows lie on the layers and structures that the drawing names."""
    keep = np.ones(rows.size, dtype=np.bool_)
    layer = segments.layer[rows]
    if drawing.layer_min is not None:
        keep &= layer >= drawing.layer_min
    if drawing.layer_max is not None:
        keep &= layer <= drawing.layer_max
    if drawing.structures:
        bridge, tunnel = segments.is_bridge[rows], segments.is_tunnel[rows]
        on = {
            Structure.BRIDGE: bridge,
            Structure.TUNNEL: tunnel,
            Structure.GROUND: ~(bridge | tunnel),
        }
        keep &= np.logical_or.reduce([on[structure] for structure in drawing.structures])
    return keep


def _within(segments: Segments, drawing: Drawing) -> Legs:
    rows = near(segments, drawing.geometry)
    rows = rows[_kept(segments, rows, drawing)]
    if not rows.size:
        return _joined([])
    plane = LocalPlane.around(shapely.get_coordinates(drawing.geometry))
    surface = shapely.transform(drawing.geometry, plane.to_xy)
    shapely.prepare(surface)
    lines = _lines(segments, rows, plane)
    whole = shapely.covers(surface, lines)
    crossing = np.flatnonzero(~whole & shapely.intersects(surface, lines))
    start, end = np.zeros(rows.size), np.where(whole, 1.0, 0.0)
    if crossing.size:
        pieces = shapely.intersection(lines[crossing], surface)
        points, piece = shapely.get_coordinates(pieces, return_index=True)
        at = shapely.line_locate_point(
            lines[crossing][piece], shapely.points(points), normalized=True
        )
        first = np.flatnonzero(np.diff(piece, prepend=-1))
        start[crossing[piece[first]]] = np.minimum.reduceat(at, first)
        end[crossing[piece[first]]] = np.maximum.reduceat(at, first)
    length_m = shapely.length(lines)
    covered_m = (end - start) * length_m
    hit = whole | (covered_m >= np.minimum(MIN_PIECE_M, 0.5 * length_m))
    return _joined(
        Legs.of(2 * rows[hit] + side, start[hit], end[hit])
        for side in _DIRECTIONS[drawing.direction]
    )


def _along(
    segments: Segments, line: shapely.LineString, drawing: Drawing, *, tolerance_m: float
) -> Legs:
    """Return the legs that one drawn line follows."""
    rows = near(segments, line, margin_m=tolerance_m)
    rows = rows[_kept(segments, rows, drawing)]
    if not rows.size:
        return _joined([])
    plane = LocalPlane.around(shapely.get_coordinates(line))
    drawn = shapely.transform(line, plane.to_xy)
    samples = int(np.clip(np.ceil(drawn.length / _SAMPLE_M), 2, _MAX_SAMPLES)) + 1
    step_m = drawn.length / (samples - 1)
    along_m = np.linspace(0.0, drawn.length, samples)
    points = shapely.line_interpolate_point(drawn, along_m)
    lines = _lines(segments, rows, plane)
    point, road = shapely.STRtree(lines).query(points, predicate="dwithin", distance=tolerance_m)
    if not point.size:
        return _joined([])
    place_m = shapely.line_locate_point(lines[road], points[point])
    cosine = np.einsum(
        "ij,ij->i", _heading(lines[road], place_m), _heading(drawn, along_m)[point]
    )  # fmt: skip
    same_way = np.abs(cosine) >= _MAX_TURN_COS
    point, road, place_m, cosine = (part[same_way] for part in (point, road, place_m, cosine))
    distance_m = shapely.distance(points[point], lines[road])
    nearest_m = np.full(samples, np.inf)
    np.minimum.at(nearest_m, point, distance_m)
    chosen = distance_m <= nearest_m[point] + _SAME_PLACE_M
    road, place_m, cosine = road[chosen], place_m[chosen], cosine[chosen]
    if not road.size:
        return _joined([])
    order = np.argsort(road, kind="stable")
    road, place_m, cosine = road[order], place_m[order], cosine[order]
    first = np.flatnonzero(np.diff(road, prepend=-1))
    hit = road[first]
    length_m = shapely.length(lines[hit])
    # Samples stand for half a step on either side; what is left at an end is the hand's.
    start_m = np.minimum.reduceat(place_m, first) - step_m / 2
    end_m = np.maximum.reduceat(place_m, first) + step_m / 2
    start_m = np.where(start_m < 2 * _SAMPLE_M, 0.0, start_m)
    end_m = np.where(end_m > length_m - 2 * _SAMPLE_M, length_m, end_m)
    followed = end_m - start_m >= np.minimum(_MIN_FOLLOWED_M, 0.5 * length_m)
    along = np.add.reduceat(np.sign(cosine), first) >= 0
    start, end = (np.clip(one / length_m, 0.0, 1.0)[followed] for one in (start_m, end_m))
    return _joined(
        Legs.of(
            2 * rows[hit][followed] + np.where(along[followed], side, 1 - side), start, end
        )
        for side in _DIRECTIONS[drawing.direction]
    )  # fmt: skip


def _heading(line: NDArray[np.object_] | shapely.LineString, at_m: FloatArray) -> FloatArray:
    """Return unit vectors (k, 2) of the direction of `line` around `at_m`."""
    before = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.maximum(at_m - 1.0, 0.0))
    )
    behind = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.minimum(at_m + 1.0, shapely.length(line)))
    )
    vector = behind - before
    length = np.hypot(*vector.T)[:, None]
    return np.asarray(np.divide(vector, length, out=np.zeros_like(vector), where=length > 0))


def _resolve_edges(segments: Segments, drawing: Drawing, *, tolerance_m: float) -> Legs:
    by_way: dict[int, list[RoadEdge]] = {}
    for edge in drawing.edges:
        by_way.setdefault(-1 if edge.osm_way_id is None else edge.osm_way_id, []).append(edge)
    free = by_way.pop(-1, [])
    rows, start, end, _ = way_shares(segments, by_way)
    known = dict.fromkeys(segments.osm_way_id[rows].tolist())
    parts: list[Legs] = []
    for way in known:
        mine = segments.osm_way_id[rows] == way
        for edge in by_way[way]:
            length = end[mine] - start[mine]
            low = np.clip((edge.from_share - start[mine]) / length, 0.0, 1.0)
            high = np.clip((edge.to_share - start[mine]) / length, 0.0, 1.0)
            # Shares are rounded to whole floats on the way through the database.
            hit = high - low > 1e-6
            parts += [
                Legs.of(2 * rows[mine][hit] + side, low[hit], high[hit])
                for side in _DIRECTIONS[edge.direction]
            ]
    lost = chain(free, *(edges for way, edges in by_way.items() if way not in known))
    parts += [_find_again(segments, edge, drawing, tolerance_m=tolerance_m) for edge in lost]
    return _joined(parts)


def _find_again(
    segments: Segments, edge: RoadEdge, drawing: Drawing, *, tolerance_m: float
) -> Legs:
    """Return an edge by its segment if that is still there, else by where it lay."""
    row = np.flatnonzero(segments.segment_id == edge.segment_id)
    if row.size:
        span = np.full(1, edge.from_share), np.full(1, edge.to_share)
        return _joined(Legs.of(2 * row + side, *span) for side in _DIRECTIONS[edge.direction])
    again = Drawing(
        Drawn.LINE, edge.line, direction=edge.direction, layer_min=drawing.layer_min,
        layer_max=drawing.layer_max, structures=drawing.structures,
    )  # fmt: skip
    return _along(segments, edge.line, again, tolerance_m=tolerance_m)


def way_shares(
    segments: Segments, ways: Iterable[int]
) -> tuple[Rows, FloatArray, FloatArray, FloatArray]:
    """Return the rows of OSM ways with the part of the way that each is.

    Returns
    -------
    rows : (k,) rows of `segments`, way by way, each in the order of the way
    start, end : (k,) float64, shares of the way's length
    way_length_m : (k,) float64
    """
    wanted = np.unique(np.fromiter(ways, np.int64))
    rows = np.flatnonzero(np.isin(segments.osm_way_id, wanted) & (segments.osm_way_id >= 0))
    way = segments.osm_way_id[rows]
    order = np.argsort(way, kind="stable")
    rows, way = rows[order], way[order]
    if not rows.size:
        return rows, np.empty(0), np.empty(0), np.empty(0)
    first = np.flatnonzero(np.diff(way, prepend=way[0] - 1))
    group = np.cumsum(np.isin(np.arange(rows.size), first)) - 1
    length_m = segments.length_m[rows]
    total_m = np.add.reduceat(length_m, first)[group]
    until_m = np.cumsum(length_m)
    before_m = until_m - length_m
    base_m = before_m[first][group]
    return rows, (before_m - base_m) / total_m, (until_m - base_m) / total_m, total_m


def _joined(parts: Iterable[Legs]) -> Legs:
    found = [part for part in parts if len(part)]
    if len(found) == 1:
        return found[0]
    if not found:
        return Legs.of(np.empty(0, np.int32), np.empty(0), np.empty(0))
    return Legs.of(
        np.concatenate([part.leg for part in found]),
        np.concatenate([part.from_share for part in found]),
        np.concatenate([part.to_share for part in found]),
    )
