"""Street names and places beside road conditions, for the doors that show them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, String, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from routing.conditions.views import Street

_STREETS_OF_CONDITIONS = text("""
    WITH hit AS (
        SELECT DISTINCT condition_id, segment_id, name, name_zh, name_en, length_m
        FROM road_conditions
        JOIN road_condition_edges USING (condition_id, network_version)
        JOIN road_segments USING (segment_id)
        WHERE condition_id = ANY(:condition_ids)
    )
    SELECT condition_id, name, min(name_zh) AS name_zh, min(name_en) AS name_en
    FROM hit WHERE name IS NOT NULL GROUP BY condition_id, name
    ORDER BY condition_id, sum(length_m) DESC, name
""").bindparams(bindparam("condition_ids", type_=ARRAY(Uuid)))

_STREETS_OF_SEGMENTS = text("""
    SELECT name, min(name_zh) AS name_zh, min(name_en) AS name_en
    FROM road_segments
    WHERE city_id = :city_id AND segment_id = ANY(:segment_ids) AND name IS NOT NULL
    GROUP BY name ORDER BY sum(length_m) DESC, name
""")

_PLACES = text("""
    SELECT 'station' AS kind, station_id AS place_id, name, name_zh, ST_X(geom) AS lon,
           ST_Y(geom) AS lat
    FROM stations WHERE city_id = :city_id
    UNION ALL
    SELECT 'facility', facility_id, name, name_zh, ST_X(geom), ST_Y(geom)
    FROM facilities WHERE city_id = :city_id AND has_emergency_department
    ORDER BY 1 DESC, 2
""").columns(kind=String)


def streets_of_conditions(
    session: Session, condition_ids: Sequence[UUID]
) -> Mapping[UUID, list[Street]]:
    """Return the named streets of each condition, the longest part first."""
    found: dict[UUID, list[Street]] = {one: [] for one in condition_ids}
    if condition_ids:
        rows = session.execute(_STREETS_OF_CONDITIONS, {"condition_ids": list(condition_ids)})
        for row in rows.mappings():
            found[row["condition_id"]].append(_street(row))
    return found


def streets_of_segments(session: Session, city_id: int, segment_ids: Sequence[int]) -> list[Street]:
    """Return the named streets of some segments, the longest part first."""
    values = {"city_id": city_id, "segment_ids": list(segment_ids)}
    return [_street(row) for row in session.execute(_STREETS_OF_SEGMENTS, values).mappings()]


def places_that_must_be_reached(session: Session, city_id: int) -> Sequence[RowMapping]:
    """Return a city's stations and hospitals with emergency department, with lon and lat."""
    return session.execute(_PLACES, {"city_id": city_id}).mappings().all()


def _street(row: RowMapping) -> Street:
    return Street(row["name"], row["name_zh"], row["name_en"])
