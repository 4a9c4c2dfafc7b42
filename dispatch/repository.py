"""SQL that every package of dispatch shares: rows, points, cities, jurisdiction."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.tables import (
    SRID,
    Area,
    City,
    Installation,
)

AREA_LEVELS = ("district", "street", "zone", "city", "province", "country")
"""Which level names an incident's area where several contain it: the district first."""


AnyRow = Row[*tuple[Any, ...]]
"""A row of many columns, read by their names."""


@dataclass(frozen=True, slots=True)
class CityRow:
    """What dispatch needs of a city; extent in WGS-84 degrees."""

    city_id: int
    name: str
    time_zone: str
    west: float
    south: float
    east: float
    north: float


def within(
    area_code: InstrumentedAttribute[str | None], prefixes: Collection[str]
) -> ColumnElement[bool]:
    """Return the condition that a row lies in one of the area-code prefixes, or has no area."""
    if not prefixes:
        return false()
    if "" in prefixes:
        return true()
    inside = [area_code.startswith(prefix, autoescape=True) for prefix in prefixes]
    return or_(area_code.is_(None), *inside)


def point(lon: float, lat: float) -> Any:
    """Return the SQL of a WGS-84 point."""
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), SRID)


def find_city(session: Session, city_id: int) -> CityRow | None:
    """Return a city with the bounds of its extent."""
    row = session.execute(
        select(
            City.city_id, City.name, City.time_zone, func.ST_XMin(City.extent),
            func.ST_YMin(City.extent), func.ST_XMax(City.extent), func.ST_YMax(City.extent),
        ).where(City.city_id == city_id)
    ).one_or_none()  # fmt: skip
    return CityRow(*row) if row else None


def installation_purpose(session: Session) -> str | None:
    """Return what this database is for: live or simulation."""
    return session.execute(select(Installation.purpose)).scalar_one_or_none()


def area_code_at(session: Session, city_id: int, *, lon: float, lat: float) -> str | None:
    """Return the code of the district (else the next fitting level) that contains the point."""
    return session.execute(
        select(Area.code)
        .where(
            Area.city_id == city_id, Area.valid_to.is_(None),
            func.ST_Covers(Area.geom, point(lon, lat)),
        )
        .order_by(func.array_position(list(AREA_LEVELS), Area.level), Area.code)
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
