"""The use cases of live road conditions, in one place for the doors and the worker.

Each that writes takes the unit of work first, emits its events within that transaction and never
commits.
"""

from routing.conditions.alerts import report_cut_off
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
from routing.conditions.read import current_change, read_snapshot, refresh_network
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
    "EdgeChoice", "LearnedBatch", "NewCondition", "Sketch", "SpeedBatch", "SpeedsStored",
    "close_roads", "current_change", "end_condition", "extend_condition", "list_conditions",
    "preview", "read_snapshot", "refresh_network", "report_cut_off", "report_flood",
    "set_road_speed", "set_roadworks", "set_speeds", "show_condition", "sign_contraflow",
    "store_profiles", "sweep_speeds",
]  # fmt: skip
