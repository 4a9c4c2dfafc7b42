"""Facilities (written by `gis.facilities`); AEDs and stations (written by `data`)."""

from datetime import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry

_PERIOD = text("tstzrange(valid_from, valid_until)")


class Facility(Base):
    """A hospital, clinic or the like, whoever describes it. Routing ends at `entrance`, if known.

    Names, place, beds and the rest are what its records (`FacilitySource`) say together; `kind` is
    that of the open row of `FacilityKind`, kept by a trigger: NULL where the facility is no more.
    NULL of `has_emergency_department` is unknown. `merged_into_id`: who goes on under another id.
    """

    __tablename__ = "facilities"

    facility_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str | None]
    name: Mapped[str]
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    has_emergency_department: Mapped[bool | None]
    bed_count: Mapped[int | None]
    phone: Mapped[str | None]
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
    entrance: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("facilities.facility_id", ondelete="SET NULL"), index=True
    )


class FacilitySource(Base):
    """What one register says of a facility, as it said it last.

    `capabilities` is capability → level or null, `tags` what else the record holds. (`same_source`,
    `same_ref`) is another register's entry that this one says to be the same. `changed_at` is when
    its words last became others, `ended_at` when the register no longer held it.
    """

    __tablename__ = "facility_sources"
    __table_args__ = (
        CheckConstraint("(same_source IS NULL) = (same_ref IS NULL)", name="same"),
        CheckConstraint("first_seen_at <= changed_at AND changed_at <= last_seen_at", name="seen"),
    )

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(primary_key=True)
    source_ref: Mapped[str] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(
        ForeignKey(
            "facilities.facility_id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"
        ),
        index=True,
    )
    kind: Mapped[str]
    name: Mapped[str]
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    has_emergency_department: Mapped[bool | None]
    bed_count: Mapped[int | None]
    phone: Mapped[str | None]
    tags: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    capabilities: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
    same_source: Mapped[str | None]
    same_ref: Mapped[str | None]
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FacilityKind(Base):
    """What kind of facility it was from when to when; of one, no two periods overlap.

    Kinds are those of `gis.facilities.kinds`: a new one needs no change here.
    """

    __tablename__ = "facility_kinds"
    __table_args__ = (
        CheckConstraint("kind ~ '^[a-z][a-z0-9_]*$'", name="kind"),
        CheckConstraint("valid_until > valid_from", name="period"),
        ExcludeConstraint(
            ("facility_id", "="), (_PERIOD, "&&"), name="ex_facility_kinds_period", using="gist"
        ),
    )

    facility_id: Mapped[int] = mapped_column(
        ForeignKey("facilities.facility_id", ondelete="CASCADE"), primary_key=True
    )
    valid_from: Mapped[datetime] = mapped_column(primary_key=True)
    valid_until: Mapped[datetime | None]
    kind: Mapped[str]


class FacilityCapability(Base):
    """What a facility can treat, from when to when, e.g. `pci`, with a level where one exists.

    Names follow the meaning of NEMSIS eDisposition.23 (hospital capability). `source` says whose
    word it is. Rows without `valid_until` hold now.
    """

    __tablename__ = "facility_capabilities"
    __table_args__ = (
        CheckConstraint("valid_until > valid_from", name="period"),
        ExcludeConstraint(
            ("facility_id", "="), ("capability", "="), (_PERIOD, "&&"),
            name="ex_facility_capabilities_period", using="gist",
        ),
        Index(
            "ix_facility_capabilities_now", "facility_id", "capability",
            postgresql_where=text("valid_until IS NULL"),
        ),
    )  # fmt: skip

    facility_id: Mapped[int] = mapped_column(
        ForeignKey("facilities.facility_id", ondelete="CASCADE"), primary_key=True
    )
    capability: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[datetime] = mapped_column(primary_key=True)
    valid_until: Mapped[datetime | None]
    level: Mapped[int | None]
    source: Mapped[str]


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
    entrance: Mapped[str | None]
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
