"""Event log, outbox, stream, personal values, idempotency keys. Written through `gis`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class Event(Base):
    """Append-only. Chains by hash to the previous event of the same subject."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "subject_version"),
        CheckConstraint("subject_version >= 1", name="subject_version"),
        CheckConstraint(
            "octet_length(hash) = 32 AND octet_length(previous_hash) = 32", name="hash"
        ),
    )

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    subject_version: Mapped[int] = mapped_column(Integer)
    type: Mapped[str]
    actor: Mapped[str]
    city_id: Mapped[int | None]
    area_code: Mapped[str | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class OutboxEntry(Base):
    """An event committed but not yet given its place in the stream."""

    __tablename__ = "outbox"

    outbox_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)


class StreamEntry(Base):
    """Position after commit, given by the one sequencer; heads are chained and signed."""

    __tablename__ = "stream"
    __table_args__ = (Index("ix_stream_event_id", "event_id", unique=True),)

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID]
    stream_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sequenced_at: Mapped[datetime]


class StreamHead(Base):
    """Signature over the stream's hash at a position: the last entry of each sequencer batch."""

    __tablename__ = "stream_heads"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    stream_hash: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime]


class PersonalValue(Base):
    """A personal value and the salt of its commitment. Deleting the row erases the person."""

    __tablename__ = "personal_values"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "field"),
        Index("ix_personal_values_created_at", "subject_kind", "created_at"),
        Index(
            "ix_personal_values_number",
            text("phone_digits(value)"),
            postgresql_where=text("field = 'caller_number'"),
        ),
    )

    value_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    field: Mapped[str]
    value: Mapped[str]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    area_code: Mapped[str | None]
    purpose: Mapped[str]
    created_at: Mapped[datetime]


class PersonalAccess(Base):
    """Audit: who read which personal values, when and why.

    `area_code` is where they were of when they were read, so that who reviews one district sees
    its reads only.
    """

    __tablename__ = "personal_access"

    access_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    actor: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    reason: Mapped[str]
    accessed_at: Mapped[datetime] = mapped_column(index=True)
    area_code: Mapped[str | None]


class IdempotencyKey(Base):
    """Answer kept for a repeated create: same key and same body give the same answer."""

    __tablename__ = "idempotency_keys"

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status_code: Mapped[int | None] = mapped_column(Integer)
    response: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Installation(Base):
    """One row: what this database is for. A live one refuses everything simulated.

    `epoch` counts its lives: a restore gives it a greater one, so that whoever kept something of
    the database before notices; `stream_floor` is the position after which its stream goes on.
    Once it `has_administrator` it keeps one.
    """

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("only_row", name="only_row"),
        CheckConstraint("purpose IN ('live','simulation')", name="purpose"),
    )

    only_row: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    installation_id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    purpose: Mapped[str]
    epoch: Mapped[int] = mapped_column(server_default=text("extract(epoch FROM now())::bigint"))
    stream_floor: Mapped[int] = mapped_column(server_default=text("0"))
    has_administrator: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
