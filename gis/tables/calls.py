"""Telephone calls as the exchange tells of them, callers' hashes, where phones say they are.

Written by `dispatch.calls`.
"""

from datetime import datetime
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, geometry


class TelephoneCall(Base):
    """One call on a line, from its ring on. Its number is a personal value of the call."""

    __tablename__ = "telephone_calls"
    __table_args__ = (
        UniqueConstraint("city_id", "exchange", "exchange_ref"),
        CheckConstraint(
            "state IN ('ringing','answered','held','abandoned','transferred','ended')",
            name="state",
        ),
        CheckConstraint("call_back IN ('none','due','reached','unreached')", name="call_back"),
        CheckConstraint("(call_back = 'due') = (call_back_due_at IS NOT NULL)", name="due"),
        Index(
            "ix_telephone_calls_open", "city_id", "rang_at",
            postgresql_where=text(
                "state IN ('ringing','answered','held') OR call_back IN ('due','unreached')"
            ),
        ),
        Index("ix_telephone_calls_rang_at", "city_id", "rang_at"),
    )  # fmt: skip

    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    exchange: Mapped[str]
    exchange_ref: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    simulated: Mapped[bool] = mapped_column(server_default=text("false"))
    rang_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    silent_at: Mapped[datetime | None]
    transferred_to: Mapped[str | None]
    recording_ref: Mapped[str | None]
    call_back: Mapped[str] = mapped_column(server_default=text("'none'"))
    call_back_tries: Mapped[int] = mapped_column(server_default=text("0"))
    call_back_due_at: Mapped[datetime | None]
    follows_call_id: Mapped[UUID | None]


class CallerDigest(Base):
    """A call's number as a keyed hash (`gis.pseudonyms`), to know a caller who calls again."""

    __tablename__ = "caller_digests"
    __table_args__ = (Index("ix_caller_digests_digest", "digest"),)

    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    key_id: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    noted_at: Mapped[datetime]


class CallerFix(Base):
    """Where a phone says that it is: an area, never a point alone. Waits for its call if early."""

    __tablename__ = "caller_fixes"
    __table_args__ = (
        CheckConstraint("source IN ('sms','https','link')", name="source"),
        CheckConstraint("(geom IS NULL) = (shown_radius_m IS NULL)", name="area"),
        Index("ix_caller_fixes_call_id", "call_id"),
        Index(
            "ix_caller_fixes_digest", "digest", "received_at",
            postgresql_where=text("call_id IS NULL"),
        ),
        Index("ix_caller_fixes_received_at", "received_at"),
    )  # fmt: skip

    fix_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    call_id: Mapped[UUID | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[str]
    received_at: Mapped[datetime]
    positioned_at: Mapped[datetime | None]
    geom: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    radius_m: Mapped[float | None] = mapped_column(Double)
    confidence: Mapped[float | None] = mapped_column(Double)
    shown_radius_m: Mapped[float | None] = mapped_column(Double)
    method: Mapped[str]
    altitude_m: Mapped[float | None] = mapped_column(Double)
    floor: Mapped[str | None]
    whole: Mapped[bool]
    faults: Mapped[list[str]] = mapped_column(JSONB)


class LocationLink(Base):
    """A link a caller opens once to send where the phone is. Of the token a digest is kept."""

    __tablename__ = "location_links"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        Index("ix_location_links_call_id", "call_id"),
        CheckConstraint("expires_at > made_at", name="expires"),
    )

    link_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    call_id: Mapped[UUID]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
