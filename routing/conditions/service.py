"""The use cases of live road conditions, in one place for the doors and the worker.

Each that writes takes the unit of work first, emits its events within that transaction and never
commits. Those that need the roads as well stand in `routing.live.service`.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from gis.database import UnitOfWork
from routing.conditions import repository_streets
from routing.conditions.closures import (
    NewCondition,
    close_roads,
    end_condition,
    extend_condition,
    list_conditions,
    preview,
    report_flood,
    set_road_speed,
    set_roadworks,
    show_condition,
    sign_contraflow,
)
from routing.conditions.read import read_snapshot, refresh_network
from routing.conditions.repository_streets import NAMES_SHOWN, Street
from routing.conditions.sketch import EdgeChoice, Sketch
from routing.conditions.speeds import (
    LearnedBatch,
    SpeedBatch,
    SpeedsStored,
    set_speeds,
    store_profiles,
    sweep_speeds,
)

__all__ = [
    "NAMES_SHOWN", "EdgeChoice", "LearnedBatch", "NewCondition", "Sketch", "SpeedBatch",
    "SpeedsStored", "Street", "close_roads", "end_condition", "extend_condition", "list_conditions",
    "preview", "read_snapshot", "refresh_network", "report_flood", "set_road_speed",
    "set_roadworks", "set_speeds", "show_condition", "sign_contraflow", "store_profiles",
    "streets_of_conditions", "streets_of_segments", "sweep_speeds",
]  # fmt: skip


def streets_of_conditions(
    uow: UnitOfWork, condition_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[Street]]:
    """Return the named streets of each condition, the longest part first."""
    return repository_streets.streets_of_conditions(uow.session, condition_ids)


def streets_of_segments(
    uow: UnitOfWork, city_id: int, segment_ids: Sequence[int]
) -> Sequence[Street]:
    """Return the named streets of some segments, the longest part first."""
    return repository_streets.streets_of_segments(uow.session, city_id, segment_ids)
