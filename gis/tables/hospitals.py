"""Hospital status, bed pools and promises of beds. Written by `gis.promises` alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey


class HospitalStatus(Base):
    """Live status of one hospital. Absent row: status unknown, never assumed open."""

    __tablename__ = "hospital_status"
    __table_args__ = (
        CheckConstraint("emergency_beds_free IS NULL OR emergency_beds_free >= 0", name="beds"),
    )

    facility_id: Mapped[int] = mapped_column(
        ForeignKey("facilities.facility_id", ondelete="CASCADE"), primary_key=True
    )
    diverting: Mapped[bool] = mapped_column(server_default=text("false"))
    divert_reason: Mapped[str | None]
    emergency_beds_free: Mapped[int | None]
    reported_at: Mapped[datetime]
    reported_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class BedPool(Base):
    """Staffed beds of one kind in one hospital.

    `occupied` is what the hospital reported and may exceed `capacity`; `promised` is the sum of
    the promises held, kept by a trigger. Promised beyond capacity is refused.
    """

    __tablename__ = "bed_pools"
    __table_args__ = (
        UniqueConstraint("facility_id", "kind"),
        CheckConstraint("capacity >= 0 AND occupied >= 0", name="beds"),
        CheckConstraint("promised >= 0 AND promised <= capacity", name="promised"),
    )

    pool_id: Mapped[BigKey]
    facility_id: Mapped[int] = mapped_column(
        ForeignKey("facilities.facility_id", ondelete="CASCADE")
    )
    kind: Mapped[str]
    capacity: Mapped[int]
    occupied: Mapped[int]
    promised: Mapped[int] = mapped_column(server_default=text("0"))
    reported_at: Mapped[datetime]
    reported_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class BedPromise(Base):
    """Beds promised to one transport until a time. What ended stays ended."""

    __tablename__ = "bed_promises"
    __table_args__ = (
        CheckConstraint("beds > 0", name="beds"),
        CheckConstraint("state IN ('held','kept','released','expired')", name="state"),
        CheckConstraint("(state = 'held') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("expires_at > promised_at", name="expiry"),
        Index(
            "uq_bed_promises_held",
            "for_kind",
            "for_id",
            unique=True,
            postgresql_where=text("state = 'held'"),
        ),
        Index("ix_bed_promises_pool_id", "pool_id"),
        Index("ix_bed_promises_overdue", "expires_at", postgresql_where=text("state = 'held'")),
    )

    promise_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("bed_pools.pool_id", ondelete="CASCADE"))
    beds: Mapped[int]
    state: Mapped[str]
    for_kind: Mapped[str]
    for_id: Mapped[str]
    promised_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    promised_by: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))
