"""Which stations and hospitals a closure cuts off: before it is confirmed, and once it stands."""

from collections.abc import Sequence

import numpy as np

from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from routing.conditions.connectivity import Connectivity, CutOff, Place, cut_off
from routing.conditions.repository_streets import places_that_must_be_reached
from routing.conditions.views import ConditionView
from routing.engine.digraph import INFINITE_MS
from routing.live.pinned import DISPATCH_SNAP_LIMIT_M, PinnedRoads
from routing.roads.model import IndexArray, Profile

ALERT_PROFILE = Profile.AMBULANCE_LIGHTS
"""Whose ways are looked at: a place that this vehicle does not reach is cut off."""


def cut_off_if_closed(
    uow: UnitOfWork, roads: PinnedRoads, *, segment_ids: Sequence[int]
) -> tuple[CutOff, ...]:
    """Return the places that would be cut off if these segments were closed both ways."""
    if not roads.has(ALERT_PROFILE) or not len(segment_ids):
        return ()
    before_ms = _leg_ms(roads)
    known = roads.segments.segment_id
    rows = np.flatnonzero(np.isin(known, np.asarray(segment_ids, np.int64)))
    closed_ms = before_ms.copy()
    closed_ms[np.concatenate((2 * rows, 2 * rows + 1))] = INFINITE_MS
    return _lost(uow, roads, leg_ms=closed_ms, before_ms=before_ms)


def cut_off_since(
    uow: UnitOfWork, before: PinnedRoads, after: PinnedRoads
) -> tuple[CutOff, ...]:  # fmt: skip
    """Return the places that are cut off on the roads of `after` and were not on those before."""
    if not before.has(ALERT_PROFILE) or not after.has(ALERT_PROFILE):
        return ()
    return _lost(uow, after, leg_ms=_leg_ms(after), before_ms=_leg_ms(before))


def report_cut_off(
    uow: WritingUnitOfWork, condition: ConditionView, found: Sequence[CutOff]
) -> None:
    """Put on record which places a condition has cut off; they reach the consoles as events."""
    for one in found:
        uow.emit(
            NewEvent(
                "road_condition",
                str(condition.condition_id),
                "road.place_cut_off",
                {
                    "condition_id": str(condition.condition_id), "place_kind": one.place.kind,
                    "place_id": one.place.place_id, "place_name": one.place.name,
                    "can_leave": one.can_leave, "can_be_reached": one.can_be_reached,
                },
                occurred_at=uow.clock.now(),
                city_id=condition.city_id,
            )
        )  # fmt: skip


def _leg_ms(roads: PinnedRoads) -> IndexArray:
    assert roads.city is not None  # it has the profile
    return roads.city.profile(ALERT_PROFILE).times.leg_ms


def _lost(
    uow: UnitOfWork, roads: PinnedRoads, *, leg_ms: IndexArray, before_ms: IndexArray
) -> tuple[CutOff, ...]:
    rows = places_that_must_be_reached(uow.session, roads.city_id)
    if not rows:
        return ()
    points = np.array([(row["lon"], row["lat"]) for row in rows], np.float64)
    snapped, _ = roads.snap(points, profile=ALERT_PROFILE, max_distance_m=DISPATCH_SNAP_LIMIT_M)
    found = np.flatnonzero(snapped.found)
    if not found.size:
        return ()
    segment = snapped.segment[snapped.start[found]]
    places = [
        Place(rows[row]["kind"], rows[row]["place_id"], rows[row]["name"], rows[row]["name_zh"])
        for row in found.tolist()
    ]
    connected = Connectivity.of(roads.segments, segment)
    return cut_off(places, connected, leg_ms=leg_ms, without_closures_ms=before_ms)
