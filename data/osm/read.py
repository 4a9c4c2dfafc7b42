"""Read an OpenStreetMap file (.osm.pbf, .osm, .osm.gz, .opl) into `OsmRaw` with pyosmium.

Filters run inside the library: of the millions of bare nodes none reaches Python.
"""

from pathlib import Path

import osmium
import shapely
from osmium.filter import KeyFilter
from osmium.geom import WKBFactory

from data.errors import UnreadablePbfError
from data.osm.raw import OsmRaw, RawRestriction, TaggedObject
from data.osm.restrictions import RESTRICTION_KEYS
from data.osm.tags import FERRY, is_road

PLACE_KEYS = frozenset(
    {
        "amenity", "healthcare", "emergency", "shop", "tourism", "leisure", "office", "historic",
        "railway", "public_transport", "aeroway", "place", "building", "addr:housenumber",
    }
)  # fmt: skip
AREA_KEYS = PLACE_KEYS | {"boundary", "natural", "waterway"}


def read_raw(path: Path) -> OsmRaw:
    """Read `path` once (relations twice).

    Raises `UnreadablePbfError` for a file that is absent, empty, broken or of another format.
    """
    if not path.is_file():
        raise UnreadablePbfError(path, reason="there is no such file")
    if path.stat().st_size == 0:
        raise UnreadablePbfError(path, reason="the file is empty")
    raw = OsmRaw()
    wkb = WKBFactory()
    wanted = KeyFilter("highway", "route", "barrier", *RESTRICTION_KEYS, *sorted(AREA_KEYS))
    processor = (
        osmium.FileProcessor(str(path))
        .with_areas(KeyFilter(*sorted(AREA_KEYS)))
        .with_filter(wanted)
    )
    try:
        for entity in processor:
            match entity:
                case osmium.osm.Node():
                    _take_node(raw, entity)
                case osmium.osm.Way():
                    _take_way(raw, entity)
                case osmium.osm.Relation():
                    _take_relation(raw, entity)
                case osmium.osm.Area():
                    _take_area(raw, entity, wkb=wkb)
    except (RuntimeError, OSError, ValueError) as error:
        raise UnreadablePbfError(path, reason=str(error) or type(error).__name__) from error
    return raw


def is_road_node(tags: dict[str, str]) -> bool:
    """Say whether a node with these tags costs or stops: a barrier or traffic signals."""
    return "barrier" in tags or tags.get("highway") == "traffic_signals"


def _take_node(raw: OsmRaw, node: osmium.osm.Node) -> None:
    tags = {tag.k: tag.v for tag in node.tags}
    if is_road_node(tags):
        raw.node_tags[node.id] = tags
    if not PLACE_KEYS.isdisjoint(tags):
        point = shapely.Point(node.location.lon, node.location.lat)
        raw.points.append(TaggedObject(f"node/{node.id}", tags, point))


def _take_way(raw: OsmRaw, way: osmium.osm.Way) -> None:
    if "highway" not in way.tags and way.tags.get("route") != FERRY:
        return
    tags = {tag.k: tag.v for tag in way.tags}
    if not is_road(tags):
        return
    refs: list[int] = []
    x: list[int] = []
    y: list[int] = []
    for node in way.nodes:
        refs.append(node.ref)
        location = node.location
        x.append(location.x)
        y.append(location.y)
    raw.add_way(way.id, tags, refs=refs, x=x, y=y)


def _take_relation(raw: OsmRaw, relation: osmium.osm.Relation) -> None:
    tags = {tag.k: tag.v for tag in relation.tags}
    if tags.get("type", "").startswith("restriction"):
        members = [(member.type, member.ref, member.role) for member in relation.members]
        raw.restrictions.append(RawRestriction(tags, members))


def _take_area(raw: OsmRaw, area: osmium.osm.Area, *, wkb: WKBFactory) -> None:
    tags = {tag.k: tag.v for tag in area.tags}
    if AREA_KEYS.isdisjoint(tags) or not _useful_area(tags):
        return
    kind = "way" if area.from_way() else "relation"
    try:
        geometry = shapely.from_wkb(wkb.create_multipolygon(area))
    except (RuntimeError, shapely.errors.GEOSException):
        return  # rings that cross the extract's edge do not close
    raw.areas.append(TaggedObject(f"{kind}/{area.orig_id()}", tags, geometry))


def _useful_area(tags: dict[str, str]) -> bool:
    if tags.get("boundary") == "administrative" or "addr:housenumber" in tags:
        return True
    if tags.get("natural") == "water" or tags.get("waterway") == "riverbank":
        return True
    return "name" in tags or "healthcare" in tags or "amenity" in tags or "emergency" in tags
