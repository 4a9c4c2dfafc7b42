"""La Serena-Coquimbo in Chile: the sample city that comes with the software, offline."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.frames import frame_of_rows, make_frame
from data.model import (
    AED_COLUMNS,
    AREA_COLUMNS,
    FACILITY_COLUMNS,
    PLACE_COLUMNS,
    POPULATION_COLUMNS,
    SEGMENT_COLUMNS,
    STATION_COLUMNS,
    WATER_COLUMNS,
    CityData,
)
from data.osm.areas import UNKNOWN_START, as_multipolygon
from data.osm.segments import MIN_LENGTH_M, geodesic_lengths_m
from data.osm.tags import WALK_DEFAULTS
from data.search_text import search_text
from data.street_places import crossing_places, street_places

KEY = "coquimbo"
SAMPLE = Path(__file__).parents[1] / "sample"
DEGREES_PER_UNIT = 1e-7
EXTENT_MARGIN_DEG = 0.01
FACILITY_PLACE_RADIUS_M = 100.0
APPROXIMATE = (
    "position approximate, good to a few hundred metres; beds and capabilities are best knowledge"
)
MODELLED_SOURCE = "goldenhour-model"

# The comunas' common boundary runs from the beach at Peñuelas inland to the south-east; as a
# straight line it leaves Cuatro Esquinas in La Serena and Tierras Blancas in Coquimbo.
BOUNDARY_AT = (-71.285, -29.935)
BOUNDARY_SLOPE = -0.23

COMUNAS = (
    ("04101", "La Serena", "拉塞雷纳"),
    ("04102", "Coquimbo", "科金博"),
)

Arrays = dict[str, NDArray[Any]]


def coquimbo() -> CityData:
    """Return the sample city: real streets and zones, real hospitals, modelled sites.

    Streets: the 19,846 links of AequilibraE's example that are streets (its other 137 of 19,983
    are virtual). The source kept no bridges, turn restrictions or signals. Walking: allowed
    except on motorways and trunks, since the source's walk mode is set on 406 links only.
    Comunas: zones joined by the side of a straight line on which their inner point lies. Sea:
    modelled from the zones' outline. What is `modelled` says so in its row; the siting rule
    stands in `data.coquimbo.sites`.
    """
    with np.load(SAMPLE / "coquimbo.npz", allow_pickle=False) as stored:
        arrays = dict(stored)
    known = _read("coquimbo_known.json")
    modelled = _read("coquimbo_modelled.json")
    segments = _segments(arrays)
    zones = [shapely.Polygon(line) for line in _lines(arrays, "zone")]
    sea = [shapely.Polygon(line) for line in _lines(arrays, "sea")]
    facilities = _both(FACILITY_COLUMNS, _facility_row, known["facilities"], modelled["facilities"])
    west, south, east, north = shapely.total_bounds([*zones, *segments.geometry])
    return CityData(
        key=KEY,
        name="La Serena–Coquimbo",
        name_zh="拉塞雷纳–科金博",
        source="AequilibraE 1.7.2, example Coquimbo",
        attribution="© OpenStreetMap contributors, ODbL 1.0 (via AequilibraE's example)",
        time_zone="America/Santiago",
        extent=shapely.box(west, south, east, north).buffer(EXTENT_MARGIN_DEG, join_style="mitre"),
        segments=segments,
        areas=_areas(arrays, zones),
        water=make_frame(
            WATER_COLUMNS,
            {"name": ["Océano Pacífico"], "modelled": np.array([True])},
            geometry=[as_multipolygon(polygon) for polygon in sea],
        ),
        population=_population(arrays, zones),
        places=_places(segments, facilities, known["places"]),
        facilities=facilities,
        aeds=_both(AED_COLUMNS, _aed_row, [], modelled["aeds"]),
        stations=_both(STATION_COLUMNS, _station_row, known["stations"], modelled["stations"]),
    )


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SAMPLE / name).read_text(encoding="utf-8"))
    return content


def _coordinates(arrays: Arrays, prefix: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return (n, 2) degrees and the (n,) index of each vertex's line."""
    fixed = np.cumsum(arrays[f"{prefix}_steps"], axis=0, dtype=np.int64)
    line = np.repeat(np.arange(len(arrays[f"{prefix}_sizes"])), arrays[f"{prefix}_sizes"])
    return np.round(fixed * DEGREES_PER_UNIT, 7), line


def _lines(arrays: Arrays, prefix: str) -> list[NDArray[np.float64]]:
    coordinates, _ = _coordinates(arrays, prefix)
    return np.split(coordinates, np.cumsum(arrays[f"{prefix}_sizes"])[:-1])


def _or_none(values: NDArray[Any]) -> NDArray[np.object_]:
    """Zeros and empty strings stand for missing values in the stored arrays."""
    column = values.astype(object)
    column[np.logical_not(values.astype(bool))] = None
    return column


def _segments(arrays: Arrays) -> gpd.GeoDataFrame:
    coordinates, line = _coordinates(arrays, "link")
    count = len(arrays["a_node"])
    highway = arrays["classes"][arrays["class"]].astype(object)
    both_ways = arrays["direction"] == 0
    ab, ba = arrays["lanes_ab"], arrays["lanes_ba"]
    lanes = np.where(both_ways, np.where((ab > 0) & (ba > 0), ab + ba, 0), ab)
    speed_ab = arrays["speed_ab"].astype(np.float64)
    speed_ba = arrays["speed_ba"].astype(np.float64)
    nothing = np.full(count, None, dtype=object)
    length_m = geodesic_lengths_m(coordinates[:, 0], coordinates[:, 1], line=line)
    values = {
        "osm_way_id": nothing,
        "from_node": arrays["a_node"].astype(np.int64),
        "to_node": arrays["b_node"].astype(np.int64),
        "length_m": np.maximum(length_m, MIN_LENGTH_M),
        "highway": highway,
        "oneway": arrays["direction"].astype(np.int64),
        "drive_access": np.full(count, "yes", dtype=object),
        "walk_access": np.array([WALK_DEFAULTS.get(h, "yes") for h in highway], dtype=object),
        "maxspeed_kmh": _or_none(speed_ab),
        "maxspeed_backward_kmh": _or_none(np.where(speed_ba > 0, speed_ba, speed_ab)),
        "lanes": _or_none(lanes),
        "layer": np.zeros(count, dtype=np.int64),
        "is_bridge": np.zeros(count, dtype=bool),
        "is_tunnel": np.zeros(count, dtype=bool),
        "name": _or_none(arrays["names"][arrays["name"]]),
        "name_zh": nothing,
        "name_en": nothing,
        "ref": nothing,
        "tags": [{} for _ in range(count)],
        "modelled": np.zeros(count, dtype=bool),
    }
    return make_frame(
        SEGMENT_COLUMNS, values, geometry=shapely.linestrings(coordinates, indices=line)
    )


def _areas(arrays: Arrays, zones: list[shapely.Polygon]) -> gpd.GeoDataFrame:
    inner = np.array([zone.representative_point().coords[0] for zone in zones])
    boundary = BOUNDARY_AT[1] + BOUNDARY_SLOPE * (inner[:, 0] - BOUNDARY_AT[0])
    comuna_of = (inner[:, 1] < boundary).astype(int)
    people = arrays["zone_population"]
    common = {"valid_from": UNKNOWN_START, "source": "aequilibrae"}
    rows: list[dict[str, Any]] = [
        common
        | {
            "code": code,
            "level": "district",
            "name": name,
            "name_zh": name_zh,
            "population": round(float(people[comuna_of == i].sum())),
            "modelled": True,
            "geometry": as_multipolygon(
                shapely.union_all([z for z, c in zip(zones, comuna_of, strict=True) if c == i])
            ),
        }
        for i, (code, name, name_zh) in enumerate(COMUNAS)
    ]
    rows += [
        common
        | {
            "code": f"{COMUNAS[comuna][0]}-{zone_id}",
            "level": "zone",
            "name": f"Zona {zone_id}",
            "name_zh": f"{zone_id}区",
            "name_en": f"Zone {zone_id}",
            "population": round(float(count)),
            "modelled": False,
            "geometry": as_multipolygon(zone),
        }
        for zone, zone_id, count, comuna in zip(
            zones, arrays["zone_id"].tolist(), people, comuna_of, strict=True
        )
    ]
    return frame_of_rows(AREA_COLUMNS, rows)


def _population(arrays: Arrays, zones: list[shapely.Polygon]) -> gpd.GeoDataFrame:
    count = len(zones)
    values = {
        "source": ["aequilibrae"] * count,
        "source_ref": [f"zone-{zone}" for zone in arrays["zone_id"].tolist()],
        "population": arrays["zone_population"],
        "age_bands": [{} for _ in range(count)],
        "counted_on": [None] * count,
        "time_of_day": ["all"] * count,
        "modelled": np.zeros(count, dtype=bool),
    }
    return make_frame(POPULATION_COLUMNS, values, geometry=zones)


def _both(
    columns: tuple[str, ...], make_row: Any, known: list[Any], modelled: list[Any]
) -> gpd.GeoDataFrame:
    rows = [make_row(_common(site, modelled=False), site) for site in known]
    rows += [make_row(_common(site, modelled=True), site) for site in modelled]
    return frame_of_rows(columns, rows)


def _common(site: dict[str, Any], *, modelled: bool) -> dict[str, Any]:
    return {
        "source": MODELLED_SOURCE if modelled else "known",
        "source_ref": site["ref"],
        "name": site["name"],
        "name_zh": site.get("name_zh"),
        "name_en": site.get("name_en"),
        "modelled": modelled,
        "geometry": shapely.Point(site["lon"], site["lat"]),
    }


def _facility_row(common: dict[str, Any], site: dict[str, Any]) -> dict[str, Any]:
    note = "sited by rule" if common["modelled"] else APPROXIMATE
    return common | {
        "kind": site["kind"],
        "has_emergency_department": site.get("emergency"),
        "bed_count": site.get("beds"),
        "tags": {"note": note},
        "capabilities": [(name, level) for name, level in site.get("capabilities", [])],
    }


def _aed_row(common: dict[str, Any], site: dict[str, Any]) -> dict[str, Any]:
    given = ("location", "location_zh", "access", "opening_hours", "indoor", "floor")
    return common | {column: site[column] for column in given}


def _station_row(common: dict[str, Any], site: dict[str, Any]) -> dict[str, Any]:
    return common | {"kind": "ambulance", "unit_count_planned": site["units"]}


def _place_row(common: dict[str, Any], kind: str, *, radius_m: float) -> dict[str, Any]:
    names = (common["name"], common["name_zh"], common["name_en"])
    return common | {"kind": kind, "search_text": search_text(*names), "radius_m": radius_m}


def _places(
    segments: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, known: list[dict[str, Any]]
) -> gpd.GeoDataFrame:
    rows = [
        _place_row(_common(site, modelled=False), site["kind"], radius_m=float(site["radius_m"]))
        for site in known
    ]
    shared = ["source", "source_ref", "name", "name_zh", "name_en", "modelled", "geometry"]
    as_place = partial(_place_row, kind="facility", radius_m=FACILITY_PLACE_RADIUS_M)
    rows += [as_place(row) for row in facilities[shared].to_dict("records")]
    named = frame_of_rows(PLACE_COLUMNS, rows)
    frames = [
        named,
        street_places(segments, source="osm"),
        crossing_places(segments, source="osm"),
    ]
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=4326)
