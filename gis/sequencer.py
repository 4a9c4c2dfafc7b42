"""The one sequencer: gives committed events their stream position, chains and signs the heads.

An event's own insert order is not its commit order, so a reader that resumes by insert id loses
late commits. Positions are given after commit by whoever holds the advisory lock, which makes
"everything after position n" complete for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Engine, delete, func, insert, select, text

from gis.clock import Clock
from gis.epoch import STREAM_BLOCK
from gis.events import GENESIS_HASH, StoredEvent, first_broken_link, stream_hash
from gis.tables import Event, Installation, OutboxEntry, StreamEntry, StreamHead

STREAM_CHANNEL = "goldenhour_stream"
OUTBOX_CHANNEL = "goldenhour_outbox"
"""Wakes a sequencer that sleeps; see `stay_awake`."""
_LEADER_LOCK = 4403122
_AWAKE_LOCK = 4403123
_BATCH = 1000


class SigningKey:
    """The installation's Ed25519 key; made once, kept in the state folder with mode 0600."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        public = private_key.public_key().public_bytes_raw()
        self.key_id = public.hex()

    @classmethod
    def load_or_make(cls, path: Path) -> "SigningKey":
        """Read the key at `path`, making it first if it is not there."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            key = Ed25519PrivateKey.generate()
            unfinished = path.with_suffix(".unfinished")
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
            unfinished.rename(path)
        loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(loaded, Ed25519PrivateKey):
            msg = f"{path} holds no Ed25519 key. Move it away; a new one is made at the next start."
            raise TypeError(msg)
        return cls(loaded)

    def sign(self, position: int, digest: bytes) -> bytes:
        """Return the signature over a stream head."""
        return self._private_key.sign(position.to_bytes(8, "big") + digest)


def signature_fits(key_id: str, position: int, digest: bytes, signature: bytes) -> bool:
    """Return whether `signature` over a stream head was made by the key `key_id`."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key_id)).verify(
            signature, position.to_bytes(8, "big") + digest
        )
    except InvalidSignature:
        return False
    return True


class Sequencer:
    """Moves events from the outbox into the stream. Any number may run; one leads at a time."""

    def __init__(self, engine: Engine, *, key: Callable[[], SigningKey], clock: Clock) -> None:
        """`key` is asked for each time: a restore may bring another one."""
        self._engine = engine
        self._key = key
        self._clock = clock

    def run_once(self) -> int:
        """Sequence up to 1,000 waiting events in one transaction; return how many.

        0 also when another process leads.
        """
        with self._engine.begin() as connection:
            leads = connection.execute(
                text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LEADER_LOCK}
            ).scalar_one()
            if not leads:
                return 0
            waiting = connection.execute(
                select(OutboxEntry.outbox_id, Event.event_id, Event.hash)
                .join(Event, Event.event_id == OutboxEntry.event_id)
                .order_by(OutboxEntry.outbox_id)
                .limit(_BATCH)
            ).all()
            if not waiting:
                return 0
            position, digest = _stream_head(connection)
            key, now = self._key(), self._clock.now()
            entries = []
            for row in waiting:
                position += 1
                digest = stream_hash(digest, position, bytes(row.hash))
                entries.append({
                    "position": position, "event_id": row.event_id, "stream_hash": digest,
                    "sequenced_at": now,
                })  # fmt: skip
            connection.execute(insert(StreamEntry), entries)
            connection.execute(
                insert(StreamHead).values(
                    position=position, stream_hash=digest, key_id=key.key_id,
                    signature=key.sign(position, digest), signed_at=now,
                )
            )  # fmt: skip
            connection.execute(
                delete(OutboxEntry).where(
                    OutboxEntry.outbox_id.in_([row.outbox_id for row in waiting])
                )
            )
            connection.execute(
                text("SELECT pg_notify(:channel, :position)"),
                {"channel": STREAM_CHANNEL, "position": str(position)},
            )
            return len(entries)


def stay_awake(connection: psycopg.Connection[Any]) -> bool:
    """Say, for the session of `connection`, that somebody looks into the outbox all the time.

    Only while nobody does, writers send a notification (trigger `wake_sequencer`): one in every
    transaction would put all commits in a row. False where that could not be said just now.
    """
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_AWAKE_LOCK,)).fetchone()
    return bool(row and row[0])


def anything_waits(connection: psycopg.Connection[Any]) -> bool:
    """Return whether an event waits for its place: one cheap look."""
    row = connection.execute("SELECT EXISTS (SELECT 1 FROM outbox)").fetchone()
    return bool(row and row[0])


def fall_asleep(connection: psycopg.Connection[Any]) -> None:
    """Take back what `stay_awake` said: writers notify from now on."""
    connection.execute("SELECT pg_advisory_unlock(%s)", (_AWAKE_LOCK,))


def _stream_head(connection: Connection) -> tuple[int, bytes]:
    """Return after which position the stream goes on, and the hash it goes on from."""
    floor = connection.execute(select(Installation.stream_floor)).scalar_one()
    head = connection.execute(
        select(StreamEntry.position, StreamEntry.stream_hash)
        .order_by(StreamEntry.position.desc())
        .limit(1)
    ).one_or_none()
    return (max(head[0], floor), bytes(head[1])) if head else (floor, GENESIS_HASH)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a full check of the log found."""

    events: int
    subjects: int
    stream_entries: int
    waiting: int
    heads_checked: int
    problems: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Return whether nothing was found wrong."""
        return not self.problems


def verify_log(connection: Connection, *, trusted_key_id: str | None = None) -> ChainReport:
    """Check every subject's chain, the stream's chain and every signature.

    With `trusted_key_id` a signature counts only if this installation's key made it; without,
    whoever can rewrite the tables can sign them anew.
    """
    problems: list[str] = []
    events = subjects = 0
    rows = connection.execute(
        select(Event)
        .order_by(Event.subject_kind, Event.subject_id, Event.subject_version)
        .execution_options(yield_per=5000)
    )
    chain: list[StoredEvent] = []

    def close_chain() -> None:
        nonlocal subjects
        if chain:
            subjects += 1
            if (broken := first_broken_link(chain)) is not None:
                problems.append(
                    f"{broken.subject_kind} {broken.subject_id}: event {broken.subject_version} "
                    "does not fit its chain"
                )
            chain.clear()

    for row in rows.mappings():
        event = stored_event(dict(row))
        if chain and (chain[-1].subject_kind, chain[-1].subject_id) != (
            event.subject_kind, event.subject_id,
        ):  # fmt: skip
            close_chain()
        chain.append(event)
        events += 1
    close_chain()
    stream_entries, heads = _verify_stream(connection, problems, trusted_key_id)
    waiting = connection.execute(select(func.count()).select_from(OutboxEntry)).scalar_one()
    if stream_entries + waiting != events:
        problems.append(
            f"{events} events, but {stream_entries} in the stream and {waiting} waiting for it"
        )
    return ChainReport(events, subjects, stream_entries, waiting, heads, tuple(problems))


def _verify_stream(
    connection: Connection, problems: list[str], trusted_key_id: str | None
) -> tuple[int, int]:
    digest, count, heads, expected = GENESIS_HASH, 0, 0, 1
    rows = connection.execute(
        select(
            StreamEntry.position, StreamEntry.stream_hash, Event.hash,
            StreamHead.key_id, StreamHead.signature,
        )
        .outerjoin(Event, Event.event_id == StreamEntry.event_id)
        .outerjoin(StreamHead, StreamHead.position == StreamEntry.position)
        .order_by(StreamEntry.position)
        .execution_options(yield_per=5000)
    )  # fmt: skip
    for row in rows:
        # After a restore the stream goes on in a new block; the chain of hashes spans the leap.
        if row.position != expected and row.position % STREAM_BLOCK != 1:
            problems.append(f"stream position {expected} is missing")
            break
        count, expected = count + 1, row.position + 1
        digest = stream_hash(digest, row.position, bytes(row.hash or b""))
        if digest != bytes(row.stream_hash):
            problems.append(f"stream position {row.position} does not fit its chain")
            break
        if row.signature is not None:
            heads += 1
            if trusted_key_id is not None and row.key_id != trusted_key_id:
                problems.append(f"stream position {row.position} is signed by a strange key")
            elif not signature_fits(row.key_id, row.position, digest, bytes(row.signature)):
                problems.append(f"the signature at stream position {row.position} does not fit")
    rows.close()
    return count, heads


def stored_event(row: dict[str, Any]) -> StoredEvent:
    """Return the event of one row of the events table, given its columns by name."""
    digests = {name: bytes(row[name]) for name in ("previous_hash", "hash")}
    return StoredEvent(**(row | digests))
