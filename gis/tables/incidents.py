"""Incidents, calls, patients, assignments and recommendations. Written by `dispatch`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, geometry

OPEN_ASSIGNMENT_STATES = (
    "notified", "acknowledged", "en_route", "staging", "on_scene", "at_patient", "left_scene",
    "at_destination", "transferred",
)  # fmt: skip
"""Open = notified … transferred (NEMSIS eTimes.03–.12): at most one such row per unit."""

_OPEN_SQL = "state IN (" + ",".join(f"'{state}'" for state in OPEN_ASSIGNMENT_STATES) + ")"


class Incident(Base):
    """Stored facts of one incident. `state` is a cache of a pure function of them."""

    __tablename__ = "incidents"
    __table_args__ = (
        UniqueConstraint("city_id", "number"),
        CheckConstraint(
            "state IN ('received','coded','queued','assigned','en_route','on_scene',"
            "'transporting','closing','closed','cancelled')",
            name="state",
        ),
        CheckConstraint("uncertainty_m IS NULL OR uncertainty_m >= 0", name="uncertainty"),
        CheckConstraint("(geom IS NULL) = (place_source IS NULL)", name="place"),
        Index(
            "ix_incidents_open",
            "city_id",
            "received_at",
            postgresql_where=text("closed_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index("ix_incidents_received_at", "received_at", "incident_id"),
        *(
            Index(
                f"ix_incidents_{column}_trgm",
                column,
                postgresql_using="gin",
                postgresql_ops={column: "gin_trgm_ops"},
            )
            for column in ("number", "place_label")
        ),
        Index(
            "ix_incidents_duplicate_of",
            "duplicate_of",
            postgresql_where=text("duplicate_of IS NOT NULL"),
        ),
    )

    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id"))
    number: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    simulated: Mapped[bool] = mapped_column(server_default=text("false"))
    received_at: Mapped[datetime]
    located_at: Mapped[datetime | None]
    place_changed_at: Mapped[datetime | None]
    coded_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    duplicate_of: Mapped[UUID | None] = mapped_column(ForeignKey("incidents.incident_id"))
    handled_by: Mapped[UUID | None]
    area_code: Mapped[str | None] = mapped_column(index=True)
    geom: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    uncertainty_m: Mapped[float | None] = mapped_column(Double)
    declared_datum: Mapped[str | None]
    place_confirmed: Mapped[bool] = mapped_column(server_default=text("false"))
    place_source: Mapped[str | None]
    place_label: Mapped[str | None]
    protocol_version: Mapped[str | None]
    complaint_code: Mapped[str | None]
    determinant: Mapped[str | None]
    category: Mapped[str | None]
    response_plan: Mapped[dict[str, Any] | None]
    triage_answers: Mapped[dict[str, Any] | None]
    patient_count: Mapped[int | None]


class Call(Base):
    """One telephone call (or other report). Number, name and words are personal values."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_incident_id", "incident_id"),)

    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    source: Mapped[str]
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    geom: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    uncertainty_m: Mapped[float | None] = mapped_column(Double)
    declared_datum: Mapped[str | None]
    taken_by: Mapped[UUID | None]


class Patient(Base):
    """One of 0..n patients of an incident. Row-level security; names in personal values."""

    __tablename__ = "patients"
    __table_args__ = (UniqueConstraint("incident_id", "ordinal"),)

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    ordinal: Mapped[int]
    age_years: Mapped[int | None]
    sex: Mapped[str | None]
    triage_colour: Mapped[str | None]
    created_at: Mapped[datetime]


class IncidentMerge(Base):
    """An incident that goes on with another, and what moved with it; undone, the row stays."""

    __tablename__ = "incident_merges"
    __table_args__ = (
        CheckConstraint("incident_id <> into_id", name="two"),
        Index(
            "uq_incident_merges_incident_id", "incident_id", unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_incident_merges_into_id", "into_id"),
    )  # fmt: skip

    merge_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    into_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    call_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    patient_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    assignment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class Assignment(Base):
    """Incident × unit. The partial unique index forbids two open ones of one unit.

    What was predicted at dispatch stays as it was: the time to the scene, its interval, from which
    network and conditions, the straight line to it. Where there was no prediction,
    `prediction_fault` says why and `predicted_travel_time_s`, `predicted_by` repeat what the
    dispatcher was shown (`shown_travel_time_s`, `shown_by`).
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("uq_assignments_open_unit", "unit_id", unique=True, postgresql_where=text(_OPEN_SQL)),
        Index("ix_assignments_incident_id", "incident_id"),
        Index("ix_assignments_created_at", "created_at"),
        Index(
            "ix_assignments_overdue", "incident_id",
            postgresql_where=text("overdue_since IS NOT NULL"),
        ),
        CheckConstraint(
            "state IN ('suggested','pre_alerted','notified','acknowledged','en_route','staging',"
            "'on_scene','at_patient','left_scene','at_destination','transferred','available',"
            "'home','cancelled','diverted','handed_over','no_transport')",
            name="state",
        ),
    )  # fmt: skip

    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.unit_id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.patient_id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    predicted_travel_time_s: Mapped[float | None] = mapped_column(Double)
    predicted_by: Mapped[str | None]
    predicted_low_s: Mapped[float | None] = mapped_column(Double)
    predicted_high_s: Mapped[float | None] = mapped_column(Double)
    predicted_distance_m: Mapped[float | None] = mapped_column(Double)
    topology_id: Mapped[str | None]
    conditions_id: Mapped[str | None]
    prediction_fault: Mapped[str | None]
    shown_travel_time_s: Mapped[float | None] = mapped_column(Double)
    shown_by: Mapped[str | None]
    destination_facility_id: Mapped[int | None] = mapped_column(
        ForeignKey("facilities.facility_id")
    )
    destination_reason: Mapped[str | None]
    place_acknowledged_at: Mapped[datetime | None]
    overdue_since: Mapped[datetime | None]
    created_at: Mapped[datetime]
    dispatched_by: Mapped[UUID | None]


class AssignmentStamp(Base):
    """One status stamp: when it happened, when it was recorded, its NEMSIS eTimes element."""

    __tablename__ = "assignment_stamps"
    __table_args__ = (
        UniqueConstraint("assignment_id", "ordinal"),
        Index("ix_assignment_stamps_occurred_at", "occurred_at"),
    )

    stamp_id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.assignment_id"))
    ordinal: Mapped[int]
    state: Mapped[str]
    etimes: Mapped[str | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    source: Mapped[str]
    late: Mapped[bool] = mapped_column(server_default=text("false"))
    skipped: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    corrects: Mapped[UUID | None]
    off_place_m: Mapped[float | None] = mapped_column(Double)
    undone_at: Mapped[datetime | None]


class Alarm(Base):
    """An alarm that began at a desk: one open at a time for each need of an incident."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index(
            "uq_alarms_open",
            "incident_id",
            "need",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"
        ),
    )

    alarm_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    need: Mapped[str]
    category: Mapped[str]
    since: Mapped[datetime]
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    escalated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SimulationControl(Base):
    """One row: how fast the simulated city runs. Exists only in a simulation database."""

    __tablename__ = "simulation_control"
    __table_args__ = (
        CheckConstraint("only_row", name="only_row"),
        CheckConstraint("speed_factor > 0 AND speed_factor <= 60", name="speed_factor"),
    )

    only_row: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    speed_factor: Mapped[float] = mapped_column(Double, server_default=text("1"))
    auto_dispatch: Mapped[bool] = mapped_column(server_default=text("true"))
    calls_per_hour: Mapped[float] = mapped_column(Double, server_default=text("60"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
