"""Who lives where, and what is measured there: areas that follow others, populations, indicators.

Successors, populations and cells are written by `data`, indicators through `gis.indicators`.
"""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry


class AreaSuccessor(Base):
    """An area passed to another one on a day, by a share of its people; shares sum to at most 1."""

    __tablename__ = "area_successors"
    __table_args__ = (
        CheckConstraint("share > 0 AND share <= 1", name="share"),
        CheckConstraint("area_id <> successor_id", name="other"),
    )

    area_id: Mapped[int] = mapped_column(
        ForeignKey("areas.area_id", ondelete="CASCADE"), primary_key=True
    )
    successor_id: Mapped[int] = mapped_column(
        ForeignKey("areas.area_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    happened_on: Mapped[date]
    share: Mapped[float] = mapped_column(Double)


class Population(Base):
    """Persons of one area, day, age band, sex and source, counted on one base.

    Ages `age_from` up to below `age_below` (NULL: no end). Base: `resident` (where people live),
    `registered` (where they are on the register), `managed` (in a programme's care). `counted_on`
    NULL: the source does not say.
    """

    __tablename__ = "populations"
    __table_args__ = (
        UniqueConstraint(
            "area_id", "counted_on", "age_from", "age_below", "sex", "base", "source",
            name="uq_populations_count", postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("persons >= 0", name="persons"),
        CheckConstraint("age_from >= 0 AND (age_below IS NULL OR age_below > age_from)",
                        name="ages"),
        CheckConstraint("sex IN ('all','female','male','other')", name="sex"),
        CheckConstraint("base IN ('resident','registered','managed')", name="base"),
    )  # fmt: skip

    population_id: Mapped[BigKey]
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.area_id", ondelete="CASCADE"))
    counted_on: Mapped[date | None]
    age_from: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    age_below: Mapped[int | None] = mapped_column(SmallInteger)
    sex: Mapped[str] = mapped_column(server_default=text("'all'"))
    base: Mapped[str] = mapped_column(server_default=text("'resident'"))
    source: Mapped[str]
    persons: Mapped[float] = mapped_column(Double)


class PopulationCell(Base):
    """Persons in one cell on a day, by day, by night or on the whole, and by age band."""

    __tablename__ = "population_cells"
    __table_args__ = (
        UniqueConstraint(
            "city_id", "source", "source_ref", "counted_on", "time_of_day",
            name="uq_population_cells_count", postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("population >= 0", name="population"),
        CheckConstraint("time_of_day IN ('all','day','night')", name="time_of_day"),
    )  # fmt: skip

    cell_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str]
    source_ref: Mapped[str]
    counted_on: Mapped[date | None]
    time_of_day: Mapped[str] = mapped_column(server_default=text("'all'"))
    population: Mapped[float] = mapped_column(Double)
    age_bands: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("POLYGON"))


class IndicatorValue(Base):
    """One value of an indicator for a subject and a period, as known at `as_of`.

    Never changed: a correction is a row of a later `as_of`. Partitioned by the year of
    `period_from`; the newest of each subject stands in `indicator_latest`. `unit` is a UCUM code,
    `n` what the value rests on.
    """

    __tablename__ = "indicator_values"
    __table_args__ = (
        CheckConstraint("period_until > period_from", name="period"),
        CheckConstraint("n >= 0", name="n"),
        CheckConstraint("unit <> ''", name="unit"),
        Index("ix_indicator_values_subject", "subject_kind", "subject_id", "indicator"),
        {"postgresql_partition_by": "RANGE (period_from)"},
    )

    indicator: Mapped[str] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    period_from: Mapped[date] = mapped_column(primary_key=True)
    period_until: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    as_of: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column(Double)
    n: Mapped[int | None]
    unit: Mapped[str]


class IndicatorLatest(Base):
    """The newest value of each indicator, subject and source; kept by a trigger."""

    __tablename__ = "indicator_latest"

    indicator: Mapped[str] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    period_from: Mapped[date]
    period_until: Mapped[date]
    as_of: Mapped[datetime]
    value: Mapped[float] = mapped_column(Double)
    n: Mapped[int | None]
    unit: Mapped[str]
