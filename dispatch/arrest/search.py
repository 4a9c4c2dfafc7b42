"""Who could help an arrest and how soon: searched before anything is locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import numpy.typing as npt

from dispatch.aeds.fetchable import Apart, pick_up_s, why_apart
from dispatch.aeds.walking import WALK_SPEED_M_S, whole_walks
from dispatch.arrest import repository
from dispatch.arrest.wave import delivery_times_s
from dispatch.volunteers import repository as volunteers
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.kernels.opening_hours import COUNTRY_OF_TIME_ZONE, open_states
from gis.rows import AnyRow
from routing.live.pinned import PinnedRoads
from routing.live.routing import Routing
from routing.roads.model import Profile

FloatArray = npt.NDArray[np.float64]

USEFUL_WITHIN_S = 900.0
"""Whoever or whatever comes later on foot is not asked for: a quarter of an hour."""
NEAR_M = USEFUL_WITHIN_S * WALK_SPEED_M_S
"""No way on foot that is useful is longer, so nobody farther by air line has one."""
POSITION_FRESH = timedelta(minutes=15)
"""A volunteer whose latest position is older is not asked: where they are is not known."""
_EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True, eq=False)
class Helpers:
    """Who and what is near an arrest at a moment.

    volunteer_ids: v; direct_s: (v,) seconds on foot to the patient, inf = no way; aeds: a rows that
    can be fetched now; delivery_s: (v, a) float32 seconds until the patient has each by each;
    apart: AEDs nobody is sent for, with the reason.
    """

    at: datetime
    volunteer_ids: tuple[UUID, ...]
    direct_s: FloatArray
    aeds: tuple[AnyRow, ...]
    delivery_s: npt.NDArray[np.float32]
    apart: tuple[tuple[AnyRow, Apart], ...]


def find_helpers(uow: UnitOfWork, routing: Routing, incident_id: UUID) -> Helpers:
    """Return who could help an incident now, on foot by the walking network.

    Nobody where the incident has no place.
    """
    now = uow.clock.now()
    scene = volunteers.scene_of(uow.session, incident_id)
    if scene is None or scene.lon is None:
        return Helpers(now, (), np.empty(0), (), np.empty((0, 0), np.float32), ())
    people = volunteers.able_volunteers(
        uow.session, incident_id, city_id=scene.city_id, lon=scene.lon, lat=scene.lat,
        within_m=NEAR_M, since=now - POSITION_FRESH,
    )  # fmt: skip
    rows = repository.aeds_near(
        uow.session, scene.city_id, lon=scene.lon, lat=scene.lat, within_m=NEAR_M
    )
    city = require_city(uow, scene.city_id)
    hours = open_states([row.opening_hours for row in rows], now, time_zone=city.time_zone)
    claimed = volunteers.claimed_until(uow.session, [row.aed_id for row in rows], now=now)
    judged = [
        (row, why_apart(
            state=row.state, claimed_until_at=claimed.get(row.aed_id), reported=row.reported,
            access=row.access, open_by_hours=open_by_hours,
        ))
        for row, open_by_hours in zip(rows, hours, strict=True)
    ]  # fmt: skip
    aeds = tuple(row for row, why in judged if why is None)
    chinese = COUNTRY_OF_TIME_ZONE.get(city.time_zone) == "CN"
    lifts = np.array([pick_up_s(row.floor, indoor=row.indoor, chinese=chinese) for row in aeds])
    place = np.array([[scene.lon, scene.lat]])
    with routing.at(uow, scene.city_id) as roads:
        direct_s = _walks(roads, _points(people), place)[:, 0]
        to_patient_s = _walks(roads, _points(aeds), place)[:, 0]
        to_aed_s = _walks(roads, _points(people), _points(aeds))
    direct_s = np.where(direct_s <= USEFUL_WITHIN_S, direct_s, np.inf)
    return Helpers(
        at=now, volunteer_ids=tuple(row.volunteer_id for row in people), direct_s=direct_s,
        aeds=aeds, delivery_s=delivery_times_s(to_aed_s, lifts, to_patient_s),
        apart=tuple((row, why) for row, why in judged if why is not None),
    )  # fmt: skip


def _points(rows: Sequence[AnyRow]) -> FloatArray:
    return np.array([(row.lon, row.lat) for row in rows], dtype=np.float64).reshape(-1, 2)


def _walks(roads: PinnedRoads, starts: FloatArray, ends: FloatArray) -> FloatArray:
    """Return (n, m) seconds on foot, off the road included; by straight line without a graph."""
    if not len(starts) or not len(ends):
        return np.empty((len(starts), len(ends)))
    across_m = _across_m(starts, ends)
    if not roads.has(Profile.WALK):
        return across_m / WALK_SPEED_M_S
    found = roads.matrix(starts, ends, profile=Profile.WALK)
    road_s = np.vstack(list(found.blocks)).astype(np.float64)
    off_m = found.origin_snap_distance_m[:, None] + found.destination_snap_distance_m[None, :]
    return whole_walks(road_s, off_m, across_m).time_s


def _across_m(starts: FloatArray, ends: FloatArray) -> FloatArray:
    (lon, lat), (to_lon, to_lat) = np.radians(starts).T, np.radians(ends).T
    half = (
        np.sin((to_lat[None, :] - lat[:, None]) / 2.0) ** 2
        + np.cos(lat)[:, None] * np.cos(to_lat)[None, :]
        * np.sin((to_lon[None, :] - lon[:, None]) / 2.0) ** 2
    )  # fmt: skip
    return np.asarray(2.0 * _EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))
