"""Use case of places that closures cut off."""

from collections.abc import Collection
from uuid import UUID

from gis.database import WritingUnitOfWork
from gis.events import NewEvent
from routing.conditions import repository
from routing.conditions.connectivity import CutOff
from routing.errors import RoadConditionNotFoundError


def report_cut_off(
    uow: WritingUnitOfWork, condition_id: UUID, found: Collection[CutOff]
) -> tuple[CutOff, ...]:
    """Put on record which places a condition has cut off; they reach the consoles as events.

    Raises
    ------
    RoadConditionNotFoundError
        There is no such condition.
    """
    row = repository.find_condition(uow.session, condition_id, lock=True)
    if row is None:
        raise RoadConditionNotFoundError(condition_id)
    for one in found:
        uow.emit(
            NewEvent(
                "road_condition",
                str(condition_id),
                "road.place_cut_off",
                {
                    "condition_id": str(condition_id), "place_kind": one.place.kind,
                    "place_id": one.place.place_id, "place_name": one.place.name,
                    "can_leave": one.can_leave, "can_be_reached": one.can_be_reached,
                },
                occurred_at=uow.clock.now(),
                city_id=row.city_id,
            )
        )  # fmt: skip
    return tuple(found)
