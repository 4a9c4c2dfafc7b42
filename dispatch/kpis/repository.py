"""SQL of responses with their stamps: this house's own, or as another system wrote them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.rows import AnyRow

_REACHED = """(CAST(:reach AS text[]) IS NULL OR {code} IS NULL
    OR {code} IN (SELECT codes_within(CAST(:reach AS text[]))))
AND (CAST(:area AS text) IS NULL OR {code} IN (SELECT codes_within(ARRAY[CAST(:area AS text)])))"""

_STAMPED = ", ".join(
    f"max(EXTRACT(epoch FROM s.occurred_at)) FILTER (WHERE s.state = '{state}') AS {state}"
    for state in (
        "notified", "acknowledged", "en_route", "on_scene", "at_patient", "left_scene",
        "at_destination", "transferred", "available",
    )
)  # fmt: skip

_FIFTH = """
LEFT JOIN LATERAL (
    SELECT CAST(ceil(5.0 * rank.rank / newest.areas) AS int) AS fifth
    FROM (SELECT index_id, areas, level FROM vulnerability_indices
          WHERE city_id = :city_id ORDER BY version DESC LIMIT 1) AS newest
    JOIN areas AS area ON area.city_id = :city_id AND area.level = newest.level
         AND area.valid_to IS NULL AND ST_Covers(area.geom, {place})
    JOIN vulnerability_ranks AS rank
         ON rank.index_id = newest.index_id AND rank.area_code = area.code
    ORDER BY rank.rank LIMIT 1
) AS vulnerable ON CAST(:vulnerability AS bool)
"""

_OWN = text(f"""
SELECT dense_rank() OVER (ORDER BY i.received_at, i.incident_id) AS call,
       EXTRACT(epoch FROM i.received_at) AS called,
       EXTRACT(epoch FROM heard.answered_at) AS answered,
       EXTRACT(epoch FROM i.coded_at) AS coded,
       CASE WHEN i.response_plan ->> 'cardiac_arrest' = 'true'
            THEN EXTRACT(epoch FROM COALESCE(arrest.coded_again_at, i.coded_at)) END AS recognised,
       EXTRACT(epoch FROM arrest.compressed_at) AS compressed,
       COALESCE(i.category, '') AS category, COALESCE(i.area_code, '') AS area,
       COALESCE(vulnerable.fifth, 0) AS vulnerability,
       u.level AS unit_level, i.response_plan -> 'units' AS needed,
       i.simulated, sent.*
FROM incidents AS i
LEFT JOIN LATERAL (
    SELECT min(c.answered_at) AS answered_at FROM calls AS c WHERE c.incident_id = i.incident_id
) AS heard ON true
LEFT JOIN LATERAL (
    SELECT min(e.occurred_at) FILTER (
               WHERE e.type = 'incident.coded' AND e.payload ->> 'determinant' = i.determinant
           ) AS coded_again_at,
           min(e.occurred_at) FILTER (WHERE e.type = 'arrest.compressions_started') AS compressed_at
    FROM events AS e
    WHERE e.subject_kind = 'incident' AND e.subject_id = CAST(i.incident_id AS text)
      AND e.type IN ('incident.coded', 'arrest.compressions_started')
      AND i.response_plan ->> 'cardiac_arrest' = 'true'
) AS arrest ON true
LEFT JOIN assignments AS a ON a.incident_id = i.incident_id
LEFT JOIN units AS u ON u.unit_id = a.unit_id
LEFT JOIN LATERAL (
    SELECT {_STAMPED} FROM assignment_stamps AS s
    WHERE s.assignment_id = a.assignment_id AND s.undone_at IS NULL
) AS sent ON true
{_FIFTH.format(place="i.geom")}
WHERE i.city_id = :city_id AND i.received_at >= :begin AND i.received_at < :until
  AND i.duplicate_of IS NULL
  AND NOT EXISTS (SELECT FROM incident_merges AS m
                  WHERE m.incident_id = i.incident_id AND m.undone_at IS NULL)
  AND {_REACHED.format(code="i.area_code")}
""")  # noqa: S608 (every part is a constant)

_RECORDED = text(f"""
SELECT dense_rank() OVER (ORDER BY r.source, r.call_ref) AS call,
       EXTRACT(epoch FROM r.received_at) AS called,
       EXTRACT(epoch FROM r.dispatched_at) AS notified,
       EXTRACT(epoch FROM r.moving_at) AS en_route,
       EXTRACT(epoch FROM r.arrived_at) AS on_scene,
       EXTRACT(epoch FROM r.left_at) AS left_scene,
       EXTRACT(epoch FROM r.hospital_at) AS at_destination,
       EXTRACT(epoch FROM r.available_at) AS available,
       COALESCE(r.priority, '') AS category,
       COALESCE(r.area_code, r.district, '') AS area,
       COALESCE(vulnerable.fifth, 0) AS vulnerability,
       NULL AS unit_level, NULL AS needed, false AS simulated
FROM recorded_responses AS r
{_FIFTH.format(place="r.geom")}
WHERE r.city_id = :city_id AND r.received_at >= :begin AND r.received_at < :until
  AND {_REACHED.format(code="r.area_code")}
""")  # noqa: S608 (every part is a constant)

_AREAS = text("""
SELECT code, COALESCE(name_en, name) AS en, COALESCE(name_zh, name) AS zh FROM areas
WHERE city_id = :city_id AND valid_to IS NULL
""")


def read_responses(
    session: Session,
    city_id: int,
    *,
    begin: datetime,
    until: datetime,
    recorded: bool,
    reach: Collection[str] | None,
    area: str | None,
    vulnerability: bool,
) -> Sequence[AnyRow]:
    """Return one row a unit sent (one a call that nobody was sent to), stamps in seconds of 1970.

    reach : codes of the areas that the viewer sees, None: all; area : only calls within it
    """
    given: Mapping[str, Any] = {
        "city_id": city_id, "begin": begin, "until": until,
        "reach": None if reach is None else sorted(reach), "area": area,
        "vulnerability": vulnerability,
    }  # fmt: skip
    return session.execute(_RECORDED if recorded else _OWN, given).all()


def area_names(session: Session, city_id: int) -> Mapping[str, tuple[str, str]]:
    """Return the names of a city's areas by code: English, Chinese."""
    rows = session.execute(_AREAS, {"city_id": city_id})
    return {row.code: (row.en, row.zh) for row in rows}
