"""The event log: each event chains by hash to its subject's previous one.

Pure functions; the unit of work stores what they compute. A subject's events are written under
the subject's own row lock, so its chain has no gaps; there is no global chain at commit, which
would put every commit in one row (the sequencer chains the stream afterwards).
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

GENESIS_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What a use case says happened. `payload` holds ids and commitments, no personal value."""

    subject_kind: str
    subject_id: str
    type: str
    payload: Mapping[str, Any]
    occurred_at: datetime
    city_id: int | None = None
    area_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnchainedEvent:
    """One event before its place in its subject's chain is known."""

    event_id: UUID
    subject_kind: str
    subject_id: str
    type: str
    actor: str
    city_id: int | None
    area_code: str | None
    occurred_at: datetime
    recorded_at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent(UnchainedEvent):
    """One event as it stands in the log."""

    subject_version: int
    previous_hash: bytes
    hash: bytes


def canonical_json(value: Mapping[str, Any]) -> bytes:
    """Return the one byte string of `value`: sorted keys, no blanks, UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def event_hash(event: StoredEvent) -> bytes:
    """Return SHA-256 over the previous hash and every stored field of `event`."""
    before, after = hashed_parts(event)
    body = f"{before}{event.subject_version}{after}".encode()
    return hashlib.sha256(event.previous_hash + body).digest()


def hashed_parts(event: UnchainedEvent) -> tuple[str, str]:
    """Return what of `event` is hashed before and after its version.

    The two and the version between them are the canonical JSON of all fields: of their names in
    order, `subject_version` is the last but one. So the database, which alone knows the version
    when the event is stored, computes the very hash that a check computes.
    """
    fields = canonical_json({
        "event_id": str(event.event_id),
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "actor": event.actor,
        "city_id": event.city_id,
        "area_code": event.area_code,
        "occurred_at": event.occurred_at.astimezone(UTC).isoformat(),
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(),
        "payload": event.payload,
    }).decode()  # fmt: skip
    kind = canonical_json({"type": event.type}).decode()
    return f'{fields[:-1]},"subject_version":', f",{kind[1:]}"


def first_broken_link(events: Iterable[StoredEvent]) -> StoredEvent | None:
    """Return the first event of one subject's chain that does not fit, None if all do.

    `events` must be one subject's, ordered by version.
    """
    previous_hash, expected_version = GENESIS_HASH, 1
    for event in events:
        fits = (
            event.subject_version == expected_version
            and event.previous_hash == previous_hash
            and event.hash == event_hash(event)
        )
        if not fits:
            return event
        previous_hash, expected_version = event.hash, expected_version + 1
    return None


def stream_hash(previous: bytes, position: int, event_digest: bytes) -> bytes:
    """Return the stream's hash after the event at `position`."""
    return hashlib.sha256(previous + position.to_bytes(8, "big") + event_digest).digest()


def new_salt() -> bytes:
    """Return 32 random bytes that make a commitment unguessable."""
    return secrets.token_bytes(32)


def commitment(value: str, salt: bytes) -> str:
    """Return the hex commitment to a personal value; meaningless once the salt is erased."""
    return hmac.new(salt, value.encode(), hashlib.sha256).hexdigest()
