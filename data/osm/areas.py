"""Administrative areas and water surfaces out of closed OSM rings."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from data.frames import frame_of_rows
from data.model import AREA_COLUMNS, WATER_COLUMNS
from data.osm.raw import TaggedObject
from data.osm.tags import names

LEVEL_OF_ADMIN_LEVEL = {
    "2": "country", "3": "province", "4": "province", "5": "city", "6": "district",
    "7": "district", "8": "street", "9": "street", "10": "zone", "11": "zone",
}  # fmt: skip
"""As OSM uses the levels in China; elsewhere the order is right and the words are a guess."""

CODE_KEYS = ("ref:gb2260", "gb2260", "ISO3166-2", "ISO3166-1", "ISO3166-1:alpha2", "ref")

UNKNOWN_START = date(1900, 1, 1)


def build_areas(areas: Iterable[TaggedObject]) -> gpd.GeoDataFrame:
    """Return boundary relations whose rings close (`AREA_COLUMNS`).

    The code is the official one where it is mapped, else `osm-<id>`; of two areas with one code
    both get `osm-<id>`. The start of validity is unknown: 1900-01-01 stands for it.
    """
    found = [one for one in areas if one.ref.startswith("relation/") and _level(one.tags)]
    codes = [_code(one.tags) for one in found]
    rows = [
        _area(one, code if code is not None and codes.count(code) == 1 else None)
        for one, code in zip(found, codes, strict=True)
    ]
    return frame_of_rows(AREA_COLUMNS, rows)


def build_water(areas: Iterable[TaggedObject]) -> gpd.GeoDataFrame:
    """Return lakes and river surfaces (`WATER_COLUMNS`). The open sea is not mapped as area."""
    rows = [
        {"name": one.tags.get("name"), "modelled": False, "geometry": as_multipolygon(one.geometry)}
        for one in areas
        if one.tags.get("natural") == "water" or one.tags.get("waterway") == "riverbank"
    ]
    return frame_of_rows(WATER_COLUMNS, rows)


def as_multipolygon(geometry: BaseGeometry) -> shapely.MultiPolygon:
    """Return the surface of `geometry` as a valid multipolygon; lines and points are dropped."""
    valid = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = [p for p in shapely.get_parts(valid).tolist() if p.geom_type.endswith("Polygon")]
    return shapely.MultiPolygon([q for p in parts for q in shapely.get_parts(p).tolist()])


def _level(tags: dict[str, str]) -> str | None:
    if tags.get("boundary") != "administrative":
        return None
    return LEVEL_OF_ADMIN_LEVEL.get(tags.get("admin_level", ""))


def _code(tags: dict[str, str]) -> str | None:
    refs = sorted(key for key in tags if key.startswith("ref:"))
    return next((tags[key] for key in (*CODE_KEYS, *refs) if tags.get(key)), None)


def _area(one: TaggedObject, code: str | None) -> dict[str, Any]:
    name, name_zh, name_en = names(one.tags)
    osm_code = f"osm-{one.ref.partition('/')[2]}"
    people = one.tags.get("population", "")
    return {
        "code": code or osm_code,
        "level": _level(one.tags),
        "name": name or osm_code,
        "name_zh": name_zh,
        "name_en": name_en,
        "valid_from": UNKNOWN_START,
        "population": int(people) if people.isascii() and people.isdigit() else None,
        "source": "osm",
        "modelled": False,
        "geometry": as_multipolygon(one.geometry),
    }
