"""Facilities as everybody may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.geojson import Position
from gis.tables import Facility, FacilityCapability


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
