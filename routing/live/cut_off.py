"""Which stations and hospitals a closure cuts off: before it is confirmed, and once it stands."""

from collections.abc import Sequence

import numpy as np

from gis.database import UnitOfWork
from routing.conditions.connectivity import Connectivity, CutOff, Place, cut_off
from routing.conditions.leg_times import leg_times
from routing.conditions.repository_streets import places_that_must_be_reached
from routing.conditions.service import read_snapshot
from routing.engine.digraph import INFINITE_MS
from routing.live.city_roads import CityRoads
from routing.live.routing import DISPATCH_SNAP_LIMIT_M, Routing
from routing.roads.model import IndexArray, Profile

ALERT_PROFILE = Profile.AMBULANCE_LIGHTS
"""Whose ways are looked at: a place that this vehicle does not reach is cut off."""


def cut_off_if_closed(
    routing: Routing, uow: UnitOfWork, city_id: int, *, segment_ids: Sequence[int]
) -> tuple[CutOff, ...]:
    """Return the places that would be cut off if these segments were closed both ways."""
    city = routing.city(city_id)
    roads = None if city is None else city.profile(ALERT_PROFILE)
    if city is None or roads is None or not len(segment_ids):
        return ()
    known = city.network.segments.segment_id
    rows = np.flatnonzero(np.isin(known, np.asarray(segment_ids, np.int64)))
    closed_ms = roads.times.leg_ms.copy()
    closed_ms[np.concatenate((2 * rows, 2 * rows + 1))] = INFINITE_MS
    return _lost(city, uow, city_id, leg_ms=closed_ms, before_ms=roads.times.leg_ms)


def cut_off_by_what_was_written(
    routing: Routing, uow: UnitOfWork, city_id: int
) -> tuple[CutOff, ...]:
    """Return the places that what `uow` has written cuts off, compared with the roads in force.

    The written conditions are read for this answer only: until the commit nobody else sees them.
    """
    city = routing.city(city_id)
    roads = None if city is None else city.profile(ALERT_PROFILE)
    if city is None or roads is None:
        return ()
    network, at = city.network, uow.clock.now()
    snapshot = read_snapshot(
        uow, city_id, segments=network.segments, network_version=network.version.network_version,
        at=at, previous=city.snapshot,
    )  # fmt: skip
    times = leg_times(
        network.segments, roads.layer.rules, free_flow_ms=roads.layer.graph.free_flow_ms,
        snapshot=snapshot, at=at, contraflow_ms=roads.layer.graph.contraflow_ms,
        previous=roads.times,
    )  # fmt: skip
    return _lost(city, uow, city_id, leg_ms=times.leg_ms, before_ms=roads.times.leg_ms)


def _lost(
    city: CityRoads,
    uow: UnitOfWork,
    city_id: int,
    *,
    leg_ms: IndexArray,
    before_ms: IndexArray,
) -> tuple[CutOff, ...]:
    rows = places_that_must_be_reached(uow.session, city_id)
    roads = city.profile(ALERT_PROFILE)
    if not rows or roads is None:
        return ()
    points = np.array([(row["lon"], row["lat"]) for row in rows], np.float64)
    snapped = roads.router.snap(points, max_distance_m=DISPATCH_SNAP_LIMIT_M)
    found = np.flatnonzero(snapped.found)
    if not found.size:
        return ()
    segment = snapped.segment[snapped.start[found]]
    places = [
        Place(rows[row]["kind"], rows[row]["place_id"], rows[row]["name"], rows[row]["name_zh"])
        for row in found.tolist()
    ]
    connected = Connectivity.of(city.network.segments, segment)
    return cut_off(places, connected, leg_ms=leg_ms, without_closures_ms=before_ms)
