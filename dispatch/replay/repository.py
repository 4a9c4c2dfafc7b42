"""SQL of the events that a replay reads."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

_EVENTS = text("""
SELECT e.* FROM events AS e
JOIN incidents AS i ON CAST(i.incident_id AS text) = e.subject_id AND i.city_id = :city_id
 AND (CAST(:reach AS text[]) IS NULL OR i.area_code IS NULL
      OR i.area_code IN (SELECT codes_within(CAST(:reach AS text[]))))
WHERE e.subject_kind = 'incident' AND e.recorded_at <= :at
  AND i.received_at <= :at AND i.received_at > :since
ORDER BY e.subject_id, e.subject_version
""")
LOOKS_BACK = timedelta(hours=24)


def events_until(
    session: Session, city_id: int, at: datetime, *, reach: Sequence[str] | None
) -> list[dict[str, Any]]:
    """Return events recorded until `at`, of incidents of the day before it, chain by chain."""
    given = {"city_id": city_id, "at": at, "since": at - LOOKS_BACK,
             "reach": None if reach is None else sorted(reach)}  # fmt: skip
    return [dict(row) for row in session.execute(_EVENTS, given).mappings()]
