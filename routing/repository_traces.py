"""SQL of vehicle positions as traces, read to learn from. Positions are written by `dispatch`."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from routing.model import FloatArray, IdArray
from routing.repository_speeds import columns_of

LIGHTS, PLAIN, STANDING = 1, 0, -1
"""How a unit drives after a stamp: to a scene with lights, otherwise, or not at all."""

_POSITIONS = (
    "SELECT DISTINCT ON (device_at) extract(epoch FROM device_at)::float8 AS c0,"
    " ST_X(geom) AS c1, ST_Y(geom) AS c2, coalesce(heading_deg, 'NaN') AS c3,"
    " coalesce(accuracy_m, 'NaN') AS c4"
    " FROM unit_positions WHERE unit_id = %(unit_id)s AND received_at >= %(from_at)s"
    " AND received_at < %(to_at)s ORDER BY device_at, received_at"
)
_STAMPS = (
    "SELECT a.unit_id AS c0, extract(epoch FROM s.occurred_at)::float8 AS c1, (CASE"
    " WHEN s.state = 'en_route' AND coalesce(i.response_plan->>'mode', 'lights')"
    " = 'lights' THEN 1"
    " WHEN s.state IN ('notified', 'acknowledged', 'staging', 'on_scene', 'at_patient',"
    " 'at_destination', 'transferred') THEN -1 ELSE 0 END)::smallint AS c2,"
    " s.ordinal AS c3"
    " FROM assignments a JOIN incidents i USING (incident_id)"
    " JOIN assignment_stamps s USING (assignment_id)"
    " WHERE i.city_id = %(city_id)s AND s.occurred_at >= %(from_at)s AND s.occurred_at < %(to_at)s"
)


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Reports of one unit in order of device time; all (n,), NaN = unknown.

    at_s : float64 seconds of the Unix epoch; lonlat : (n, 2) float64 WGS-84
    """

    at_s: FloatArray
    lonlat: FloatArray
    heading_deg: FloatArray
    accuracy_m: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Stamps:
    """Status stamps in order of unit and time; all (k,).

    unit_id : int64; at_s : float64; drives : int16 `LIGHTS`, `PLAIN` or `STANDING` from then on
    """

    unit_id: IdArray
    at_s: FloatArray
    drives: NDArray[np.int16]


def list_units(session: Session, city_id: int) -> list[int]:
    """Return the ids of a city's units."""
    found = session.execute(
        text("SELECT unit_id FROM units WHERE city_id = :city_id ORDER BY unit_id"),
        {"city_id": city_id},
    )
    return list(found.scalars())


def first_and_last_report(
    session: Session, unit_id: int, *, from_at: datetime | None, to_at: datetime
) -> tuple[datetime, datetime] | None:
    """Return when the first and the last position of a period were received, None if none was."""
    since = "" if from_at is None else " AND received_at >= :from_at"
    row = session.execute(
        text(
            "SELECT min(received_at), max(received_at) FROM unit_positions"  # noqa: S608 (texts of ours)
            f" WHERE unit_id = :unit_id AND received_at < :to_at{since}"
        ),
        {"unit_id": unit_id, "from_at": from_at, "to_at": to_at},
    ).one()
    return None if row[0] is None else (row[0], row[1])


def read_positions(
    session: Session, unit_id: int, *, from_at: datetime, to_at: datetime
) -> Positions:
    """Return what was received of one unit; of two reports of one moment, the first."""
    at_s, lon, lat, heading_deg, accuracy_m = columns_of(
        session, _POSITIONS, ("double",) * 5,
        {"unit_id": unit_id, "from_at": from_at, "to_at": to_at},
    )  # fmt: skip
    order = np.argsort(at_s, kind="stable")
    return Positions(
        at_s=at_s[order],
        lonlat=np.column_stack((lon, lat))[order],
        heading_deg=heading_deg[order],
        accuracy_m=accuracy_m[order],
    )


def read_stamps(session: Session, city_id: int, *, from_at: datetime, to_at: datetime) -> Stamps:
    """Return what the units of a city did in a period, and whether they drove then."""
    unit_id, at_s, drives, ordinal = columns_of(
        session, _STAMPS, ("bigint", "double", "smallint", "bigint"),
        {"city_id": city_id, "from_at": from_at, "to_at": to_at},
    )  # fmt: skip
    order = np.lexsort((ordinal, at_s, unit_id))
    return Stamps(unit_id=unit_id[order], at_s=at_s[order], drives=drives[order])
