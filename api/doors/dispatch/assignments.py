"""Sending units, their status stamps and destinations."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import Dispatcher, UnitStatusWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Instant, RowId, Shape, Text
from api.http.versions import VersionIfGiven
from dispatch.arrivals.prediction import predict
from dispatch.assignments import service as assignments
from dispatch.assignments.places import acknowledge_place
from dispatch.choosing import press
from dispatch.choosing.press import Faster, Seen
from dispatch.incidents.views import AssignmentView
from dispatch.model import AssignmentState, Deviation, PlaceHeard, StampSource
from routing.live.answers import Basis

router = DoorRouter(Work.EMERGENCY)


class SeenIn(Shape):
    """What the list said of the chosen unit as one pressed."""

    eligible: bool
    loss_s: Annotated[float, Field(ge=0, le=86_400)] = Field(
        description="How much longer it takes than the best one."
    )


class AssignmentIn(Shape):
    """The unit to send, with the travel time the dispatcher was shown."""

    unit_id: RowId
    patient_id: UUID | None = None
    predicted_travel_time_s: Annotated[float, Field(ge=0, le=86_400)] | None = Field(
        None, description="To the scene, as the dispatcher was shown it."
    )
    predicted_by: Basis | None = Field(None, description="What the shown time is by.")
    seen: SeenIn | None = Field(
        None, description="What the list said of the unit; without it nothing is compared."
    )


@dataclass(frozen=True, slots=True)
class SentView(AssignmentView):
    """The assignment, and who would be there sooner, if the unit was compared."""

    faster: Faster | None


class StampIn(Shape):
    """A status, who reports it and when it happened (now, if not given)."""

    state: AssignmentState
    source: StampSource
    occurred_at: Instant | None = None
    handover_facility_id: RowId | None = None


class PlaceHeardIn(Shape):
    """Which place the crew has, by the incident's `place_changed_at`, and how it said so."""

    place_changed_at: Instant
    heard: PlaceHeard


class UndoIn(Shape):
    """The last stamp, as one saw it."""

    state: AssignmentState


class DeviationIn(Shape):
    """Why not the unit that would be there first."""

    deviation: Deviation


class DestinationIn(Shape):
    """The hospital to go to, and why if not the recommended one."""

    facility_id: RowId
    reason: Text | None = None


@router.post("/v1/incidents/{incident_id}/assignments", status_code=201, summary="Send a unit")
def post_assignment(
    uow: Dispatcher,
    context: Context,
    once: OnceRequired,
    *,
    incident_id: UUID,
    version: VersionIfGiven,
    body: AssignmentIn,
) -> Answer[SentView]:
    """Assign a unit; of two at once the database lets one through.

    With `seen` the fleet is ranked anew: the dispatch is stopped if the unit was eligible and no
    longer is, or if it lost more than its category's `GOLDENHOUR_SEND_STOP_…_S` against the best
    since it was seen. Else it is sent, and `faster` says who would be there sooner.

    The travel time by the roads as they are now, every closure committed before included, is kept
    with the versions it comes from; the dispatch waits a quarter of a second for it at most, and
    goes on without it.
    """
    # Before anything is locked, the repeat's key included: a search can take long.
    prediction = predict(
        uow, context.routing, incident_id, unit_id=body.unit_id, database=context.database
    )
    seen = None if body.seen is None else Seen(body.seen.eligible, body.seen.loss_s)
    now = (
        None if seen is None
        else press.standing(
            uow, context.routing, incident_id, unit_id=body.unit_id,
            policy=context.settings.dispatch_policy,
        )
    )  # fmt: skip

    def send() -> SentView:
        # Decided behind the key: a repeat of a dispatch that succeeded is answered, not compared.
        press.check(
            now, seen,
            threshold_s=press.threshold_s(
                now.category if now else None, context.settings
            ),
        )  # fmt: skip
        sent = assignments.assign(
            uow, incident_id, unit_id=body.unit_id, patient_id=body.patient_id,
            predicted_travel_time_s=body.predicted_travel_time_s,
            predicted_by=body.predicted_by, expected_version=version,
            prediction=prediction, listed=now.listed if now else None,
        )  # fmt: skip
        fields = {name: getattr(sent, name) for name in AssignmentView.__slots__}
        return SentView(**fields, faster=now.faster if now else None)

    return once.answer(uow, body, create=send)


@router.post("/v1/assignments/{assignment_id}/stamps", summary="Stamp a status")
def post_stamp(
    uow: UnitStatusWriter, once: OnceOptional, assignment_id: UUID, body: StampIn
) -> Answer[AssignmentView]:
    """Stamp; a contradiction is refused with the reason, a late stamp taken and flagged."""
    return once.change(
        uow, body,
        do=lambda: assignments.stamp(
            uow, assignment_id, state=body.state, source=body.source,
            occurred_at=body.occurred_at, handover_facility_id=body.handover_facility_id,
        ),
    )  # fmt: skip


@router.post(
    "/v1/assignments/{assignment_id}/place/acknowledge", summary="The crew has the corrected place"
)
def post_place_acknowledge(
    uow: UnitStatusWriter, once: OnceOptional, assignment_id: UUID, body: PlaceHeardIn
) -> Answer[AssignmentView]:
    """Write it down, by tablet or as heard by voice; a place corrected once more is refused."""
    return once.change(
        uow, body,
        do=lambda: acknowledge_place(
            uow, assignment_id, place_changed_at=body.place_changed_at, heard=body.heard
        ),
    )  # fmt: skip


@router.post("/v1/assignments/{assignment_id}/undo-stamp", summary="Undo the last stamp")
def post_undo_stamp(
    uow: UnitStatusWriter, once: OnceOptional, assignment_id: UUID, body: UndoIn
) -> Answer[AssignmentView]:
    """Undo within ten seconds; a unit that was called back is notified again."""
    return once.change(
        uow, body, do=lambda: assignments.undo_stamp(uow, assignment_id, state=body.state)
    )


@router.post(
    "/v1/assignments/{assignment_id}/deviation", summary="Why not the unit that is there first"
)
def post_deviation(
    uow: UnitStatusWriter, once: OnceOptional, assignment_id: UUID, body: DeviationIn
) -> Answer[AssignmentView]:
    """Write it into the incident's log; asked after sending, never before."""
    return once.change(
        uow, body,
        do=lambda: assignments.explain_deviation(uow, assignment_id, deviation=body.deviation),
    )  # fmt: skip


@router.put("/v1/assignments/{assignment_id}/destination", summary="Set the hospital")
def put_destination(
    uow: Dispatcher,
    once: OnceOptional,
    assignment_id: UUID,
    version: VersionIfGiven,
    body: DestinationIn,
) -> Answer[AssignmentView]:
    """Set where the unit takes its patient; If-Match, where given, names the incident's version."""
    return once.change(
        uow, body,
        do=lambda: assignments.set_destination(
            uow, assignment_id, facility_id=body.facility_id, reason=body.reason,
            expected_version=version,
        ),
    )  # fmt: skip
