"""A cardiac arrest in one action: crews suggested, volunteers asked, AEDs fetched."""

from uuid import UUID

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import Dispatcher, DispatchReader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import RowId
from api.http.versions import VersionIfGiven
from dispatch.arrest import service
from dispatch.arrest.search import find_helpers
from dispatch.arrest.show import find_crews, show, shown
from dispatch.arrest.views import ArrestView, Restocked

router = DoorRouter(Work.EMERGENCY)


@router.get("/v1/incidents/{incident_id}/arrest", summary="A cardiac arrest: who could come")
def get_arrest(uow: DispatchReader, context: Context, incident_id: UUID) -> Answer[ArrestView]:
    """Return what stands against asking volunteers, crews, options with survival, alerts."""
    return Answer(show(uow, context.routing, incident_id))


@router.post("/v1/incidents/{incident_id}/arrest", summary="Begin a cardiac arrest in one action")
def post_arrest(
    uow: Dispatcher, context: Context, once: OnceOptional, incident_id: UUID,
    version: VersionIfGiven,
) -> Answer[ArrestView]:  # fmt: skip
    """Ask the first wave of volunteers and suggest the two nearest crews and defibrillators.

    Refused with a sentence for each reason while something stands against it. Pressed again it
    asks only who is missing of the wave.
    """
    # Before anything is locked: a search can take long.
    helpers = find_helpers(uow, context.routing, incident_id)
    crews = find_crews(uow, context.routing, incident_id)

    def do() -> ArrestView:
        service.begin(uow, incident_id, helpers, crew_aed_s=crews.aed_s, expected_version=version)
        return shown(uow, incident_id, helpers, crews)

    return once.change(uow, None, do=do)


@router.post("/v1/incidents/{incident_id}/arrest/stand-down", summary="Stand volunteers down")
def post_stand_down(
    uow: Dispatcher, context: Context, once: OnceOptional, incident_id: UUID
) -> Answer[ArrestView]:
    """Nobody is asked any more; claims end, positions are erased, time stamps are kept."""
    helpers = find_helpers(uow, context.routing, incident_id)
    crews = find_crews(uow, context.routing, incident_id)

    def do() -> ArrestView:
        service.stand_down(uow, incident_id)
        return shown(uow, incident_id, helpers, crews)

    return once.change(uow, None, do=do)


@router.post("/v1/volunteer-alerts/{alert_id}/recall-heard", summary="A recall said by telephone")
def post_recall_heard(
    uow: Dispatcher, context: Context, once: OnceOptional, alert_id: UUID
) -> Answer[ArrestView]:
    """Write down that the volunteer heard by telephone that they are called back."""

    def do() -> ArrestView:
        return show(uow, context.routing, service.hear_recall(uow, alert_id))

    return once.change(uow, None, do=do)


@router.post("/v1/aeds/{aed_id}/restock", summary="Put a fetched AED back into service")
def post_restock(uow: Dispatcher, once: OnceOptional, aed_id: RowId) -> Answer[Restocked]:
    """Say that a fetched AED is back, complete and in service; until then nobody is sent for it."""
    return once.change(
        uow, None, do=lambda: Restocked(aed_id, service.restock(uow, aed_id))
    )  # fmt: skip
