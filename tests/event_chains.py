"""Reading one subject's events as they stand in the log."""

from sqlalchemy import select

from gis.access import SYSTEM
from gis.database import Database
from gis.events import StoredEvent
from gis.tables import Event


def chain_of(database: Database, kind: str, subject_id: str) -> list[StoredEvent]:
    """Return the events of one subject by version."""
    with database.read(SYSTEM) as uow:
        rows = uow.session.execute(
            select(*Event.__table__.columns)
            .where(Event.subject_kind == kind, Event.subject_id == subject_id)
            .order_by(Event.subject_version)
        )
        return [StoredEvent(**row._mapping) for row in rows]
