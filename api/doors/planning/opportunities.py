"""What people reach of hospitals by car, bicycle or on foot, shared among all who reach it."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.context import Context
from api.http.answers import Answer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery
from gis.cities import require_city
from gis.database import ReadingUnitOfWork
from planning.opportunities.service import opportunities
from planning.opportunities.views import ReachView
from planning.permissions import ACCESS_READ
from routing.roads.model import Profile

router = DoorRouter(Work.HEAVY, prefix="/v1/planning")

AccessReader = Annotated[ReadingUnitOfWork, Depends(reads(ACCESS_READ), scope="function")]


@router.get("/opportunities", summary="Beds and emergency departments that people reach")
def reached(
    uow: AccessReader,
    context: Context,
    city_id: CityQuery,
    by: Annotated[
        Literal["car", "bicycle", "walk"], Query(description="How people travel.")
    ] = "car",
    limit_min: Annotated[
        float | None,
        Query(ge=1, le=240, description="Count all within it alike, instead of by steps to 30."),
    ] = None,
) -> Answer[ReachView]:
    """Return what people reach of hospitals, shared among all who reach it, and how evenly.

    E2SFCA by Luo and Qi's steps, or 2SFCA within `limit_min`. All people of the city compete; shown
    are those of the areas that the right reaches.
    """
    require_city(uow, city_id)
    with context.routing.at(uow, city_id) as roads:
        return Answer(opportunities(uow, roads, city_id, limit_min=limit_min, by=Profile(by)))
