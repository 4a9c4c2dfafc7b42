"""All SQL that writes facilities: set by set, and only what differs from what is stored."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, text, tuple_, update
from sqlalchemy.orm import Session

from gis.facilities.model import Entry, FacilityRecord
from gis.rows import AnyRow
from gis.tables import City, Facility, FacilitySource

_RANK = "modelled, source = 'osm', changed_at DESC, source, source_ref"
"""Which record's word counts before which; `gis.facilities.service.record_facilities` says it."""

_PUT_RECORDS = text("""
INSERT INTO facility_sources AS kept (city_id, source, source_ref, facility_id, kind, name, name_zh,
    name_en, has_emergency_department, bed_count, phone, tags, capabilities, modelled, geom,
    same_source, same_ref, first_seen_at, changed_at, last_seen_at)
SELECT :city_id, r.source, r.source_ref, r.facility_id, r.kind, r.name, r.name_zh, r.name_en,
    r.has_emergency_department, r.bed_count, r.phone, r.tags, r.capabilities, r.modelled,
    ST_SetSRID(ST_MakePoint(r.lon, r.lat), 4326), r.same_source, r.same_ref, :at, :at, :at
FROM jsonb_to_recordset(CAST(:records AS jsonb)) AS r(source text, source_ref text,
    facility_id bigint, kind text, name text, name_zh text, name_en text,
    has_emergency_department boolean, bed_count bigint, phone text, tags jsonb, capabilities jsonb,
    modelled boolean, lon double precision, lat double precision, same_source text, same_ref text)
ON CONFLICT (city_id, source, source_ref) DO UPDATE SET
    facility_id = EXCLUDED.facility_id, kind = EXCLUDED.kind, name = EXCLUDED.name,
    name_zh = EXCLUDED.name_zh, name_en = EXCLUDED.name_en,
    has_emergency_department = EXCLUDED.has_emergency_department, bed_count = EXCLUDED.bed_count,
    phone = EXCLUDED.phone, tags = EXCLUDED.tags, capabilities = EXCLUDED.capabilities,
    modelled = EXCLUDED.modelled, geom = EXCLUDED.geom, same_source = EXCLUDED.same_source,
    same_ref = EXCLUDED.same_ref, ended_at = NULL,
    last_seen_at = greatest(kept.last_seen_at, EXCLUDED.last_seen_at),
    changed_at = CASE
        WHEN (kept.kind, kept.name, kept.name_zh, kept.name_en, kept.has_emergency_department,
              kept.bed_count, kept.phone, kept.tags, kept.capabilities, kept.modelled,
              ST_AsBinary(kept.geom), kept.same_source, kept.same_ref, kept.ended_at)
            IS DISTINCT FROM
             (EXCLUDED.kind, EXCLUDED.name, EXCLUDED.name_zh, EXCLUDED.name_en,
              EXCLUDED.has_emergency_department, EXCLUDED.bed_count, EXCLUDED.phone, EXCLUDED.tags,
              EXCLUDED.capabilities, EXCLUDED.modelled, ST_AsBinary(EXCLUDED.geom),
              EXCLUDED.same_source, EXCLUDED.same_ref, NULL::timestamptz)
        THEN greatest(kept.last_seen_at, EXCLUDED.changed_at) ELSE kept.changed_at END
""")

_PUT_FACILITIES = text(f"""
INSERT INTO facilities AS kept (facility_id, city_id, name, name_zh, name_en,
    has_emergency_department, bed_count, phone, modelled, geom)
SELECT facility_id, city_id,
    (array_agg(name ORDER BY {_RANK}))[1],
    (array_agg(name_zh ORDER BY {_RANK}) FILTER (WHERE name_zh IS NOT NULL))[1],
    (array_agg(name_en ORDER BY {_RANK}) FILTER (WHERE name_en IS NOT NULL))[1],
    (array_agg(has_emergency_department ORDER BY {_RANK})
        FILTER (WHERE has_emergency_department IS NOT NULL))[1],
    (array_agg(bed_count ORDER BY {_RANK}) FILTER (WHERE bed_count IS NOT NULL))[1],
    (array_agg(phone ORDER BY {_RANK}) FILTER (WHERE phone IS NOT NULL))[1],
    (array_agg(modelled ORDER BY {_RANK}))[1],
    (array_agg(geom ORDER BY {_RANK}))[1]
FROM facility_sources
WHERE facility_id = ANY(:facility_ids) AND ended_at IS NULL
GROUP BY facility_id, city_id
ORDER BY facility_id
ON CONFLICT (facility_id) DO UPDATE SET
    name = EXCLUDED.name, name_zh = EXCLUDED.name_zh, name_en = EXCLUDED.name_en,
    has_emergency_department = EXCLUDED.has_emergency_department, bed_count = EXCLUDED.bed_count,
    phone = EXCLUDED.phone, modelled = EXCLUDED.modelled, geom = EXCLUDED.geom,
    merged_into_id = NULL
WHERE (kept.name, kept.name_zh, kept.name_en, kept.has_emergency_department, kept.bed_count,
       kept.phone, kept.modelled, ST_AsBinary(kept.geom), kept.merged_into_id)
    IS DISTINCT FROM
      (EXCLUDED.name, EXCLUDED.name_zh, EXCLUDED.name_en, EXCLUDED.has_emergency_department,
       EXCLUDED.bed_count, EXCLUDED.phone, EXCLUDED.modelled, ST_AsBinary(EXCLUDED.geom), NULL)
""")  # noqa: S608 (a constant of ours)

_WANTED = {
    "facility_kinds": f"""
        SELECT DISTINCT ON (facility_id) facility_id, kind
        FROM facility_sources
        WHERE facility_id = ANY(:facility_ids) AND ended_at IS NULL
        ORDER BY facility_id, {_RANK}""",  # noqa: S608 (a constant of ours)
    "facility_capabilities": f"""
        SELECT DISTINCT ON (facility_id, capability) facility_id, capability,
               CAST(said.level AS bigint) AS level, source
        FROM facility_sources, jsonb_each_text(capabilities) AS said(capability, level)
        WHERE facility_id = ANY(:facility_ids) AND ended_at IS NULL
        ORDER BY facility_id, capability, said.level IS NULL, {_RANK}""",  # noqa: S608 (a constant of ours)
}
"""Dated table → what its open rows of some facilities should be, by what registers say now."""

_DATED = {
    "facility_kinds": (("facility_id",), ("kind",)),
    "facility_capabilities": (("facility_id", "capability"), ("level", "source")),
}
"""Dated table → what its periods are of, and what they say."""


def lock_city(session: Session, city_id: int) -> None:
    """Let one writer of a city's facilities after the other; calls and incidents do not wait."""
    session.execute(
        select(City.city_id).where(City.city_id == city_id).with_for_update(key_share=True)
    )


def lock_facilities(session: Session, facility_ids: Collection[int]) -> None:
    """Lock facilities in the order of their ids, as whoever promises beds does."""
    session.execute(
        select(Facility.facility_id)
        .where(Facility.facility_id.in_(facility_ids))
        .order_by(Facility.facility_id)
        .with_for_update(key_share=True)
    )


def list_records(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return who a city's records are: entry, facility, what is the same, when seen and ended."""
    return session.execute(
        select(
            FacilitySource.source, FacilitySource.source_ref, FacilitySource.facility_id,
            FacilitySource.same_source, FacilitySource.same_ref, FacilitySource.first_seen_at,
            FacilitySource.ended_at,
        ).where(FacilitySource.city_id == city_id)
    ).all()  # fmt: skip


def draw_ids(session: Session, count: int) -> Sequence[int]:
    """Return ids of facilities to come."""
    return session.scalars(
        text("SELECT nextval('facilities_facility_id_seq') FROM generate_series(1, :count)"),
        {"count": count},
    ).all()


def put_records(
    session: Session,
    city_id: int,
    records: Iterable[FacilityRecord],
    *,
    facility_of: Mapping[Entry, int],
    at: datetime,
) -> None:
    """Store what registers say, each record with its facility."""
    columns = (
        "source", "source_ref", "kind", "name", "name_zh", "name_en", "has_emergency_department",
        "bed_count", "phone", "modelled", "lon", "lat",
    )  # fmt: skip
    rows = [
        {name: getattr(one, name) for name in columns}
        | {
            "facility_id": facility_of[one.entry], "tags": dict(one.tags),
            "capabilities": dict(one.capabilities),
            "same_source": one.same_as[0] if one.same_as else None,
            "same_ref": one.same_as[1] if one.same_as else None,
        }
        for one in records
    ]  # fmt: skip
    said = json.dumps(rows, ensure_ascii=False, allow_nan=False)
    session.execute(_PUT_RECORDS, {"city_id": city_id, "records": said, "at": at})


def move_records(session: Session, city_id: int, moved: Mapping[Entry, int]) -> None:
    """Store that records are of another facility than before."""
    for (source, source_ref), facility_id in moved.items():
        session.execute(
            update(FacilitySource)
            .where(
                FacilitySource.city_id == city_id, FacilitySource.source == source,
                FacilitySource.source_ref == source_ref,
            )
            .values(facility_id=facility_id)
        )  # fmt: skip


def end_records(session: Session, city_id: int, gone: Collection[Entry], *, at: datetime) -> None:
    """Store that registers no longer hold these records."""
    session.execute(
        update(FacilitySource)
        .where(
            FacilitySource.city_id == city_id,
            tuple_(FacilitySource.source, FacilitySource.source_ref).in_(gone),
        )
        .values(ended_at=func.greatest(FacilitySource.last_seen_at, at))
    )


def put_facilities(
    session: Session, facility_ids: Collection[int], *, merged: Mapping[int, int]
) -> None:
    """Store what the records of facilities say together, and which go on under another's id."""
    session.execute(_PUT_FACILITIES, {"facility_ids": list(facility_ids)})
    for facility_id, into in merged.items():
        session.execute(
            update(Facility)
            .where(or_(Facility.facility_id == facility_id,
                       Facility.merged_into_id == facility_id))
            .values(merged_into_id=into)
        )  # fmt: skip


def put_dated(session: Session, table: str, facility_ids: Collection[int], *, at: datetime) -> None:
    """Close the open rows of `table` that no longer hold, and open those that do from `at` on.

    A row that began at `at` or later, by a clock that went back or in the same instant, never held
    and goes. What is as it should be is left alone.
    """
    keys, said = _DATED[table]
    same_key = " AND ".join(f"w.{name} = t.{name}" for name in keys)
    same = " AND ".join([same_key, *(f"w.{name} IS NOT DISTINCT FROM t.{name}" for name in said)])
    columns = ", ".join((*keys, *said))
    wanted = _WANTED[table]
    wrong = f"""t.valid_until IS NULL AND t.facility_id = ANY(:facility_ids)
        AND NOT EXISTS (SELECT FROM ({wanted}) AS w WHERE {same})"""
    never_held = f"DELETE FROM {table} AS t WHERE t.valid_from >= :at AND {wrong}"  # noqa: S608
    ends = f"UPDATE {table} AS t SET valid_until = :at WHERE {wrong}"  # noqa: S608
    begins = f"""
        INSERT INTO {table} ({columns}, valid_from)
        SELECT {columns},
            greatest(:at, (SELECT max(t.valid_until) FROM {table} AS t WHERE {same_key}))
        FROM ({wanted}) AS w
        WHERE NOT EXISTS
            (SELECT FROM {table} AS t WHERE t.valid_until IS NULL AND {same_key})"""  # noqa: S608
    for statement in (never_held, ends, begins):
        session.execute(text(statement), {"facility_ids": list(facility_ids), "at": at})
