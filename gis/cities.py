"""Loaded cities: finding one, its extent, and whether a point lies within it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from gis.database import UnitOfWork
from gis.errors import InvalidInputError, NotFoundError
from gis.geometry import margin_deg
from gis.rows import view_of
from gis.tables import Aed, Area, Base, City, Facility, Place, Station, Unit

IN_FORCE: Mapping[type[Base], Sequence[ColumnElement[bool]]] = {
    Area: (Area.valid_to.is_(None),),
    Facility: (Facility.kind.is_not(None),),
}
"""Table whose rows end instead of vanishing → which of them count now."""

_COUNTED: Mapping[str, type[Aed | Area | Facility | Place | Station | Unit]] = {
    "aeds": Aed,
    "areas": Area,
    "facilities": Facility,
    "places": Place,
    "stations": Station,
    "units": Unit,
}


class CityUnknownError(NotFoundError):
    """No such city is loaded."""

    code = "city_unknown"

    def __init__(self, city: int | str) -> None:
        super().__init__(f"City {city} is not loaded. GET /v1/cities lists those that are.")


class PlaceOutsideCityError(InvalidInputError):
    """A point too far from the city's extent."""

    code = "place_outside_city"

    def __init__(self, lon: float, lat: float, city: str) -> None:
        super().__init__(
            f"{lon:.5f}, {lat:.5f} lies outside {city}. Check the coordinates and their datum, or "
            "choose another city."
        )


class CoordinatesSwappedError(PlaceOutsideCityError):
    """Outside as given, but inside when longitude and latitude change places."""

    code = "coordinates_swapped"

    def __init__(self, lon: float, lat: float, city: str) -> None:
        InvalidInputError.__init__(
            self,
            f"{lon:.5f}, {lat:.5f} lies outside {city}, but {lat:.5f}, {lon:.5f} lies inside: "
            "longitude and latitude look swapped. Give the longitude first.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRow:
    """A city as it is stored, with the bounds of its extent (WGS-84 degrees)."""

    city_id: int
    key: str
    name: str
    name_zh: str | None
    time_zone: str
    modelled: bool
    attribution: str
    network_version: int
    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class CityInfo:
    """One loaded city; `bbox` is west, south, east, north in WGS-84 degrees."""

    city_id: int
    key: str
    name: str
    name_zh: str | None
    bbox: tuple[float, float, float, float]
    centre: tuple[float, float]
    time_zone: str
    modelled: bool
    attribution: str
    network_version: int
    counts: Mapping[str, int]


_STORED = select(
    City.city_id, City.key, City.name, City.name_zh, City.time_zone, City.modelled,
    City.attribution, City.network_version,
    func.ST_XMin(City.extent).label("west"), func.ST_YMin(City.extent).label("south"),
    func.ST_XMax(City.extent).label("east"), func.ST_YMax(City.extent).label("north"),
)  # fmt: skip


def list_cities(session: Session) -> list[CityRow]:
    """Return every loaded city, ordered by id."""
    return [view_of(CityRow, row) for row in session.execute(_STORED.order_by(City.city_id))]


def describe_cities(session: Session) -> list[CityInfo]:
    """Return every loaded city with what it holds, ordered by id."""
    counts = {
        name: {row[0]: row[1] for row in session.execute(_count_by_city(table))}
        for name, table in _COUNTED.items()
    }
    return [
        CityInfo(
            city_id=city.city_id, key=city.key, name=city.name, name_zh=city.name_zh,
            bbox=(city.west, city.south, city.east, city.north),
            centre=((city.west + city.east) / 2, (city.south + city.north) / 2),
            time_zone=city.time_zone, modelled=city.modelled, attribution=city.attribution,
            network_version=city.network_version,
            counts={name: found.get(city.city_id, 0) for name, found in counts.items()},
        )
        for city in list_cities(session)
    ]  # fmt: skip


def _count_by_city(
    table: type[Aed | Area | Facility | Place | Station | Unit],
) -> Select[int, int]:
    counted = select(table.city_id, func.count()).group_by(table.city_id)
    return counted.where(*IN_FORCE.get(table, ()))


def find_city(session: Session, city_id: int) -> CityRow | None:
    """Return a city, None if there is none."""
    row = session.execute(_STORED.where(City.city_id == city_id)).one_or_none()
    return view_of(CityRow, row) if row else None


def require_city(uow: UnitOfWork, city_id: int) -> CityRow:
    """Return a city, or raise `CityUnknownError`."""
    city = find_city(uow.session, city_id)
    if city is None:
        raise CityUnknownError(city_id)
    return city


def check_inside(city: CityRow, *, lon: float, lat: float, margin_m: float) -> None:
    """Check that a WGS-84 point lies within the city's extent, widened by `margin_m`.

    Raises
    ------
    CoordinatesSwappedError
        It does not, but would with longitude and latitude exchanged.
    PlaceOutsideCityError
        It does not.
    """
    if is_inside(city, lon=lon, lat=lat, margin_m=margin_m):
        return
    if is_inside(city, lon=lat, lat=lon, margin_m=margin_m):
        raise CoordinatesSwappedError(lon, lat, city.name)
    raise PlaceOutsideCityError(lon, lat, city.name)


def is_inside(city: CityRow, *, lon: float, lat: float, margin_m: float) -> bool:
    """Say whether a point lies within the city's extent, widened by `margin_m`."""
    # A degree of longitude is never longer than one of latitude: twice the margin covers it to 60°.
    margin = margin_deg(margin_m)
    return (
        city.west - 2 * margin <= lon <= city.east + 2 * margin
        and city.south - margin <= lat <= city.north + margin
    )
