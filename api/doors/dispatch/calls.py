"""Taking a call."""

import re
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import IncidentWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import LongText, Moment, PointIn, RowId, Shape, Text
from api.processes.supervisor import pseudonym_keys
from dispatch.calls.service import note_call, take_call
from dispatch.incidents.calls import NewCall
from dispatch.incidents.views import CallTaken
from dispatch.model import CallSource

router = DoorRouter(Work.EMERGENCY)


class CallIn(Shape):
    """A call. Everything but city and source may be missing: a call never waits for a place."""

    city_id: RowId
    source: CallSource
    caller_number: Text | None = None
    caller_name: Text | None = None
    words: LongText | None = None
    point: PointIn | None = None
    place_label: Text | None = None
    received_at: Moment | None = None
    answered_at: Moment | None = None
    simulated: bool = False

    def new_call(self) -> NewCall:
        """Return what the use case takes."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        values["point"] = None if self.point is None else self.point.declared()
        return NewCall(**values)


@router.post("/v1/calls", status_code=201, summary="Take a call")
def post_call(
    uow: IncidentWriter, context: Context, once: OnceRequired, body: CallIn
) -> Answer[CallTaken]:
    """Save the call as a new incident, queued and timed at once."""
    keys = pseudonym_keys(context.settings)
    return once.answer(
        uow, body, create=lambda: take_call(uow, keys, body.new_call()), versioned="incident"
    )


_EXTENSION = re.compile(r"\s*(?:ext\.?|x|anexo|转)\s*\d+\s*$", re.IGNORECASE)


def _without_letters(number: str) -> str:
    """Check a number that somebody types; a call that comes in is never refused for its number."""
    if any(sign.isalpha() for sign in _EXTENSION.sub("", number)):
        msg = "holds letters; a telephone number has digits only, as +56 9 8765 4321."
        raise ValueError(msg)
    return number


class CallNoteIn(Shape):
    """What the caller said since; what is left out stays. access: gate code, floor, who waits."""

    words: LongText | None = None
    caller_number: Annotated[Text, AfterValidator(_without_letters)] | None = None
    caller_name: Text | None = None
    access: LongText | None = None


@dataclass(frozen=True, slots=True)
class CallNoted:
    """The call whose words were kept, and its incident."""

    incident_id: UUID
    call_id: UUID


@router.patch("/v1/calls/{call_id}", summary="Write down what the caller says")
def patch_call(
    uow: IncidentWriter, context: Context, once: OnceOptional, call_id: UUID, body: CallNoteIn
) -> Answer[CallNoted]:
    """Replace words or number; safe to repeat."""
    keys = pseudonym_keys(context.settings)

    def note() -> CallNoted:
        incident_id = note_call(
            uow, keys, call_id, words=body.words, caller_number=body.caller_number,
            caller_name=body.caller_name, access=body.access,
        )  # fmt: skip
        return CallNoted(incident_id, call_id)

    return once.change(uow, body, do=note)
