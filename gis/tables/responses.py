"""Calls and unit responses of earlier times, as another system wrote them. Written by
`planning.history`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry


class RecordedResponse(Base):
    """One unit's response to one call; stamps that nobody wrote are NULL.

    `call_ref`, `unit_ref`: names in their source; the same again takes the row's place. `geom` is
    WGS-84 to about 100 m, `declared_datum` that of the file, `area_code` the finest area around it.
    """

    __tablename__ = "recorded_responses"
    __table_args__ = (
        UniqueConstraint("city_id", "source", "call_ref", "unit_ref"),
        Index("ix_recorded_responses_city_id", "city_id", "received_at"),
        CheckConstraint("(geom IS NULL) = (declared_datum IS NULL)", name="datum"),
    )

    response_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    source: Mapped[str]
    call_ref: Mapped[str]
    unit_ref: Mapped[str]
    received_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    moving_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    hospital_at: Mapped[datetime | None]
    available_at: Mapped[datetime | None]
    determinant: Mapped[str | None]
    priority: Mapped[str | None]
    unit_class: Mapped[str | None]
    district: Mapped[str | None]
    station: Mapped[str | None]
    geom: Mapped[Any | None] = mapped_column(geometry("POINT"))
    declared_datum: Mapped[str | None]
    area_code: Mapped[str | None]
    taken_in_at: Mapped[datetime]
    taken_in_by: Mapped[str]
