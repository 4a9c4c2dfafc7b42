"""Asking crews to leave a lesser call for a more urgent one, and their answers."""

from typing import Literal
from uuid import UUID

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import Dispatcher, UnitStatusWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import RowId, Shape
from api.http.versions import VersionIfGiven
from dispatch.arrivals.prediction import UNASKED, predict
from dispatch.choosing import service as choosing
from dispatch.diversions import service as diversions
from dispatch.incidents.views import OfferView
from dispatch.model import StampSource
from dispatch.permissions import UNIT_STATUS_WRITE

router = DoorRouter(Work.EMERGENCY)


class DiversionIn(Shape):
    """The unit to ask.

    unreplaced: it is to go though nobody can be at its patient in time; only to a C1, where the
    matrix allows it.
    """

    unit_id: RowId
    unreplaced: bool = False


class DiversionAnswerIn(Shape):
    """What the crew says, and how: by its tablet, or by voice, entered at the console."""

    answer: Literal["accepted", "declined"]
    source: StampSource


@router.post(
    "/v1/incidents/{incident_id}/diversions", status_code=201, summary="Ask a unit to divert"
)
def post_diversion(
    uow: Dispatcher,
    context: Context,
    once: OnceRequired,
    *,
    incident_id: UUID,
    version: VersionIfGiven,
    body: DiversionIn,
) -> Answer[OfferView]:
    """Ask a crew on the way to a lesser call to come here instead.

    The fleet is ranked anew at the press. Until the crew says yes its old task stands and this
    incident waits; after `GOLDENHOUR_DIVERSION_ANSWER_S` without an answer the next unit is asked.
    With the yes the unit that the recommendation names is sent to the patient who loses this one.
    """
    # Before anything is locked, the repeat's key included: a search can take long.
    ranked = choosing.recommend(
        uow, context.routing, incident_id, limit=25, also=body.unit_id
    )  # fmt: skip
    return once.answer(
        uow, body,
        create=lambda: diversions.offer(
            uow, incident_id, unit_id=body.unit_id, ranked=ranked,
            answer_within_s=context.settings.diversion_answer_s, unreplaced=body.unreplaced,
            expected_version=version,
        ),
    )  # fmt: skip


@router.post("/v1/diversions/{diversion_id}/answer", summary="The crew's answer to a diversion")
def post_answer(
    uow: UnitStatusWriter,
    context: Context,
    once: OnceOptional,
    diversion_id: UUID,
    body: DiversionAnswerIn,
) -> Answer[OfferView]:
    """With a yes the old task ends and the new one begins, both or neither."""
    asked = diversions.asked(uow, diversion_id)
    prediction = UNASKED if body.answer == "declined" else predict(
        uow, context.routing, asked.incident_id, unit_id=asked.unit_id,
        database=context.database, permission=UNIT_STATUS_WRITE,
    )  # fmt: skip

    def do() -> OfferView:
        if body.answer == "declined":
            return diversions.decline(uow, diversion_id, source=body.source)
        return diversions.accept(uow, diversion_id, source=body.source, prediction=prediction)

    return once.change(uow, body, do=do)


@router.post("/v1/diversions/{diversion_id}/withdraw", summary="Take an offer to divert back")
def post_withdrawal(uow: Dispatcher, once: OnceOptional, diversion_id: UUID) -> Answer[OfferView]:
    """Nobody else is asked; the dispatcher chooses anew."""
    return once.change(uow, None, do=lambda: diversions.withdraw(uow, diversion_id))
