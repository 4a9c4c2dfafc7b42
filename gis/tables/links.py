"""Links between pseudonyms of one person, made by break-glass. Written by `gis.pseudonyms`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class IdentityLink(Base):
    """Somebody said that two pseudonyms of different purposes are one person, and why.

    There is no index of persons: what links them is such a row alone. Written once; only another
    person's review is added.
    """

    __tablename__ = "identity_links"
    __table_args__ = (
        CheckConstraint("length(btrim(reason)) >= 10", name="reason"),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed"),
        CheckConstraint("reviewed_by <> made_by", name="other_reviewer"),
        CheckConstraint(
            "octet_length(first_digest) = 32 AND octet_length(second_digest) = 32", name="digests"
        ),
        Index(
            "ix_identity_links_unreviewed", "made_at", postgresql_where=text("reviewed_at IS NULL")
        ),
    )

    link_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_key_id: Mapped[str]
    first_digest: Mapped[bytes] = mapped_column(LargeBinary)
    second_key_id: Mapped[str]
    second_digest: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
