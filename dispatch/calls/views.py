"""What is shown of telephone calls and of what phones say."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.words import Words


@dataclass(frozen=True, slots=True)
class TelephoneCallView:
    """One call on a line. incident_id: none while it rings.

    quiet: nobody has spoken yet (silent, or to be called back): such a call is not pre-alerted by
    itself. call_back: none, due, reached, unreached; `call_back_due_at` says until when.
    """

    call_id: UUID
    incident_id: UUID | None
    exchange: str
    exchange_ref: str
    state: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    silent: bool
    quiet: bool
    transferred_to: str | None
    recording_ref: str | None
    call_back: str
    call_back_tries: int
    call_back_due_at: datetime | None
    follows_call_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class CallerFixView:
    """Where a phone says that it is, with the circle (m) that holds it in 95 of 100 cases.

    radius_said: whether the phone gave a radius; without one the circle is a wide guess. whole:
    nothing is missing of the message. faults: fields that could not be read, without their values.
    """

    fix_id: UUID
    call_id: UUID
    source: str
    received_at: datetime
    positioned_at: datetime | None
    age_s: float
    lon: float | None
    lat: float | None
    shown_radius_m: float | None
    radius_said: bool
    confidence: float | None
    method: str
    method_words: Words
    altitude_m: float | None
    floor: str | None
    whole: bool
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """One earlier incident that the same number called for, within the viewer's jurisdiction."""

    incident_id: UUID
    number: str
    received_at: datetime
    state: str
    category: str | None
    complaint_code: str | None
    outcome: str | None
    place_label: str | None


@dataclass(frozen=True, slots=True)
class CallsOfIncident:
    """An incident's calls on the line, what phones said, and what the same numbers called before.

    known_number: whether any call has a number to compare by; if not, no history is *unknown*, not
    *none*. earlier_total: all that are known, `earlier` the newest of them.
    """

    calls: tuple[TelephoneCallView, ...]
    fixes: tuple[CallerFixView, ...]
    known_number: bool
    earlier_total: int
    earlier: tuple[EarlierCall, ...]


@dataclass(frozen=True, slots=True)
class FixTaken:
    """What became of a location message: matched to a call, waiting for one, or without a place."""

    fix_id: UUID
    outcome: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkMade:
    """A link for the caller. It is shown this once: only a digest of it is kept."""

    path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkUsed:
    """The phone's position arrived."""

    received_at: datetime
    shown_radius_m: float
