"""What every city builder hands over: frames whose columns are the columns of the tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
import shapely

Progress = Callable[[str, float], None]
"""Called with a step's name and the share done, 0 to 1."""

SEGMENT_COLUMNS = (
    "osm_way_id", "from_node", "to_node", "length_m", "highway", "oneway", "drive_access",
    "walk_access", "maxspeed_kmh", "maxspeed_backward_kmh", "lanes", "layer", "is_bridge",
    "is_tunnel", "name", "name_zh", "name_en", "ref", "tags", "modelled",
)  # fmt: skip
ROAD_NODE_COLUMNS = ("node_id", "kind", "tags")
RESTRICTION_COLUMNS = (
    "kind", "from_way_id", "via_node", "via_way_ids", "to_way_id", "except_modes",
)  # fmt: skip
AREA_COLUMNS = (
    "code", "level", "name", "name_zh", "name_en", "valid_from", "valid_to", "population",
    "source", "modelled",
)  # fmt: skip
COUNT_COLUMNS = ("code", "counted_on", "age_from", "age_below", "sex", "base", "source", "persons")
WATER_COLUMNS = ("name", "modelled")
POPULATION_COLUMNS = (
    "source", "source_ref", "counted_on", "time_of_day", "population", "age_bands", "modelled",
)  # fmt: skip
PLACE_COLUMNS = (
    "source", "source_ref", "kind", "name", "name_zh", "name_en", "house_number", "street",
    "search_text", "radius_m", "modelled",
)  # fmt: skip
FACILITY_COLUMNS = (
    "source", "source_ref", "kind", "name", "name_zh", "name_en", "has_emergency_department",
    "bed_count", "phone", "tags", "modelled", "capabilities", "same_as",
)  # fmt: skip
AED_COLUMNS = (
    "source", "source_ref", "name", "name_zh", "location", "location_zh", "access",
    "opening_hours", "indoor", "floor", "entrance", "phone", "last_checked_at", "modelled",
)  # fmt: skip
STATION_COLUMNS = (
    "source", "source_ref", "kind", "name", "name_zh", "name_en", "unit_count_planned",
    "modelled",
)  # fmt: skip

_ENTRY_KEY = ("source", "source_ref")
REGISTER_KEYS: Mapping[str, tuple[str, ...]] = {
    "facilities": _ENTRY_KEY,
    "aeds": _ENTRY_KEY,
    "stations": _ENTRY_KEY,
    "population": (*_ENTRY_KEY, "counted_on", "time_of_day"),
    "places": _ENTRY_KEY,
}
"""Frame of `CityData` → the columns that tell its rows apart within a city; None equals None."""


def empty_frame(columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return a frame with `columns` and a WGS-84 geometry column, and no rows."""
    return gpd.GeoDataFrame({name: [] for name in columns}, geometry=[], crs=4326)


@dataclass(slots=True)
class CityData:
    """A city ready to be stored. All geometry WGS-84 (EPSG:4326), lon/lat order.

    Frames carry the columns of the tuples above plus `geometry`; `road_nodes` and `restrictions`
    have none. `facilities.capabilities` is a list of (capability, level or None), `same_as` the
    (source, source_ref) of the same facility elsewhere. `tags`,
    `age_bands` are dicts. `areas.population` counts residents; `populations` holds what is known by
    day, age, sex and base, and is laid over it. Missing values are None.
    """

    key: str
    name: str
    name_zh: str | None
    source: str
    attribution: str
    time_zone: str
    extent: shapely.Polygon
    modelled: bool = False
    segments: gpd.GeoDataFrame = field(default_factory=lambda: empty_frame(SEGMENT_COLUMNS))
    road_nodes: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(ROAD_NODE_COLUMNS))
    )
    restrictions: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(RESTRICTION_COLUMNS))
    )
    areas: gpd.GeoDataFrame = field(default_factory=lambda: empty_frame(AREA_COLUMNS))
    populations: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(COUNT_COLUMNS))
    )
    water: gpd.GeoDataFrame = field(default_factory=lambda: empty_frame(WATER_COLUMNS))
    population: gpd.GeoDataFrame = field(default_factory=lambda: empty_frame(POPULATION_COLUMNS))
    places: gpd.GeoDataFrame = field(default_factory=lambda: empty_frame(PLACE_COLUMNS))
    facilities: gpd.GeoDataFrame = field(default_factory=lambda: empty_frame(FACILITY_COLUMNS))
    aeds: gpd.GeoDataFrame = field(default_factory=lambda: empty_frame(AED_COLUMNS))
    stations: gpd.GeoDataFrame = field(default_factory=lambda: empty_frame(STATION_COLUMNS))
