"""SQL of alarms. A row is written while its incident is locked, so none is written twice."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session

from dispatch.incidents.alarms.table import AlarmName
from gis.rows import AnyRow
from gis.tables import Alarm, Incident


def open_alarms(session: Session, incident_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return the alarms of incidents that have not ended."""
    return session.execute(
        select(*Alarm.__table__.columns)
        .where(Alarm.incident_id.in_(incident_ids), Alarm.ended_at.is_(None))
        .order_by(Alarm.since, Alarm.need)
    ).all()


def incidents_with_alarms(session: Session) -> Sequence[UUID]:
    """Return the incidents of all cities that are open, or whose alarms are."""
    alarmed = select(Alarm.incident_id).where(Alarm.ended_at.is_(None))
    return session.scalars(
        select(Incident.incident_id).where(
            or_(
                and_(Incident.closed_at.is_(None), Incident.cancelled_at.is_(None)),
                Incident.incident_id.in_(alarmed),
            )
        )
    ).all()


def lock_free(session: Session, incident_ids: Collection[UUID]) -> Sequence[UUID]:
    """Lock those of the incidents that nobody else is changing, and return them."""
    return session.scalars(
        select(Incident.incident_id)
        .where(Incident.incident_id.in_(incident_ids))
        .order_by(Incident.incident_id)
        .with_for_update(skip_locked=True)
    ).all()


def begin_alarms(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store alarms that have begun."""
    if rows:
        session.execute(insert(Alarm), rows)


def change_alarms(
    session: Session,
    incident_id: UUID,
    names: Collection[AlarmName],
    values: Mapping[str, Any],
) -> None:
    """Write into those alarms of a locked incident that have not ended."""
    if not names:
        return
    session.execute(
        update(Alarm)
        .where(
            Alarm.incident_id == incident_id,
            Alarm.ended_at.is_(None),
            tuple_(Alarm.need, Alarm.category, Alarm.since).in_(
                [(name.need, name.category, name.since) for name in names]
            ),
        )
        .values(**values)
    )
