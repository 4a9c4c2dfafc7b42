"""Decisions to move units up, what came of them, and how long tasks last. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class MoveUp(Base):
    """One decision about one suggested move. The partial unique index forbids two open of one unit.

    gain_points, points_before, points_after: expected coverage as it was shown; points_reached: as
    it was when the unit stood at its post; assignment_id: the call that it left for.
    """

    __tablename__ = "moveups"
    __table_args__ = (
        Index(
            "uq_moveups_open_unit", "unit_id", unique=True,
            postgresql_where=text("state IN ('accepted','at_post')"),
        ),
        Index("ix_moveups_city_id", "city_id", "decided_at"),
        CheckConstraint("state IN ('accepted','at_post','ended','declined')", name="state"),
        CheckConstraint(
            "(state IN ('ended','declined')) = (ended_at IS NOT NULL)", name="ended"
        ),
        CheckConstraint("(state = 'declined') = (declined_because IS NOT NULL)", name="declined"),
        CheckConstraint("(state = 'ended') = (ended_because IS NOT NULL)", name="because"),
    )  # fmt: skip

    move_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.unit_id", ondelete="CASCADE"))
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.station_id", ondelete="CASCADE"))
    state: Mapped[str]
    standard: Mapped[str]
    points_before: Mapped[float] = mapped_column(Double)
    points_after: Mapped[float] = mapped_column(Double)
    gain_points: Mapped[float] = mapped_column(Double)
    travel_time_s: Mapped[float | None] = mapped_column(Double)
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]
    declined_because: Mapped[str | None]
    arrived_at: Mapped[datetime | None]
    points_reached: Mapped[float | None] = mapped_column(Double)
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None]
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.assignment_id"))


class RemainingTime(Base):
    """How long a task went on after each of its stamps: the nine deciles in seconds, of n tasks."""

    __tablename__ = "remaining_times"
    __table_args__ = (CheckConstraint("n > 0 AND cardinality(deciles_s) = 9", name="deciles"),)

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    deciles_s: Mapped[list[float]] = mapped_column(ARRAY(Double))
    measured_at: Mapped[datetime]
