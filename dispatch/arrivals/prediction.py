"""What road times say at the moment a unit is sent: kept, to be compared with what came of it."""

import logging
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import numpy as np

from dispatch.choosing.recommend import travel_time_interval
from dispatch.choosing.service import PROFILE_BY_MODE
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.headings import FloatArray, headings_deg
from dispatch.incidents import repository
from dispatch.permissions import DISPATCH
from gis.access import SYSTEM, Permission
from gis.database import Database, UnitOfWork
from gis.errors import GoldenHourError
from gis.geometry import Wgs84Point
from gis.rows import AnyRow
from routing.live.pinned import PinnedRoads
from routing.live.routing import Routing
from routing.roads.errors import NoRoadNearbyError

NOT_ASKED, NO_PLACE, NO_ROAD, TOO_SLOW, PLACE_MOVED, MODE_CHANGED, FAILED = (
    "not_asked", "no_place", "no_road", "too_slow", "place_moved", "mode_changed", "failed",
)  # fmt: skip
"""Why there is no prediction. `no_road`: no way by the roads as they are, closed or missing."""

DEADLINE_S = 0.25
"""A dispatch waits for its prediction no longer."""

LOGGED_STEP_S = 30.0
"""The event log tells a time to the scene no finer: it cannot be erased, and times of several units
with their places would say where somebody lives."""

_SEARCHES_AT_ONCE = 2

_log = logging.getLogger("goldenhour.dispatch")


@dataclass(frozen=True, slots=True)
class Prediction:
    """Time to the scene, by road or straight line; or why it is not known.

    low_s, high_s : the interval told with it
    distance_m : straight line from the unit, or its station, to the scene
    place : longitude, latitude and way of driving ('lights', 'normal') it was made for
    """

    travel_time_s: float | None = None
    predicted_by: str | None = None
    low_s: float | None = None
    high_s: float | None = None
    distance_m: float | None = field(default=None, repr=False)
    topology_id: str | None = None
    conditions_id: str | None = None
    fault: str | None = None
    place: tuple[float, float, str] | None = field(default=None, repr=False)

    def still_for(self, incident: AnyRow) -> "Prediction":
        """Return this, or that it is for another place or way of driving than `incident` has now.

        The unit's position is the one known when the dispatcher pressed; a newer one is no fault.
        """
        now = _place_of(incident)
        if self.place is None or self.place == now:
            return self
        return Prediction(fault=PLACE_MOVED if self.place[:2] != now[:2] else MODE_CHANGED)

    def columns(self, *, shown_s: float | None, shown_by: str | None) -> dict[str, Any]:
        """Return what the assignment keeps; the desk goes by what was shown where this has none."""
        own = self.travel_time_s is not None
        return {
            "predicted_travel_time_s": self.travel_time_s if own else shown_s,
            "predicted_by": self.predicted_by if own else shown_by,
            "predicted_low_s": self.low_s,
            "predicted_high_s": self.high_s,
            "predicted_distance_m": self.distance_m,
            "topology_id": self.topology_id,
            "conditions_id": self.conditions_id,
            "prediction_fault": self.fault,
            "shown_travel_time_s": shown_s,
            "shown_by": shown_by,
        }

    def payload(self) -> dict[str, Any]:
        """Return what the log may say: no distance, times by road in steps of `LOGGED_STEP_S`.

        A time by straight line is a distance in other words, so it is left out too.
        """
        logged_s = None
        if self.predicted_by == "road" and self.travel_time_s is not None:
            logged_s = round(self.travel_time_s / LOGGED_STEP_S) * LOGGED_STEP_S
        return {
            "predicted_travel_time_s": logged_s,
            "predicted_by": self.predicted_by,
            "topology_id": self.topology_id,
            "conditions_id": self.conditions_id,
            "prediction_fault": self.fault,
        }


UNASKED = Prediction(fault=NOT_ASKED)


def predict(
    uow: UnitOfWork, routing: Routing, incident_id: UUID, *, unit_id: int, database: Database,
    permission: Permission = DISPATCH,
) -> Prediction:  # fmt: skip
    """Predict a unit's time to an incident by the roads.

    To be called before anything is locked: it reads both without a lock, and waits for the search
    at most `DEADLINE_S`. Whatever goes wrong with it becomes the reason why there is no prediction:
    no dispatch fails for it. An incident or unit that is not the viewer's is left to `assign`.

    permission : within whose areas the incident and the unit lie
    database : where the roads are pinned, so that every closure committed before counts. In a
        transaction of its own: an error there leaves `uow` as it is.
    """
    prefixes = uow.identity.jurisdictions(permission)
    incident = repository.find_incident(uow.session, incident_id, prefixes=prefixes)
    now = uow.clock.now()
    units = repository_fleet.list_units(uow.session, prefixes=prefixes, at=now, unit_ids=[unit_id])
    if incident is None or not units:
        return UNASKED
    try:
        return _predicted(routing, incident, units[0], now=now, database=database)
    except Exception as error:  # noqa: BLE001 (a unit is sent whatever is wrong with the roads)
        # The type only: an error's words may hold the place.
        kind = type(error).__name__
        _log.warning("a unit is sent without a travel time: %s", kind)
        code = error.code if isinstance(error, GoldenHourError) else kind
        return Prediction(fault=f"{FAILED}: {code}")


def _predicted(
    routing: Routing, incident: AnyRow, unit: AnyRow, *, now: datetime, database: Database
) -> Prediction:  # fmt: skip
    if incident.lon is None:
        return Prediction(fault=NO_PLACE)
    # The rows stay with this thread's transaction: the search gets plain values.
    age_s = np.nan if unit.device_at is None else max((now - unit.device_at).total_seconds(), 0.0)
    searching = _searches().submit(
        _searched, routing, city_id=incident.city_id, place=_place_of(incident),
        origin=_origin_of(unit), position_age_s=age_s, database=database,
        heading_deg=headings_deg(
            _column(unit.heading_deg), speed_kmh=_column(unit.speed_kmh),
            position_age_s=_column(age_s),
        ),
    )  # fmt: skip
    wait((searching,), timeout=DEADLINE_S)
    if not searching.done():
        searching.cancel()
        _log.warning("a unit is sent without a travel time: none within %s s", DEADLINE_S)
        return Prediction(fault=TOO_SLOW)
    return searching.result()


def _column(value: float | None) -> FloatArray:
    """Return (1,), NaN for None."""
    return np.array([value], dtype=np.float64)


def _origin_of(unit: AnyRow) -> FloatArray:
    """Where a unit is: (1, 2) longitude, latitude; its station where nothing was reported."""
    lon, lat = (
        (unit.station_lon, unit.station_lat) if unit.lon is None else (unit.lon, unit.lat)
    )  # fmt: skip
    return np.array([[lon, lat]], dtype=np.float64)


@cache
def _searches() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_SEARCHES_AT_ONCE, thread_name_prefix="prediction")


def _searched(
    routing: Routing, *, city_id: int, place: tuple[float, float, str], origin: Any,
    heading_deg: Any, position_age_s: float, database: Database,
) -> Prediction:  # fmt: skip
    goal = place[:2]
    unknown = Prediction(
        place=place,
        distance_m=Wgs84Point(*goal).distance_m(Wgs84Point(*origin[0].tolist())),
    )
    with database.read(SYSTEM) as uow, routing.at(uow, city_id) as roads:
        time_s, known = _asked(roads, unknown, origin=origin, heading_deg=heading_deg)
    if not np.isfinite(time_s):
        return replace(known, predicted_by=None, fault=NO_ROAD)
    low_s, high_s = travel_time_interval(
        np.array([time_s]), position_age_s=np.array([position_age_s]),
        straight_line=known.predicted_by == "straight_line",
    )  # fmt: skip
    return replace(known, travel_time_s=time_s, low_s=float(low_s[0]), high_s=float(high_s[0]))


def _asked(
    roads: PinnedRoads, unknown: Prediction, *, origin: Any, heading_deg: Any
) -> tuple[float, Prediction]:
    """Search once; that closed roads are in the way is not worth a second search here."""
    assert unknown.place is not None
    goal, profile = unknown.place[:2], PROFILE_BY_MODE[unknown.place[2]]
    if not roads.has(profile):
        times = roads.times_to(goal, origin, profile=profile)
        return float(times.time_s[0]), replace(unknown, predicted_by=times.basis)
    try:
        found = roads.nearest(goal, origin, profile=profile, k=1, heading_deg=heading_deg)
    except NoRoadNearbyError:
        return np.inf, unknown
    return float(found.time_s[0]) if found.time_s.size else np.inf, replace(
        unknown, predicted_by="road", topology_id=found.versions.topology_id,
        conditions_id=found.versions.conditions_id,
    )  # fmt: skip


def _place_of(incident: AnyRow) -> tuple[float, float, str]:
    plan = incident.response_plan or {}
    return incident.lon, incident.lat, plan.get("mode", "lights")
