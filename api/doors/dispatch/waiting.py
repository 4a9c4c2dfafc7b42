"""Who waits, call-backs, and surge modes."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends

from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import IncidentReader, IncidentWriter, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, RowId, Shape
from api.http.versions import VersionIfGiven
from dispatch.incidents.views import IncidentView
from dispatch.permissions import SURGE_CONTROL
from dispatch.surge import service as surge
from dispatch.surge.model import SurgeList, SurgeReason, SurgeView
from dispatch.waiting import service as waiting
from dispatch.waiting.model import CallBackResult
from dispatch.waiting.views import WaitingBoard
from gis.database import WritingUnitOfWork

router = DoorRouter(Work.EMERGENCY)

SurgeController = Annotated[WritingUnitOfWork, Depends(writes(SURGE_CONTROL), scope="function")]


class CallBackIn(Shape):
    """What a call-back found. clinician: one spoke; then a category may become less urgent."""

    result: CallBackResult
    clinician: bool = False
    category: Literal["C1", "C2", "C3", "C4"] | None = None


class SurgeIn(Shape):
    """Which city, and why."""

    city_id: RowId
    reason: SurgeReason


@router.get("/v1/waiting", summary="Who waits for help")
def get_waiting(uow: IncidentReader, city_id: CityQuery) -> Answer[WaitingBoard]:
    """Return all to whom no crew has said that it comes, the more urgent first, then the longest.

    A crew that was only notified has not said so. Uncoded ones stand with C2.
    """
    return Answer(waiting.board(uow, city_id))


@router.post("/v1/incidents/{incident_id}/call-back", summary="A waiting patient was called again")
def post_call_back(
    uow: IncidentWriter,
    once: OnceRequired,
    *,
    incident_id: UUID,
    version: VersionIfGiven,
    body: CallBackIn,
) -> Answer[IncidentView]:
    """Write down what was found; without a clinician a category only becomes more urgent.

    Nobody leaves the queue by it. The next call-back begins; one that nobody answered is passed on
    and tried again after two minutes.
    """
    return once.change(
        uow, body,
        do=lambda: waiting.call_back(
            uow, incident_id, result=body.result, clinician=body.clinician,
            category=body.category, expected_version=version,
        ),
    )  # fmt: skip


@router.get("/v1/surges", summary="Surge modes of a city")
def get_surges(uow: IncidentReader, city_id: CityQuery) -> Answer[SurgeList]:
    """Return the newest ones with their reasons; at most one lasts."""
    return Answer(surge.surges(uow, city_id))


@router.post("/v1/surges", status_code=201, summary="Begin a surge mode")
def post_surge(uow: SurgeController, once: OnceRequired, body: SurgeIn) -> Answer[SurgeView]:
    """Say that there is more demand than fleet: patients of C3 and C4 are called again sooner."""
    return once.answer(
        uow, body, create=lambda: surge.begin(uow, body.city_id, reason=body.reason)
    )  # fmt: skip


@router.post("/v1/surges/{surge_id}/end", summary="End a surge mode")
def post_surge_end(uow: SurgeController, once: OnceOptional, surge_id: UUID) -> Answer[SurgeView]:
    """A second time changes nothing."""
    return once.change(uow, None, do=lambda: surge.end(uow, surge_id))
