"""Mass casualty incidents, their casualties and what help was asked for. Written by `dispatch`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class MassCasualty(Base):
    """An incident that was declared to have more casualties than its units can treat at once."""

    __tablename__ = "mass_casualties"
    __table_args__ = (
        CheckConstraint("estimate >= 0 AND estimate <= 100000", name="estimate"),
        CheckConstraint("method IN ('start','salt')", name="method"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    )

    incident_id: Mapped[UUID] = mapped_column(
        ForeignKey("incidents.incident_id", ondelete="CASCADE"), primary_key=True
    )
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    method: Mapped[str]
    estimate: Mapped[int | None]
    declared_at: Mapped[datetime]
    declared_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Casualty(Base):
    """One casualty by the number on its tag. The colour is the newest of its history."""

    __tablename__ = "casualties"
    __table_args__ = (
        UniqueConstraint("incident_id", "tag"),
        CheckConstraint(
            "colour IS NULL OR colour IN ('red','yellow','green','grey','black')", name="colour"
        ),
        CheckConstraint(
            "state IN ('found','promised','left','arrived','released')", name="state"
        ),
        CheckConstraint(
            "state NOT IN ('promised','left','arrived') OR facility_id IS NOT NULL",
            name="bound",
        ),
        CheckConstraint("(overload_by IS NULL) OR (promise_id IS NULL)", name="overload"),
        Index(
            "ix_casualties_assignment_id", "assignment_id",
            postgresql_where=text("assignment_id IS NOT NULL"),
        ),
        Index("ix_casualties_facility_id", "facility_id"),
    )  # fmt: skip

    casualty_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(
        ForeignKey("mass_casualties.incident_id", ondelete="CASCADE")
    )
    tag: Mapped[str]
    colour: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=text("'found'"))
    sector: Mapped[str | None]
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.facility_id"))
    promise_id: Mapped[UUID | None] = mapped_column(ForeignKey("bed_promises.promise_id"))
    overload_by: Mapped[str | None]
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.assignment_id"))
    found_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class CasualtyColour(Base):
    """A colour that a casualty got, when, by whom and by which finding. Nothing is overwritten."""

    __tablename__ = "casualty_colours"
    __table_args__ = (Index("ix_casualty_colours_casualty_id", "casualty_id", "sorted_at"),)

    sorting_id: Mapped[UUID] = mapped_column(primary_key=True)
    casualty_id: Mapped[UUID] = mapped_column(
        ForeignKey("casualties.casualty_id", ondelete="CASCADE")
    )
    colour: Mapped[str]
    method: Mapped[str]
    decided_by: Mapped[str | None]
    sorted_at: Mapped[datetime]
    sorted_by: Mapped[str]


class AidRequest(Base):
    """Units that another service was asked for, and how that stands. Nobody is asked by program."""

    __tablename__ = "aid_requests"
    __table_args__ = (
        CheckConstraint("units > 0 AND units <= 1000", name="units"),
        CheckConstraint("state IN ('asked','promised','refused','arrived')", name="state"),
        Index("ix_aid_requests_incident_id", "incident_id"),
    )

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(
        ForeignKey("mass_casualties.incident_id", ondelete="CASCADE")
    )
    service: Mapped[str]
    units: Mapped[int]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    changed_at: Mapped[datetime]
