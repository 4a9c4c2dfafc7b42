"""SQL of arrests in one action."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import SRID, Aed, AedState, Unit
from gis.tables.aed_reports import AedReport
from gis.tables.volunteers import ArrestBundle

_BUNDLE: list[Any] = list(ArrestBundle.__table__.columns)


def insert_bundle(session: Session, values: Mapping[str, Any]) -> bool:
    """Store a bundle; False: the incident has one."""
    stored = session.execute(
        insert(ArrestBundle)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(ArrestBundle.incident_id)
    )
    return stored.one_or_none() is not None


def find_bundle(session: Session, incident_id: UUID, *, lock: bool = False) -> AnyRow | None:
    """Return the bundle of an incident."""
    asked = select(*_BUNDLE).where(ArrestBundle.incident_id == incident_id)
    return session.execute(asked.with_for_update() if lock else asked).one_or_none()


def update_bundle(session: Session, incident_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a bundle."""
    session.execute(
        update(ArrestBundle).where(ArrestBundle.incident_id == incident_id).values(**values)
    )


def aeds_near(
    session: Session, city_id: int, *, lon: float, lat: float, within_m: float
) -> Sequence[AnyRow]:
    """Return all AEDs within a distance, whatever their state, with what decides about each."""
    here = func.ST_SetSRID(func.ST_MakePoint(lon, lat), SRID)
    distance_m = func.ST_DistanceSphere(Aed.geom, here)
    reported = (
        select(AedReport.report_id)
        .where(AedReport.aed_id == Aed.aed_id, AedReport.decision.is_(None))
        .exists()
    )
    columns: list[Any] = [
        Aed.aed_id, Aed.name, Aed.name_zh, Aed.location, Aed.location_zh, Aed.access,
        Aed.opening_hours, Aed.indoor, Aed.floor, Aed.entrance, AedState.state,
        func.ST_X(Aed.geom).label("lon"), func.ST_Y(Aed.geom).label("lat"),
        distance_m.label("distance_m"), reported.label("reported"),
    ]  # fmt: skip
    return session.execute(
        select(*columns)
        .outerjoin(AedState, AedState.aed_id == Aed.aed_id)
        .where(Aed.city_id == city_id, distance_m <= within_m)
        .order_by(distance_m, Aed.aed_id)
    ).all()


def equipment(session: Session, unit_ids: Collection[int]) -> dict[int, bool]:
    """Return whether units carry a defibrillator, of those where somebody wrote down anything."""
    rows = session.execute(
        select(Unit.unit_id, Unit.capabilities).where(Unit.unit_id.in_(unit_ids))
    )
    return {row.unit_id: "defibrillator" in row.capabilities for row in rows if row.capabilities}


def state_of(session: Session, aed_id: int) -> str | None:
    """Return what is known of a device itself, locked; None: nothing."""
    return session.scalar(select(AedState.state).where(AedState.aed_id == aed_id).with_for_update())
