"""What road times say at the moment a unit is sent: kept, to be compared with what came of it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from dispatch.repository import AnyRow
from dispatch.service_recommendation import (
    PROFILE_BY_MODE,
    TravelTimeSource,
    headings_of,
    places_of,
)
from gis.errors import GoldenHourError
from gis.geometry import Wgs84Point

NOT_ASKED, NO_PLACE, NO_ROAD, CUT_OFF, FAILED = (
    "not_asked", "no_place", "no_road", "cut_off", "failed",
)  # fmt: skip
"""Why there is no prediction."""

LOGGED_STEP_S = 30.0
"""The event log tells a time to the scene no finer: it cannot be erased, and times of several units
with their places would say where somebody lives."""

_log = logging.getLogger("goldenhour.dispatch")


@dataclass(frozen=True, slots=True)
class Prediction:
    """Time to the scene, by road or straight line; or why it is not known.

    distance_m : straight line from the unit, or its station, to the scene
    """

    travel_time_s: float | None = None
    predicted_by: str | None = None
    distance_m: float | None = None
    topology_id: str | None = None
    conditions_id: str | None = None
    fault: str | None = None

    def columns(self, *, shown_s: float | None, shown_by: str | None) -> dict[str, Any]:
        """Return what the assignment keeps; what the dispatcher was shown where this has none."""
        own = self.travel_time_s is not None
        return {
            "predicted_travel_time_s": self.travel_time_s if own else shown_s,
            "predicted_by": self.predicted_by if own else shown_by,
            "predicted_distance_m": self.distance_m,
            "topology_id": self.topology_id,
            "conditions_id": self.conditions_id,
            "prediction_fault": self.fault,
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


def predict(
    routing: TravelTimeSource | None, incident: AnyRow, unit: AnyRow, *, now: datetime
) -> Prediction:
    """Predict a unit's time to an incident from the roads as this process knows them.

    One search, about a millisecond, nothing from the database; whatever goes wrong becomes the
    reason why there is no prediction: a dispatch never fails for it.
    """
    if routing is None:
        return Prediction(fault=NOT_ASKED)
    if incident.lon is None:
        return Prediction(fault=NO_PLACE)
    goal = (incident.lon, incident.lat)
    origin = places_of([unit])
    distance_m = Wgs84Point(*goal).distance_m(Wgs84Point(*origin[0].tolist()))
    plan = incident.response_plan or {}
    try:
        times = routing.travel_times_to(
            incident.city_id, goal, origin,
            profile=PROFILE_BY_MODE[plan.get("mode", "lights")],
            heading_deg=headings_of([unit], now=now),
        )  # fmt: skip
    except (GoldenHourError, ValueError, LookupError, ArithmeticError) as error:
        _log.exception("no travel time for %s: it is sent without one", unit.call_sign)
        code = error.code if isinstance(error, GoldenHourError) else type(error).__name__
        return Prediction(distance_m=distance_m, fault=f"{FAILED}: {code}")
    time_s = float(times.time_s[0])
    known = bool(np.isfinite(time_s))
    cut_off = bool(np.isfinite(times.ignoring_closures_s[0]))
    return Prediction(
        travel_time_s=time_s if known else None,
        predicted_by=times.basis if known else None,
        distance_m=distance_m,
        topology_id=times.versions.topology_id if times.versions else None,
        conditions_id=times.versions.conditions_id if times.versions else None,
        fault=None if known else CUT_OFF if cut_off else NO_ROAD,
    )
