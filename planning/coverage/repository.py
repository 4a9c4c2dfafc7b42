"""SQL of the units at stations, the ages in cells, turnouts, and what a place is called."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from planning.access.model import Cells, TimeOfDay
from planning.recorded.schema import ORDER

if TYPE_CHECKING:
    import pandas as pd


class UnitRow(NamedTuple):
    """One unit that is not out of service: where it stands, what it is, when it is on duty.

    district : code of the district its station lies in, None outside all
    on_duty : one value a moment asked for
    """

    unit_id: int
    station_id: int
    level: str
    capabilities: Sequence[str]
    district: str | None
    on_duty: Sequence[bool]


class TurnoutRow(NamedTuple):
    """Orders of a district's units in a span of time, and how many moved within the limit."""

    district: str | None
    in_time: int
    orders: int


_DISTRICT = """
LEFT JOIN LATERAL (
    SELECT code FROM areas
    WHERE city_id = :city_id AND level = 'district' AND valid_to IS NULL
      AND ST_Covers(areas.geom, station.geom)
    ORDER BY area_id LIMIT 1
) AS district ON true
"""

_UNITS = text(f"""
SELECT unit.unit_id, unit.station_id, unit.level, unit.capabilities, district.code AS district,
       ARRAY(SELECT EXISTS (SELECT 1 FROM shifts WHERE shifts.unit_id = unit.unit_id
                            AND shifts.during @> moment.at)
             FROM unnest(CAST(:moments AS timestamptz[])) WITH ORDINALITY AS moment(at, nth)
             ORDER BY moment.nth) AS on_duty
FROM units AS unit
JOIN stations AS station USING (station_id)
{_DISTRICT}
WHERE unit.city_id = :city_id AND unit.out_of_service_reason IS NULL
ORDER BY unit.unit_id
""")  # noqa: S608 (both parts are constants)

_AGES = text("""
SELECT source_ref, age_bands FROM population_cells
WHERE city_id = :city_id AND time_of_day = :time_of_day AND source = :source
  AND counted_on IS NOT DISTINCT FROM :counted_on AND age_bands <> '{}'
""")

_TURNOUTS = text(f"""
WITH stamped AS (
    SELECT assignment.unit_id,
           min(stamp.occurred_at) FILTER (WHERE stamp.state = 'notified') AS notified_at,
           min(stamp.occurred_at) FILTER (WHERE stamp.state = 'en_route') AS moving_at
    FROM assignments AS assignment
    JOIN assignment_stamps AS stamp USING (assignment_id)
    JOIN units ON units.unit_id = assignment.unit_id AND units.city_id = :city_id
    WHERE assignment.created_at >= :since AND stamp.undone_at IS NULL
    GROUP BY assignment.assignment_id, assignment.unit_id
)
SELECT district.code AS district,
       count(*) FILTER (WHERE moving_at - notified_at <= :limit_s * interval '1 second') AS in_time,
       count(*) AS orders
FROM stamped
JOIN units AS unit USING (unit_id)
JOIN stations AS station ON station.station_id = unit.station_id
{_DISTRICT}
WHERE moving_at >= notified_at
GROUP BY district.code
""")  # noqa: S608 (as above)

_DRIVES = text("""
SELECT incident.incident_id::text AS call, assignment.unit_id::text AS unit,
       incident.area_code AS district, units.level AS unit_class,
       incident.category AS priority, incident.received_at,
       min(stamp.occurred_at) FILTER (WHERE stamp.state = 'notified') AS dispatched_at,
       max(stamp.occurred_at) FILTER (WHERE stamp.state = 'en_route') AS moving_at,
       max(stamp.occurred_at) FILTER (WHERE stamp.state = 'on_scene') AS arrived_at,
       NULL::timestamptz AS left_at, NULL::timestamptz AS hospital_at,
       NULL::timestamptz AS available_at, assignment.predicted_travel_time_s AS modelled_s
FROM assignments AS assignment
JOIN incidents AS incident USING (incident_id)
JOIN units ON units.unit_id = assignment.unit_id
JOIN assignment_stamps AS stamp USING (assignment_id)
WHERE incident.city_id = :city_id AND assignment.created_at >= :since
  AND assignment.predicted_by = 'road' AND assignment.prediction_fault IS NULL
  AND stamp.undone_at IS NULL
  AND (incident.place_changed_at IS NULL OR incident.place_changed_at <= assignment.created_at)
GROUP BY assignment.assignment_id, incident.incident_id, units.level
HAVING bool_or(stamp.state = 'on_scene') AND NOT bool_or(stamp.state = 'staging')
ORDER BY assignment.created_at, assignment.assignment_id
""")
"""Drives to a place that stayed where it was, predicted by road; who waited near by is left out."""

_PLACES = text("""
SELECT point.nth AS row, area.name, area.name_zh, area.name_en
FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY AS point(lon, lat, nth)
CROSS JOIN LATERAL (
    SELECT name, name_zh, name_en FROM areas
    WHERE city_id = :city_id AND valid_to IS NULL AND level IN ('district', 'street')
      AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(point.lon, point.lat), 4326))
    ORDER BY level DESC, area_id LIMIT 1
) AS area
""")
"""The street area (街道) around a point, else its district."""


_STREETS = text("""
SELECT point.nth AS row, street.name, street.name_zh, street.name_en
FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY AS point(lon, lat, nth)
CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(point.lon, point.lat), 4326) AS geom) AS here
CROSS JOIN LATERAL (
    SELECT name, name_zh, name_en FROM road_segments
    WHERE city_id = :city_id AND name IS NOT NULL AND geom && ST_Expand(here.geom, 0.01)
    ORDER BY geom <-> here.geom, name LIMIT 1
) AS street
""")
"""The nearest street with a name, within about a kilometre."""


_DISTRICTS_AT = text("""
SELECT point.nth AS row, area.code
FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY AS point(lon, lat, nth)
CROSS JOIN LATERAL (
    SELECT code FROM areas
    WHERE city_id = :city_id AND level = 'district' AND valid_to IS NULL
      AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(point.lon, point.lat), 4326))
    ORDER BY area_id LIMIT 1
) AS area
""")


def units(session: Session, city_id: int, moments: Sequence[datetime]) -> tuple[UnitRow, ...]:
    """Return a city's units in service, and whether each has a shift at the moments."""
    rows = session.execute(_UNITS, {"city_id": city_id, "moments": list(moments)})
    return tuple(UnitRow(*row) for row in rows)


def ages(
    session: Session, city_id: int, cells: Cells, time_of_day: TimeOfDay
) -> dict[str, dict[str, float]]:
    """Return cell → age band → people, of the very count that `cells` are of."""
    rows = session.execute(
        _AGES,
        {"city_id": city_id, "time_of_day": time_of_day.value, "source": cells.source,
         "counted_on": cells.counted_on},
    )  # fmt: skip
    return {ref: {band: float(people) for band, people in bands.items()} for ref, bands in rows}


def turnouts(
    session: Session, city_id: int, *, since: datetime, limit_s: float
) -> tuple[TurnoutRow, ...]:
    """Return the orders since a moment of which order and departure are stamped, by district."""
    rows = session.execute(_TURNOUTS, {"city_id": city_id, "since": since, "limit_s": limit_s})
    return tuple(TurnoutRow(*row) for row in rows)


def drives(session: Session, city_id: int, *, since: datetime) -> "pd.DataFrame":
    """Return own drives since a moment as columns of `planning.recorded.schema`, and `modelled_s`.

    Stamps that were not made are missing.
    """
    import pandas as pd

    rows = session.execute(_DRIVES, {"city_id": city_id, "since": since})
    frame = pd.DataFrame(rows.all(), columns=list(rows.keys()))
    for name in ORDER:
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def places(
    session: Session, city_id: int, lonlat: Sequence[tuple[float, float]]
) -> dict[int, tuple[str, str | None, str | None]]:
    """Return row of `lonlat` → name of the area around it, in no language, 中文 and English."""
    given = {
        "city_id": city_id, "lon": [lon for lon, _ in lonlat], "lat": [lat for _, lat in lonlat],
    }  # fmt: skip
    rows = session.execute(_PLACES, given)
    return {row.row - 1: (row.name, row.name_zh, row.name_en) for row in rows}


def streets(
    session: Session, city_id: int, lonlat: Sequence[tuple[float, float]]
) -> dict[int, tuple[str, str | None, str | None]]:
    """Return row of `lonlat` → name of the nearest street, in no language, 中文 and English.

    Rows that are far from any are left out.
    """
    given = {
        "city_id": city_id, "lon": [lon for lon, _ in lonlat], "lat": [lat for _, lat in lonlat],
    }  # fmt: skip
    rows = session.execute(_STREETS, given)
    return {row.row - 1: (row.name, row.name_zh, row.name_en) for row in rows}


def districts_at(
    session: Session, city_id: int, lonlat: Sequence[tuple[float, float]]
) -> dict[int, str]:
    """Return row of `lonlat` → code of the district around it; rows outside all are left out."""
    if not lonlat:
        return {}
    given = {
        "city_id": city_id, "lon": [lon for lon, _ in lonlat], "lat": [lat for _, lat in lonlat],
    }  # fmt: skip
    return {row.row - 1: row.code for row in session.execute(_DISTRICTS_AT, given)}
