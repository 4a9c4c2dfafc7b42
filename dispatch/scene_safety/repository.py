"""SQL of dangers, hazards of places, orders heard and agencies told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, cast, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import OPEN_ASSIGNMENT_STATES, Assignment, Incident, Unit
from gis.tables.scene_safety import AgencyTold, CrewOrderHeard, PremiseHazard, SceneSafety

PLACE_SLACK_M = 200.0
"""At most so much of an incident's own uncertainty widens a hazard's circle: a call that is only
known to be somewhere in the city must not show every hazard of it."""

_HAZARD: list[Any] = [
    *(column for column in PremiseHazard.__table__.columns if column.name != "geom"),
    func.ST_X(PremiseHazard.geom).label("lon"), func.ST_Y(PremiseHazard.geom).label("lat"),
]  # fmt: skip


def find_safety(session: Session, incident_id: UUID) -> AnyRow | None:
    """Return what is stored of an incident's scene; None: nobody was asked."""
    return session.execute(
        select(*SceneSafety.__table__.columns).where(SceneSafety.incident_id == incident_id)
    ).one_or_none()


def put_safety(
    session: Session, incident_id: UUID, *, city_id: int, values: Mapping[str, Any]
) -> None:
    """Store what changed of a locked incident's scene."""
    # First the row of nobody asked: a row's checks are made before its conflict is seen.
    session.execute(
        upsert(SceneSafety)
        .values(incident_id=incident_id, city_id=city_id)
        .on_conflict_do_nothing()
    )
    session.execute(
        update(SceneSafety).where(SceneSafety.incident_id == incident_id).values(**values)
    )


def _reaches() -> Any:
    slack = func.least(func.coalesce(Incident.uncertainty_m, 0.0), PLACE_SLACK_M)
    return func.ST_DWithin(
        func.geography(PremiseHazard.geom), func.geography(Incident.geom),
        cast(PremiseHazard.radius_m + slack, Float),
    )  # fmt: skip


def hazards_at(session: Session, incident_id: UUID, *, at: datetime) -> Sequence[AnyRow]:
    """Return the hazards that hold at `at` and whose circle reaches an incident's place."""
    return session.execute(
        select(*_HAZARD)
        .join(Incident, Incident.city_id == PremiseHazard.city_id)
        .where(
            Incident.incident_id == incident_id, PremiseHazard.ended_at.is_(None),
            PremiseHazard.expires_at > at, _reaches(),
        )
        .order_by(PremiseHazard.created_at, PremiseHazard.hazard_id)
    ).all()  # fmt: skip


def open_incidents_at(session: Session, hazard_id: UUID) -> Sequence[UUID]:
    """Return the open incidents that a hazard reaches, by id."""
    return session.scalars(
        select(Incident.incident_id)
        .join(PremiseHazard, Incident.city_id == PremiseHazard.city_id)
        .where(
            PremiseHazard.hazard_id == hazard_id, Incident.closed_at.is_(None),
            Incident.cancelled_at.is_(None), _reaches(),
        )
        .order_by(Incident.incident_id)
    ).all()  # fmt: skip


def insert_hazard(session: Session, values: Mapping[str, Any]) -> None:
    """Store a hazard of a place."""
    session.execute(insert(PremiseHazard).values(**values))


def find_hazard(
    session: Session, hazard_id: UUID, prefixes: Collection[str], *, lock: bool = False
) -> AnyRow | None:
    """Return a hazard of the jurisdiction."""
    statement = select(*_HAZARD).where(
        PremiseHazard.hazard_id == hazard_id, within(PremiseHazard.area_code, prefixes)
    )
    return session.execute(statement.with_for_update() if lock else statement).one_or_none()


def list_hazards(
    session: Session, city_id: int, prefixes: Collection[str], *, at: datetime
) -> Sequence[AnyRow]:
    """Return the hazards of a city that hold at `at`, those that end first first."""
    return session.execute(
        select(*_HAZARD)
        .where(
            PremiseHazard.city_id == city_id, PremiseHazard.ended_at.is_(None),
            PremiseHazard.expires_at > at, within(PremiseHazard.area_code, prefixes),
        )
        .order_by(PremiseHazard.expires_at, PremiseHazard.hazard_id)
    ).all()  # fmt: skip


def end_hazard(session: Session, hazard_id: UUID, *, at: datetime, by: str) -> None:
    """Take a locked hazard away."""
    session.execute(
        update(PremiseHazard)
        .where(PremiseHazard.hazard_id == hazard_id)
        .values(ended_at=at, ended_by=by)
    )


def delete_past_hazards(session: Session, before: datetime, *, limit: int) -> int:
    """Delete hazards that ended or ran out before a time, at most `limit`; return how many."""
    past = (
        select(PremiseHazard.hazard_id)
        .where(or_(PremiseHazard.ended_at < before, PremiseHazard.expires_at < before))
        .order_by(PremiseHazard.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    gone = session.execute(
        delete(PremiseHazard)
        .where(PremiseHazard.hazard_id.in_(past))
        .returning(PremiseHazard.hazard_id)
    )
    return len(gone.all())


def open_crews(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return the open assignments of an incident with their units' call signs."""
    return session.execute(
        select(
            Assignment.assignment_id, Assignment.unit_id, Assignment.state, Assignment.created_at,
            Unit.call_sign,
        )
        .join(Unit, Unit.unit_id == Assignment.unit_id)
        .where(
            Assignment.incident_id == incident_id, Assignment.state.in_(OPEN_ASSIGNMENT_STATES)
        )
        .order_by(Unit.call_sign)
    ).all()  # fmt: skip


def orders_heard(session: Session, assignment_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return which orders crews have heard."""
    return session.execute(
        select(*CrewOrderHeard.__table__.columns).where(
            CrewOrderHeard.assignment_id.in_(assignment_ids)
        )
    ).all()


def insert_heard(session: Session, values: Mapping[str, Any]) -> bool:
    """Write down that a crew has heard an order; False where that is known already."""
    fresh = session.execute(
        upsert(CrewOrderHeard)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(CrewOrderHeard.assignment_id)
    ).first()
    return fresh is not None


def incident_of_assignment(session: Session, assignment_id: UUID) -> UUID | None:
    """Return the incident of an assignment."""
    return session.execute(
        select(Assignment.incident_id).where(Assignment.assignment_id == assignment_id)
    ).scalar_one_or_none()


def insert_told(session: Session, values: Mapping[str, Any]) -> None:
    """Write down who was told."""
    session.execute(insert(AgencyTold).values(**values))


def list_told(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return who was told of an incident, the first first."""
    return session.execute(
        select(*AgencyTold.__table__.columns)
        .where(AgencyTold.incident_id == incident_id)
        .order_by(AgencyTold.told_at, AgencyTold.told_id)
    ).all()
