"""SQL of choosing: who is at a hospital since when, and how long handovers take."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Double, cast, extract, func, select
from sqlalchemy.orm import Session, aliased

from gis.rows import AnyRow
from gis.tables import Assignment, AssignmentStamp, Unit

AT_HOSPITAL = ("at_destination", "transferred")

LOOKED_BACK = timedelta(days=30)
MOST_HANDOVERS = 5_000


def at_hospital(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return a city's units that are at a hospital: unit_id, since (None: not on record)."""
    since = (
        select(func.max(AssignmentStamp.occurred_at))
        .where(
            AssignmentStamp.assignment_id == Assignment.assignment_id,
            AssignmentStamp.state == AT_HOSPITAL[0], AssignmentStamp.undone_at.is_(None),
        )
        .scalar_subquery()
    )  # fmt: skip
    return session.execute(
        select(Assignment.unit_id, since.label("since"))
        .join(Unit, Unit.unit_id == Assignment.unit_id)
        .where(Unit.city_id == city_id, Assignment.state.in_(AT_HOSPITAL))
    ).all()


def handovers_s(session: Session, city_id: int, *, until: datetime) -> Sequence[float]:
    """Return how many seconds a city's latest handovers took, from arrival to free again."""
    came, left = aliased(AssignmentStamp), aliased(AssignmentStamp)
    lasted_s = cast(extract("epoch", left.occurred_at - came.occurred_at), Double)
    return session.scalars(
        select(lasted_s)
        .select_from(left)
        .join(came, came.assignment_id == left.assignment_id)
        .join(Assignment, Assignment.assignment_id == left.assignment_id)
        .join(Unit, Unit.unit_id == Assignment.unit_id)
        .where(
            Unit.city_id == city_id, left.state == "available", came.state == AT_HOSPITAL[0],
            left.undone_at.is_(None), came.undone_at.is_(None),
            left.occurred_at > until - LOOKED_BACK, left.occurred_at <= until,
            left.occurred_at >= came.occurred_at,
        )
        .order_by(left.occurred_at.desc())
        .limit(MOST_HANDOVERS)
    ).all()  # fmt: skip
