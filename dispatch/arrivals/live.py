"""When each unit under way will be there, by the roads as they are now."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from dispatch.choosing.service import PROFILE_BY_MODE
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.headings import STALE_AFTER_S, headings_deg
from dispatch.incidents.lifecycle import APPROACHING
from dispatch.incidents.records import assignment_views, read_incident
from dispatch.incidents.views import AssignmentView
from dispatch.model import AssignmentState
from dispatch.permissions import INCIDENT_READ
from gis.access import EVERYWHERE
from gis.database import UnitOfWork
from gis.geojson import LineString, line_string
from gis.rows import AnyRow
from routing.live.answers import Basis
from routing.live.routing import Routing

LATE_S = 60.0
"""A unit that will be this much later than was told at its dispatch is said to be late."""


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """One unit under way. expected_at: None where no road leads there from where it is.

    late_s: how much later than told at dispatch, of `LATE_S` and more; None: it is not.
    position_stale: the unit has not been heard of lately, so the time is from where it was.
    """

    assignment_id: UUID
    unit_id: int
    call_sign: str
    told_at: datetime | None
    travel_time_s: float | None
    expected_at: datetime | None
    late_s: float | None
    position_age_s: float | None
    position_stale: bool
    route: LineString | None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The units under way to an incident, first to arrive first; none while it has no place."""

    computed_at: datetime
    basis: Basis | None
    units: tuple[ArrivalView, ...]


def arrivals_now(uow: UnitOfWork, routing: Routing, incident_id: UUID) -> Arrivals:
    """Return when the units under way will be there, with the way each takes.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    incident = read_incident(uow, incident_id, INCIDENT_READ)
    now = uow.clock.now()
    under_way = {
        one.unit_id: one
        for one in assignment_views(uow, [incident_id])
        if AssignmentState(one.state) in APPROACHING
    }
    if incident.lon is None or not under_way:
        return Arrivals(now, None, ())
    # A unit lent by the neighbours counts too: it is this incident's.
    rows = repository_fleet.list_units(
        uow.session, prefixes=(EVERYWHERE,), at=now, unit_ids=list(under_way)
    )
    origins = np.array(
        [(row.station_lon, row.station_lat) if row.lon is None else (row.lon, row.lat)
         for row in rows], dtype=np.float64,
    )  # fmt: skip
    ages_s = np.array([_age_s(row, now) for row in rows], dtype=np.float64)
    headings = headings_deg(
        np.array([row.heading_deg for row in rows], dtype=np.float64),
        speed_kmh=np.array([row.speed_kmh for row in rows], dtype=np.float64),
        position_age_s=ages_s,
    )
    goal = (incident.lon, incident.lat)
    profile = PROFILE_BY_MODE[(incident.response_plan or {}).get("mode", "lights")]
    with routing.at(uow, incident.city_id) as roads:
        times = roads.times_to(goal, origins, profile=profile, heading_deg=headings)
        routes = {
            row: line_string(route.geometry)
            for row, route in roads.routes_to(
                goal, origins, profile=profile, k=len(rows), heading_deg=headings
            )
        }
    views = [
        _arrival(
            under_way[row.unit_id], now, time_s=float(times.time_s[index]),
            age_s=float(ages_s[index]), route=routes.get(index),
        )
        for index, row in enumerate(rows)
    ]  # fmt: skip
    views.sort(key=lambda one: (one.expected_at is None, one.expected_at or now, one.call_sign))
    return Arrivals(now, times.basis, tuple(views))


def late_by_s(told_at: datetime | None, expected_at: datetime | None) -> float | None:
    """Return how much later than told a unit will be, if that is `LATE_S` or more."""
    if told_at is None or expected_at is None:
        return None
    late_s = (expected_at - told_at).total_seconds()
    return late_s if late_s >= LATE_S else None


def _arrival(
    assignment: AssignmentView,
    now: datetime,
    *,
    time_s: float,
    age_s: float,
    route: LineString | None,
) -> ArrivalView:
    known = math.isfinite(time_s)
    expected_at = now + timedelta(seconds=time_s) if known else None
    return ArrivalView(
        assignment_id=assignment.assignment_id,
        unit_id=assignment.unit_id,
        call_sign=assignment.call_sign,
        told_at=assignment.predicted_arrival_at,
        travel_time_s=time_s if known else None,
        expected_at=expected_at,
        late_s=late_by_s(assignment.predicted_arrival_at, expected_at),
        position_age_s=age_s if math.isfinite(age_s) else None,
        position_stale=not age_s <= STALE_AFTER_S,
        route=route,
    )


def _age_s(row: AnyRow, now: datetime) -> float:
    return math.nan if row.device_at is None else max((now - row.device_at).total_seconds(), 0.0)
