"""Build a city out of raw OpenStreetMap objects, whoever read them."""

import shapely

from data.errors import NoRoadsError
from data.model import CityData, Progress
from data.osm.areas import build_areas, build_water
from data.osm.facilities import build_aeds, build_facilities, build_stations
from data.osm.places import build_places
from data.osm.raw import OsmRaw
from data.osm.restrictions import build_restrictions
from data.osm.segments import build_road_nodes, build_segments

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
EXTENT_MARGIN_DEG = 0.005


def no_progress(step: str, share: float) -> None:
    """Report nothing: the default `Progress`."""


def build_city(
    raw: OsmRaw,
    *,
    key: str,
    name: str,
    name_zh: str | None,
    source: str,
    time_zone: str,
    progress: Progress,
) -> CityData:
    """Return the city of `raw`; `source` says where it came from.

    The extent is the box of the roads with 0.005° (about 500 m) around. Raises `NoRoadsError`.
    """
    progress("roads", 0.0)
    segments = build_segments(raw)
    if segments.empty:
        raise NoRoadsError(source)
    road_nodes = build_road_nodes(raw, segments)
    ways = frozenset(segments["osm_way_id"].tolist())
    restrictions = build_restrictions(raw.restrictions, road_way_ids=ways)
    progress("roads", 1.0)
    progress("facilities", 0.0)
    objects = [*raw.points, *raw.areas]
    facilities, aeds = build_facilities(objects), build_aeds(objects)
    progress("facilities", 1.0)
    progress("places", 0.0)
    places = build_places(objects, segments)
    progress("places", 1.0)
    west, south, east, north = segments.total_bounds
    return CityData(
        key=key,
        name=name,
        name_zh=name_zh,
        source=source,
        attribution=ATTRIBUTION,
        time_zone=time_zone,
        extent=shapely.box(west, south, east, north).buffer(EXTENT_MARGIN_DEG, join_style="mitre"),
        segments=segments,
        road_nodes=road_nodes,
        restrictions=restrictions,
        areas=build_areas(raw.areas),
        water=build_water(raw.areas),
        places=places,
        facilities=facilities,
        aeds=aeds,
        stations=build_stations(objects),
    )
