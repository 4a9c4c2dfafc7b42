"""Hospitals, clinics, defibrillators and ambulance stations out of tagged OSM objects."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from data.frames import frame_of_rows
from data.model import AED_COLUMNS, FACILITY_COLUMNS, STATION_COLUMNS
from data.osm.raw import TaggedObject
from data.osm.tags import names
from gis.text_fold import fold

KIND_OF_TAG = {
    ("amenity", "hospital"): "hospital",
    ("healthcare", "hospital"): "hospital",
    ("amenity", "clinic"): "clinic",
    ("healthcare", "clinic"): "clinic",
    ("healthcare", "centre"): "clinic",
    ("healthcare", "community_health_centre"): "community_health_centre",
}
COMMUNITY_NAME = re.compile(
    r"社区健康|社康|社区卫生|cesfam|cecosf|community health|centro de salud familiar", re.IGNORECASE
)
EMERGENCY_TAG = {"yes": True, "designated": True, "no": False}
"""Value of `emergency` → whether there is an emergency department; of others nothing is known."""

NAME_OF_KIND = {"hospital": "Hospital", "clinic": "Clinic",
                "community_health_centre": "Community health centre"}  # fmt: skip
FACILITY_TAGS = (
    "healthcare", "healthcare:speciality", "operator", "operator:type", "emergency", "website",
    "contact:website", "opening_hours", "wheelchair", "addr:street", "addr:housenumber",
    "addr:city", "helipad",
)  # fmt: skip

AED_ACCESS = {
    "yes": "public", "public": "public", "permissive": "public", "official": "public",
    "customers": "customers", "private": "private", "no": "private", "permit": "private",
    "permit_required": "private", "employees": "private", "residents": "private",
}  # fmt: skip

SAME_PLACE_DEG = 0.003
"""About 300 m: a node and an outline of one name this close are one hospital."""


def inner_point(geometry: BaseGeometry) -> shapely.Point:
    """Return the centroid where it lies inside, else a point that does."""
    centroid = geometry.centroid
    return centroid if geometry.intersects(centroid) else geometry.representative_point()


def build_facilities(objects: Iterable[TaggedObject]) -> gpd.GeoDataFrame:
    """Return hospitals, clinics and community health centres (`FACILITY_COLUMNS`).

    Doctors' practices are left out. Where a node and an outline carry the same name and kind
    within about 300 m, the outline stays.
    """
    rows = [_facility(one, kind) for one in objects if (kind := _facility_kind(one.tags))]
    rows.sort(key=lambda row: row["source_ref"].startswith("node/"))
    kept: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        twins = kept.setdefault((row["kind"], fold(row["name"])), [])
        if not any(row["geometry"].distance(t["geometry"]) < SAME_PLACE_DEG for t in twins):
            twins.append(row)
    return frame_of_rows(FACILITY_COLUMNS, [row for group in kept.values() for row in group])


def build_aeds(objects: Iterable[TaggedObject]) -> gpd.GeoDataFrame:
    """Return defibrillators (`AED_COLUMNS`); access or hours that nobody mapped stay unknown."""
    rows = [_aed(one) for one in objects if one.tags.get("emergency") == "defibrillator"]
    return frame_of_rows(AED_COLUMNS, rows)


def build_stations(objects: Iterable[TaggedObject]) -> gpd.GeoDataFrame:
    """Return ambulance stations (`STATION_COLUMNS`); fire stations are not taken for them."""
    rows = [_station(one) for one in objects if _is_station(one.tags)]
    return frame_of_rows(STATION_COLUMNS, rows)


def _is_station(tags: dict[str, str]) -> bool:
    return "ambulance_station" in {tags.get("emergency"), tags.get("amenity")}


def _facility_kind(tags: dict[str, str]) -> str | None:
    kinds = (KIND_OF_TAG.get((key, tags.get(key, ""))) for key in ("amenity", "healthcare"))
    kind = next((found for found in kinds if found), None)
    if kind == "clinic" and COMMUNITY_NAME.search(tags.get("name", "")):
        return "community_health_centre"
    return kind


def _common(one: TaggedObject) -> dict[str, Any]:
    name, name_zh, name_en = names(one.tags)
    return {
        "source": "osm",
        "source_ref": one.ref,
        "name": name,
        "name_zh": name_zh,
        "name_en": name_en,
        "modelled": False,
        "geometry": inner_point(one.geometry),
    }


def _facility(one: TaggedObject, kind: str) -> dict[str, Any]:
    tags = one.tags
    row = _common(one)
    emergency = EMERGENCY_TAG.get(tags.get("emergency", ""))
    return row | {
        "kind": kind,
        "name": row["name"] or tags.get("operator") or NAME_OF_KIND[kind],
        "has_emergency_department": emergency,
        "bed_count": _whole_number(tags.get("beds") or tags.get("capacity:beds")),
        "phone": _phone(tags),
        "tags": {key: tags[key] for key in FACILITY_TAGS if key in tags},
        # OSM maps an emergency department; a speciality alone promises no treatment at night.
        "capabilities": [("emergency_department", None)] if emergency else [],
    }


def _aed(one: TaggedObject) -> dict[str, Any]:
    tags = one.tags
    return _common(one) | {
        "location": tags.get("defibrillator:location") or tags.get("location:description")
        or tags.get("description"),
        "location_zh": tags.get("defibrillator:location:zh"),
        "access": AED_ACCESS.get(tags.get("access", ""), "unknown"),
        "opening_hours": tags.get("opening_hours"),
        "indoor": {"yes": True, "no": False}.get(tags.get("indoor", "")),
        "floor": tags.get("level") or tags.get("addr:floor"),
        "phone": _phone(tags),
        "last_checked_at": _checked_at(tags.get("check_date") or tags.get("survey:date")),
    }  # fmt: skip


def _station(one: TaggedObject) -> dict[str, Any]:
    row = _common(one)
    return row | {
        "kind": "ambulance",
        "name": row["name"] or one.tags.get("operator") or "Ambulance station",
        "unit_count_planned": _whole_number(one.tags.get("ambulance_station:vehicles")),
    }


def _phone(tags: dict[str, str]) -> str | None:
    return tags.get("phone") or tags.get("contact:phone") or tags.get("emergency:phone")


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _checked_at(text: str | None) -> datetime | None:
    if text is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
