"""States of a telephone call, what the exchange may say of it, and when a call-back is due. Pure.

The exchange speaks, this table decides: what it reports twice changes nothing, what cannot follow
is refused with a sentence, and a call that nobody answered is never lost: it becomes an incident
that waits for a call-back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gis.words import Words


class CallState(StrEnum):
    """Where a telephone call stands."""

    RINGING = "ringing"
    ANSWERED = "answered"
    HELD = "held"
    ABANDONED = "abandoned"
    TRANSFERRED = "transferred"
    ENDED = "ended"


class Said(StrEnum):
    """What the exchange reports of a call."""

    RANG = "rang"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    ABANDONED = "abandoned"
    TRANSFERRED = "transferred"
    ENDED = "ended"


TRANSITIONS: Mapping[tuple[CallState, Said], CallState] = {
    (CallState.RINGING, Said.ANSWERED): CallState.ANSWERED,
    (CallState.RINGING, Said.ABANDONED): CallState.ABANDONED,
    (CallState.RINGING, Said.TRANSFERRED): CallState.TRANSFERRED,
    (CallState.ANSWERED, Said.HELD): CallState.HELD,
    (CallState.ANSWERED, Said.ABANDONED): CallState.ABANDONED,
    (CallState.ANSWERED, Said.TRANSFERRED): CallState.TRANSFERRED,
    (CallState.ANSWERED, Said.ENDED): CallState.ENDED,
    (CallState.HELD, Said.RESUMED): CallState.ANSWERED,
    (CallState.HELD, Said.ABANDONED): CallState.ABANDONED,
    (CallState.HELD, Said.TRANSFERRED): CallState.TRANSFERRED,
    (CallState.HELD, Said.ENDED): CallState.ENDED,
}
"""What may follow what; a pair that does not stand here is refused. The last three states end."""

LEADS_TO: Mapping[Said, CallState] = {
    Said.RANG: CallState.RINGING,
    Said.ANSWERED: CallState.ANSWERED,
    Said.HELD: CallState.HELD,
    Said.RESUMED: CallState.ANSWERED,
    Said.ABANDONED: CallState.ABANDONED,
    Said.TRANSFERRED: CallState.TRANSFERRED,
    Said.ENDED: CallState.ENDED,
}

ENDS = frozenset({CallState.ABANDONED, CallState.TRANSFERRED, CallState.ENDED})

CALL_STATE_WORDS: Mapping[CallState, Words] = {
    CallState.RINGING: Words(en="ringing", zh="振铃"),
    CallState.ANSWERED: Words(en="answered", zh="通话中"),
    CallState.HELD: Words(en="on hold", zh="保持"),
    CallState.ABANDONED: Words(en="abandoned", zh="已挂断未接通"),
    CallState.TRANSFERRED: Words(en="transferred", zh="已转接"),
    CallState.ENDED: Words(en="ended", zh="已结束"),
}

CALL_BACK_S = 60.0
"""An abandoned or silent call is called back within this; then it alarms. A rule of this desk."""

CALL_BACK_TRIES = 3
"""Unanswered call-backs after which somebody decides whether to send without an answer."""


class CallBack(StrEnum):
    """Where the duty to call back stands."""

    NONE = "none"
    DUE = "due"
    REACHED = "reached"
    UNREACHED = "unreached"


class CallBackResult(StrEnum):
    """What came of one try."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackDuty:
    """Where a call-back stands, how often it was tried, and when the next try is due."""

    state: CallBack
    tries: int
    due_at: datetime | None


NO_DUTY = CallBackDuty(state=CallBack.NONE, tries=0, due_at=None)


def next_state(state: CallState, said: Said) -> CallState | None:
    """Return what a call becomes; the same where it was said before; None where it cannot be."""
    if LEADS_TO[said] == state:
        return state
    return TRANSITIONS.get((state, said))


def owed(at: datetime) -> CallBackDuty:
    """Return the duty that begins when a call is abandoned or found silent."""
    return CallBackDuty(state=CallBack.DUE, tries=0, due_at=at + timedelta(seconds=CALL_BACK_S))


def after_try(duty: CallBackDuty, result: CallBackResult, *, at: datetime) -> CallBackDuty:
    """Return the duty after one try. It never ends by itself: only somebody reached ends it.

    After `CALL_BACK_TRIES` it is *unreached*, which stays shown, and another try may still end it.
    """
    tries = duty.tries + 1
    if result == CallBackResult.REACHED:
        return CallBackDuty(state=CallBack.REACHED, tries=tries, due_at=None)
    if tries >= CALL_BACK_TRIES:
        return CallBackDuty(state=CallBack.UNREACHED, tries=tries, due_at=None)
    return CallBackDuty(state=CallBack.DUE, tries=tries, due_at=at + timedelta(seconds=CALL_BACK_S))


def is_quiet(*, silent: bool, call_back: CallBack) -> bool:
    """Tell whether nobody has spoken yet: such a call is not pre-alerted by itself."""
    return silent or call_back in (CallBack.DUE, CallBack.UNREACHED)
