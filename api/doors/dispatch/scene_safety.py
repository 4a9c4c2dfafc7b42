"""Dangers of scenes and places, crews that wait, who was told."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import IncidentReader, IncidentWriter, UnitStatusWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Instant, Moment, Name, PointIn, RowId, Shape
from api.http.versions import VersionIfGiven
from dispatch.model import PlaceHeard
from dispatch.scene_safety import service
from dispatch.scene_safety.model import Agency, Danger, DangerAnswer, Order, StagingStep
from dispatch.scene_safety.views import HazardList, HazardView, OrderView, SafetyView

router = DoorRouter(Work.EMERGENCY)

_MOST_KINDS = len(Danger)


class DangerIn(Shape):
    """The answer to *danger known?*; kinds only with `known`."""

    answer: DangerAnswer
    kinds: Annotated[tuple[Danger, ...], Field(max_length=_MOST_KINDS)] = ()


class StagingIn(Shape):
    """What the desk orders."""

    step: StagingStep


class HeardIn(Shape):
    """Which order a crew heard, and how it said so."""

    order: Order
    since: Instant
    heard: PlaceHeard


class ToldIn(Shape):
    """Whom somebody told, and when; without a time now."""

    agency: Agency
    to_whom: Name
    told_at: Moment | None = None


class HazardIn(Shape):
    """A hazard of a place; `expires_at` at most a year ahead."""

    city_id: RowId
    kind: Danger
    point: PointIn
    radius_m: float = Field(30.0, ge=1, le=1000)
    expires_at: Instant


@router.get("/v1/incidents/{incident_id}/safety", summary="Danger, staging and orders of a scene")
def get_safety(uow: IncidentReader, incident_id: UUID) -> Answer[SafetyView]:
    """Unknown is an answer of its own, and never none."""
    return Answer(service.safety(uow, incident_id))


@router.put("/v1/incidents/{incident_id}/safety/danger", summary="Answer: is a danger known?")
def put_danger(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID, version: VersionIfGiven,
    body: DangerIn,
) -> Answer[SafetyView]:  # fmt: skip
    """Known danger recalls volunteers and has to be heard by each crew on the way."""
    return once.change(
        uow, body,
        do=lambda: service.answer_danger(
            uow, incident_id, answer=body.answer, kinds=body.kinds, expected_version=version
        ),
    )  # fmt: skip


@router.post("/v1/incidents/{incident_id}/safety/staging", summary="Let crews wait, or release")
def post_staging(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID, version: VersionIfGiven,
    body: StagingIn,
) -> Answer[SafetyView]:  # fmt: skip
    """Each crew confirms that it heard; a repeat changes nothing."""
    return once.change(
        uow, body,
        do=lambda: service.order_staging(
            uow, incident_id, step=body.step, expected_version=version
        ),
    )  # fmt: skip


@router.post("/v1/assignments/{assignment_id}/orders/heard", summary="A crew has heard an order")
def post_heard(
    uow: UnitStatusWriter, once: OnceOptional, assignment_id: UUID, body: HeardIn
) -> Answer[OrderView]:
    """By its tablet, or by voice as the dispatcher enters it; an order of before is refused."""
    return once.change(
        uow, body,
        do=lambda: service.hear_order(
            uow, assignment_id, order=body.order, since=body.since, heard=body.heard
        ),
    )  # fmt: skip


@router.post(
    "/v1/incidents/{incident_id}/safety/told", status_code=201, summary="Write down who was told"
)
def post_told(
    uow: IncidentWriter, once: OnceRequired, incident_id: UUID, body: ToldIn
) -> Answer[SafetyView]:
    """This tells nobody: there is no line to police or fire. It is written down who did."""
    return once.answer(
        uow, body,
        create=lambda: service.tell_agency(
            uow, incident_id, agency=body.agency, to_whom=body.to_whom,
            told_at=body.told_at or datetime.now(tz=UTC),
        ),
    )  # fmt: skip


@router.get("/v1/hazards", summary="Hazards of places that hold now")
def get_hazards(uow: IncidentReader, city_id: CityQuery) -> Answer[HazardList]:
    """Return them within the viewer's areas, those that end first first."""
    return Answer(service.hazards(uow, city_id))


@router.post("/v1/hazards", status_code=201, summary="Write down a hazard of a place")
def post_hazard(uow: IncidentWriter, once: OnceRequired, body: HazardIn) -> Answer[HazardView]:
    """It warns whoever is sent within its radius until it expires, and names its author."""
    return once.answer(
        uow, body,
        create=lambda: service.add_hazard(
            uow, body.city_id, kind=body.kind, point=body.point.declared_strictly(),
            radius_m=body.radius_m, expires_at=body.expires_at,
        ),
    )  # fmt: skip


@router.post("/v1/hazards/{hazard_id}/end", summary="Take a hazard away before it expires")
def post_hazard_end(uow: IncidentWriter, once: OnceOptional, hazard_id: UUID) -> Answer[HazardView]:
    """One that is gone stays gone."""
    return once.change(uow, None, do=lambda: service.end_hazard(uow, hazard_id))
