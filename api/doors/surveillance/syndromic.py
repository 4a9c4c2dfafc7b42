"""Ambulance calls by syndrome."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from api.http.answers import Answer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery
from gis.database import ReadingUnitOfWork
from surveillance.permissions import CASES_READ
from surveillance.syndromic.model import Streams
from surveillance.syndromic.service import streams

router = DoorRouter(Work.HEAVY, prefix="/v1/surveillance/syndromic")

StreamsReader = Annotated[ReadingUnitOfWork, Depends(reads(CASES_READ), scope="function")]


@router.get("", summary="Ambulance calls by syndrome, day and area")
def get_streams(
    uow: StreamsReader,
    city_id: CityQuery,
    since: Annotated[date, Query(description="The first day, in the city's own time.")],
    before: Annotated[date, Query(description="The day after the last.")],
) -> Answer[Streams]:
    """Return how many calls were coded as each syndrome; those called off are not among them."""
    return Answer(streams(uow, city_id, since=since, before=before))
