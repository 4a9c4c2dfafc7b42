"""Ambulance calls as they count for syndromes. Written by `surveillance.syndromic`."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class SyndromicCall(Base):
    """What an ambulance call counts as: day, area and complaint, nothing of who it was for.

    `call_digest`: of the incident's id, by which later events find the row. `first_coded_on`: the
    day in the city's own time; NULL until the call is coded. Held against `events` by the consumer
    `surveillance.syndromic`.
    """

    __tablename__ = "syndromic_calls"
    __table_args__ = (
        CheckConstraint("octet_length(call_digest) = 16", name="call_digest"),
        CheckConstraint("(first_coded_on IS NULL) = (complaint_code IS NULL)", name="coded"),
        Index("ix_syndromic_calls_city_id", "city_id", "first_coded_on"),
    )

    call_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    area_code: Mapped[str | None]
    first_coded_on: Mapped[date | None]
    complaint_code: Mapped[str | None]
    determinant: Mapped[str | None]
    category: Mapped[str | None]
    cancelled: Mapped[bool] = mapped_column(server_default=text("false"))
    repeats: Mapped[bool] = mapped_column(server_default=text("false"))
    ended_as: Mapped[str | None]
