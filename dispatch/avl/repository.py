"""SQL of trackers and tracks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import Unit
from gis.tables.avl import Tracker, UnitTrack


def lock_tracks(session: Session, unit_ids: Collection[int]) -> Mapping[int, AnyRow]:
    """Lock the tracks of units, in the order of their ids; a unit's first makes its row."""
    wanted = sorted(unit_ids)
    session.execute(
        insert_once(UnitTrack)
        .values([{"unit_id": one, "doubtful": []} for one in wanted])
        .on_conflict_do_nothing(index_elements=["unit_id"])
    )
    rows = session.execute(
        select(UnitTrack.__table__)
        .where(UnitTrack.unit_id.in_(wanted))
        .order_by(UnitTrack.unit_id)
        .with_for_update()
    )
    return {row.unit_id: row for row in rows}


_STORE_TRACKS = text("""
UPDATE unit_tracks AS track SET
    received_at = new.received_at, anchor_at = new.anchor_at, anchor_lon = new.lon,
    anchor_lat = new.lat, anchor_accuracy_m = new.accuracy_m,
    doubtful = CAST(new.doubtful AS jsonb)
FROM unnest(
    CAST(:unit_id AS bigint[]), CAST(:received_at AS timestamptz[]),
    CAST(:anchor_at AS timestamptz[]), CAST(:lon AS float8[]), CAST(:lat AS float8[]),
    CAST(:accuracy_m AS float8[]), CAST(:doubtful AS text[])
) AS new(unit_id, received_at, anchor_at, lon, lat, accuracy_m, doubtful)
WHERE track.unit_id = new.unit_id
""")


def store_tracks(session: Session, columns: Mapping[str, Sequence[Any]]) -> None:
    """Store locked tracks, in one statement; `doubtful` is JSON."""
    session.execute(_STORE_TRACKS, columns)


def trackers(
    session: Session, refs: Collection[str], *, prefixes: Collection[str]
) -> Mapping[str, AnyRow]:
    """Return the trackers of these names on board of units of the jurisdiction."""
    rows = session.execute(
        select(Tracker.ref, Tracker.unit_id, Tracker.datum)
        .join(Unit, Unit.unit_id == Tracker.unit_id)
        .where(Tracker.ref.in_(refs), within(Unit.area_code, prefixes))
    )
    return {row.ref: row for row in rows}


def put_tracker(
    session: Session, *, city_id: int, unit_id: int, ref: str, datum: str, at: datetime
) -> bool:
    """Put a tracker on board of a unit; False where its name is another city's."""
    stored = session.execute(
        insert_once(Tracker)
        .values(city_id=city_id, unit_id=unit_id, ref=ref, datum=datum, added_at=at)
        .on_conflict_do_update(
            index_elements=["ref"],
            set_={"unit_id": unit_id, "datum": datum, "added_at": at},
            where=Tracker.city_id == city_id,
        )
        .returning(Tracker.tracker_id)
    ).one_or_none()
    return stored is not None
