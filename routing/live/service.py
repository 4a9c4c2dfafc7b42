"""The use cases of what somebody says of roads: preview it, store it, see whom it cuts off.

The door opens the unit of work and commits it; these never do.
"""

from dataclasses import dataclass

from gis.database import UnitOfWork, WritingUnitOfWork
from routing.conditions import closures
from routing.conditions.check import word
from routing.conditions.connectivity import CutOff
from routing.conditions.model import ConditionKind
from routing.conditions.views import ConditionPreview, ConditionView
from routing.live.cut_off import cut_off_if_closed, cut_off_since, report_cut_off
from routing.live.routing import Routing


@dataclass(frozen=True, slots=True)
class ConditionSet:
    """What was stored, and the stations and hospitals it cuts off."""

    condition: ConditionView
    cut_off: tuple[CutOff, ...]


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """What a drawing would hit, and the stations and hospitals it would cut off."""

    preview: ConditionPreview
    cut_off: tuple[CutOff, ...]


def set_condition(
    uow: WritingUnitOfWork,
    routing: Routing,
    kind: str,
    new: closures.NewCondition,
    *,
    depth_m: float | None = None,
    speed_kmh: float | None = None,
    speed_factor: float | None = None,
) -> ConditionSet:
    """Store a condition, lay it over the roads and put on record whom it cuts off.

    Compared are the roads as they were committed before and as they are with what is written here:
    other writers of the city wait meanwhile, so that nobody else's closure is laid to this one.

    Raises
    ------
    RoadCityUnknownError, DrawingInvalidError, DatumRequiredError, UnknownRoadsError, …
        As in `routing.conditions.closures.close_roads` and its like.
    ConditionWordInvalidError
        There is no such kind.
    """
    known = word(ConditionKind, kind, what="kind of condition")
    closures.begin_writing(uow, new.city_id)
    with routing.at(uow, new.city_id) as before:
        match known:
            case ConditionKind.CLOSURE:
                stored = closures.close_roads(uow, new)
            case ConditionKind.FLOOD:
                stored = closures.report_flood(uow, new, depth_m=depth_m)
            case ConditionKind.ROADWORKS:
                stored = closures.set_roadworks(
                    uow, new, speed_kmh=speed_kmh, speed_factor=speed_factor
                )
            case ConditionKind.SPEED:
                stored = closures.set_road_speed(uow, new, speed_kmh=speed_kmh)
            case ConditionKind.CONTRAFLOW_PERMIT:
                stored = closures.sign_contraflow(uow, new)
        if stored.state != "active":
            return ConditionSet(stored, ())
        with routing.at(uow, new.city_id) as after:
            found = cut_off_since(uow, before, after)
    report_cut_off(uow, stored, found)
    return ConditionSet(stored, found)


def preview_condition(
    uow: UnitOfWork, routing: Routing, kind: str, new: closures.NewCondition
) -> ConditionSeen:
    """Say what a drawing would hit and whom it would cut off, without storing anything.

    Raises
    ------
    RoadCityUnknownError, DrawingInvalidError, DatumRequiredError, UnknownRoadsError
        There is no such city, place or edge.
    ConditionWordInvalidError
        There is no such kind.
    """
    seen = closures.preview(uow, kind, new)
    if kind != ConditionKind.CLOSURE or new.sketch.direction != "both":
        return ConditionSeen(seen, ())
    with routing.at(uow, new.city_id) as roads:
        return ConditionSeen(seen, cut_off_if_closed(uow, roads, segment_ids=seen.segment_ids))
