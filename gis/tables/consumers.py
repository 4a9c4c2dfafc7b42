"""Where consumers stand in the stream. Written by `gis.consumers`."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class ConsumerCursor(Base):
    """All up to `position` is dealt with; the next event of its has failed `failures` times."""

    __tablename__ = "consumer_cursors"

    consumer: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    retry_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    moved_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class ParkedEvent(Base):
    """An event that a consumer gave up on, with the reason, until a person has it tried again."""

    __tablename__ = "parked_events"

    consumer: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_type: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    reason: Mapped[str]
    parked_at: Mapped[datetime]
