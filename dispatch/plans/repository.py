"""SQL of response plans."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import OPEN_ASSIGNMENT_STATES, Assignment, Unit


def units_at_work(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return level and capabilities of the units that an incident has, of any jurisdiction."""
    return session.execute(
        select(Unit.unit_id, Unit.level, Unit.capabilities)
        .join(Assignment, Assignment.unit_id == Unit.unit_id)
        .where(
            Assignment.incident_id == incident_id, Assignment.state.in_(OPEN_ASSIGNMENT_STATES)
        )
        .order_by(Unit.unit_id)
    ).all()  # fmt: skip
