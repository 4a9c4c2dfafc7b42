"""SQL of what hospitals offer."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.facilities.kinds import HOSPITAL_KINDS
from gis.tables import Facility


class Offer(NamedTuple):
    """One hospital: beds and whether it has an emergency department, None where nobody says."""

    facility_id: int
    beds: int | None
    emergency: bool | None
    lon: float
    lat: float


def offers(session: Session, city_id: int) -> tuple[Offer, ...]:
    """Return a city's hospitals, merged ones once."""
    entered = func.coalesce(Facility.entrance, Facility.geom)
    rows = session.execute(
        select(
            Facility.facility_id, Facility.bed_count, Facility.has_emergency_department,
            func.ST_X(entered), func.ST_Y(entered),
        )
        .where(
            Facility.city_id == city_id, Facility.kind.in_(HOSPITAL_KINDS),
            Facility.merged_into_id.is_(None),
        )
        .order_by(Facility.facility_id)
    )  # fmt: skip
    return tuple(Offer(*row) for row in rows)
