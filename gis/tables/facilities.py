"""Facilities, their capabilities, AEDs and stations. Written by `data`."""

from datetime import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry


class Facility(Base):
    """Hospital, community health centre or clinic. Routing ends at `entrance`, where known."""

    __tablename__ = "facilities"
    __table_args__ = (
        UniqueConstraint("city_id", "source", "source_ref"),
        CheckConstraint("kind IN ('hospital','community_health_centre','clinic')", name="kind"),
    )

    facility_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str]
    source_ref: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    has_emergency_department: Mapped[bool] = mapped_column(server_default=text("false"))
    bed_count: Mapped[int | None]
    phone: Mapped[str | None]
    tags: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
    entrance: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))


class FacilityCapability(Base):
    """What a facility can treat, e.g. `pci`, `stroke_comprehensive`, with a level where one exists.

    Names follow the meaning of NEMSIS eDisposition.23 (hospital capability).
    """

    __tablename__ = "facility_capabilities"

    facility_id: Mapped[int] = mapped_column(
        ForeignKey("facilities.facility_id", ondelete="CASCADE"), primary_key=True
    )
    capability: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int | None]


class Aed(Base):
    """Automated external defibrillator. `opening_hours` in OSM syntax; NULL means not known."""

    __tablename__ = "aeds"
    __table_args__ = (
        UniqueConstraint("city_id", "source", "source_ref"),
        CheckConstraint("access IN ('public','customers','private','unknown')", name="access"),
    )

    aed_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str]
    source_ref: Mapped[str]
    name: Mapped[str | None]
    name_zh: Mapped[str | None]
    location: Mapped[str | None]
    location_zh: Mapped[str | None]
    access: Mapped[str]
    opening_hours: Mapped[str | None]
    indoor: Mapped[bool | None]
    floor: Mapped[str | None]
    phone: Mapped[str | None]
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))


class AedState(Base):
    """What is known of a device itself, apart from its register entry; no row: nothing.

    `state` `unknown` is what nobody reported; `last_checked_at` is the register's or a report's.
    """

    __tablename__ = "aed_states"
    __table_args__ = (
        CheckConstraint(
            "state IN ('unknown','in_service','in_use','out_of_service','missing')", name="state"
        ),
        CheckConstraint("state = 'unknown' OR reported_at IS NOT NULL", name="reported"),
    )

    aed_id: Mapped[int] = mapped_column(
        ForeignKey("aeds.aed_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(server_default=text("'unknown'"))
    last_checked_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    reported_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Station(Base):
    """Ambulance station or post."""

    __tablename__ = "stations"
    __table_args__ = (UniqueConstraint("city_id", "source", "source_ref"),)

    station_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str]
    source_ref: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default=text("'ambulance'"))
    name: Mapped[str]
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    unit_count_planned: Mapped[int | None]
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
