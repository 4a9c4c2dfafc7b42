"""The gazetteer of an OSM extract: streets, crossings, addresses and named places."""

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.frames import frame_of_rows
from data.model import PLACE_COLUMNS
from data.osm.facilities import inner_point
from data.osm.raw import TaggedObject
from data.osm.tags import ALSO_NAMES, names
from data.search_text import is_chinese, search_text
from data.street_places import crossing_places, street_places
from gis.geometry import METRES_PER_DEGREE

PLACE_KINDS: tuple[tuple[str, frozenset[str] | None, str], ...] = (
    ("place", None, "locality"),
    ("railway", frozenset({"station", "halt", "tram_stop", "subway_entrance"}), "station"),
    ("public_transport", frozenset({"station", "platform", "stop_position"}), "station"),
    ("aeroway", frozenset({"aerodrome", "terminal"}), "station"),
    ("healthcare", None, "facility"),
    ("amenity", None, "poi"),
    ("shop", None, "poi"),
    ("tourism", None, "poi"),
    ("leisure", None, "poi"),
    ("office", None, "poi"),
    ("historic", None, "poi"),
    ("emergency", frozenset({"ambulance_station", "defibrillator"}), "facility"),
    ("building", None, "building"),
)
"""Tag key, its values (None: any) and the kind of place; the first that fits counts."""

FACILITY_AMENITIES = frozenset({"hospital", "clinic"})

RADIUS_OF_PLACE_M = {
    "city": 5000.0, "town": 2000.0, "suburb": 1500.0, "borough": 2500.0, "quarter": 800.0,
    "village": 800.0, "neighbourhood": 500.0, "hamlet": 400.0, "island": 1000.0,
}  # fmt: skip
RADIUS_OF_KIND_M = {"address": 15.0, "locality": 300.0, "station": 60.0, "building": 40.0}
POI_RADIUS_M = 30.0


def build_places(objects: Iterable[TaggedObject], segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the gazetteer (`PLACE_COLUMNS`); an object with a name and an address gives two."""
    rows = [row for one in objects for row in (_named(one), _address(one)) if row is not None]
    frames = [
        street_places(segments, source="osm"),
        crossing_places(segments, source="osm"),
        frame_of_rows(PLACE_COLUMNS, rows),
    ]
    together = pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(together, geometry="geometry", crs=4326)


def _kind(tags: dict[str, str]) -> str | None:
    for key, values, kind in PLACE_KINDS:
        value = tags.get(key)
        if value is None or value == "no" or (values is not None and value not in values):
            continue
        if key == "amenity" and value in FACILITY_AMENITIES:
            return "facility"
        return kind
    return None


def _named(one: TaggedObject) -> dict[str, Any] | None:
    name, name_zh, name_en = names(one.tags)
    kind = _kind(one.tags)
    if name is None or kind is None:
        return None
    further = [v for k, v in one.tags.items() if k.startswith("name:") or k in ALSO_NAMES]
    return _row(one, kind) | {
        "name": name,
        "name_zh": name_zh,
        "name_en": name_en,
        "street": one.tags.get("addr:street"),
        "house_number": one.tags.get("addr:housenumber"),
        "search_text": search_text(name, name_zh, name_en, *further),
    }


def _address(one: TaggedObject) -> dict[str, Any] | None:
    number = one.tags.get("addr:housenumber")
    street = one.tags.get("addr:street") or one.tags.get("addr:place")
    if number is None or street is None:
        return None
    chinese = is_chinese(street)
    full = (
        f"{street}{number}{'号' if number.isdigit() else ''}" if chinese else f"{street} {number}"
    )
    row = _row(one, "address")
    return row | {
        "source_ref": f"{one.ref}/address",
        "name": full,
        "name_zh": full if chinese else None,
        "street": street,
        "house_number": number,
        "search_text": search_text(full, f"{number} {street}" if not chinese else None),
    }


def _row(one: TaggedObject, kind: str) -> dict[str, Any]:
    return {
        "source": "osm",
        "source_ref": one.ref,
        "kind": kind,
        "radius_m": _radius_m(one, kind),
        "modelled": False,
        "geometry": inner_point(one.geometry),
    }


def _radius_m(one: TaggedObject, kind: str) -> float:
    """Half the extent of an area, at least the usual radius of its kind."""
    usual = RADIUS_OF_KIND_M.get(kind, POI_RADIUS_M)
    if kind == "locality":
        usual = RADIUS_OF_PLACE_M.get(one.tags["place"], usual)
    west, south, east, north = one.geometry.bounds
    shrink = np.cos(np.radians((south + north) / 2))
    half = 0.5 * METRES_PER_DEGREE * np.hypot((east - west) * shrink, north - south)
    return float(max(usual, half))
