"""SQL of drives to scenes: what was predicted when a unit was sent, and what came of it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from dispatch.model import AssignmentState
from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import (
    Assignment,
    AssignmentStamp,
    Incident,
    Unit,
    UnitLatestPosition,
    UnitPosition,
)

_HEARD_WITHIN = timedelta(minutes=3)


def _last(state: AssignmentState) -> Any:
    """Return the SQL of when an assignment was last stamped with a state."""
    return (
        select(AssignmentStamp.occurred_at)
        .where(
            AssignmentStamp.assignment_id == Assignment.assignment_id,
            AssignmentStamp.state == state.value,
            AssignmentStamp.undone_at.is_(None),
        )
        .order_by(AssignmentStamp.ordinal.desc())
        .limit(1)
        .scalar_subquery()
    )


_STAGED = exists().where(
    AssignmentStamp.assignment_id == Assignment.assignment_id,
    AssignmentStamp.state == AssignmentState.STAGING.value,
    AssignmentStamp.undone_at.is_(None),
)
_DRIVES = (
    select(
        Assignment.state, Assignment.predicted_travel_time_s, Assignment.predicted_by,
        Assignment.predicted_low_s, Assignment.predicted_high_s, Assignment.predicted_distance_m,
        Assignment.topology_id, Assignment.prediction_fault,
        _last(AssignmentState.EN_ROUTE).label("started_at"),
        _last(AssignmentState.ON_SCENE).label("ended_at"),
        _STAGED.label("staged"),
        (Incident.located_at > Assignment.created_at).label("place_moved"),
    )
    .join(Incident, Incident.incident_id == Assignment.incident_id)
    .order_by(Assignment.created_at, Assignment.assignment_id)
)  # fmt: skip


def under_way(session: Session, *, then: datetime, since: datetime) -> Sequence[AnyRow]:
    """Return units that drive to a place and have been heard of `since`, incident by incident.

    then_lon, then_lat: where it was at `then`, None if it had not set out or was not heard of in
    the minutes before.
    """
    latest, past = aliased(UnitLatestPosition), aliased(UnitPosition)
    set_out_at = _last(AssignmentState.EN_ROUTE)
    earlier = (
        select(func.ST_X(past.geom).label("lon"), func.ST_Y(past.geom).label("lat"))
        .where(
            past.unit_id == Assignment.unit_id,
            past.received_at <= then,
            past.received_at > then - _HEARD_WITHIN,
        )
        .order_by(past.received_at.desc())
        .limit(1)
        .lateral()
    )
    return session.execute(
        select(
            Assignment.assignment_id, Assignment.incident_id, Assignment.unit_id,
            Assignment.created_at, Assignment.predicted_travel_time_s,
            Incident.city_id, Incident.response_plan,
            func.ST_X(Incident.geom).label("place_lon"),
            func.ST_Y(Incident.geom).label("place_lat"),
            func.ST_X(latest.geom).label("lon"), func.ST_Y(latest.geom).label("lat"),
            earlier.c.lon.label("then_lon"), earlier.c.lat.label("then_lat"),
        )
        .join(Incident, Incident.incident_id == Assignment.incident_id)
        .join(latest, latest.unit_id == Assignment.unit_id)
        .outerjoin(earlier, set_out_at <= then)
        .where(
            Assignment.state == AssignmentState.EN_ROUTE.value,
            Incident.geom.is_not(None),
            latest.device_at >= since,
        )
        .order_by(Assignment.incident_id, Assignment.assignment_id)
    ).all()  # fmt: skip


def overdue_changes(session: Session, overdue: Collection[UUID]) -> Sequence[AnyRow]:
    """Return assignment_id and incident_id of those to be marked, and to be unmarked."""
    return session.execute(
        select(Assignment.assignment_id, Assignment.incident_id).where(_changes(overdue))
    ).all()


def change_overdue(
    session: Session,
    overdue: Collection[UUID],
    *,
    incident_ids: Collection[UUID],
    now: datetime,
) -> Sequence[AnyRow]:
    """Mark and unmark the units of locked incidents; return which, as they are now."""
    changed = session.scalars(
        update(Assignment)
        .where(_changes(overdue), Assignment.incident_id.in_(incident_ids))
        .values(overdue_since=case((Assignment.overdue_since.is_(None), now), else_=None))
        .returning(Assignment.assignment_id)
        .execution_options(synchronize_session=False)
    ).all()
    return session.execute(
        select(
            Assignment.assignment_id, Assignment.incident_id, Assignment.unit_id,
            Assignment.overdue_since, Unit.call_sign, Incident.city_id, Incident.area_code,
        )
        .join(Unit, Unit.unit_id == Assignment.unit_id)
        .join(Incident, Incident.incident_id == Assignment.incident_id)
        .where(Assignment.assignment_id.in_(changed))
        .order_by(Assignment.assignment_id)
    ).all()  # fmt: skip


def _changes(overdue: Collection[UUID]) -> ColumnElement[bool]:
    """Return the SQL of what differs from what was found."""
    late = and_(
        Assignment.assignment_id.in_(overdue),
        Assignment.state == AssignmentState.EN_ROUTE.value,
    )
    marked = Assignment.overdue_since.is_not(None)
    # Said twice, so that the many that have ended are not looked at.
    return and_(or_(Assignment.assignment_id.in_(overdue), marked), late.is_distinct_from(marked))


def read_drives(
    session: Session,
    city_id: int,
    *,
    from_at: datetime,
    to_at: datetime,
    prefixes: Collection[str],
) -> Sequence[AnyRow]:
    """Return every assignment of a period and jurisdiction: what was predicted, what was driven.

    started_at, ended_at: when leaving and arriving happened, by the last stamp of each, or None.
    staged: it waited at a staging point. place_moved: the place was set again after the dispatch.
    """
    return session.execute(
        _DRIVES.where(
            Incident.city_id == city_id,
            within(Incident.area_code, prefixes),
            Assignment.created_at >= from_at,
            Assignment.created_at < to_at,
        )
    ).all()
