"""SQL of vehicle positions as traces, read to learn from. Positions are written by `dispatch`."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from routing.conditions.repository_speeds import columns_of
from routing.learning.trip_model import Positions, Received, Stamps

_POSITIONS = (
    "SELECT extract(epoch FROM device_at)::float8 AS c0,"
    " extract(epoch FROM received_at)::float8 AS c1, (received_at >= %(from_at)s)::int::smallint"
    " AS c2, ST_X(geom) AS c3, ST_Y(geom) AS c4, coalesce(heading_deg, 'NaN') AS c5,"
    " coalesce(accuracy_m, 'NaN') AS c6"
    " FROM unit_positions WHERE unit_id = %(unit_id)s AND received_at >= %(known_from_at)s"
    " AND received_at < %(to_at)s"
)
_STAMPS = (
    "SELECT a.unit_id AS c0, extract(epoch FROM s.occurred_at)::float8 AS c1, (CASE"
    " WHEN s.state = 'en_route' AND coalesce(i.response_plan->>'mode', 'lights')"
    " = 'lights' THEN 1"
    " WHEN s.state IN ('notified', 'acknowledged', 'staging', 'on_scene', 'at_patient',"
    " 'at_destination', 'transferred') THEN -1"
    # Whether a patient is driven with lights is not stamped: such drives teach neither kind.
    " WHEN s.state = 'left_scene' AND coalesce(i.response_plan->>'mode', 'lights')"
    " = 'lights' THEN -1 ELSE 0 END)::smallint AS c2,"
    " s.ordinal AS c3"
    " FROM assignments a JOIN incidents i USING (incident_id)"
    " JOIN assignment_stamps s USING (assignment_id)"
    " WHERE i.city_id = %(city_id)s AND s.occurred_at >= %(from_at)s AND s.occurred_at < %(to_at)s"
    " AND s.undone_at IS NULL"
)
_FIRST_REPORT = text(
    "SELECT min(first.received_at) FROM unnest(CAST(:unit_ids AS bigint[])) AS unit(unit_id)"
    " CROSS JOIN LATERAL (SELECT received_at FROM unit_positions p"
    " WHERE p.unit_id = unit.unit_id AND received_at < :to_at"
    " AND received_at >= coalesce(CAST(:from_at AS timestamptz), '-infinity')"
    " ORDER BY received_at LIMIT 1) AS first"
)


def list_units(session: Session, city_id: int) -> list[int]:
    """Return the ids of a city's units."""
    found = session.execute(
        text("SELECT unit_id FROM units WHERE city_id = :city_id ORDER BY unit_id"),
        {"city_id": city_id},
    )
    return list(found.scalars())


def first_report(
    session: Session, unit_ids: Sequence[int], *, from_at: datetime | None, to_at: datetime
) -> datetime | None:
    """Return when the first position of any of the units was received in a period."""
    found: datetime | None = session.execute(
        _FIRST_REPORT, {"unit_ids": list(unit_ids), "from_at": from_at, "to_at": to_at}
    ).scalar_one()
    return found


def read_positions(
    session: Session, unit_id: int, *, known_from_at: datetime, from_at: datetime, to_at: datetime
) -> Received:
    """Return what was received of one unit; as not new what came before `from_at`."""
    at_s, received_s, new, lon, lat, heading_deg, accuracy_m = columns_of(
        session, _POSITIONS, ("double", "double", "smallint", *("double",) * 4),
        {"unit_id": unit_id, "known_from_at": known_from_at, "from_at": from_at, "to_at": to_at},
    )  # fmt: skip
    order = np.argsort(received_s, kind="stable")
    reports = Positions(at_s, np.column_stack((lon, lat)), heading_deg, accuracy_m).take(order)
    return Received(reports=reports, received_s=received_s[order], new=new[order] > 0)


def read_stamps(session: Session, city_id: int, *, from_at: datetime, to_at: datetime) -> Stamps:
    """Return what the units of a city did in a period, and whether they drove then."""
    unit_id, at_s, drives, ordinal = columns_of(
        session, _STAMPS, ("bigint", "double", "smallint", "bigint"),
        {"city_id": city_id, "from_at": from_at, "to_at": to_at},
    )  # fmt: skip
    order = np.lexsort((ordinal, at_s, unit_id))
    return Stamps(unit_id=unit_id[order], at_s=at_s[order], drives=drives[order])
