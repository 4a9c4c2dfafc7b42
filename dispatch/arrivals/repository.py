"""SQL of drives to scenes: what was predicted when a unit was sent, and what came of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dispatch.model import AssignmentState
from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import Assignment, AssignmentStamp, Incident


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
