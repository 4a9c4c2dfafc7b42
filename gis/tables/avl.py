"""Trackers of vehicles, and what is known of each vehicle's track. Written by `dispatch.avl`."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey


class Tracker(Base):
    """A device on board, by the name it gives itself, with the datum of its positions."""

    __tablename__ = "trackers"
    __table_args__ = (
        UniqueConstraint("ref"),
        CheckConstraint("datum IN ('wgs84','gcj02','bd09','cgcs2000')", name="datum"),
    )

    tracker_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.unit_id", ondelete="CASCADE"), index=True
    )
    ref: Mapped[str]
    datum: Mapped[str]
    added_at: Mapped[datetime]


class UnitTrack(Base):
    """The last position of a vehicle that is believed, and doubtful ones since, oldest first."""

    __tablename__ = "unit_tracks"

    unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.unit_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    received_at: Mapped[datetime | None]
    anchor_at: Mapped[datetime | None]
    anchor_lon: Mapped[float | None] = mapped_column(Double)
    anchor_lat: Mapped[float | None] = mapped_column(Double)
    anchor_accuracy_m: Mapped[float | None] = mapped_column(Double)
    doubtful: Mapped[list[Any]] = mapped_column(JSONB)
