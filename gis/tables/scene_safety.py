"""Dangers of scenes and places, who heard of them, who was told. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, geometry


class SceneSafety(Base):
    """What is known of an incident's scene. No row: nobody was asked, which is not *none*."""

    __tablename__ = "scene_safety"
    __table_args__ = (
        CheckConstraint("answer IN ('unknown','none','known')", name="answer"),
        CheckConstraint("(answer = 'known') = (cardinality(kinds) > 0)", name="kinds"),
        CheckConstraint("released_at IS NULL OR staged_at IS NOT NULL", name="released"),
    )

    incident_id: Mapped[UUID] = mapped_column(
        ForeignKey("incidents.incident_id", ondelete="CASCADE"), primary_key=True
    )
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    answer: Mapped[str] = mapped_column(server_default=text("'unknown'"))
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    staged_at: Mapped[datetime | None]
    staged_by: Mapped[str | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]


class PremiseHazard(Base):
    """A hazard of a place within `radius_m`, by its author, until it expires or is taken away."""

    __tablename__ = "premise_hazards"
    __table_args__ = (
        CheckConstraint("radius_m > 0 AND radius_m <= 1000", name="radius"),
        CheckConstraint("expires_at > created_at", name="expiry"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index("ix_premise_hazards_city_id", "city_id", "expires_at"),
    )

    hazard_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    area_code: Mapped[str | None]
    kind: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
    declared_datum: Mapped[str]
    radius_m: Mapped[float] = mapped_column(Double)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class CrewOrderHeard(Base):
    """That a crew has heard an order of its incident: `since` says which of them."""

    __tablename__ = "crew_orders_heard"
    __table_args__ = (
        CheckConstraint("order_kind IN ('stage','release','danger')", name="order_kind"),
        CheckConstraint("heard IN ('tablet','voice')", name="heard"),
    )

    assignment_id: Mapped[UUID] = mapped_column(
        ForeignKey("assignments.assignment_id", ondelete="CASCADE"), primary_key=True
    )
    order_kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    heard: Mapped[str]
    heard_at: Mapped[datetime]
    heard_by: Mapped[str]


class AgencyTold(Base):
    """Who outside was told of an incident, by whom and when. The program itself tells nobody."""

    __tablename__ = "agencies_told"
    __table_args__ = (
        CheckConstraint("told_at <= recorded_at", name="times"),
        Index("ix_agencies_told_incident_id", "incident_id"),
    )

    told_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(
        ForeignKey("incidents.incident_id", ondelete="CASCADE")
    )
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    agency: Mapped[str]
    to_whom: Mapped[str]
    told_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
