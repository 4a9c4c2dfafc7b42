"""Offers to a crew to leave its call for a more urgent one. Written by `dispatch`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class Diversion(Base):
    """One offer. The partial unique index forbids two open ones of one unit.

    loss_s: how much longer the patient waits whose unit goes, in steps of 30 s; NULL where nobody
    can replace it. rested_on: what of both incidents the offer was decided on. following: the units
    to be asked next, in this order, each with its `loss_s` and `replacement_unit_id`.

    replacement_unit_id: who goes to the losing patient with the crew's yes, as
    `replacement_assignment_id`; NULL where a dispatcher diverts without one. Two accepted offers
    never take from one incident: `counts_once` is false only of what was accepted before that rule.
    """

    __tablename__ = "diversions"
    __table_args__ = (
        Index(
            "uq_diversions_open_unit", "unit_id", unique=True,
            postgresql_where=text("state = 'offered'"),
        ),
        Index(
            "uq_diversions_lost_once", "losing_incident_id", unique=True,
            postgresql_where=text("state = 'accepted' AND counts_once"),
        ),
        Index("ix_diversions_incident_id", "incident_id"),
        Index("ix_diversions_losing_incident_id", "losing_incident_id"),
        CheckConstraint(
            "state IN ('offered','accepted','declined','expired','withdrawn')", name="state"
        ),
        CheckConstraint("(state = 'offered') = (ended_at IS NULL)", name="ended"),
        CheckConstraint(
            "(state = 'accepted') = (new_assignment_id IS NOT NULL)", name="new_assignment"
        ),
        CheckConstraint("incident_id <> losing_incident_id", name="two_incidents"),
    )  # fmt: skip

    diversion_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    losing_incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.assignment_id"))
    new_assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.assignment_id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.unit_id"))
    replacement_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.unit_id"))
    replacement_assignment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("assignments.assignment_id")
    )
    counts_once: Mapped[bool] = mapped_column(server_default=text("true"))
    state: Mapped[str]
    loss_s: Mapped[float | None] = mapped_column(Double)
    rested_on: Mapped[dict[str, Any]]
    following: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    offered_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    answered_from: Mapped[str | None]
