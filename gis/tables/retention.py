"""Retention: periods, nights, holds, erasures. Written by `gis.retention`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey


class RetentionPeriod(Base):
    """A period that an installation set for a rule; the newest counts. Never changed."""

    __tablename__ = "retention_periods"
    __table_args__ = (
        CheckConstraint("days >= 1", name="days"),
        CheckConstraint("length(btrim(reason)) >= 10", name="reason"),
    )

    period_id: Mapped[BigKey]
    rule: Mapped[str] = mapped_column(index=True)
    days: Mapped[int]
    reason: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class RetentionRun(Base):
    """What one night erased by one rule; `ended_at` is missing where it was broken off."""

    __tablename__ = "retention_runs"
    __table_args__ = (Index("ix_retention_runs_rule", "rule", "began_at"),)

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    rule: Mapped[str]
    days: Mapped[int]
    before_at: Mapped[datetime]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    erased: Mapped[int] = mapped_column(server_default=text("0"))
    holds: Mapped[int] = mapped_column(server_default=text("0"))


class LegalHold(Base):
    """What must not be erased for now, and why. Written once; only its end is added."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("length(btrim(reason)) >= 10", name="reason"),
        CheckConstraint("ends_at > placed_at", name="ends_at"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
        Index(
            "ix_legal_holds_subject", "subject_kind", "subject_id",
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )  # fmt: skip

    hold_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    reason: Mapped[str]
    placed_by: Mapped[str]
    placed_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None]


class Erasure(Base):
    """Somebody was forgotten on demand; copied beside the backups, repeated after a restore."""

    __tablename__ = "erasures"

    erasure_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    erased: Mapped[int]
    reason: Mapped[str]
    erased_by: Mapped[str]
    erased_at: Mapped[datetime] = mapped_column(index=True)


class Correction(Base):
    """A personal value was corrected at the request of the person concerned. Never changed.

    It holds no value: the corrected one and the earlier ones stand among the erasable ones.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("length(btrim(reason)) >= 10", name="reason"),
        CheckConstraint("asked_by IN ('person','representative','authority')", name="asked_by"),
        Index("ix_corrections_subject", "subject_kind", "subject_id"),
    )

    correction_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    field: Mapped[str]
    asked_by: Mapped[str]
    reason: Mapped[str]
    struck: Mapped[bool]
    corrected_by: Mapped[str]
    corrected_at: Mapped[datetime] = mapped_column(index=True)
