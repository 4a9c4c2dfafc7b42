"""Volunteers, their alerts, claims on AEDs, arrests in one action. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, geometry

OPEN_ALERT_STATES = (
    "alerted", "seen", "accepted", "routed_direct", "routed_via_aed", "on_scene", "with_patient",
    "has_aed", "recalled",
)  # fmt: skip
_OPEN_SQL = "state IN ({})".format(",".join(f"'{state}'" for state in OPEN_ALERT_STATES))


class Volunteer(Base):
    """An account that may be alerted: only an adult whom somebody has verified.

    `phone` is where a recall is said by voice. `on_duty` false: never alerted.
    """

    __tablename__ = "volunteers"
    __table_args__ = (
        CheckConstraint("(verified_at IS NULL) = (verified_by IS NULL)", name="verified"),
        CheckConstraint("NOT on_duty OR (verified_at IS NOT NULL AND ended_at IS NULL)",
                        name="on_duty"),
        CheckConstraint("length(phone) BETWEEN 3 AND 40", name="phone"),
    )  # fmt: skip

    volunteer_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.user_id", ondelete="CASCADE"), unique=True
    )
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    phone: Mapped[str | None]
    on_duty: Mapped[bool] = mapped_column(server_default=text("false"))
    enrolled_at: Mapped[datetime]
    enrolled_by: Mapped[str]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class VolunteerPosition(Base):
    """The latest position of a volunteer on duty; no earlier one is kept."""

    __tablename__ = "volunteer_positions"

    volunteer_id: Mapped[UUID] = mapped_column(
        ForeignKey("volunteers.volunteer_id", ondelete="CASCADE"), primary_key=True
    )
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
    uncertainty_m: Mapped[float | None] = mapped_column(Double)
    at: Mapped[datetime]


class ArrestBundle(Base):
    """A cardiac arrest for which volunteers are asked, until they are stood down."""

    __tablename__ = "arrest_bundles"
    __table_args__ = (
        CheckConstraint("wave_size BETWEEN 1 AND 100", name="wave_size"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
        CheckConstraint(
            "ended_why IN ('dispatcher','danger','not_released','incident_over')", name="ended_why"
        ),
    )

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"), primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    wave_size: Mapped[int]
    claim_expires_s: Mapped[float] = mapped_column(Double)
    crew_aed_due_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class VolunteerAlert(Base):
    """One volunteer asked for one arrest. The partial unique index forbids two open ones.

    predicted_s: seconds until the patient has this help, in steps of 30 s, by the way planned.
    """

    __tablename__ = "volunteer_alerts"
    __table_args__ = (
        Index(
            "uq_volunteer_alerts_open",
            "volunteer_id",
            unique=True,
            postgresql_where=text(_OPEN_SQL),
        ),
        Index("uq_volunteer_alerts_once", "incident_id", "volunteer_id", unique=True),
        CheckConstraint(
            "state IN ('alerted','seen','accepted','rejected','expired','routed_direct',"
            "'routed_via_aed','on_scene','with_patient','has_aed','recalled','stood_down')",
            name="state",
        ),
        CheckConstraint("route IN ('direct','via_aed')", name="route"),
        CheckConstraint("route <> 'via_aed' OR aed_id IS NOT NULL", name="aed"),
        CheckConstraint("recall_heard IN ('page','voice')", name="recall_heard"),
        CheckConstraint("state <> 'recalled' OR recalled_at IS NOT NULL", name="recalled"),
    )

    alert_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    volunteer_id: Mapped[UUID] = mapped_column(
        ForeignKey("volunteers.volunteer_id", ondelete="CASCADE")
    )
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    state: Mapped[str]
    route: Mapped[str]
    aed_id: Mapped[int | None] = mapped_column(ForeignKey("aeds.aed_id"))
    predicted_s: Mapped[float] = mapped_column(Double)
    alerted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    on_scene_at: Mapped[datetime | None]
    with_patient_at: Mapped[datetime | None]
    aed_taken_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    recall_heard_at: Mapped[datetime | None]
    recall_heard: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class AedClaim(Base):
    """An AED that a volunteer fetches. The partial unique index forbids two open claims of one."""

    __tablename__ = "aed_claims"
    __table_args__ = (
        Index(
            "uq_aed_claims_open", "aed_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("ix_aed_claims_alert_id", "alert_id"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
        CheckConstraint(
            "ended_why IN ('taken','not_there','rejected','expired','recalled','stood_down')",
            name="ended_why",
        ),
    )

    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    aed_id: Mapped[int] = mapped_column(ForeignKey("aeds.aed_id", ondelete="CASCADE"))
    alert_id: Mapped[UUID] = mapped_column(
        ForeignKey("volunteer_alerts.alert_id", ondelete="CASCADE")
    )
    claimed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]
