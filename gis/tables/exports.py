"""Exports on record, their files, and who fetched them. Written by `gis.exports`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey


class Export(Base):
    """Who took what out of the house, for whom and why. Only one decision is added, by another."""

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint("format IN ('csv','json')", name="format"),
        CheckConstraint("length(btrim(purpose)) >= 10", name="purpose"),
        CheckConstraint("btrim(recipient) <> '' AND btrim(legal_basis) <> ''", name="named"),
        CheckConstraint("expires_at > requested_at", name="expires_at"),
        CheckConstraint("decision IN ('approved','refused')", name="decision"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (decision IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by <> requested_by", name="other_decider"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        Index("ix_exports_requested_at", "requested_at"),
    )

    export_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    format: Mapped[str]
    persons: Mapped[bool]
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    purpose: Mapped[str]
    recipient: Mapped[str]
    legal_basis: Mapped[str]
    rows: Mapped[int]
    size_bytes: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]


class ExportFile(Base):
    """The file itself, until it expires or is refused; row-level security lets the asker read."""

    __tablename__ = "export_files"

    export_id: Mapped[UUID] = mapped_column(ForeignKey("exports.export_id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ExportFetch(Base):
    """Somebody fetched the file. Never changed."""

    __tablename__ = "export_fetches"

    fetch_id: Mapped[BigKey]
    export_id: Mapped[UUID] = mapped_column(ForeignKey("exports.export_id"), index=True)
    fetched_by: Mapped[str]
    fetched_at: Mapped[datetime]
