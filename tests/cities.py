"""A tiny city for tests: a grid of streets with everything a whole call needs."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import select

from data.model import (
    AED_COLUMNS,
    AREA_COLUMNS,
    FACILITY_COLUMNS,
    PLACE_COLUMNS,
    POPULATION_COLUMNS,
    SEGMENT_COLUMNS,
    STATION_COLUMNS,
    CityData,
)
from data.search_text import search_text
from gis.access import SYSTEM
from gis.database import Database
from gis.tables import City

WEST, SOUTH, STEP = 114.0, 22.5, 0.001


def _frame(
    rows: list[dict[str, object]], columns: tuple[str, ...], geometry: list[shapely.Geometry]
) -> gpd.GeoDataFrame:
    filled = pd.DataFrame([{name: row.get(name) for name in columns} for row in rows])
    filled = filled.astype(object).where(filled.notna(), None)
    return gpd.GeoDataFrame(filled, geometry=geometry, crs=4326)


def corner(column: int, row: int) -> tuple[float, float]:
    """Return longitude and latitude of a crossing."""
    return WEST + column * STEP, SOUTH + row * STEP


def grid_city(size: int = 8, *, key: str = "grid", stations: int = 3) -> CityData:
    """Return a city of size × size crossings 110 m apart, two districts, a hospital, two AEDs."""
    rows, lines = [], []
    for i in range(size):
        for j in range(size - 1):
            for name, name_zh, ends in (
                (f"Row {i}", f"第{i}横路", ((j, i), (j + 1, i))),
                (f"Column {i}", f"第{i}纵路", ((i, j), (i, j + 1))),
            ):
                (a, b), (c, d) = ends
                lines.append(shapely.LineString([corner(a, b), corner(c, d)]))
                rows.append({
                    "osm_way_id": len(rows), "from_node": b * size + a, "to_node": d * size + c,
                    "length_m": 102.9 if b == d else 110.8, "highway": "residential", "oneway": 0,
                    "drive_access": "yes", "walk_access": "yes", "layer": 0, "is_bridge": False,
                    "is_tunnel": False, "name": name, "name_zh": name_zh, "tags": {},
                    "modelled": True,
                })  # fmt: skip
    edge = size * STEP
    extent = shapely.box(WEST - STEP, SOUTH - STEP, WEST + edge, SOUTH + edge)
    middle = WEST + edge / 2
    halves = [shapely.box(WEST - STEP, SOUTH - STEP, middle, SOUTH + edge),
              shapely.box(middle, SOUTH - STEP, WEST + edge, SOUTH + edge)]  # fmt: skip
    areas = [
        {"code": code, "level": "district", "name": name, "name_zh": zh, "name_en": name,
         "valid_from": date(2000, 1, 1), "source": "test", "modelled": True}
        for code, name, zh in (("440305", "West", "西区"), ("440306", "East", "东区"))
    ]  # fmt: skip
    points = np.linspace(0, size - 1, stations).astype(int)
    station_rows = [
        {"source": "test", "source_ref": str(n), "kind": "ambulance", "name": f"Station {n}",
         "unit_count_planned": 2, "modelled": True} for n in range(stations)
    ]  # fmt: skip
    places = [
        {"source": "test", "source_ref": f"p{n}", "kind": "street", "name": name, "name_zh": zh,
         "search_text": search_text(name, zh), "radius_m": 300.0, "modelled": True}
        for n, (name, zh) in enumerate(sorted({(str(r["name"]), str(r["name_zh"])) for r in rows}))
    ]  # fmt: skip
    return CityData(
        key=key, name="Grid", name_zh="方格城", source="test", attribution="Made for tests",
        time_zone="Asia/Shanghai", extent=extent, modelled=True,
        segments=_frame(rows, SEGMENT_COLUMNS, list(lines)),
        areas=_frame(areas, AREA_COLUMNS, [shapely.MultiPolygon([half]) for half in halves]),
        population=_frame(
            [{"source": "test", "source_ref": str(n), "population": 1000.0 * (n + 1),
              "age_bands": {}, "time_of_day": "all", "modelled": True} for n in range(2)],
            POPULATION_COLUMNS, list(halves)),
        places=_frame(
            places, PLACE_COLUMNS,
            [shapely.Point(*corner(n % size, n // size)) for n in range(len(places))]),
        facilities=_frame(
            [{"source": "test", "source_ref": "h1", "kind": "hospital", "name": "Grid Hospital",
              "name_zh": "方格医院", "has_emergency_department": True, "bed_count": 100,
              "tags": {}, "modelled": True, "capabilities": [("emergency", None), ("pci", None)]}],
            FACILITY_COLUMNS, [shapely.Point(*corner(size - 1, size - 1))]),
        aeds=_frame(
            [{"source": "test", "source_ref": "a1", "name": "Lobby", "name_zh": "大堂",
              "access": "public", "opening_hours": "24/7", "indoor": True, "floor": "1",
              "modelled": True},
             {"source": "test", "source_ref": "a2", "name": "Gym", "name_zh": "健身房",
              "access": "public", "opening_hours": "Mo-Fr 00:00-00:01", "modelled": True}],
            AED_COLUMNS, [shapely.Point(*corner(3, 3)), shapely.Point(*corner(1, 1))]),
        stations=_frame(
            station_rows, STATION_COLUMNS,
            [shapely.Point(*corner(int(n), int(n))) for n in points]),
    )  # fmt: skip


def grid_id(database: Database) -> int:
    """Return the city of a database in which only the grid stands."""
    with database.read(SYSTEM) as uow:
        return uow.session.scalars(select(City.city_id)).one()
