"""What was recorded: spans of responses, modelled beside recorded, calls by hour, seats."""

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
from gis.kernels.seats import AnswerStandard
from planning.history.service import calibration, call_centre, demand, forecast, recorded
from planning.history.views import (
    CalibrationView,
    CallCentreView,
    DemandView,
    ForecastView,
    RecordedView,
)
from planning.permissions import ACCESS_READ

router = DoorRouter(Work.HEAVY, prefix="/v1/planning")

AccessReader = Annotated[ReadingUnitOfWork, Depends(reads(ACCESS_READ), scope="function")]
By = Annotated[
    list[Literal["district", "unit_class", "priority", "hour"]],
    Query(max_length=4, description="What the spans are parted by."),
]


@router.get("/recorded", summary="Turnout, travel and response as they were recorded")
def spans(
    uow: AccessReader,
    city_id: CityQuery,
    by: By = [],  # noqa: B006 (read, never changed)
) -> Answer[RecordedView]:
    """Return count, median and P90 of each span of the imported responses.

    Of fewer than ten no percentile is told. Records out of order or with missing stamps are counted
    and left out.
    """
    require_city(uow, city_id)
    return Answer(recorded(uow, city_id, by=tuple(dict.fromkeys(by))))


@router.get("/calibration", summary="Modelled travel beside recorded travel")
def compared(uow: AccessReader, context: Context, city_id: CityQuery) -> Answer[CalibrationView]:
    """Return how far modelled times are from recorded ones, and a correction that proved itself.

    One half of the calls fits it, the other judges it. Responses count whose station is known here
    by the name that the records give it.
    """
    require_city(uow, city_id)
    with context.routing.at(uow, city_id) as roads:
        return Answer(calibration(uow, roads, city_id))


@router.get("/demand", summary="Calls by hour of the week")
def by_hour(uow: AccessReader, city_id: CityQuery) -> Answer[DemandView]:
    """Return calls an hour with their interval for the 168 hours of the week, from Monday 0:00.

    Of the imported records, else of the incidents of the last 91 days.
    """
    require_city(uow, city_id)
    return Answer(demand(uow, city_id))


@router.get("/forecast", summary="Calls expected in the days to come")
def expected(
    uow: AccessReader,
    city_id: CityQuery,
    days: Annotated[int, Query(ge=1, le=28, description="After the last whole one.")] = 7,
    by: Annotated[Literal["day", "hour"], Query(description="What the calls are of.")] = "day",
    area_code: Annotated[
        str | None, Query(max_length=64, description="Of one area; default all that one may see.")
    ] = None,
) -> Answer[ForecastView]:
    """Return calls by day or hour with their interval, and how the models did from earlier days.

    A model is shown only where it beat last week's counts; else those are.
    """
    require_city(uow, city_id)
    return Answer(forecast(uow, city_id, days=days, by=by, area_code=area_code))


@router.get("/seats", summary="Seats of the call centre by hour of the week")
def seats(
    uow: AccessReader,
    city_id: CityQuery,
    share: Annotated[float, Query(gt=0, lt=1, description="Of the calls, answered.")] = 0.95,
    within_s: Annotated[float, Query(ge=0, le=600, description="In so many seconds.")] = 10.0,
    handling_s: Annotated[
        float, Query(gt=0, le=7200, description="Seconds a call keeps its seat, in the mean.")
    ] = 180.0,
) -> Answer[CallCentreView]:
    """Return how many seats must be staffed for a standard, by default China's of 2020.

    For the calls that are usual in an hour, and for as many as their interval holds.
    """
    require_city(uow, city_id)
    return Answer(
        call_centre(
            uow, city_id, standard=AnswerStandard(share, within_s), handling_s=handling_s
        )
    )  # fmt: skip
