"""The life of a volunteer's alert as a table, and what a volunteer may do. Pure functions."""

from collections.abc import Mapping
from enum import StrEnum

from dispatch.volunteers.errors import AlertStepError, LoneRescuerError
from gis.words import Words


class AlertState(StrEnum):
    """Where a volunteer stands. `candidate` is not stored: nobody was asked yet."""

    CANDIDATE = "candidate"
    ALERTED = "alerted"
    SEEN = "seen"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    ROUTED_DIRECT = "routed_direct"
    ROUTED_VIA_AED = "routed_via_aed"
    ON_SCENE = "on_scene"
    WITH_PATIENT = "with_patient"
    HAS_AED = "has_aed"
    RECALLED = "recalled"
    STOOD_DOWN = "stood_down"


_S = AlertState
_ENDS = {_S.RECALLED, _S.STOOD_DOWN}

TRANSITIONS: Mapping[AlertState, frozenset[AlertState]] = {
    _S.CANDIDATE: frozenset({_S.ALERTED}),
    _S.ALERTED: frozenset({_S.SEEN, _S.ACCEPTED, _S.REJECTED, _S.EXPIRED, _S.STOOD_DOWN}),
    _S.SEEN: frozenset({_S.ACCEPTED, _S.REJECTED, _S.EXPIRED, _S.STOOD_DOWN}),
    _S.ACCEPTED: frozenset({_S.ROUTED_DIRECT, _S.ROUTED_VIA_AED, *_ENDS}),
    _S.ROUTED_DIRECT: frozenset(
        {_S.REJECTED, _S.ON_SCENE, _S.WITH_PATIENT, _S.ROUTED_VIA_AED, *_ENDS}
    ),
    _S.ROUTED_VIA_AED: frozenset(
        {_S.REJECTED, _S.HAS_AED, _S.ROUTED_DIRECT, _S.ON_SCENE, _S.WITH_PATIENT, *_ENDS}
    ),
    _S.ON_SCENE: frozenset({_S.WITH_PATIENT, _S.HAS_AED, *_ENDS}),
    _S.WITH_PATIENT: frozenset({_S.HAS_AED, _S.ROUTED_VIA_AED, *_ENDS}),
    _S.HAS_AED: frozenset({_S.ON_SCENE, _S.WITH_PATIENT, *_ENDS}),
    _S.RECALLED: frozenset({_S.STOOD_DOWN}),
    _S.REJECTED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.STOOD_DOWN: frozenset(),
}
"""Whence where. Three are final. The diagram stands in `docs/dispatch/arrest.md`."""

ENDED = frozenset(state for state, exits in TRANSITIONS.items() if not exits)
UNANSWERED = frozenset({_S.ALERTED, _S.SEEN})
COMING = frozenset({_S.ACCEPTED, _S.ROUTED_DIRECT, _S.ROUTED_VIA_AED, _S.ON_SCENE, _S.HAS_AED})
STANDING = UNANSWERED | COMING | {_S.WITH_PATIENT}
"""Whoever fills a place of the wave."""
KNOWS_PLACE = COMING | {_S.WITH_PATIENT}
"""Whoever is shown the exact place; before, it is approximate."""

ALERT_WORDS: Mapping[AlertState, Words] = {
    _S.CANDIDATE: Words(en="not asked yet", zh="尚未询问"),
    _S.ALERTED: Words(en="asked", zh="已呼叫"),
    _S.SEEN: Words(en="has seen it", zh="已看到"),
    _S.ACCEPTED: Words(en="comes", zh="已接受"),
    _S.REJECTED: Words(en="cannot come", zh="不能前来"),
    _S.EXPIRED: Words(en="did not answer", zh="未答复"),
    _S.ROUTED_DIRECT: Words(en="on the way to the patient", zh="正赶往患者处"),
    _S.ROUTED_VIA_AED: Words(en="on the way to an AED", zh="正去取AED"),
    _S.ON_SCENE: Words(en="at the place", zh="已到现场"),
    _S.WITH_PATIENT: Words(en="with the patient", zh="在患者身边"),
    _S.HAS_AED: Words(en="has the AED", zh="已取得AED"),
    _S.RECALLED: Words(en="called back", zh="已召回"),
    _S.STOOD_DOWN: Words(en="stood down", zh="已解除"),
}


class Step(StrEnum):
    """What a volunteer presses."""

    SEEN = "seen"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    AED_TAKEN = "aed_taken"
    AED_NOT_THERE = "aed_not_there"
    ON_SCENE = "on_scene"
    WITH_PATIENT = "with_patient"
    RECALL_HEARD = "recall_heard"


STEPS: Mapping[Step, AlertState] = {
    Step.SEEN: _S.SEEN,
    Step.ACCEPTED: _S.ACCEPTED,
    Step.REJECTED: _S.REJECTED,
    Step.AED_TAKEN: _S.HAS_AED,
    Step.AED_NOT_THERE: _S.ROUTED_DIRECT,
    Step.ON_SCENE: _S.ON_SCENE,
    Step.WITH_PATIENT: _S.WITH_PATIENT,
    Step.RECALL_HEARD: _S.STOOD_DOWN,
}
"""Where each leads."""


def check_step(state: AlertState, step: Step) -> AlertState:
    """Return where a step leads from `state`.

    Raises
    ------
    AlertStepError
        It leads nowhere from there; `expired` too: that alert was for somebody else by then.
    """
    after = STEPS[step]
    fits = {
        Step.RECALL_HEARD: state is _S.RECALLED,
        Step.AED_NOT_THERE: state is _S.ROUTED_VIA_AED,
    }.get(step, after in TRANSITIONS[state])
    if not fits:
        raise AlertStepError(state.value, step.value)
    return after


def check_change(state: AlertState, after: AlertState, *, others_with_patient: int) -> None:
    """Refuse a change the table does not know, and to send the lone rescuer away.

    others_with_patient : rescuers who are with the patient besides this one

    Raises
    ------
    AlertStepError, LoneRescuerError
    """
    if after not in TRANSITIONS[state]:
        raise AlertStepError(state.value, after.value)
    leaves = state is _S.WITH_PATIENT and after is _S.ROUTED_VIA_AED
    if leaves and others_with_patient < 1:
        raise LoneRescuerError
