"""Deadlines of waiting incidents, surge modes. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base

_RUNS = "state IN ('open','due','escalated')"


class Deadline(Base):
    """Until when something has to be done for an incident; a job looks then, once.

    kind: *call_back* (somebody calls the patient again), *answer* (a crew acknowledges its task),
    *replacement* (the same, of a crew that takes the place of one that was diverted). noted_at:
    when the job found it undone. next_unit_id: who was offered then in the place of a crew.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        Index(
            "uq_deadlines_call_back", "incident_id", unique=True,
            postgresql_where=text(f"kind = 'call_back' AND {_RUNS}"),
        ),
        Index(
            "uq_deadlines_assignment", "assignment_id", unique=True,
            postgresql_where=text(f"kind <> 'call_back' AND {_RUNS}"),
        ),
        Index("ix_deadlines_incident_id", "incident_id"),
        CheckConstraint("kind IN ('call_back','answer','replacement')", name="kind"),
        CheckConstraint("state IN ('open','due','escalated','done','void')", name="state"),
        CheckConstraint("(kind = 'call_back') = (assignment_id IS NULL)", name="assignment"),
        CheckConstraint("(state IN ('done','void')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("due_at >= begun_at", name="due"),
        CheckConstraint(
            "result IN ('better','same','worse','no_answer','acknowledged','gone')", name="result"
        ),
    )  # fmt: skip

    deadline_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.incident_id"))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.assignment_id"))
    kind: Mapped[str]
    state: Mapped[str]
    begun_at: Mapped[datetime]
    due_at: Mapped[datetime]
    noted_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    clinician: Mapped[bool | None]
    result: Mapped[str | None]
    next_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.unit_id"))


class Surge(Base):
    """A time in which a city has more demand than fleet, begun and ended by a supervisor."""

    __tablename__ = "surges"
    __table_args__ = (
        Index("uq_surges_open", "city_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        CheckConstraint(
            "reason IN ('demand','fleet','disaster','weather','event','epidemic','other')",
            name="reason",
        ),
        CheckConstraint("ended_at >= began_at", name="times"),
    )

    surge_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    reason: Mapped[str]
    began_at: Mapped[datetime]
    began_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
