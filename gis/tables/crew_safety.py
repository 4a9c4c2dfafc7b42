"""Crews in distress, welfare timers, accounts of units. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class DistressCall(Base):
    """A crew that pressed its button; at most one open call a unit, which counts the presses."""

    __tablename__ = "distress_calls"
    __table_args__ = (
        CheckConstraint("presses > 0", name="presses"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index(
            "uq_distress_calls_open_unit", "unit_id", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_distress_calls_city_id", "city_id", "pressed_at"),
    )  # fmt: skip

    distress_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.unit_id", ondelete="CASCADE"))
    incident_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("incidents.incident_id", ondelete="SET NULL")
    )
    raised_at: Mapped[datetime]
    pressed_at: Mapped[datetime]
    presses: Mapped[int] = mapped_column(server_default=text("1"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class WelfareTimer(Base):
    """A crew that is to be heard of every so often. A job of an earlier round does nothing."""

    __tablename__ = "welfare_timers"
    __table_args__ = (
        CheckConstraint("every_s >= 60 AND every_s <= 7200", name="every_s"),
        Index("ix_welfare_timers_city_id", "city_id", "due_at"),
    )

    unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.unit_id", ondelete="CASCADE"), primary_key=True
    )
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    every_s: Mapped[int]
    due_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(server_default=text("1"))
    missed_at: Mapped[datetime | None]
    started_by: Mapped[str]
    stopped_at: Mapped[datetime | None]


class CrewAccount(Base):
    """The unit that an account speaks for, with all its sessions and tokens."""

    __tablename__ = "crew_accounts"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.unit_id", ondelete="CASCADE"), index=True
    )
    bound_at: Mapped[datetime]
    bound_by: Mapped[str]
