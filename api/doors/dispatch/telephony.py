"""The telephone: what the exchange tells, silence and call-backs, how fast calls are answered."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import StringConstraints

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import IncidentReader, IncidentWriter, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Instant, Moment, Name, RowId, Shape, Text
from api.processes.supervisor import pseudonym_keys
from dispatch.calls import locating, service
from dispatch.calls.figures import Answering
from dispatch.calls.model import CallBackResult, Said
from dispatch.calls.views import CallsOfIncident, TelephoneCallView
from dispatch.permissions import TELEPHONY
from gis.database import WritingUnitOfWork

router = DoorRouter(Work.EMERGENCY)

Exchange = Annotated[WritingUnitOfWork, Depends(writes(TELEPHONY), scope="function")]
Ref = Annotated[Name, StringConstraints(max_length=120)]


class ExchangeReportIn(Shape):
    """What the exchange tells of a call, which it names by `exchange_ref` for ever.

    number: only with *rang*, left out where it is withheld. at: when it happened; left out: now.
    """

    city_id: RowId
    exchange: Ref
    exchange_ref: Ref
    said: Said
    at: Moment | None = None
    number: Text | None = None
    transferred_to: Ref | None = None
    recording_ref: Ref | None = None
    simulated: bool = False


class SilentIn(Shape):
    """Whether nobody speaks on the line."""

    silent: bool


class CallBackIn(Shape):
    """What came of one try to call back."""

    result: CallBackResult


@dataclass(frozen=True, slots=True)
class OpenCalls:
    """Calls that ring, go on, or wait for a call-back."""

    calls: tuple[TelephoneCallView, ...]


@router.post("/v1/telephony/calls", summary="Tell what happens to a call on the line")
def post_report(
    uow: Exchange, context: Context, once: OnceOptional, body: ExchangeReportIn
) -> Answer[TelephoneCallView]:
    """Ring, answer, hold, abandon, transfer, end; told twice it changes nothing."""
    told = service.ExchangeReport(**{name: getattr(body, name) for name in type(body).model_fields})
    keys = pseudonym_keys(context.settings)
    return once.change(uow, body, do=lambda: service.report(uow, keys, told))


@router.get("/v1/telephony/calls", summary="Calls that ring, go on, or wait for a call-back")
def get_calls(uow: IncidentReader, city_id: CityQuery) -> Answer[OpenCalls]:
    """Return them, the longest waiting first."""
    return Answer(OpenCalls(service.open_calls(uow, city_id)))


@router.get("/v1/telephony/figures", summary="How fast calls were answered")
def get_figures(
    uow: IncidentReader, city_id: CityQuery, since: Instant, before: Instant
) -> Answer[Answering]:
    """Return mean, median, 90th percentile and the standards kept; simulated exchanges count."""
    return Answer(service.figures(uow, city_id, since=since, before=before))


@router.post("/v1/calls/{call_id}/silent", summary="Nobody speaks on the line, or somebody does")
def post_silent(
    uow: IncidentWriter, once: OnceOptional, call_id: UUID, body: SilentIn
) -> Answer[TelephoneCallView]:
    """A silent call is to be called back, and is not pre-alerted by itself."""
    return once.change(
        uow, body, do=lambda: service.set_silent(uow, call_id, silent=body.silent)
    )  # fmt: skip


@router.post("/v1/calls/{call_id}/call-backs", summary="What came of a try to call back")
def post_call_back(
    uow: IncidentWriter, once: OnceOptional, call_id: UUID, body: CallBackIn
) -> Answer[TelephoneCallView]:
    """Only somebody reached ends the duty; after three tries it is shown as unreached."""
    return once.change(
        uow, body, do=lambda: service.try_call_back(uow, call_id, body.result)
    )  # fmt: skip


@router.get(
    "/v1/incidents/{incident_id}/calls", summary="An incident's lines, phones and earlier calls"
)
def get_of_incident(uow: IncidentReader, incident_id: UUID) -> Answer[CallsOfIncident]:
    """Return what the telephone knows of the incident; numbers stay where they are."""
    return Answer(locating.calls_and_fixes(uow, incident_id))
