"""SQL of vehicle positions as traces, read to learn from. Positions are written by `dispatch`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from routing.model import FloatArray, IdArray

_POSITIONS = text(
    "SELECT DISTINCT ON (p.unit_id, p.device_at) p.unit_id, extract(epoch FROM p.device_at),"
    " ST_X(p.geom), ST_Y(p.geom), p.heading_deg, p.accuracy_m"
    " FROM unit_positions p JOIN units u ON u.unit_id = p.unit_id"
    " WHERE u.city_id = :city_id AND p.received_at >= :from_at AND p.received_at < :to_at"
    " ORDER BY p.unit_id, p.device_at, p.received_at"
)
_SIREN_DRIVES = text(
    "SELECT a.unit_id, extract(epoch FROM started.occurred_at),"
    " extract(epoch FROM ended.occurred_at)"
    " FROM assignments a"
    " JOIN incidents i ON i.incident_id = a.incident_id"
    " JOIN assignment_stamps started ON started.assignment_id = a.assignment_id"
    "  AND started.state = 'en_route'"
    " JOIN assignment_stamps ended ON ended.assignment_id = a.assignment_id"
    "  AND ended.state = 'on_scene'"
    " WHERE i.city_id = :city_id AND i.response_plan->>'mode' = 'lights'"
    "  AND ended.occurred_at > started.occurred_at"
    "  AND ended.occurred_at >= :from_at AND started.occurred_at < :to_at"
    " ORDER BY 1, 2"
)


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Reports of one day, in order of unit and device time; all (n,), NaN = unknown.

    unit_id : int64; at_s : float64 seconds of the Unix epoch; lonlat : (n, 2) float64 WGS-84
    """

    unit_id: IdArray
    at_s: FloatArray
    lonlat: FloatArray
    heading_deg: FloatArray
    accuracy_m: FloatArray


def read_positions(
    session: Session, city_id: int, *, from_at: datetime, to_at: datetime
) -> Iterator[Positions]:
    """Yield the positions of a city's units, a day of receipt at a time."""
    day = from_at
    while day < to_at:
        end = min(day + timedelta(days=1), to_at)
        rows = session.execute(_POSITIONS, {"city_id": city_id, "from_at": day, "to_at": end}).all()
        if rows:
            columns = np.array([tuple(row) for row in rows], dtype=np.float64)
            yield Positions(
                unit_id=columns[:, 0].astype(np.int64),
                at_s=columns[:, 1],
                lonlat=columns[:, 2:4],
                heading_deg=columns[:, 4],
                accuracy_m=columns[:, 5],
            )
        day = end


def read_siren_drives(
    session: Session, city_id: int, *, from_at: datetime, to_at: datetime
) -> FloatArray:
    """Return drives with lights: (k, 3) float64 unit, start and end in seconds of the epoch."""
    rows = session.execute(
        _SIREN_DRIVES, {"city_id": city_id, "from_at": from_at, "to_at": to_at}
    ).all()
    return np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, 3)
