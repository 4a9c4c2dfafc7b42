"""The five-minute circle of social first aid: whom volunteers and defibrillators reach."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import Field

from api.context import Context
from api.http.answers import Answer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import PointIn, RowId, Shape
from gis.cities import require_city
from gis.database import ReadingUnitOfWork
from planning.access.model import TimeOfDay
from planning.first_aid.circle import Way
from planning.first_aid.service import Asked, Volunteers, first_aid
from planning.first_aid.views import FirstAidView
from planning.permissions import ACCESS_READ

router = DoorRouter(Work.HEAVY, prefix="/v1/planning")

AccessReader = Annotated[ReadingUnitOfWork, Depends(reads(ACCESS_READ), scope="function")]
Hour = Annotated[int, Field(ge=0, le=23)]


class VolunteersIn(Shape):
    """Volunteers at one place, from an hour up to another, local; all day where both are alike."""

    point: PointIn
    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    from_hour: Hour = 0
    to_hour: Hour = 0
    storeys: Annotated[float, Field(ge=0, le=150)] = 0.0

    def given(self) -> Volunteers:
        """Return them in WGS-84."""
        at = self.point.declared_strictly().to_wgs84()
        return Volunteers(
            at.lon, at.lat, self.count, self.from_hour, self.to_hour, self.storeys
        )  # fmt: skip


class CircleIn(Shape):
    """Which circle is asked for."""

    city_id: RowId
    limit_min: Annotated[float, Field(gt=0, le=60)] = 5.0
    there_and_back: bool = Field(True, description="A device is fetched and brought back.")
    alert_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    patient_storeys: Annotated[float, Field(ge=0, le=150)] = 0.0
    day: date | None = Field(None, description="Whose opening hours; today if not said.")
    time_of_day: TimeOfDay = TimeOfDay.ALL
    volunteers: Annotated[tuple[VolunteersIn, ...], Field(max_length=5_000)] = ()


@router.post("/first-aid", summary="Whom a volunteer or a defibrillator reaches in five minutes")
def circle(uow: AccessReader, context: Context, body: CircleIn) -> Answer[FirstAidView]:
    """Return the share of people whom help reaches on foot, for each hour of a day, by district.

    Defibrillators are those of the registers that are in service, by their opening hours and
    floors; volunteers are given with the question and not stored.
    """
    require_city(uow, body.city_id)
    asked = Asked(
        city_id=body.city_id, at=uow.clock.now(),
        device=Way(
            body.limit_min * 60.0, body.there_and_back, body.patient_storeys, body.alert_s
        ),
        volunteers=tuple(one.given() for one in body.volunteers), day=body.day,
        time_of_day=body.time_of_day,
    )  # fmt: skip
    with context.routing.at(uow, body.city_id) as roads:
        return Answer(first_aid(uow, roads, asked))
