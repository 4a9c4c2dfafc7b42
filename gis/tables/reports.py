"""Reports that were made, with their files. Written by `maps`."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey


class ReportRow(Base):
    """A report on a city as it was at `as_of`; it goes with its files at `expires_at`.

    `areas` are the codes of what it was limited to; an empty code: all of the city. `period` is the
    name of the week or month that it is of, such as 2015-W30, or the number of the one thing.
    """

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("language IN ('zh','en')", name="language"),
        CheckConstraint("expires_at > as_of", name="expiry"),
        CheckConstraint("provenance IN ('recorded','modelled','simulated')", name="provenance"),
        Index("ix_reports_expires_at", "expires_at"),
    )

    report_id: Mapped[BigKey]
    name: Mapped[str]
    period: Mapped[str | None]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str]
    provenance: Mapped[str]
    as_of: Mapped[datetime]
    expires_at: Mapped[datetime]
    requested_by: Mapped[str]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))


class ReportFile(Base):
    """One file of a report, whole."""

    __tablename__ = "report_files"

    report_id: Mapped[int] = mapped_column(
        ForeignKey("reports.report_id", ondelete="CASCADE"), primary_key=True
    )
    format: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
