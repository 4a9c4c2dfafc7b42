"""Inspections as dated points. Written by `surveillance.inspections`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry


class Inspection(Base):
    """One inspection: of `premises` and `containers` for mosquitoes, or of whatever has an outcome.

    `declared_datum` is that of the file; `geom` is WGS-84. `area_code`: the finest area around it.
    `source_ref`: the source's own number, else made of day, kind and place; the same again is a
    correction and takes the row's place.
    """

    __tablename__ = "inspections"
    __table_args__ = (
        UniqueConstraint("city_id", "source", "source_ref"),
        Index("ix_inspections_city_id", "city_id", "kind", "inspected_on"),
        CheckConstraint("kind IN ('mosquito','outcome')", name="kind"),
        CheckConstraint("outcome IN ('passed','failed')", name="outcome"),
        CheckConstraint("(kind = 'outcome') = (outcome IS NOT NULL)", name="outcome_of_kind"),
        CheckConstraint(
            "kind = 'outcome' OR premises > 0 AND premises_positive IS NOT NULL"
            " OR premises > 0 AND containers_positive IS NOT NULL"
            " OR containers > 0 AND containers_positive IS NOT NULL",
            name="counts",
        ),
        CheckConstraint("premises_positive BETWEEN 0 AND premises", name="premises_positive"),
        CheckConstraint("containers_positive >= 0", name="containers_positive"),
        CheckConstraint("containers_positive <= containers", name="containers"),
    )

    inspection_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    kind: Mapped[str]
    inspected_on: Mapped[date]
    geom: Mapped[Any] = mapped_column(geometry("POINT"))
    declared_datum: Mapped[str]
    area_code: Mapped[str]
    premises: Mapped[int | None]
    premises_positive: Mapped[int | None]
    containers: Mapped[int | None]
    containers_positive: Mapped[int | None]
    outcome: Mapped[str | None]
    source: Mapped[str]
    source_ref: Mapped[str]
    taken_in_at: Mapped[datetime]
    taken_in_by: Mapped[str]
