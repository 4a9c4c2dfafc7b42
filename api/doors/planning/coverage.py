"""Who is covered by the units on duty, by the roads as they are."""

from typing import Annotated

from fastapi import Depends, Query

from api.context import Context
from api.http.answers import Answer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery
from gis.cities import require_city
from gis.database import ReadingUnitOfWork
from gis.standards import Setting
from planning.access.model import TimeOfDay
from planning.coverage.service import Asked, coverage
from planning.coverage.views import CoverageView
from planning.permissions import ACCESS_READ

router = DoorRouter(Work.HEAVY, prefix="/v1/planning")

AccessReader = Annotated[ReadingUnitOfWork, Depends(reads(ACCESS_READ), scope="function")]
Closed = Annotated[
    list[int], Query(max_length=200, description="Stations as if closed, by their ids.")
]
Busy = Annotated[
    float | None, Query(ge=0, lt=1, description="Share of time each unit is busy, if asked for.")
]


@router.get("/coverage", summary="Who is covered by the units on duty, and by which standards")
def coverage_now(  # noqa: PLR0917 (parts of a query, asked for by name)
    uow: AccessReader,
    context: Context,
    city_id: CityQuery,
    closed: Closed = [],  # noqa: B006 (read, never changed)
    busy: Busy = None,
    setting: Setting | None = None,
    time_of_day: TimeOfDay = TimeOfDay.ALL,
) -> Answer[CoverageView]:
    """Return people covered once and twice by class, hour, district and age, with standards.

    `closed`: what it would be without these stations and their units, and who loses by it. What
    nobody recorded is null, never zero. Counted is who lives in the areas that the right is held
    for.
    """
    require_city(uow, city_id)
    asked = Asked(
        city_id=city_id, at=uow.clock.now(), time_of_day=time_of_day,
        closed=tuple(sorted(set(closed))), busy=busy, setting=setting,
    )  # fmt: skip
    with context.routing.at(uow, city_id) as roads:
        return Answer(coverage(uow, roads, asked))
