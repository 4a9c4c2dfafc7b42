"""The studies with which the demo's page of planning begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from gis.access import SYSTEM
from gis.database import Database
from planning.studies.service import defer_study, keep_study, list_studies

AFTER_THE_ROADS = timedelta(minutes=1)
"""A first start builds the city's roads; a study that began at once would build them too."""


@dataclass(frozen=True, slots=True)
class DemoStudy:
    """One study that the demo asks for at its first start."""

    name: str
    kind: str
    parameters: Mapping[str, Any]


STUDIES: Mapping[str, tuple[DemoStudy, ...]] = MappingProxyType({
    "coquimbo": (
        DemoStudy("新增两辆救护车 Two more ambulances", "units", {"new_units": 2, "busy": 0.3}),
        DemoStudy("新增一个急救站 One more station", "siting", {"model": "mclp", "new_sites": 1}),
    ),
    "shenzhen": (
        DemoStudy(
            "新增200台AED 200 more AEDs", "aeds",
            {"new_aeds": 200, "reach_m": 200.0},
        ),
    ),
})  # fmt: skip


def ask_for_studies(database: Database, city_key: str, city_id: int) -> None:
    """Have the studies of a city worked out, unless it has some."""
    with database.unit_of_work(SYSTEM) as uow:
        if list_studies(uow, city_id, limit=1).studies:
            return
        for one in STUDIES.get(city_key, ()):
            study_id = keep_study(
                uow, city_id=city_id, name=one.name, kind=one.kind, parameters=one.parameters,
                shared=True,
            )  # fmt: skip
            defer_study(uow, study_id, due_at=uow.clock.now() + AFTER_THE_ROADS)
