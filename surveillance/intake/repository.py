"""All SQL of knowing areas and places by what a report writes."""

from collections.abc import Mapping

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.tables import Area, City, Place
from gis.text_fold import fold
from surveillance.intake.places import LONGEST_NAME, SHORTEST_NAME, AreaRow, Areas


def areas_of(session: Session, city_id: int) -> Areas:
    """Return the areas of a city that are in force."""
    rows = session.execute(
        select(
            Area.code, Area.level, Area.name, Area.name_zh, Area.name_en, Area.path,
            func.ST_AsBinary(Area.geom).label("outline"),
        ).where(Area.city_id == city_id, Area.valid_to.is_(None))
    )  # fmt: skip
    return Areas([
        AreaRow(
            code=row.code, level=row.level, path=tuple(row.path),
            names=tuple(name for name in (row.name, row.name_zh, row.name_en) if name),
            outline=shapely.from_wkb(bytes(row.outline)),
        )
        for row in rows
    ])  # fmt: skip


def gazetteer_of(session: Session, city_id: int) -> Mapping[str, tuple[float, float]]:
    """Return folded name → (lon, lat) of the places of a city whose name only one of them has."""
    rows = session.execute(
        select(
            Place.name, Place.name_zh, func.ST_X(Place.geom).label("lon"),
            func.ST_Y(Place.geom).label("lat"),
        ).where(Place.city_id == city_id)
    )  # fmt: skip
    found: dict[str, tuple[float, float] | None] = {}
    for row in rows:
        for key in {fold(name) for name in (row.name, row.name_zh) if name}:
            if SHORTEST_NAME <= len(key) <= LONGEST_NAME:
                found[key] = None if key in found else (row.lon, row.lat)
    return {key: point for key, point in found.items() if point is not None}


def time_zone_of(session: Session, city_id: int) -> str:
    """Return the IANA name of the city's own time."""
    return str(session.execute(select(City.time_zone).where(City.city_id == city_id)).scalar_one())
