"""Mass casualties: patients by colour, hospitals shared among them, sectors, help from outside."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import IncidentReader, IncidentWriter, UnitStatusWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Name, OneLine, RowId, Shape
from api.http.versions import VersionIfGiven
from dispatch.casualties import service
from dispatch.casualties.errors import SortingAmbiguousError
from dispatch.casualties.model import Aid, Sector
from dispatch.casualties.sorting import (
    Colour,
    Finding,
    SaltFindings,
    Sorted,
    StartFindings,
    salt,
    start,
)
from dispatch.casualties.views import CasualtyView, MassCasualtyView

router = DoorRouter(Work.EMERGENCY)

Tag = Annotated[OneLine, Field(max_length=20)]
Count = Annotated[int, Field(ge=0, le=100_000)]


class DeclareIn(Shape):
    """By which method casualties are sorted, and how many somebody thinks there are."""

    method: Literal["start", "salt"] = "start"
    estimate: Count | None = None


class StartIn(Shape):
    """What START looks for; left out: not looked for."""

    walks: bool | None = None
    breathes: bool | None = None
    breathes_after_opening: bool | None = None
    breaths_per_min: Annotated[int, Field(ge=0, le=200)] | None = None
    radial_pulse: bool | None = None
    refill_s: Annotated[float, Field(ge=0, le=60)] | None = None
    obeys: bool | None = None


class SaltIn(Shape):
    """What SALT's individual assessment looks for; left out: not looked for."""

    breathes: bool | None = None
    obeys_or_moves_with_purpose: bool | None = None
    peripheral_pulse: bool | None = None
    no_respiratory_distress: bool | None = None
    bleeding_controlled: bool | None = None
    minor_injuries_only: bool | None = None
    likely_to_survive: bool | None = None


class SortIn(Shape):
    """A colour, or the findings of one method."""

    colour: Colour | None = None
    start: StartIn | None = None
    salt: SaltIn | None = None

    def decided(self) -> tuple[Sorted, str]:
        """Return the colour and by which method.

        Raises
        ------
        SortingAmbiguousError
            Not exactly one of the three was given.
        """
        if sum(one is not None for one in (self.colour, self.start, self.salt)) != 1:
            raise SortingAmbiguousError
        if self.start is not None:
            return start(StartFindings(**self.start.model_dump())), "start"
        if self.salt is not None:
            return salt(SaltFindings(**self.salt.model_dump())), "salt"
        return Sorted(self.colour, Finding.WALKS), "colour"


class CasualtyIn(Shape):
    """A casualty; without a tag it gets the next number."""

    tag: Tag | None = None
    sector: Sector | None = None
    sorted: SortIn | None = None


class SectorIn(Shape):
    """Where on the ground a casualty is."""

    sector: Sector


class BindIn(Shape):
    """A hospital; `override` sends a casualty to a full one, under one's own name."""

    facility_id: RowId
    override: bool = False


class LeaveIn(Shape):
    """By which unit; without one by other means."""

    assignment_id: UUID | None = None


class AidIn(Shape):
    """Whom somebody asked, for how many units."""

    service: Name
    units: Annotated[int, Field(ge=1, le=1000)]


class AidAnswerIn(Shape):
    """How the request stands now."""

    state: Aid


@router.get("/v1/incidents/{incident_id}/mci", summary="Mass casualties at a glance")
def get_mci(uow: IncidentReader, incident_id: UUID) -> Answer[MassCasualtyView]:
    """Return casualties, who leaves next, and what each hospital has by colour."""
    return Answer(service.show(uow, incident_id))


@router.put("/v1/incidents/{incident_id}/mci", summary="Declare mass casualties")
def put_mci(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID, body: DeclareIn
) -> Answer[MassCasualtyView]:
    """Again with other values it is corrected; one that was ended is opened again."""
    return once.change(
        uow, body,
        do=lambda: service.declare(
            uow, incident_id, method=body.method, estimate=body.estimate
        ),
    )  # fmt: skip


@router.post("/v1/incidents/{incident_id}/mci/end", summary="End a mass casualty incident")
def post_end(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID
) -> Answer[MassCasualtyView]:
    """Its casualties stay to be found."""
    return once.change(uow, None, do=lambda: service.end(uow, incident_id))


@router.post("/v1/incidents/{incident_id}/casualties", status_code=201, summary="Add a casualty")
def post_casualty(
    uow: UnitStatusWriter, once: OnceRequired, incident_id: UUID, body: CasualtyIn
) -> Answer[CasualtyView]:
    """By the number on its tag, sorted or not yet."""
    decided, method = (None, None) if body.sorted is None else body.sorted.decided()
    return once.answer(
        uow, body,
        create=lambda: service.find(
            uow, incident_id, tag=body.tag, sector=body.sector, sorted_as=decided, method=method
        ),
    )  # fmt: skip


@router.post("/v1/casualties/{casualty_id}/sort", summary="Give a casualty a colour")
def post_sort(
    uow: UnitStatusWriter, once: OnceOptional, casualty_id: UUID, version: VersionIfGiven,
    body: SortIn,
) -> Answer[CasualtyView]:  # fmt: skip
    """By findings of START or SALT, or as a colour; a missing finding that decides is named."""
    decided, method = body.decided()
    return once.change(
        uow, body,
        do=lambda: service.sort(
            uow, casualty_id, sorted_as=decided, method=method, expected_version=version
        ),
    )  # fmt: skip


@router.post("/v1/casualties/{casualty_id}/sector", summary="Say where a casualty is")
def post_sector(
    uow: UnitStatusWriter, once: OnceOptional, casualty_id: UUID, body: SectorIn
) -> Answer[CasualtyView]:
    """Danger zone, collection point, treatment, loading or staging."""
    return once.change(uow, body, do=lambda: service.move(uow, casualty_id, sector=body.sector))


@router.put("/v1/casualties/{casualty_id}/hospital", summary="Choose a casualty's hospital")
def put_hospital(
    uow: UnitStatusWriter, once: OnceOptional, casualty_id: UUID, version: VersionIfGiven,
    body: BindIn,
) -> Answer[CasualtyView]:  # fmt: skip
    """With a promised bed where it has one; a red casualty goes to a full one by an override."""
    return once.change(
        uow, body,
        do=lambda: service.bind(
            uow, casualty_id, facility_id=body.facility_id, override=body.override,
            expected_version=version,
        ),
    )  # fmt: skip


@router.delete("/v1/casualties/{casualty_id}/hospital", summary="Take its hospital back")
def delete_hospital(
    uow: UnitStatusWriter, once: OnceOptional, casualty_id: UUID
) -> Answer[CasualtyView]:
    """Before it leaves; its bed is free again."""
    return once.change(uow, None, do=lambda: service.unbind(uow, casualty_id))


@router.post("/v1/casualties/{casualty_id}/leave", summary="A casualty left the scene")
def post_leave(
    uow: UnitStatusWriter, once: OnceOptional, casualty_id: UUID, body: LeaveIn
) -> Answer[CasualtyView]:
    """Whether its hospital has answered is not asked: nobody waits for it."""
    return once.change(
        uow, body, do=lambda: service.leave(uow, casualty_id, assignment_id=body.assignment_id)
    )


@router.post("/v1/casualties/{casualty_id}/arrive", summary="A casualty is at its hospital")
def post_arrive(
    uow: UnitStatusWriter, once: OnceOptional, casualty_id: UUID
) -> Answer[CasualtyView]:
    """Its promised bed counts as occupied until the hospital reports anew."""
    return once.change(uow, None, do=lambda: service.arrive(uow, casualty_id))


@router.post("/v1/casualties/{casualty_id}/release", summary="A casualty was let go at the scene")
def post_release(
    uow: UnitStatusWriter, once: OnceOptional, casualty_id: UUID
) -> Answer[CasualtyView]:
    """One that was treated and goes to no hospital."""
    return once.change(uow, None, do=lambda: service.release(uow, casualty_id))


@router.post(
    "/v1/incidents/{incident_id}/aid", status_code=201, summary="Write down who was asked for help"
)
def post_aid(
    uow: IncidentWriter, once: OnceRequired, incident_id: UUID, body: AidIn
) -> Answer[MassCasualtyView]:
    """This asks nobody: somebody did, and it stands here."""
    return once.answer(
        uow, body,
        create=lambda: service.ask_aid(
            uow, incident_id, service=body.service, units=body.units
        ),
    )  # fmt: skip


@router.post("/v1/aid/{request_id}", summary="Write down how another service answered")
def post_aid_answer(
    uow: IncidentWriter, once: OnceOptional, request_id: UUID, body: AidAnswerIn
) -> Answer[MassCasualtyView]:
    """Promised, refused, or its units are there."""
    return once.change(
        uow, body, do=lambda: service.answer_aid(uow, request_id, state=body.state)
    )  # fmt: skip
