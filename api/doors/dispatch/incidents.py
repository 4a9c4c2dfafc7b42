"""The incident from place and triage to its close, and its story."""

from dataclasses import dataclass
from typing import Annotated, NotRequired, TypeVar, cast
from uuid import UUID

from fastapi import Query
from pydantic import Field
from typing_extensions import TypedDict

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import (
    DispatchReader,
    EventsReader,
    IncidentReader,
    IncidentWriter,
    PersonalReader,
)
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Instant, LongText, Name, PointIn, RowId, Shape, Text
from api.http.versions import ExpectedVersion, VersionIfGiven
from api.http.work import works
from api.live.flow import stream_position
from dispatch.arrivals.live import Arrivals, arrivals_now
from dispatch.choosing import service as choosing
from dispatch.choosing.views import Destinations, Recommendation
from dispatch.incidents import calls, outcomes
from dispatch.incidents.alarms.service import acknowledge
from dispatch.incidents.alarms.table import AlarmName
from dispatch.incidents.log import LogEntry, Remarked, read_log, remark
from dispatch.incidents.views import (
    IncidentDetail,
    IncidentPage,
    IncidentView,
    PatientView,
    Story,
)
from dispatch.model import Outcome
from dispatch.plans.service import ShortfallView, shortfall_view
from dispatch.triage.changes import PlanChanges

router = DoorRouter(Work.EMERGENCY, prefix="/v1/incidents")

STREAM_POSITION_HEADER = "X-Stream-Position"


class PlaceIn(Shape):
    """A point, or a place found by search."""

    point: PointIn | None = None
    place_id: RowId | None = None
    label: Text | None = None
    confirmed: bool = False


class TriageIn(Shape):
    """A complaint and the answers to its questions."""

    complaint_code: Name
    answers: dict[Name, Name] = Field(default_factory=dict, max_length=100)
    patient_count: Annotated[int, Field(ge=0, le=100_000)] | None = None


class PatientIn(Shape):
    """A patient, as far as known."""

    age_years: Annotated[int, Field(ge=0, le=150)] | None = None
    sex: Text | None = None
    name: Text | None = None
    triage_colour: Text | None = None


class CloseIn(Shape):
    """How it ended."""

    outcome: Outcome


class ReasonIn(Shape):
    """Why."""

    reason: Name


class RemarkIn(Shape):
    """A remark, and the earlier one it corrects."""

    text: Annotated[LongText, Field(min_length=1)]
    corrects: UUID | None = None


class AlarmIn(Shape):
    """An alarm of the incident, as its need, its category and the begin of the need name it."""

    need: Name
    category: Name
    since: Instant


class AlarmsIn(Shape):
    """The alarms that were heard; others stay as they are."""

    alarms: Annotated[list[AlarmIn], Field(min_length=1, max_length=20)]


class DuplicateIn(Shape):
    """The incident this one repeats."""

    of: UUID


class CallerView(TypedDict):
    """What is kept of one caller; what was not given, was erased or is not for the viewer lacks."""

    call_id: UUID
    caller_number: NotRequired[str]
    caller_name: NotRequired[str]
    words: NotRequired[str]
    access: NotRequired[str]


class CallerIn(Shape):
    """An incident by its number or id, and why its callers are looked at."""

    incident: Name
    reason: Name


@dataclass(frozen=True, slots=True)
class Callers:
    """The callers of an incident."""

    calls: tuple[CallerView, ...]


@dataclass(frozen=True, slots=True)
class IncidentLog:
    """The entries of an incident's log, oldest first."""

    entries: tuple[LogEntry, ...]


Shown = TypeVar("Shown", bound=IncidentView)


def _answer(view: Shown) -> Answer[Shown]:
    return Answer(view, version=view.version)


@router.get("", summary="Incidents of a city, newest first")
def list_incidents(
    uow: IncidentReader,
    city_id: CityQuery,
    open_only: Annotated[bool, Query(alias="open")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Answer[IncidentPage]:
    """Return a page; its header says from which position the stream continues it."""
    # First the position, then the list, both in one snapshot: nothing falls between the two.
    position = stream_position(uow)
    page = outcomes.list_incidents(uow, city_id, open_only=open_only, limit=limit, cursor=cursor)
    return Answer(page, headers={STREAM_POSITION_HEADER: str(position)})


@router.get("/{incident_id}", summary="One incident with assignments, patients and calls")
def get_incident(uow: IncidentReader, incident_id: UUID) -> Answer[IncidentDetail]:
    """Return the incident; its ETag is the version a change must name."""
    return _answer(outcomes.show_incident(uow, incident_id))


@router.post("/{incident_id}/caller", summary="Number, name and words of the callers")
def post_caller(uow: PersonalReader, incident_id: UUID, body: ReasonIn) -> Answer[Callers]:
    """Return personal values; who read them and why is written down."""
    calls = outcomes.read_caller(uow, incident_id, reason=body.reason)
    return Answer(Callers(tuple(
        cast("CallerView", {"call_id": call_id, **values}) for call_id, values in calls.items()
    )))  # fmt: skip


@router.post("/{incident_id}/alarms/acknowledge", summary="Silence alarms at every desk")
def post_alarms_acknowledge(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID, body: AlarmsIn
) -> Answer[IncidentView]:
    """Silence the alarms that are named; they stay in sight, and end with their reason."""
    names = {AlarmName(one.need, one.category, one.since) for one in body.alarms}
    return once.change(uow, body, do=lambda: acknowledge(uow, incident_id, names))


@router.post("/caller", summary="The same, of an incident known by its number")
def post_caller_by_number(uow: PersonalReader, body: CallerIn) -> Answer[Callers]:
    """Return personal values of an incident elsewhere, as break-glass allows; it is on record."""
    incident_id = outcomes.incident_to_read(uow, body.incident)
    return post_caller(uow, incident_id, ReasonIn(reason=body.reason))


@router.post("/{incident_id}/remarks", status_code=201, summary="Write into the incident's log")
def post_remark(
    uow: IncidentWriter, once: OnceRequired, incident_id: UUID, body: RemarkIn
) -> Answer[Remarked]:
    """Add a remark, or one that corrects another; nothing in the log is changed or removed."""
    return once.answer(
        uow, body,
        create=lambda: remark(uow, incident_id, text=body.text, corrects=body.corrects),
    )  # fmt: skip


@router.post("/{incident_id}/log", summary="Remarks, and every version of the callers' words")
def post_log(uow: PersonalReader, incident_id: UUID, body: ReasonIn) -> Answer[IncidentLog]:
    """Return personal values; who read them and why is written down."""
    return Answer(IncidentLog(read_log(uow, incident_id, reason=body.reason)))


@router.put("/{incident_id}/place", summary="Set the place")
def put_place(
    uow: IncidentWriter,
    once: OnceOptional,
    incident_id: UUID,
    version: ExpectedVersion,
    body: PlaceIn,
) -> Answer[IncidentView]:
    """Set the place from a point or a gazetteer entry."""
    point = None if body.point is None else body.point.declared()
    return once.change(
        uow, body,
        do=lambda: calls.locate(
            uow, incident_id, point=point, place_id=body.place_id,
            label=body.label, confirmed=body.confirmed, expected_version=version,
        ),
    )  # fmt: skip


@router.put("/{incident_id}/triage", summary="Code the complaint by the protocol")
def put_triage(
    uow: IncidentWriter,
    once: OnceOptional,
    incident_id: UUID,
    version: ExpectedVersion,
    body: TriageIn,
) -> Answer[IncidentView]:
    """Store determinant, category and response plan."""
    return once.change(
        uow, body,
        do=lambda: calls.code_triage(
            uow, incident_id, complaint_code=body.complaint_code, answers=body.answers,
            patient_count=body.patient_count, expected_version=version,
        ),
    )  # fmt: skip


@router.post("/{incident_id}/triage/preview", summary="What a triage would change, not saved")
def post_triage_preview(
    uow: IncidentReader, incident_id: UUID, body: TriageIn
) -> Answer[PlanChanges]:
    """Return the plan as it stands and as saving the same body would make it."""
    return Answer(calls.preview_triage(
        uow, incident_id, complaint_code=body.complaint_code, answers=body.answers,
        patient_count=body.patient_count,
    ))  # fmt: skip


@router.get("/{incident_id}/recommendation", summary="Units ranked by road time")
def get_recommendation(
    uow: DispatchReader,
    context: Context,
    incident_id: UUID,
    limit: Annotated[int, Query(ge=1, le=5000)] = 25,
) -> Answer[Recommendation]:
    """Return the best units with reasons, and how many there are; empty while the place is missing.

    All are ranked; of those past `limit` only the ones suggested for a need are described.
    """
    return Answer(choosing.recommend(
        uow, context.routing, incident_id, limit=limit, policy=context.settings.dispatch_policy
    ))  # fmt: skip


@router.get("/{incident_id}/shortfall", summary="What the response plan lacks")
def get_shortfall(uow: IncidentReader, incident_id: UUID) -> Answer[ShortfallView]:
    """Return which units the plan asks for that none on the incident fills.

    `known` is false while the incident is not coded. It holds until a fitting unit is on it.
    """
    return Answer(shortfall_view(uow, incident_id))


@router.get("/{incident_id}/arrivals", summary="When the units under way will be there")
def get_arrivals(uow: IncidentReader, context: Context, incident_id: UUID) -> Answer[Arrivals]:
    """Return the time and the way of each unit, from where it is, by the roads as they are now."""
    return Answer(arrivals_now(uow, context.routing, incident_id))


@router.get("/{incident_id}/destinations", summary="Hospitals for the patient, ranked")
def get_destinations(
    uow: DispatchReader, context: Context, incident_id: UUID
) -> Answer[Destinations]:
    """Return hospitals by road time, capability and diversion."""
    return Answer(choosing.destinations(uow, context.routing, incident_id))


@router.post("/{incident_id}/patients", status_code=201, summary="Add a patient")
def post_patient(
    uow: IncidentWriter,
    once: OnceRequired,
    incident_id: UUID,
    version: VersionIfGiven,
    body: PatientIn,
) -> Answer[PatientView]:
    """Add one of the incident's patients."""
    return once.answer(
        uow, body,
        create=lambda: calls.add_patient(
            uow, incident_id, age_years=body.age_years, sex=body.sex, name=body.name,
            triage_colour=body.triage_colour, expected_version=version,
        ),
    )  # fmt: skip


@router.post("/{incident_id}/close", summary="Close the incident")
def post_close(
    uow: IncidentWriter,
    once: OnceOptional,
    incident_id: UUID,
    version: ExpectedVersion,
    body: CloseIn,
) -> Answer[IncidentView]:
    """Close an incident on which no unit is at work any more."""
    return once.change(
        uow, body,
        do=lambda: outcomes.close(uow, incident_id, outcome=body.outcome, expected_version=version),
    )  # fmt: skip


@router.post("/{incident_id}/cancel", summary="Cancel the incident")
def post_cancel(
    uow: IncidentWriter,
    once: OnceOptional,
    incident_id: UUID,
    version: ExpectedVersion,
    body: ReasonIn,
) -> Answer[IncidentView]:
    """Cancel an incident that needs nobody."""
    return once.change(
        uow, body,
        do=lambda: outcomes.cancel(uow, incident_id, reason=body.reason, expected_version=version),
    )  # fmt: skip


@router.post("/{incident_id}/reopen", summary="Open a closed incident again")
def post_reopen(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID, version: ExpectedVersion
) -> Answer[IncidentView]:
    """Reopen."""
    return once.change(
        uow, None,
        do=lambda: outcomes.reopen(uow, incident_id, expected_version=version),
    )  # fmt: skip


@router.post("/{incident_id}/undo-end", summary="Undo a close or a cancellation")
def post_undo_end(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID, version: ExpectedVersion
) -> Answer[IncidentView]:
    """Undo, within ten seconds."""
    return once.change(
        uow, None,
        do=lambda: outcomes.undo_end(uow, incident_id, expected_version=version),
    )  # fmt: skip


@router.post("/{incident_id}/take-over", summary="Handle this incident oneself")
def post_take_over(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID, version: ExpectedVersion
) -> Answer[IncidentView]:
    """Make the viewer the one who handles the incident."""
    return once.change(
        uow, None,
        do=lambda: outcomes.take_over(uow, incident_id, expected_version=version),
    )  # fmt: skip


@router.post("/{incident_id}/duplicate", summary="Link to the incident this one repeats")
def post_duplicate(
    uow: IncidentWriter,
    once: OnceOptional,
    incident_id: UUID,
    version: ExpectedVersion,
    body: DuplicateIn,
) -> Answer[IncidentView]:
    """Mark as duplicate; the link closes nothing."""
    return once.change(
        uow, body,
        do=lambda: outcomes.mark_duplicate(uow, incident_id, of=body.of, expected_version=version),
    )  # fmt: skip


@router.get("/{incident_id}/story", summary="What happened, event by event")
@works(Work.ORDINARY)
def get_story(uow: EventsReader, incident_id: UUID) -> Answer[Story]:
    """Return the events in order, in words, and whether their hash chain holds."""
    return Answer(outcomes.story(uow, incident_id))
