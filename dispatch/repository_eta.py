"""SQL of finished drives: what was predicted when a unit was sent, and what came of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.repository import AnyRow

_DRIVES = text(
    "SELECT a.predicted_travel_time_s AS predicted_s, a.predicted_by,"
    " extract(epoch FROM ended.occurred_at - started.occurred_at)::float8 AS actual_s,"
    " started.occurred_at AS started_at, c.time_zone,"
    " ST_Distance(i.geom::geography, at_start.geom::geography) AS distance_m"
    " FROM assignments a"
    " JOIN incidents i ON i.incident_id = a.incident_id"
    " JOIN cities c ON c.city_id = i.city_id"
    " LEFT JOIN LATERAL (SELECT occurred_at FROM assignment_stamps s"
    "   WHERE s.assignment_id = a.assignment_id AND s.state = 'en_route'"
    "   ORDER BY s.ordinal DESC LIMIT 1) started ON true"
    " LEFT JOIN LATERAL (SELECT occurred_at FROM assignment_stamps s"
    "   WHERE s.assignment_id = a.assignment_id AND s.state = 'on_scene'"
    "   ORDER BY s.ordinal DESC LIMIT 1) ended ON true"
    " LEFT JOIN LATERAL (SELECT p.geom FROM unit_positions p WHERE p.unit_id = a.unit_id"
    "   AND p.received_at BETWEEN started.occurred_at - interval '10 minutes'"
    "   AND started.occurred_at + interval '1 minute'"
    "   ORDER BY p.received_at DESC LIMIT 1) at_start ON true"
    " WHERE i.city_id = :city_id AND a.created_at >= :from_at AND a.created_at < :to_at"
)


def read_drives(
    session: Session, city_id: int, *, from_at: datetime, to_at: datetime
) -> Sequence[AnyRow]:
    """Return every assignment of a period with its prediction and its drive to the scene.

    predicted_s, actual_s, started_at, distance_m (straight line at departure) are None where they
    are not known.
    """
    return session.execute(_DRIVES, {"city_id": city_id, "from_at": from_at, "to_at": to_at}).all()
