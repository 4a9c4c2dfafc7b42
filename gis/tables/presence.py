"""Which desks look at which incident. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class Presence(Base):
    """A desk that has an incident open, and when it last said so.

    Not logged, and without foreign keys: after a crash nobody is there, and a sign of life must
    not wait for whoever is changing the incident.
    """

    __tablename__ = "presence"
    __table_args__ = (
        Index("ix_presence_incident_id", "incident_id"),
        Index("ix_presence_seen_at", "seen_at"),
        {"prefixes": ["UNLOGGED"]},
    )

    desk_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID]
    user_id: Mapped[UUID]
    seen_at: Mapped[datetime]
