"""SQL that every package of dispatch shares: cities and what the database is for."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.tables import City, Installation


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
