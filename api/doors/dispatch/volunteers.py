"""Volunteers: their own page, and who may be one."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Moment, PointIn, RowId, Shape, Text
from dispatch.arrest.search import find_helpers
from dispatch.arrest.service import take_step
from dispatch.permissions import VOLUNTEER_ADMIN, VOLUNTEER_RESPOND
from dispatch.volunteers import service
from dispatch.volunteers.lifecycle import Step
from dispatch.volunteers.views import OwnVolunteer, VolunteerList, VolunteerView
from gis.database import ReadingUnitOfWork, WritingUnitOfWork

router = DoorRouter(Work.EMERGENCY)

OwnReader = Annotated[ReadingUnitOfWork, Depends(reads(VOLUNTEER_RESPOND), scope="function")]
OwnWriter = Annotated[WritingUnitOfWork, Depends(writes(VOLUNTEER_RESPOND), scope="function")]
AdminReader = Annotated[ReadingUnitOfWork, Depends(reads(VOLUNTEER_ADMIN), scope="function")]
AdminWriter = Annotated[WritingUnitOfWork, Depends(writes(VOLUNTEER_ADMIN), scope="function")]

_REPLACED = {Step.REJECTED, Step.AED_NOT_THERE}


class DutyIn(Shape):
    """Whether the volunteer may be alerted."""

    on_duty: bool


class OwnPositionIn(Shape):
    """Where the volunteer's phone is. In the body: it enters no address and no log."""

    point: PointIn
    at: Moment


class StepIn(Shape):
    """What the volunteer pressed."""

    step: Step


class VolunteerIn(Shape):
    """An account that becomes a volunteer, and the number for a call back."""

    city_id: RowId
    username: Annotated[Text, Field(min_length=1, max_length=100)]
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()-]{2,30}$")] | None = None


@router.get("/v1/volunteer", summary="A volunteer's own alert")
def get_own(uow: OwnReader) -> Answer[OwnVolunteer]:
    """Return whether one is on duty, and the alert that is open; its place approximate at first."""
    return Answer(service.own(uow))


@router.put("/v1/volunteer/duty", summary="Go on or off duty as a volunteer")
def put_duty(uow: OwnWriter, once: OnceOptional, body: DutyIn) -> Answer[OwnVolunteer]:
    """Only verified adults go on duty. Off duty the latest position is erased."""
    return once.change(uow, body, do=lambda: service.set_duty(uow, on_duty=body.on_duty))


@router.put("/v1/volunteer/position", summary="Where a volunteer on duty is")
def put_position(uow: OwnWriter, once: OnceOptional, body: OwnPositionIn) -> Answer[OwnVolunteer]:
    """Keep the position in the place of the one before; off duty nothing is kept."""
    return once.change(
        uow, body,
        do=lambda: service.put_position(uow, body.point.declared_strictly(), at=body.at),
    )  # fmt: skip


@router.post("/v1/volunteer/alerts/{alert_id}/steps", summary="A volunteer's answer or progress")
def post_step(
    uow: OwnWriter, context: Context, once: OnceOptional, alert_id: UUID, body: StepIn
) -> Answer[OwnVolunteer]:
    """Take what was pressed; a no, or an AED that is not there, is replaced at once."""
    helpers = None
    if body.step in _REPLACED:
        incident_id = service.incident_of(uow, alert_id)
        helpers = find_helpers(uow, context.routing, incident_id)

    def do() -> OwnVolunteer:
        take_step(uow, alert_id, body.step, helpers=helpers)
        return service.own(uow)

    return once.change(uow, body, do=do)


@router.get("/v1/volunteers", summary="The volunteers of a city")
def get_volunteers(uow: AdminReader, city_id: RowId) -> Answer[VolunteerList]:
    """Return them, those who wait to be verified first."""
    return Answer(service.list_volunteers(uow, city_id))


@router.post("/v1/volunteers", status_code=201, summary="Make an account a volunteer")
def post_volunteer(
    uow: AdminWriter, once: OnceRequired, body: VolunteerIn
) -> Answer[VolunteerView]:
    """Nobody is alerted before they are verified."""
    return once.answer(
        uow, body,
        create=lambda: service.enrol(
            uow, body.city_id, username=body.username, phone=body.phone
        ),
    )  # fmt: skip


@router.post("/v1/volunteers/{volunteer_id}/verification", summary="Verify a volunteer")
def post_verification(
    uow: AdminWriter, once: OnceOptional, volunteer_id: UUID
) -> Answer[VolunteerView]:
    """Say that one has seen proof: an adult, and the person they say they are."""
    return once.change(uow, None, do=lambda: service.verify(uow, volunteer_id))


@router.post("/v1/volunteers/{volunteer_id}/end", summary="End a volunteer's service")
def post_end(uow: AdminWriter, once: OnceOptional, volunteer_id: UUID) -> Answer[VolunteerView]:
    """Never alerted again; telephone number and position are erased."""
    return once.change(uow, None, do=lambda: service.end(uow, volunteer_id))
