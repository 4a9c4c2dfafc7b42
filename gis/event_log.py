"""SQL of the event log: events with their place in their subjects' chains, outbox and stream."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.events import GENESIS_HASH, UnchainedEvent, canonical_json, hashed_parts
from gis.tables import StreamEntry

_APPEND = text("""
WITH RECURSIVE incoming AS (
    SELECT *, row_number() OVER (PARTITION BY subject_kind, subject_id ORDER BY nth) AS step
    FROM unnest(
        CAST(:event_id AS uuid[]), CAST(:subject_kind AS text[]), CAST(:subject_id AS text[]),
        CAST(:type AS text[]), CAST(:actor AS text[]), CAST(:city_id AS bigint[]),
        CAST(:area_code AS text[]), CAST(:occurred_at AS timestamptz[]),
        CAST(:recorded_at AS timestamptz[]), CAST(:payload AS text[]),
        CAST(:hashed_before AS text[]), CAST(:hashed_after AS text[])
    ) WITH ORDINALITY AS e(event_id, subject_kind, subject_id, type, actor, city_id, area_code,
                           occurred_at, recorded_at, payload, hashed_before, hashed_after, nth)
), chained AS (
    SELECT i.nth, i.subject_kind, i.subject_id, i.step, head.version + 1 AS version,
           head.hash AS previous_hash,
           sha256(head.hash || convert_to(
               i.hashed_before || (head.version + 1) || i.hashed_after, 'UTF8')) AS hash
    FROM incoming i
    CROSS JOIN LATERAL (
        (SELECT stored.subject_version AS version, stored.hash FROM events stored
         WHERE stored.subject_kind = i.subject_kind AND stored.subject_id = i.subject_id
         ORDER BY stored.subject_version DESC LIMIT 1)
        UNION ALL SELECT 0, CAST(:genesis AS bytea)
        LIMIT 1
    ) head
    WHERE i.step = 1
    UNION ALL
    SELECT i.nth, i.subject_kind, i.subject_id, i.step, c.version + 1, c.hash,
           sha256(c.hash || convert_to(
               i.hashed_before || (c.version + 1) || i.hashed_after, 'UTF8'))
    FROM chained c
    JOIN incoming i ON i.subject_kind = c.subject_kind AND i.subject_id = c.subject_id
                   AND i.step = c.step + 1
), stored AS (
    INSERT INTO events (event_id, subject_kind, subject_id, subject_version, type, actor, city_id,
                        area_code, occurred_at, recorded_at, payload, previous_hash, hash)
    SELECT i.event_id, i.subject_kind, i.subject_id, c.version, i.type, i.actor, i.city_id,
           i.area_code, i.occurred_at, i.recorded_at, CAST(i.payload AS jsonb), c.previous_hash,
           c.hash
    FROM incoming i JOIN chained c USING (nth)
)
INSERT INTO outbox (event_id) SELECT event_id FROM incoming ORDER BY nth
""")
"""The head of each chain is read, the hashes computed and everything stored at once."""

_COLUMNS = (
    "event_id", "subject_kind", "subject_id", "type", "actor", "city_id", "area_code",
    "occurred_at", "recorded_at",
)  # fmt: skip


def append(session: Session, events: Sequence[UnchainedEvent]) -> None:
    """Append events to their subjects' chains and to the outbox, in this order, in one statement.

    Each subject's row must be locked by the transaction, or be new; the unique (subject, version)
    refuses a writer without the lock.
    """
    parts = [hashed_parts(event) for event in events]
    columns = {name: [getattr(event, name) for event in events] for name in _COLUMNS}
    session.execute(
        _APPEND,
        {
            **columns,
            "payload": [canonical_json(event.payload).decode() for event in events],
            "hashed_before": [before for before, _ in parts],
            "hashed_after": [after for _, after in parts],
            "genesis": GENESIS_HASH,
        },
    )


def stream_head(session: Session) -> int:
    """Return the newest position, 0 while the stream is empty."""
    return session.execute(select(func.coalesce(func.max(StreamEntry.position), 0))).scalar_one()
