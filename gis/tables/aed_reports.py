"""What citizens report of defibrillators. Written by `dispatch.aeds`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class AedReport(Base):
    """Somebody says that a device is missing or broken; a moderator accepts or dismisses it.

    `words` and what is left of the sender's address end by the rules of retention.
    """

    __tablename__ = "aed_reports"
    __table_args__ = (
        CheckConstraint("kind IN ('missing','broken')", name="kind"),
        CheckConstraint("length(words) <= 200", name="words"),
        CheckConstraint("decision IN ('accepted','dismissed')", name="decision"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS"
            " NULL)",
            name="decided",
        ),
        CheckConstraint(
            "(check_requested_at IS NULL) = (check_requested_by IS NULL)", name="check_requested"
        ),
        CheckConstraint("(sender_salt IS NULL) = (sender_digest IS NULL)", name="sender"),
        Index("ix_aed_reports_open", "aed_id", postgresql_where=text("decision IS NULL")),
    )

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    aed_id: Mapped[int] = mapped_column(ForeignKey("aeds.aed_id", ondelete="CASCADE"), index=True)
    area_code: Mapped[str | None]
    kind: Mapped[str]
    words: Mapped[str | None]
    reported_at: Mapped[datetime] = mapped_column(index=True)
    sender_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    check_requested_at: Mapped[datetime | None]
    check_requested_by: Mapped[str | None]
