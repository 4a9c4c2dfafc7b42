"""Reviews of reads of personal values, and break-glass. Written by `gis.audit`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base

_VERDICT = "verdict IN ('in_order','questioned')"


class PersonalAccessReview(Base):
    """Somebody else looked at a read of personal values and its reason. Never changed."""

    __tablename__ = "personal_access_reviews"
    __table_args__ = (CheckConstraint(_VERDICT, name="verdict"),)

    review_id: Mapped[UUID] = mapped_column(primary_key=True)
    access_id: Mapped[int] = mapped_column(ForeignKey("personal_access.access_id"), index=True)
    verdict: Mapped[str]
    note: Mapped[str]
    reviewed_by: Mapped[str]
    reviewed_at: Mapped[datetime]


class BreakGlass(Base):
    """For a short time somebody may do what the roles do not allow, and said why.

    Written once; its early end and one review by another person are added.
    """

    __tablename__ = "break_glass"
    __table_args__ = (
        CheckConstraint("length(btrim(reason)) >= 10", name="reason"),
        CheckConstraint(
            "expires_at > opened_at AND expires_at <= opened_at + interval '8 hours'",
            name="expires_at",
        ),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed"),
        CheckConstraint("(reviewed_at IS NULL) = (verdict IS NULL)", name="judged"),
        CheckConstraint("reviewed_by <> opened_by", name="other_reviewer"),
        CheckConstraint(_VERDICT, name="verdict"),
        Index("ix_break_glass_user_id", "user_id", "expires_at"),
        Index(
            "ix_break_glass_unreviewed", "opened_at", postgresql_where=text("reviewed_at IS NULL")
        ),
    )  # fmt: skip

    break_glass_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.user_id"))
    opened_by: Mapped[str]
    permission: Mapped[str]
    jurisdiction: Mapped[str]
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    note: Mapped[str | None]
