"""Incidents are found again, ended ones too."""

from typing import Annotated

from pydantic import Field

from api.http.answers import Answer
from api.http.permissions import IncidentReader, PersonalReader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Moment, Name, RowId, Shape
from dispatch.incidents.finding.service import Wanted, find_by_caller, find_incidents
from dispatch.incidents.views import IncidentPage

router = DoorRouter(Work.ORDINARY, prefix="/v1/incidents/search")

Limit = Annotated[int, Field(ge=1, le=100)]
CursorIn = Annotated[str, Field(max_length=500)]


class FindIn(Shape):
    """What an incident is looked for by; all that is given must fit."""

    city_id: RowId
    number: Name | None = None
    place: Name | None = None
    since: Moment | None = None
    before: Moment | None = None
    limit: Limit = 25
    cursor: CursorIn | None = None


class FindCallerIn(Shape):
    """The number of a caller, with the country's code or without it."""

    city_id: RowId
    caller_number: Name
    limit: Limit = 25
    cursor: CursorIn | None = None


@router.post("", summary="Incidents by number, place and date, newest first")
def post_search(uow: IncidentReader, body: FindIn) -> Answer[IncidentPage]:
    """Return a page, also of ended incidents; asked in the body, as places tell of people."""
    wanted = Wanted(
        city_id=body.city_id, number=body.number, place=body.place, since=body.since,
        before=body.before,
    )  # fmt: skip
    return Answer(find_incidents(uow, wanted, limit=body.limit, cursor=body.cursor))


@router.post("/caller", summary="Incidents by the caller's number, newest first")
def post_search_caller(uow: PersonalReader, body: FindCallerIn) -> Answer[IncidentPage]:
    """Return a page; each call that is found is a read of personal values and recorded as one."""
    return Answer(find_by_caller(
        uow, body.city_id, caller_number=body.caller_number, limit=body.limit, cursor=body.cursor
    ))  # fmt: skip
