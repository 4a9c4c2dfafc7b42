"""Units, crews, shifts and vehicle positions. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry


class Unit(Base):
    """A vehicle with its level of care. Its availability is computed, never stored by hand."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("city_id", "call_sign"),
        CheckConstraint("level IN ('BLS','ALS','critical_care','first_responder')", name="level"),
        CheckConstraint(
            "COALESCE(out_of_service_reason, '') <> ''"
            " OR (out_of_service_since IS NULL AND expected_back_at IS NULL)",
            name="service",
        ),
    )

    unit_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.station_id"), index=True)
    call_sign: Mapped[str]
    level: Mapped[str]
    capabilities: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    area_code: Mapped[str | None] = mapped_column(index=True)
    out_of_service_reason: Mapped[str | None]
    out_of_service_since: Mapped[datetime | None]
    expected_back_at: Mapped[datetime | None]
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class CrewMember(Base):
    """A person who works shifts. The name stands in `personal_values`, not here."""

    __tablename__ = "crew_members"

    crew_member_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    qualification: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class Shift(Base):
    """Time a unit is crewed. Two shifts of one unit never overlap: the database refuses."""

    __tablename__ = "shifts"
    __table_args__ = (
        ExcludeConstraint(
            ("unit_id", "="), ("during", "&&"), name="ex_shifts_unit_id_during", using="gist"
        ),
        CheckConstraint("NOT isempty(during)", name="during"),
    )

    shift_id: Mapped[BigKey]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.unit_id", ondelete="CASCADE"))
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class ShiftCrew(Base):
    """Who is on board during a shift, and as what."""

    __tablename__ = "shift_crew"

    shift_id: Mapped[int] = mapped_column(
        ForeignKey("shifts.shift_id", ondelete="CASCADE"), primary_key=True
    )
    crew_member_id: Mapped[UUID] = mapped_column(
        ForeignKey("crew_members.crew_member_id"), primary_key=True
    )
    seat: Mapped[str]


class UnitPosition(Base):
    """Every position report; partitioned by day of `received_at`, dropped after retention."""

    __tablename__ = "unit_positions"
    __table_args__ = {"postgresql_partition_by": "RANGE (received_at)"}  # noqa: RUF012

    unit_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime] = mapped_column(primary_key=True)
    device_at: Mapped[datetime]
    heading_deg: Mapped[float | None] = mapped_column(Double)
    speed_kmh: Mapped[float | None] = mapped_column(Double)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    source: Mapped[str]
    declared_datum: Mapped[str]
    flags: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))


class UnitLatestPosition(Base):
    """Newest position of each unit. An older device time never replaces a newer one."""

    __tablename__ = "unit_latest_positions"
    __table_args__ = (Index("ix_unit_latest_positions_received_at", "received_at"),)

    unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.unit_id", ondelete="CASCADE"), primary_key=True
    )
    received_at: Mapped[datetime]
    device_at: Mapped[datetime]
    heading_deg: Mapped[float | None] = mapped_column(Double)
    speed_kmh: Mapped[float | None] = mapped_column(Double)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    source: Mapped[str]
    declared_datum: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
