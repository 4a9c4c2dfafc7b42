"""A city's rules of coverage, how busy its units are, its voids. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class CoverageRules(Base):
    """A city's rules of coverage and of moving units up; each change is a row of its own.

    Cities without a row hold to the defaults of `dispatch.coverage.model.Rules`.
    """

    __tablename__ = "coverage_rules"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("assumed_busy > 0 AND assumed_busy < 1", name="assumed_busy"),
        CheckConstraint(
            "void_closes_people > 0 AND void_closes_people <= void_opens_people", name="void_people"
        ),
        CheckConstraint("void_holds_s BETWEEN 0 AND 3600", name="void_holds_s"),
        CheckConstraint("moves_per_hour BETWEEN 0 AND 1000", name="moves_per_hour"),
        CheckConstraint("least_gain_points > 0 AND least_gain_points <= 100",
                        name="least_gain_points"),
        CheckConstraint("least_area_share BETWEEN 0 AND 1", name="least_area_share"),
        CheckConstraint("moves_per_shift BETWEEN 0 AND 100", name="moves_per_shift"),
        CheckConstraint("rest_s BETWEEN 0 AND 86400", name="rest_s"),
    )  # fmt: skip

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    standard: Mapped[str]
    assumed_busy: Mapped[float | None] = mapped_column(Double)
    void_opens_people: Mapped[int]
    void_closes_people: Mapped[int]
    void_holds_s: Mapped[int]
    moves_per_hour: Mapped[int]
    least_gain_points: Mapped[float] = mapped_column(Double)
    least_area_share: Mapped[float] = mapped_column(Double)
    moves_per_shift: Mapped[int]
    rest_s: Mapped[int]
    set_at: Mapped[datetime]
    set_by: Mapped[str]


class BusyShare(Base):
    """The share of their time on shift that a city's units are busy at an hour of the day, local.

    unit_hours: on shift, of the weeks looked at; where they are too few the share says little.
    """

    __tablename__ = "busy_shares"
    __table_args__ = (
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("share BETWEEN 0 AND 1", name="share"),
        CheckConstraint("unit_hours > 0", name="unit_hours"),
    )

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    hour: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    share: Mapped[float] = mapped_column(Double)
    unit_hours: Mapped[float] = mapped_column(Double)
    measured_at: Mapped[datetime]


class CoverageVoid(Base):
    """An area whose people no free unit reaches in time. One that is not over for each area.

    since: when its people were first seen unreached; opened_at: when that had lasted, NULL before;
    below_since: since when they are so few that it will close; people: as last seen, most_people
    the most while it was open.
    """

    __tablename__ = "coverage_voids"
    __table_args__ = (
        Index(
            "uq_coverage_voids_open", "city_id", "area_code", unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint("people >= 0 AND most_people >= people", name="people"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"
        ),
    )  # fmt: skip

    void_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    area_code: Mapped[str]
    standard: Mapped[str]
    people: Mapped[float] = mapped_column(Double)
    most_people: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)
    lat: Mapped[float] = mapped_column(Double)
    since: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    below_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
