"""From what a person names or draws to the roads of the stored map, with their areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.ops import substring

from gis.database import UnitOfWork
from gis.datum import Datum
from gis.jurisdiction import common_area
from routing.conditions import repository
from routing.conditions.check import check_inside, geometry_of, word, words
from routing.conditions.errors import DrawingInvalidError, UnknownRoadsError
from routing.conditions.model import Direction, Drawing, Drawn, Legs, RoadEdge, Structure
from routing.conditions.resolve import LINE_TOLERANCE_M, resolve_legs, way_shares
from routing.roads.model import FloatArray, Segments

MAX_EDGES = 5_000


@dataclass(frozen=True, slots=True)
class EdgeChoice:
    """One chosen edge: a segment, or a whole OSM way; shares along it, 0 to 1."""

    segment_id: int | None = None
    osm_way_id: int | None = None
    from_share: float = 0.0
    to_share: float = 1.0
    direction: str = "both"


@dataclass(frozen=True, slots=True)
class Sketch:
    """What came in about a place: `geometry` GeoJSON in `datum`, or `edges`, or `area_code`."""

    drawn: str
    geometry: Mapping[str, Any] | None = None
    datum: Datum | None = None
    edges: Sequence[EdgeChoice] = ()
    area_code: str | None = None
    direction: str = "both"
    layer_min: int | None = None
    layer_max: int | None = None
    structures: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What a sketch means on the stored map. `legs` are of the rows of `segments`.

    `area_code`: the area, or the lowest above all of several; None where there is none.
    """

    drawing: Drawing
    segments: Segments
    legs: Legs
    area_codes: tuple[str, ...]
    area_code: str | None

    @property
    def roads(self) -> int:
        """Number of segments hit."""
        return np.unique(self.legs.leg >> 1).size

    @property
    def stored_edges(self) -> list[dict[str, Any]]:
        """Chosen edges as JSON, to be found again on another map."""
        return [edge_json(edge) for edge in self.drawing.edges]


def survey(
    uow: UnitOfWork, city: repository.CityRoads, sketch: Sketch, *, permit: bool = False
) -> Survey:
    """Find the roads that a sketch means.

    `permit` keeps only the forbidden directions of one-way roads.

    Raises
    ------
    DrawingInvalidError, DatumRequiredError, UnknownRoadsError, ConditionWordInvalidError
    """
    drawn = word(Drawn, sketch.drawn, what="way of drawing")
    low, high = sketch.layer_min, sketch.layer_max
    if low is not None and high is not None and low > high:
        raise DrawingInvalidError(f"Layers {low} to {high} are none. Give the lower one first.")
    drawing = Drawing(
        drawn, shapely.Polygon(), direction=word(Direction, sketch.direction, what="direction"),
        layer_min=low, layer_max=high,
        structures=words(Structure, sketch.structures, what="structure"),
    )  # fmt: skip
    if drawn is Drawn.EDGES:
        drawing, segments = _chosen(uow, city, sketch, drawing)
    else:
        geometry = _geometry(uow, city, sketch, drawn)
        drawing = replace(drawing, geometry=geometry)
        segments = repository.read_roads_near(
            uow.session, city.city_id, geometry, margin_m=LINE_TOLERANCE_M, one_way_only=permit
        )
    legs = resolve_legs(segments, drawing)
    if permit:
        legs = against_one_way(segments, legs)
    codes = (
        (str(sketch.area_code),) if drawn is Drawn.AREA else _areas(uow, city, segments, legs)
    ) or _areas_of_drawing(uow, city, drawing)
    return Survey(drawing, segments, legs, codes, common_area(uow.session, codes))


def against_one_way(segments: Segments, legs: Legs) -> Legs:
    """Keep the legs that drive against a one-way road."""
    oneway = segments.oneway[legs.leg >> 1]
    against = np.where((legs.leg & 1) == 0, oneway < 0, oneway > 0)
    return Legs(legs.leg[against], legs.from_share[against], legs.to_share[against])


def edge_json(edge: RoadEdge) -> dict[str, Any]:
    """Return an edge as it is stored."""
    return {
        "osm_way_id": edge.osm_way_id, "segment_id": edge.segment_id,
        "from_share": edge.from_share, "to_share": edge.to_share,
        "direction": edge.direction.value,
        "line": shapely.get_coordinates(edge.line).tolist(),
    }  # fmt: skip


def edge_from_json(stored: Mapping[str, Any]) -> RoadEdge:
    """Invert `edge_json`."""
    return RoadEdge(
        stored["osm_way_id"], stored["segment_id"], stored["from_share"], stored["to_share"],
        Direction(stored["direction"]), shapely.LineString(stored["line"]),
    )  # fmt: skip


def stored_drawing(row: Any) -> Drawing:
    """Return the drawing of a stored condition."""
    return Drawing(
        Drawn(row.drawn), shapely.from_wkb(bytes(row.wkb)),
        tuple(edge_from_json(edge) for edge in row.edges), Direction(row.direction),
        row.layer_min, row.layer_max, frozenset(Structure(one) for one in row.structures),
    )  # fmt: skip


def _geometry(
    uow: UnitOfWork, city: repository.CityRoads, sketch: Sketch, drawn: Drawn
) -> shapely.Geometry:
    if drawn is Drawn.AREA:
        code = (sketch.area_code or "").strip()
        outline = repository.area_outline(uow.session, city.city_id, code) if code else None
        if outline is None:
            raise DrawingInvalidError(
                f"There is no area '{code[:20]}' in {city.name}. Give the code of a district."
            )
        return outline
    if sketch.geometry is None:
        raise DrawingInvalidError(f"Nothing was drawn. Send the geometry of the {drawn}.")
    geometry = geometry_of(sketch.geometry, drawn=drawn, datum=sketch.datum)
    check_inside(geometry, extent=city.extent, city=city.name)
    return geometry


def _chosen(
    uow: UnitOfWork, city: repository.CityRoads, sketch: Sketch, drawing: Drawing
) -> tuple[Drawing, Segments]:
    """Return the drawing with its edges, and the segments of all ways they are of."""
    choices = sketch.edges
    if not choices or len(choices) > MAX_EDGES:
        raise DrawingInvalidError(f"{len(choices)} edges were chosen. Choose 1 to {MAX_EDGES}.")
    for choice in choices:
        named = (choice.segment_id is None) != (choice.osm_way_id is None)
        if not named or not 0.0 <= choice.from_share < choice.to_share <= 1.0:
            raise DrawingInvalidError(
                "Each edge needs either segment_id or osm_way_id, and shares from 0 to 1, the "
                "smaller one first."
            )
    wanted = {one.segment_id for one in choices if one.segment_id is not None}
    ways = {one.osm_way_id for one in choices if one.osm_way_id is not None}
    found = repository.read_roads(uow.session, city.city_id, segment_ids=wanted)
    ways_of_segments = {int(way) for way in found.osm_way_id if way >= 0}
    segments = repository.read_roads(
        uow.session, city.city_id, segment_ids=wanted, way_ids=ways | ways_of_segments
    )
    unknown = sorted(wanted - set(segments.segment_id.tolist())) + sorted(
        ways - set(segments.osm_way_id.tolist())
    )
    if unknown:
        raise UnknownRoadsError(unknown, network_version=city.network_version)
    edges = _road_edges(segments, choices)
    lines = shapely.MultiLineString([edge.line for edge in edges])
    return replace(drawing, geometry=lines, edges=edges), segments


def _road_edges(segments: Segments, choices: Sequence[EdgeChoice]) -> tuple[RoadEdge, ...]:
    rows, start, end, _ = way_shares(segments, segments.osm_way_id.tolist())
    place = {int(row): (low, high) for row, low, high in zip(rows, start, end, strict=True)}
    row_of = {int(one): row for row, one in enumerate(segments.segment_id)}
    edges = []
    for choice in choices:
        direction = word(Direction, choice.direction, what="direction")
        members = (
            [row_of[choice.segment_id]]
            if choice.segment_id is not None
            else [int(row) for row in rows if segments.osm_way_id[row] == choice.osm_way_id]
        )
        for row in members:
            low, high = place.get(row, (0.0, 1.0))
            way = int(segments.osm_way_id[row])
            # Shares of the segment that is chosen, then of the way it belongs to.
            inside = np.array([choice.from_share, choice.to_share])
            if choice.segment_id is None:
                inside = np.clip((inside - low) / (high - low), 0.0, 1.0)
            if inside[1] - inside[0] <= 0.0:
                continue
            piece = _piece(segments.line(row), inside)
            shares = low + inside * (high - low) if way >= 0 else inside
            edges.append(
                RoadEdge(
                    way if way >= 0 else None, int(segments.segment_id[row]), float(shares[0]),
                    float(shares[1]), direction, piece,
                )
            )  # fmt: skip
    return tuple(edges)


def _piece(line: FloatArray, shares: FloatArray) -> shapely.LineString:
    whole = shapely.LineString(line)
    piece = substring(whole, float(shares[0]), float(shares[1]), normalized=True)
    return piece if isinstance(piece, shapely.LineString) else whole


def _areas(
    uow: UnitOfWork, city: repository.CityRoads, segments: Segments, legs: Legs
) -> tuple[str, ...]:
    """Return the areas in which the middles of the covered pieces lie."""
    rows, first = np.unique(legs.leg >> 1, return_index=True)
    if not rows.size:
        return ()
    lines = [segments.line(int(row)) for row in rows]
    middle = (legs.from_share[first] + legs.to_share[first]) / 2
    points = shapely.line_interpolate_point(
        [shapely.LineString(line) for line in lines], middle, normalized=True
    )
    lon, lat = shapely.get_coordinates(points).T
    codes = repository.areas_at(uow.session, city.city_id, lon=lon.tolist(), lat=lat.tolist())
    return tuple(codes)


def _areas_of_drawing(
    uow: UnitOfWork, city: repository.CityRoads, drawing: Drawing
) -> tuple[str, ...]:
    point = shapely.get_coordinates(shapely.point_on_surface(drawing.geometry))
    lon, lat = point.T
    codes = repository.areas_at(uow.session, city.city_id, lon=lon.tolist(), lat=lat.tolist())
    return tuple(codes)
