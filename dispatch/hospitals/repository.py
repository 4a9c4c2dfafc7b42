"""SQL of hospitals and their live status."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from gis.facilities.kinds import HOSPITAL_KINDS
from gis.rows import AnyRow
from gis.tables import (
    Assignment,
    Facility,
    FacilityCapability,
    HospitalStatus,
)

INBOUND_STATES = (
    "notified", "acknowledged", "en_route", "staging", "on_scene", "at_patient", "left_scene",
)  # fmt: skip
"""A unit with a destination in one of these is on its way there."""


def _hospitals() -> Select[Any]:
    goal = func.coalesce(Facility.entrance, Facility.geom)
    capabilities = (
        select(func.array_agg(FacilityCapability.capability))
        .where(
            FacilityCapability.facility_id == Facility.facility_id,
            FacilityCapability.valid_until.is_(None),
        )
        .scalar_subquery()
    )
    inbound = (
        select(func.count())
        .where(
            Assignment.destination_facility_id == Facility.facility_id,
            Assignment.state.in_(INBOUND_STATES),
        )
        .scalar_subquery()
    )
    columns: list[Any] = [
        Facility.facility_id, Facility.name, Facility.name_zh, Facility.has_emergency_department,
        func.ST_X(goal).label("lon"), func.ST_Y(goal).label("lat"),
        capabilities.label("capabilities"), inbound.label("inbound"), HospitalStatus.diverting,
        HospitalStatus.emergency_beds_free, HospitalStatus.reported_at,
    ]  # fmt: skip
    return (
        select(*columns)
        .outerjoin(HospitalStatus, HospitalStatus.facility_id == Facility.facility_id)
        .where(
            Facility.city_id == bindparam("of_city"), Facility.kind == any_(array(HOSPITAL_KINDS))
        )
        .order_by(Facility.facility_id)
    )


_HOSPITALS = _hospitals()
"""Made once: building it anew for each question is a tenth of the answer."""


def list_hospitals(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return a city's hospitals: capabilities, live status, units on their way, entrance point."""
    return session.execute(_HOSPITALS, {"of_city": city_id}).all()
