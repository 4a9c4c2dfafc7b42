"""Units under way that will be late by the roads as they are now, or that stand still.

Looked at for all incidents twice a minute, by the process that keeps the roads mapped. What is
found is kept with the assignment: from then on its incident needs somebody (`stalled`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import numpy as np

from dispatch.arrivals import repository
from dispatch.choosing.service import PROFILE_BY_MODE
from dispatch.fleet.headings import STALE_AFTER_S
from dispatch.incidents.alarms import repository as repository_alarms
from dispatch.incidents.urgency import ARRIVAL_MARGIN_S
from gis.access import SYSTEM
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.geometry import Wgs84Point
from gis.jobs.running import Run
from gis.rows import AnyRow
from routing.live.process import routing_of
from routing.live.routing import Routing

STANDING_S = 120.0
"""A unit that set out this long ago and has moved less than `STANDING_M` since stands still."""

STANDING_M = 75.0
"""Twice what a position of a standing unit wanders between tall houses."""

AT_PLACE_M = 250.0
"""So near its place a unit may have stopped to look for the door."""


@dataclass(frozen=True, slots=True)
class Way:
    """One unit under way, as it is now.

    moved_m: how far from where it was `STANDING_S` ago; None where that is not known, or where it
    has not been under way for so long. to_place_m: in a straight line.
    """

    told_at: datetime | None
    expected_at: datetime | None
    moved_m: float | None
    to_place_m: float


def is_overdue(way: Way) -> bool:
    """Return whether a unit will be late by more than the margin, or stands still on its way."""
    if way.told_at is not None and way.expected_at is not None:
        late_s = (way.expected_at - way.told_at).total_seconds()
        if late_s >= ARRIVAL_MARGIN_S:
            return True
    return way.moved_m is not None and way.moved_m < STANDING_M and way.to_place_m > AT_PLACE_M


def watch_arrivals(run: Run) -> None:
    """Note which units have become overdue, and which are no more, as a timer does."""
    routing = routing_of(run)
    with run.database.read(SYSTEM) as uow:
        found = find_overdue(uow, routing)
    with run.effect() as uow:
        note_overdue(uow, found)


def find_overdue(uow: UnitOfWork, routing: Routing) -> frozenset[UUID]:
    """Return the assignments whose unit is overdue now; the roads are asked once an incident."""
    now = uow.clock.now()
    rows = repository.under_way(
        uow.session, then=now - timedelta(seconds=STANDING_S),
        since=now - timedelta(seconds=STALE_AFTER_S),
    )  # fmt: skip
    found: set[UUID] = set()
    for _, ways in groupby(rows, key=lambda row: row.incident_id):
        units = list(ways)
        times_s = _times_s(uow, routing, units)
        found |= {
            row.assignment_id
            for row, time_s in zip(units, times_s, strict=True)
            if is_overdue(_way(row, time_s, now))
        }
    return frozenset(found)


def note_overdue(uow: WritingUnitOfWork, overdue: frozenset[UUID]) -> None:
    """Write down what has changed, each with an event of its incident.

    An incident that somebody is changing is left for the next time.
    """
    now = uow.clock.now()
    differing = {row.incident_id for row in repository.overdue_changes(uow.session, overdue)}
    if not differing:
        return
    locked = repository_alarms.lock_free(uow.session, differing)
    changed = repository.change_overdue(uow.session, overdue, incident_ids=locked, now=now)
    for row in changed:
        name = "overdue" if row.overdue_since is not None else "in_time"
        uow.emit(NewEvent(
            "incident", str(row.incident_id), f"assignment.{name}",
            {
                "assignment_id": row.assignment_id, "unit_id": row.unit_id,
                "call_sign": row.call_sign,
            },
            now, city_id=row.city_id, area_code=row.area_code,
        ))  # fmt: skip


def _times_s(uow: UnitOfWork, routing: Routing, units: Sequence[AnyRow]) -> Sequence[float]:
    """Return seconds to the incident's place by the roads; infinite where that is not known."""
    row = units[0]
    origins = np.array([(one.lon, one.lat) for one in units], dtype=np.float64)
    profile = PROFILE_BY_MODE[(row.response_plan or {}).get("mode", "lights")]
    with routing.at(uow, row.city_id) as roads:
        times = roads.times_to((row.place_lon, row.place_lat), origins, profile=profile)
    return [float(one) for one in times.time_s]


def _way(row: AnyRow, time_s: float, now: datetime) -> Way:
    here = Wgs84Point(row.lon, row.lat)
    told_s = row.predicted_travel_time_s
    return Way(
        told_at=None if told_s is None else row.created_at + timedelta(seconds=told_s),
        expected_at=now + timedelta(seconds=time_s) if math.isfinite(time_s) else None,
        moved_m=None
        if row.then_lon is None
        else here.distance_m(Wgs84Point(row.then_lon, row.then_lat)),
        to_place_m=here.distance_m(Wgs84Point(row.place_lon, row.place_lat)),
    )
