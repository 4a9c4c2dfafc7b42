"""Facilities as everybody may see them: as they are now."""

from collections import defaultdict
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
    in_city = [Facility.city_id == city_id, Facility.kind.is_not(None)]
    if kind is not None:
        in_city.append(Facility.kind == kind)
    # Asked apart: few facilities have any, and a subquery would run for each of all.
    levels: dict[int, dict[str, int | None]] = defaultdict(dict)
    for facility_id, capability, level in session.execute(
        select(
            FacilityCapability.facility_id, FacilityCapability.capability, FacilityCapability.level
        )
        .join(Facility, Facility.facility_id == FacilityCapability.facility_id)
        .where(FacilityCapability.valid_until.is_(None), *in_city)
        .order_by(FacilityCapability.capability)
    ):
        levels[facility_id][capability] = level
    rows = session.execute(
        select(
            Facility.facility_id, Facility.kind, Facility.name, Facility.name_zh, Facility.name_en,
            Facility.has_emergency_department, Facility.bed_count, Facility.phone,
            Facility.modelled, func.ST_X(Facility.geom).label("lon"),
            func.ST_Y(Facility.geom).label("lat"),
        )
        .where(*in_city)
        .order_by(Facility.facility_id)
    )  # fmt: skip
    found = []
    for *facts, lon, lat in rows:
        can = levels.get(facts[0], {})
        known = {name: level for name, level in can.items() if level is not None}
        found.append((FacilityInfo(*(*facts, tuple(can), known)), (lon, lat)))
    return found
