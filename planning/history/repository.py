"""All SQL of recorded responses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.tables import SRID
from gis.tables.responses import RecordedResponse
from planning.recorded.schema import ORDER

if TYPE_CHECKING:
    import pandas as pd

_BATCH = 5_000
_FIELDS = (
    "call_ref", "unit_ref", *ORDER, "determinant", "priority", "unit_class", "district", "station",
    "declared_datum", "area_code",
)  # fmt: skip
_KEY = ("city_id", "source", "call_ref", "unit_ref")

_AREAS = text("""
SELECT point.nth AS row, area.code
FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY AS point(lon, lat, nth)
CROSS JOIN LATERAL (
    SELECT code FROM areas
    WHERE city_id = :city_id AND valid_to IS NULL
      AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(point.lon, point.lat), 4326))
    ORDER BY cardinality(path) DESC, area_id LIMIT 1
) AS area
""")

_LIES = text("""
SELECT EXISTS (SELECT FROM areas WHERE code = :code) AND (CAST(:reach AS text[]) IS NULL
    OR :code IN (SELECT codes_within(CAST(:reach AS text[]))))
""")
_REACHED = """(CAST(:reach AS text[]) IS NULL
    OR area_code IN (SELECT codes_within(CAST(:reach AS text[]))))"""

_READ = text(f"""
SELECT response.call_ref AS call, response.unit_ref AS unit, response.received_at,
       response.dispatched_at, response.moving_at, response.arrived_at, response.left_at,
       response.hospital_at, response.available_at, response.priority, response.unit_class,
       COALESCE(around.code, response.district) AS district, response.station,
       ST_X(response.geom) AS lon, ST_Y(response.geom) AS lat
FROM recorded_responses AS response
LEFT JOIN LATERAL (
    SELECT up.code FROM areas AS own
    CROSS JOIN LATERAL unnest(own.path) AS named(code)
    JOIN areas AS up
      ON up.city_id = own.city_id AND up.code = named.code AND up.valid_to IS NULL
    WHERE own.city_id = response.city_id AND own.code = response.area_code
      AND own.valid_to IS NULL AND up.level = 'district'
    LIMIT 1
) AS around ON true
WHERE response.city_id = :city_id AND {_REACHED.replace("area_code", "response.area_code")}
ORDER BY response.received_at, response.response_id
""")  # noqa: S608 (both parts are constants)

_CALLS = text(f"""
WITH calls AS (
    SELECT min(received_at) AS at FROM recorded_responses
    WHERE city_id = :city_id AND {_REACHED} GROUP BY source, call_ref
)
SELECT date_trunc('hour', at, 'UTC') AS hour_at, count(*) AS calls FROM calls GROUP BY 1 ORDER BY 1
""")  # noqa: S608 (as above)

_OWN_CALLS = text(f"""
SELECT date_trunc('hour', received_at, 'UTC') AS hour_at, count(*) AS calls FROM incidents
WHERE city_id = :city_id AND received_at >= :since AND duplicate_of IS NULL
  AND {_REACHED}
GROUP BY 1 ORDER BY 1
""")  # noqa: S608 (as above)

_STAMP = text("""
SELECT count(*) AS responses, max(taken_in_at) AS taken_in_at,
       array_agg(DISTINCT source) AS sources
FROM recorded_responses WHERE city_id = :city_id
""")


class Stamp(NamedTuple):
    """How much is stored of a city, and when the newest was: another with every import."""

    responses: int
    taken_in_at: datetime | None
    sources: Sequence[str] | None


def put(
    session: Session,
    city_id: int,
    rows: Sequence[Mapping[str, Any]],
    *,
    source: str,
    at: datetime,
    by: str,
) -> None:
    """Store responses; one whose call and unit are there from this source takes its place.

    rows : `_FIELDS`, and lon, lat in WGS-84 or None
    """
    said = {
        "city_id": city_id, "source": source, "taken_in_at": at, "taken_in_by": by,
        # NULL where there is no point: the function is strict.
        "geom": func.ST_SetSRID(func.ST_MakePoint(bindparam("lon"), bindparam("lat")), SRID),
    }  # fmt: skip
    statement = upsert(RecordedResponse).values(
        **said, **{name: bindparam(name) for name in _FIELDS}
    )
    statement = statement.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            name: statement.excluded[name] for name in (*said, *_FIELDS) if name not in _KEY
        },
    )  # fmt: skip
    for first in range(0, len(rows), _BATCH):
        session.connection().execute(statement, list(rows[first : first + _BATCH]))


def areas_at(
    session: Session, city_id: int, lonlat: Sequence[tuple[float, float]]
) -> dict[int, str]:
    """Return row of `lonlat` → code of the finest area around it; rows outside all are left out."""
    given = {
        "city_id": city_id, "lon": [lon for lon, _ in lonlat], "lat": [lat for _, lat in lonlat],
    }  # fmt: skip
    return {row.row - 1: row.code for row in session.execute(_AREAS, given)}


def read(session: Session, city_id: int, *, reach: Sequence[str] | None) -> "pd.DataFrame":
    """Return the responses of a city as columns of `planning.recorded.schema`, lon and lat.

    reach : codes of the areas they lie in, None: all of them
    """
    import pandas as pd

    rows = session.execute(_READ, {"city_id": city_id, "reach": _listed(reach)})
    frame = pd.DataFrame(rows.all(), columns=list(rows.keys()))
    for name in ORDER:
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


class StationRow(NamedTuple):
    """A station under each of its names, WGS-84."""

    names: Sequence[str | None]
    lon: float
    lat: float


_STATIONS = text("""
SELECT ARRAY[source_ref, name, name_zh, name_en] AS names, ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM stations WHERE city_id = :city_id ORDER BY station_id
""")


def stations(session: Session, city_id: int) -> list[StationRow]:
    """Return the stations of a city."""
    return [StationRow(*row) for row in session.execute(_STATIONS, {"city_id": city_id})]


def calls_by_hour(
    session: Session, city_id: int, *, reach: Sequence[str] | None
) -> list[tuple[datetime, int]]:
    """Return the recorded calls of each hour that has any, ascending; `reach` as in `read`."""
    rows = session.execute(_CALLS, {"city_id": city_id, "reach": _listed(reach)})
    return [(row.hour_at, row.calls) for row in rows]


def own_calls_by_hour(
    session: Session, city_id: int, *, since: datetime, reach: Sequence[str] | None
) -> list[tuple[datetime, int]]:
    """Return the own incidents of each hour that has any, duplicates left out, ascending."""
    rows = session.execute(
        _OWN_CALLS, {"city_id": city_id, "since": since, "reach": _listed(reach)}
    )
    return [(row.hour_at, row.calls) for row in rows]


def lies_within(session: Session, area_code: str, reach: Sequence[str] | None) -> bool:
    """Say whether an area is known and is one of `reach` or lies in one; None: anywhere."""
    return bool(session.scalar(_LIES, {"code": area_code, "reach": _listed(reach)}))


def stamp(session: Session, city_id: int) -> Stamp:
    """Return how much is stored of a city."""
    return Stamp(*session.execute(_STAMP, {"city_id": city_id}).one())


def _listed(reach: Sequence[str] | None) -> list[str] | None:
    return None if reach is None else list(reach)
