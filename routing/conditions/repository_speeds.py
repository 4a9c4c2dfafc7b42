"""SQL of live and learned speeds, in bulk: whole columns go in and come out as bytes.

Some hundred thousand rows pass in one go; row by row in Python that would take minutes.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection as PsycopgConnection
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

Column = NDArray[Any]

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
# Microseconds from 1970 to 2000, where PostgreSQL's own count begins.
_POSTGRES_EPOCH_US = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000

_SENT = {
    "bigint": ("int8send", ">i8"), "smallint": ("int2send", ">i2"), "real": ("float4send", ">f4"),
    "double": ("float8send", ">f8"), "timestamptz": ("timestamptz_send", ">i8"),
}  # fmt: skip
"""Type → function that gives its bytes, and what they are."""

_STAGED = {
    "segment_id": "bigint", "direction": "smallint", "speed_kmh": "real",
    "observed_at": "timestamptz", "expires_at": "timestamptz", "confidence": "real",
}  # fmt: skip
_STAGED_PROFILES = {
    "segment_id": "bigint", "direction": "smallint", "hour": "smallint", "siren": "boolean",
    "n": "bigint", "speed_kmh": "real", "spread_kmh": "real", "drives": "double precision",
    "drives_square": "double precision", "pace_s_per_m": "double precision",
    "pace_square": "double precision",
}  # fmt: skip

# Where a segment's middle lies along its OSM way: sums over the ways that are concerned.
_PLACED = """
WITH touched AS (
    SELECT DISTINCT r.osm_way_id FROM staged s JOIN road_segments r USING (segment_id)
    WHERE r.city_id = :city_id AND r.osm_way_id IS NOT NULL
), placed AS (
    SELECT r.segment_id, r.osm_way_id,
           (sum(r.length_m) OVER way - r.length_m / 2) / sum(r.length_m) OVER whole AS way_share
    FROM touched JOIN road_segments r USING (osm_way_id)
    WHERE r.city_id = :city_id
    WINDOW whole AS (PARTITION BY r.osm_way_id),
           way AS (PARTITION BY r.osm_way_id ORDER BY r.segment_id)
)
"""


_UPSERT_SPEEDS = text(
    _PLACED
    + """
INSERT INTO road_speeds AS known
    (city_id, segment_id, direction, source, osm_way_id, way_share, speed_kmh, observed_at,
     expires_at, confidence, change)
SELECT DISTINCT ON (s.segment_id, s.direction)
       :city_id, s.segment_id, s.direction, :source, p.osm_way_id, coalesce(p.way_share, 0.5),
       s.speed_kmh, s.observed_at, s.expires_at, s.confidence, :change
FROM staged s LEFT JOIN placed p USING (segment_id)
ORDER BY s.segment_id, s.direction, s.observed_at DESC
ON CONFLICT (city_id, segment_id, direction, source) DO UPDATE SET
    speed_kmh = excluded.speed_kmh, observed_at = excluded.observed_at,
    expires_at = excluded.expires_at, confidence = excluded.confidence, change = excluded.change
WHERE excluded.observed_at >= known.observed_at
"""
)

_UPSERT_PROFILES = text(
    _PLACED
    + """
INSERT INTO road_speed_profiles
    (city_id, hour, siren, segment_id, direction, osm_way_id, way_share, n, speed_kmh, spread_kmh,
     learned_at, drives, drives_square, pace_s_per_m, pace_square, weighed_at)
SELECT :city_id, s.hour, s.siren, s.segment_id, s.direction, p.osm_way_id,
       coalesce(p.way_share, 0.5), s.n, s.speed_kmh, s.spread_kmh, :learned_at,
       nullif(s.drives, 'NaN'), nullif(s.drives_square, 'NaN'), nullif(s.pace_s_per_m, 'NaN'),
       nullif(s.pace_square, 'NaN'),
       CASE WHEN s.drives <> 'NaN' THEN CAST(:weighed_at AS timestamptz) END
FROM staged s LEFT JOIN placed p USING (segment_id)
ON CONFLICT (city_id, hour, siren, segment_id, direction) DO UPDATE SET
    n = excluded.n, speed_kmh = excluded.speed_kmh, spread_kmh = excluded.spread_kmh,
    learned_at = excluded.learned_at, drives = excluded.drives,
    drives_square = excluded.drives_square, pace_s_per_m = excluded.pace_s_per_m,
    pace_square = excluded.pace_square, weighed_at = excluded.weighed_at
"""
)

_CARRY_OVER = """
WITH lost AS (
    SELECT old.ctid AS row, old.osm_way_id, old.way_share, old.direction, {key}
    FROM {table} old
    WHERE old.city_id = :city_id AND old.osm_way_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM road_segments r WHERE r.segment_id = old.segment_id)
), span AS (
    SELECT r.segment_id, r.osm_way_id,
           (sum(r.length_m) OVER way - r.length_m) / sum(r.length_m) OVER whole AS from_share,
           sum(r.length_m) OVER way / sum(r.length_m) OVER whole AS to_share
    FROM road_segments r
    WHERE r.city_id = :city_id AND r.osm_way_id IN (SELECT osm_way_id FROM lost)
    WINDOW whole AS (PARTITION BY r.osm_way_id),
           way AS (PARTITION BY r.osm_way_id ORDER BY r.segment_id)
), found AS (
    SELECT DISTINCT ON (span.segment_id, direction, {key})
           lost.row, span.segment_id, (from_share + to_share) / 2 AS way_share
    FROM lost JOIN span ON span.osm_way_id = lost.osm_way_id
        AND lost.way_share >= from_share AND lost.way_share < to_share
    WHERE NOT EXISTS (
        SELECT 1 FROM {table} newer
        WHERE newer.city_id = :city_id AND newer.segment_id = span.segment_id
          AND newer.direction = lost.direction AND {same})
    ORDER BY span.segment_id, direction, {key}, abs(lost.way_share - (from_share + to_share) / 2)
)
UPDATE {table} old SET segment_id = found.segment_id, way_share = found.way_share
FROM found WHERE old.ctid = found.row
"""

_DELETE_LOST = """
DELETE FROM {table} old WHERE city_id = :city_id AND NOT EXISTS (
    SELECT 1 FROM road_segments r WHERE r.segment_id = old.segment_id)
"""


def columns_of(
    session: Session, query: str, kinds: Sequence[str], parameters: Mapping[str, Any]
) -> tuple[Column, ...]:
    """Return the columns of a query as arrays, in whatever order its rows come.

    The database joins each column to one long value: a row for each would cost more than reading.

    Parameters
    ----------
    query : str
        Its columns are named c0, c1, … and never NULL; `%(name)s` stand for `parameters`.
    kinds : sequence of str
        Keys of `_SENT`, one for each column.
    """
    joined = ", ".join(
        f"coalesce(string_agg({_SENT[kind][0]}(c{n}), ''), '')" for n, kind in enumerate(kinds)
    )
    with _driver(session).cursor(binary=True) as cursor:
        cursor.execute(f"SELECT {joined} FROM ({query}) AS q", parameters)  # noqa: S608 (texts of ours)
        row = cursor.fetchone()
    assert row is not None
    return tuple(
        np.frombuffer(content, _SENT[kind][1]).astype(_SENT[kind][1][1:])
        for content, kind in zip(row, kinds, strict=True)
    )


def copy_in(session: Session, table: str, columns: Mapping[str, Column | UUID]) -> int:
    """Append rows to a table; returns their number.

    Parameters
    ----------
    columns : mapping
        Name → array of exactly the column's width (int64 for a bigint or, in PostgreSQL's
        microseconds, a timestamptz; int16, float32, float64, bool), or one UUID for all rows.
    """
    count = next(one.size for one in columns.values() if isinstance(one, np.ndarray))
    parts: list[tuple[str, str]] = [("fields", ">i2")]
    for name, column in columns.items():
        kind = "V16" if isinstance(column, UUID) else column.dtype.newbyteorder(">").str
        parts += [(f"length {name}", ">i4"), (name, kind)]
    rows = np.zeros(count, np.dtype(parts))
    rows["fields"] = len(columns)
    for name, column in columns.items():
        rows[f"length {name}"] = rows.dtype[name].itemsize
        rows[name] = np.void(column.bytes) if isinstance(column, UUID) else column
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with _driver(session).cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_SIGNATURE)
        copy.write(rows.tobytes())
        copy.write(_END)
    return count


def to_pg_us(us_since_1970: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return PostgreSQL's count of microseconds."""
    return us_since_1970 - _POSTGRES_EPOCH_US


def from_pg_us(pg_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """Invert `to_pg_us`."""
    return pg_us + _POSTGRES_EPOCH_US


def one_load_at_a_time(session: Session, city_id: int) -> None:
    """Let bulk loads of a city's speeds wait for one another, and nobody else for them."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"road-speeds:{city_id}"},
    )


def stage_speeds(session: Session, columns: Mapping[str, Column]) -> None:
    """Put a batch of live speeds into the transaction's staging table `staged`."""
    _stage(session, _STAGED, columns)


def stage_profiles(session: Session, columns: Mapping[str, Column]) -> None:
    """Put learned speeds into the transaction's staging table `staged`."""
    _stage(session, _STAGED_PROFILES, columns)


def unknown_segments(session: Session, city_id: int) -> list[int]:
    """Return the ids of staged segments that the city does not have."""
    rows = session.execute(
        text("""
            SELECT DISTINCT segment_id FROM staged s
            WHERE NOT EXISTS (SELECT 1 FROM road_segments r
                              WHERE r.segment_id = s.segment_id AND r.city_id = :city_id)
            ORDER BY segment_id
        """),
        {"city_id": city_id},
    )
    return list(rows.scalars())


def upsert_speeds(session: Session, city_id: int, *, source: str, change: int) -> int:
    """Store the staged speeds beside those of other sources; older ones replace nothing.

    Returns
    -------
    int
        How many were stored.
    """
    given = {"city_id": city_id, "source": source, "change": change}
    return _count(session.execute(_UPSERT_SPEEDS, given))


def upsert_profiles(
    session: Session, city_id: int, *, learned_at: datetime, weighed_at: datetime | None
) -> int:
    """Store the staged learned speeds in place of those of the same edge, hour and siren."""
    given = {"city_id": city_id, "learned_at": learned_at, "weighed_at": weighed_at}
    return _count(session.execute(_UPSERT_PROFILES, given))


def read_speeds(
    session: Session, city_id: int, *, after_change: int, expires_after: datetime
) -> tuple[Column, ...]:
    """Return segment id, direction, source digest, speed, observed, expires (µs since 1970), …."""
    columns = columns_of(
        session,
        "SELECT segment_id AS c0, direction AS c1, hashtextextended(source, 0) AS c2,"
        " speed_kmh AS c3, observed_at AS c4, expires_at AS c5, confidence AS c6 FROM road_speeds"
        " WHERE city_id = %(city_id)s AND change > %(change)s AND expires_at > %(expires_after)s",
        ("bigint", "smallint", "bigint", "real", "timestamptz", "timestamptz", "real"),
        {"city_id": city_id, "change": after_change, "expires_after": expires_after},
    )
    return (*columns[:4], from_pg_us(columns[4]), from_pg_us(columns[5]), columns[6])


def read_profile(
    session: Session, city_id: int, *, hour: int, siren: bool
) -> tuple[Column, Column, Column]:
    """Return segment id, direction and speed (km/h) of one hour of the week."""
    segment_id, direction, speed_kmh = columns_of(
        session,
        "SELECT segment_id AS c0, direction AS c1, speed_kmh AS c2 FROM road_speed_profiles"
        " WHERE city_id = %(city_id)s AND hour = %(hour)s AND siren = %(siren)s",
        ("bigint", "smallint", "real"),
        {"city_id": city_id, "hour": hour, "siren": siren},
    )
    return segment_id, direction, speed_kmh


def read_seen(session: Session, city_id: int, *, siren: bool) -> tuple[Column, ...]:
    """Return what learned speeds come from, and the speeds.

    segment id, direction, hour, drives, the square of their weights, their pace (s/m), the sum of
    squares about it, when they weighed that (s since 1970), speed (km/h).
    """
    return columns_of(
        session,
        "SELECT segment_id AS c0, direction AS c1, hour AS c2, drives AS c3, drives_square AS c4,"
        " pace_s_per_m AS c5, pace_square AS c6, extract(epoch FROM weighed_at)::float8 AS c7,"
        " speed_kmh AS c8 FROM road_speed_profiles"
        " WHERE city_id = %(city_id)s AND siren = %(siren)s AND drives IS NOT NULL",
        ("bigint", "smallint", "smallint", *("double",) * 5, "real"),
        {"city_id": city_id, "siren": siren},
    )


def delete_forgotten(
    session: Session, city_id: int, *, at: datetime, below_drives: float, half_life_days: float
) -> int:
    """Delete learned speeds whose drives weigh next to nothing at a time; returns how many."""
    return _count(session.execute(
        text(
            "DELETE FROM road_speed_profiles WHERE city_id = :city_id AND drives * power(0.5,"
            " extract(epoch FROM CAST(:at AS timestamptz) - weighed_at)::float8"
            " / 86400.0 / :half_life_days) < :below_drives"
        ),
        {"city_id": city_id, "at": at, "below_drives": below_drives,
         "half_life_days": half_life_days},
    ))  # fmt: skip


def read_learned_until(session: Session, city_id: int) -> datetime | None:
    """Return up to when received positions are counted in the learned speeds."""
    return session.execute(
        text("SELECT learned_until FROM road_conditions_state WHERE city_id = :city_id"),
        {"city_id": city_id},
    ).scalar_one_or_none()


def set_learned_until(session: Session, city_id: int, until: datetime, *, now: datetime) -> None:
    """Note it. The city's counters stay as they are; other writers wait until commit."""
    session.execute(
        text(
            "INSERT INTO road_conditions_state AS known (city_id, changed_at, learned_until)"
            " VALUES (:city_id, :now, :until)"
            " ON CONFLICT (city_id) DO UPDATE SET learned_until = excluded.learned_until"
        ),
        {"city_id": city_id, "until": until, "now": now},
    )


def delete_expired_speeds(session: Session, city_id: int, *, before: datetime) -> int:
    """Delete live speeds that expired before a time; returns how many."""
    return _count(session.execute(
        text("DELETE FROM road_speeds WHERE city_id = :city_id AND expires_at < :before"),
        {"city_id": city_id, "before": before},
    ))  # fmt: skip


def carry_over(session: Session, city_id: int) -> None:
    """Give speeds of vanished segments to those that now lie at their place on the OSM way.

    A way cut into smaller pieces keeps the speed only where the middle of the old one was; what
    has no way any more is deleted.
    """
    for table, keys in (("road_speeds", ("source",)), ("road_speed_profiles", ("hour", "siren"))):
        names = {
            "table": table, "key": ", ".join(keys),
            "same": " AND ".join(f"newer.{key} = lost.{key}" for key in keys),
        }  # fmt: skip
        for statement in (_CARRY_OVER, _DELETE_LOST):
            session.execute(text(statement.format(**names)), {"city_id": city_id})


def _stage(session: Session, kinds: Mapping[str, str], columns: Mapping[str, Column]) -> None:
    shape = ", ".join(f"{name} {kind} NOT NULL" for name, kind in kinds.items())
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged"))
    session.execute(text(f"CREATE TEMP TABLE staged ({shape}) ON COMMIT DROP"))
    copy_in(session, "staged", {name: columns[name] for name in kinds})
    session.execute(text("ANALYZE staged"))


def _count(result: Any) -> int:
    counted: int = result.rowcount
    return counted


def _driver(session: Session) -> PsycopgConnection[Any]:
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, PsycopgConnection)
    return driver
