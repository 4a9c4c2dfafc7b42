"""Whether crews are safe: the distress button, timers, and which unit an account speaks for."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import CityLoader, IncidentReader, IncidentWriter, UnitStatusWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, PathId, RowId, Shape
from dispatch.fleet.crew_safety import own_unit, service
from dispatch.fleet.crew_safety.model import LONGEST_S, SHORTEST_S
from dispatch.fleet.crew_safety.views import BoundView, CrewAlarms, DistressView, WelfareView
from dispatch.model import PlaceHeard

router = DoorRouter(Work.EMERGENCY)


class SeenIn(Shape):
    """How often the crew had pressed when the desk saw it."""

    presses: Annotated[int, Field(ge=1, le=10**9)]


class WelfareIn(Shape):
    """How often the crew is asked."""

    every_s: Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S)]


class WellIn(Shape):
    """How the crew said that it is well."""

    heard: PlaceHeard


class BindIn(Shape):
    """The unit that an account speaks for; null: none."""

    unit_id: RowId | None


@router.post("/v1/units/{unit_id}/distress", status_code=201, summary="A crew is in distress")
def post_distress(uow: UnitStatusWriter, unit_id: PathId) -> Answer[DistressView]:
    """Raise the alarm on every console of the city. No body, no key: each press counts.

    A press after an acknowledgement sounds again. A crew's account raises it for its own unit.
    """
    return Answer(service.press(uow, unit_id), status_code=201)


@router.get("/v1/crew-alarms", summary="Crews in distress, and timers that run or ran out")
def get_alarms(uow: IncidentReader, city_id: CityQuery) -> Answer[CrewAlarms]:
    """Return those of the whole city, whichever district the crew is of."""
    return Answer(service.alarms(uow, city_id))


@router.post("/v1/distress/{distress_id}/acknowledge", summary="A desk has seen a crew's distress")
def post_acknowledge(
    uow: IncidentWriter, once: OnceOptional, distress_id: UUID, body: SeenIn
) -> Answer[DistressView]:
    """A press that came since goes on sounding: nobody has seen that one."""
    return once.change(
        uow, body, do=lambda: service.acknowledge(uow, distress_id, presses=body.presses)
    )


@router.post("/v1/distress/{distress_id}/end", summary="A crew's distress is over")
def post_end(uow: IncidentWriter, once: OnceOptional, distress_id: UUID) -> Answer[DistressView]:
    """Only one that a desk has acknowledged."""
    return once.change(uow, None, do=lambda: service.end(uow, distress_id))


@router.put("/v1/units/{unit_id}/welfare", summary="Ask a crew how it is every so often")
def put_welfare(
    uow: UnitStatusWriter, once: OnceOptional, unit_id: RowId, body: WelfareIn
) -> Answer[WelfareView]:
    """A crew that is not heard of in time is an alarm; due after a restart too, and once."""
    return once.change(
        uow, body, do=lambda: service.start_welfare(uow, unit_id, every_s=body.every_s)
    )


@router.post("/v1/units/{unit_id}/welfare/well", summary="A crew is well")
def post_well(
    uow: UnitStatusWriter, once: OnceOptional, unit_id: RowId, body: WellIn
) -> Answer[WelfareView]:
    """By its tablet, or by voice as the dispatcher enters it; the timer begins anew."""
    return once.change(uow, body, do=lambda: service.answer_welfare(uow, unit_id, heard=body.heard))


@router.delete("/v1/units/{unit_id}/welfare", summary="Ask a crew no more")
def delete_welfare(
    uow: UnitStatusWriter, once: OnceOptional, unit_id: RowId
) -> Answer[WelfareView]:
    """Its timer ends; a job that is due later does nothing."""
    return once.change(uow, None, do=lambda: service.stop_welfare(uow, unit_id))


@router.put("/v1/admin/accounts/{user_id}/unit", summary="Let an account speak for one unit")
def put_unit(uow: CityLoader, once: OnceOptional, user_id: UUID, body: BindIn) -> Answer[BoundView]:
    """Its sessions and tokens then stamp that unit alone."""
    return once.change(
        uow, body, do=lambda: own_unit.bind_account(uow, user_id, unit_id=body.unit_id)
    )
