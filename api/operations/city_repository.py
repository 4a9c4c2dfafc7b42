"""SQL of what is public about cities: their extent and counts, their facilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gis.geojson import Position
from gis.tables import (
    Aed,
    Area,
    City,
    Facility,
    FacilityCapability,
    Installation,
    Place,
    Station,
    Unit,
)

_COUNTED: Mapping[str, type[Aed | Area | Facility | Place | Station | Unit]] = {
    "aeds": Aed,
    "areas": Area,
    "facilities": Facility,
    "places": Place,
    "stations": Station,
    "units": Unit,
}


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


@dataclass(frozen=True, slots=True)
class FacilityInfo:
    """One hospital or clinic."""

    facility_id: int
    kind: str
    name: str
    name_zh: str | None
    name_en: str | None
    has_emergency_department: bool | None
    bed_count: int | None
    phone: str | None
    modelled: bool
    capabilities: Sequence[str]


def _count_by_city(
    table: type[Aed | Area | Facility | Place | Station | Unit],
) -> Select[int, int]:
    counted = select(table.city_id, func.count()).group_by(table.city_id)
    return counted.where(Area.valid_to.is_(None)) if table is Area else counted


def list_cities(session: Session, city_id: int | None = None) -> list[CityInfo]:
    """Return every loaded city, or the one asked for, with what it holds."""
    query = select(
        City, func.ST_XMin(City.extent), func.ST_YMin(City.extent), func.ST_XMax(City.extent),
        func.ST_YMax(City.extent),
    ).order_by(City.city_id)  # fmt: skip
    if city_id is not None:
        query = query.where(City.city_id == city_id)
    counts = {
        name: {row[0]: row[1] for row in session.execute(_count_by_city(table))}
        for name, table in _COUNTED.items()
    }
    return [
        CityInfo(
            city_id=city.city_id, key=city.key, name=city.name, name_zh=city.name_zh,
            bbox=(west, south, east, north), centre=((west + east) / 2, (south + north) / 2),
            time_zone=city.time_zone, modelled=city.modelled, attribution=city.attribution,
            network_version=city.network_version,
            counts={name: found.get(city.city_id, 0) for name, found in counts.items()},
        )
        for city, west, south, east, north in session.execute(query)
    ]  # fmt: skip


def city_is_loaded(session: Session, city_id: int) -> bool:
    """Return whether there is such a city."""
    found = session.execute(select(City.city_id).where(City.city_id == city_id)).first()
    return found is not None


def list_facilities(
    session: Session, city_id: int, *, kind: str | None
) -> Sequence[tuple[FacilityInfo, Position]]:
    """Return a city's facilities and where they are."""
    capabilities = (
        select(func.array_agg(FacilityCapability.capability))
        .where(FacilityCapability.facility_id == Facility.facility_id)
        .scalar_subquery()
    )
    query = (
        select(
            Facility.facility_id, Facility.kind, Facility.name, Facility.name_zh, Facility.name_en,
            Facility.has_emergency_department, Facility.bed_count, Facility.phone,
            Facility.modelled, func.coalesce(capabilities, []).label("capabilities"),
            func.ST_X(Facility.geom), func.ST_Y(Facility.geom),
        )
        .where(Facility.city_id == city_id)
        .order_by(Facility.facility_id)
    )  # fmt: skip
    if kind is not None:
        query = query.where(Facility.kind == kind)
    return [
        (FacilityInfo(*properties), (lon, lat)) for *properties, lon, lat in session.execute(query)
    ]


def installation(session: Session) -> tuple[str, UUID]:
    """Return what this database is for, and its id."""
    row = session.execute(select(Installation.purpose, Installation.installation_id)).one()
    return row[0], row[1]
