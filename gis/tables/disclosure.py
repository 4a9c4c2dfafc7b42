"""Counts of people as published. Written by `gis.disclosure`, once; never changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey


class DisclosureRelease(Base):
    """One subject, city and period, published once: who asks again gets the same cells."""

    __tablename__ = "disclosure_releases"
    __table_args__ = (
        UniqueConstraint("subject", "city_id", "period_from"),
        CheckConstraint("period_until > period_from", name="period"),
        CheckConstraint("smallest_told > 1", name="smallest_told"),
    )

    release_id: Mapped[BigKey]
    subject: Mapped[str]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id"))
    period_from: Mapped[date]
    period_until: Mapped[date]
    smallest_told: Mapped[int]
    sensitivity: Mapped[str]
    simulated: Mapped[bool] = mapped_column(server_default=text("false"))
    made_at: Mapped[datetime]


class DisclosureCell(Base):
    """One area and group of a release. `people` NULL is hidden: the count is stored nowhere here.

    `area_code` '' is an unknown place, '*' the whole city; `group_code` '*' all groups.
    """

    __tablename__ = "disclosure_cells"
    __table_args__ = (CheckConstraint("people >= 0", name="people"),)

    release_id: Mapped[int] = mapped_column(
        ForeignKey("disclosure_releases.release_id"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)
    group_code: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int | None]
