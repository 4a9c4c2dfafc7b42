"""Pictures of the places where defibrillators hang. Written by `dispatch.aeds`."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class AedPhoto(Base):
    """The picture of one device's place: a JPEG without metadata, who took it and its licence."""

    __tablename__ = "aed_photos"
    __table_args__ = (
        CheckConstraint("octet_length(content) BETWEEN 100 AND 400000", name="content"),
        CheckConstraint("btrim(source) <> '' AND btrim(licence) <> ''", name="named"),
    )

    aed_id: Mapped[int] = mapped_column(
        ForeignKey("aeds.aed_id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
    source: Mapped[str]
    licence: Mapped[str]
    taken_on: Mapped[date | None]
    added_at: Mapped[datetime]
    added_by: Mapped[str]
