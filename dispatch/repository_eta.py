"""SQL of drives to scenes: what was predicted when a unit was sent, and what came of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.repository import AnyRow

_DRIVES = text(
    "SELECT a.predicted_travel_time_s AS predicted_s, a.predicted_by, a.prediction_fault,"
    " a.predicted_distance_m AS distance_m, a.state,"
    " extract(epoch FROM ended.occurred_at - started.occurred_at)::float8 AS actual_s,"
    " started.occurred_at AS started_at, c.time_zone"
    " FROM assignments a"
    " JOIN incidents i ON i.incident_id = a.incident_id"
    " JOIN cities c ON c.city_id = i.city_id"
    " LEFT JOIN LATERAL (SELECT occurred_at FROM assignment_stamps s"
    "   WHERE s.assignment_id = a.assignment_id AND s.state = 'en_route'"
    "   ORDER BY s.ordinal DESC LIMIT 1) started ON true"
    " LEFT JOIN LATERAL (SELECT occurred_at FROM assignment_stamps s"
    "   WHERE s.assignment_id = a.assignment_id AND s.state = 'on_scene'"
    "   ORDER BY s.ordinal DESC LIMIT 1) ended ON true"
    " WHERE i.city_id = :city_id AND a.created_at >= :from_at AND a.created_at < :to_at"
    " ORDER BY a.created_at, a.assignment_id"
)


def read_drives(
    session: Session, city_id: int, *, from_at: datetime, to_at: datetime
) -> Sequence[AnyRow]:
    """Return every assignment of a period with its prediction and its drive to the scene.

    predicted_s, actual_s, started_at, distance_m (straight line at dispatch) are None where they
    are not known.
    """
    return session.execute(_DRIVES, {"city_id": city_id, "from_at": from_at, "to_at": to_at}).all()
