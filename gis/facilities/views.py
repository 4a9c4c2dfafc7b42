"""Facilities as everybody may see them: as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.geojson import Position
from gis.tables import Facility, FacilityCapability


@dataclass(frozen=True, slots=True)
class FacilityInfo:
    """One facility. None is not known. `capability_levels`: of those capabilities that have one."""

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
    capability_levels: Mapping[str, int]


def list_facilities(
    session: Session, city_id: int, *, kind: str | None
) -> Sequence[tuple[FacilityInfo, Position]]:
    """Return a city's facilities, those that are no more left out, and where they are."""
    capabilities = (
        select(func.jsonb_object_agg(FacilityCapability.capability, FacilityCapability.level))
        .where(
            FacilityCapability.facility_id == Facility.facility_id,
            FacilityCapability.valid_until.is_(None),
        )
        .scalar_subquery()
    )
    query = (
        select(
            Facility.facility_id, Facility.kind, Facility.name, Facility.name_zh, Facility.name_en,
            Facility.has_emergency_department, Facility.bed_count, Facility.phone,
            Facility.modelled, capabilities.label("capabilities"), func.ST_X(Facility.geom),
            func.ST_Y(Facility.geom),
        )
        .where(Facility.city_id == city_id, Facility.kind.is_not(None))
        .order_by(Facility.facility_id)
    )  # fmt: skip
    if kind is not None:
        query = query.where(Facility.kind == kind)
    found = []
    for *facts, said, lon, lat in session.execute(query):
        can: dict[str, int | None] = said or {}
        levels = {name: level for name, level in can.items() if level is not None}
        found.append((FacilityInfo(*(*facts, sorted(can), levels)), (lon, lat)))
    return found
