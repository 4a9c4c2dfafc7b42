"""State machines of assignments, incidents and units: tables, and pure functions on them.

An assignment walks a path; each step is one NEMSIS eTimes stamp. Steps may be skipped (crews forget
buttons) and may come late (tablets lose signal); both are flagged. What contradicts is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.errors import (
    IllegalTransitionError,
    StampTimeError,
    UndoRefusedError,
    UndoTooLateError,
)
from dispatch.model import (
    AssignmentState,
    IncidentFacts,
    IncidentState,
    Outcome,
    Stamp,
    UnitAvailability,
    UnitStatus,
)

LATE_AFTER_S = 60.0
"""A stamp written down more than this after it happened is flagged late."""

FUTURE_TOLERANCE_S = 60.0
"""How far a reporting clock may run ahead of ours."""

UNDO_S = 10.0
"""So long the desk offers to undo a stamp, a close or a cancellation."""

UNDO_WAY_S = 5.0
"""So much longer an undo is taken: it was pressed in time and needs its way."""

REPEAT_TOLERANCE_S = 1.0
"""The same state stamped again this near its first time is the same stamp, sent twice."""

_A = AssignmentState

PATH: tuple[AssignmentState, ...] = (
    _A.SUGGESTED, _A.PRE_ALERTED, _A.NOTIFIED, _A.ACKNOWLEDGED, _A.EN_ROUTE, _A.STAGING,
    _A.ON_SCENE, _A.AT_PATIENT, _A.LEFT_SCENE, _A.AT_DESTINATION, _A.TRANSFERRED, _A.AVAILABLE,
    _A.HOME,
)  # fmt: skip
"""The way of an assignment that goes well, in order."""

_RANK: Mapping[AssignmentState, int] = {state: rank for rank, state in enumerate(PATH)}

OPTIONAL: frozenset[AssignmentState] = frozenset(
    {_A.SUGGESTED, _A.PRE_ALERTED, _A.STAGING, _A.HOME}
)
"""States whose absence is no omission."""

EXITS: Mapping[AssignmentState, frozenset[AssignmentState]] = {
    _A.CANCELLED: frozenset({
        _A.SUGGESTED, _A.PRE_ALERTED, _A.NOTIFIED, _A.ACKNOWLEDGED, _A.EN_ROUTE, _A.STAGING,
        _A.ON_SCENE,
    }),
    _A.DIVERTED: frozenset({_A.NOTIFIED, _A.ACKNOWLEDGED, _A.EN_ROUTE, _A.STAGING}),
    _A.HANDED_OVER: frozenset({_A.ON_SCENE, _A.AT_PATIENT, _A.LEFT_SCENE}),
    _A.NO_TRANSPORT: frozenset({_A.ON_SCENE, _A.AT_PATIENT}),
}  # fmt: skip
"""Ways out, and the states each may be taken from. Nothing follows an exit."""

USUAL: tuple[AssignmentState, ...] = tuple(
    state for state in PATH if state not in {_A.SUGGESTED, _A.PRE_ALERTED, _A.NOTIFIED, _A.STAGING}
)
"""The steps a crew usually reports, in order."""

APPROACHING: frozenset[AssignmentState] = frozenset({_A.NOTIFIED, _A.ACKNOWLEDGED, _A.EN_ROUTE})
"""States in which the predicted arrival is still to come."""

NEEDS_DESTINATION: frozenset[AssignmentState] = frozenset(
    {_A.ON_SCENE, _A.AT_PATIENT, _A.LEFT_SCENE}
)
"""States in which the hospital is chosen."""

_TO_SCENE = (_A.ON_SCENE, _A.AT_PATIENT, _A.LEFT_SCENE, _A.AT_DESTINATION)

NEXT: Mapping[AssignmentState, tuple[AssignmentState, ...]] = {
    _A.SUGGESTED: (_A.PRE_ALERTED, _A.NOTIFIED),
    _A.PRE_ALERTED: (_A.NOTIFIED,),
    _A.NOTIFIED: (_A.ACKNOWLEDGED, _A.EN_ROUTE, _A.STAGING, *_TO_SCENE),
    _A.ACKNOWLEDGED: (_A.EN_ROUTE, _A.STAGING, *_TO_SCENE),
    _A.EN_ROUTE: (_A.STAGING, *_TO_SCENE),
    _A.STAGING: _TO_SCENE,
    _A.ON_SCENE: (_A.AT_PATIENT, _A.LEFT_SCENE, _A.AT_DESTINATION, _A.TRANSFERRED),
    _A.AT_PATIENT: (_A.LEFT_SCENE, _A.AT_DESTINATION, _A.TRANSFERRED),
    _A.LEFT_SCENE: (_A.AT_DESTINATION, _A.TRANSFERRED),
    _A.AT_DESTINATION: (_A.TRANSFERRED, _A.AVAILABLE),
    _A.TRANSFERRED: (_A.AVAILABLE, _A.HOME),
    _A.AVAILABLE: (_A.HOME,),
}
"""Forward steps from each state, exits apart. A unit is only free again after its patient was
brought somewhere; one that was not needed leaves by `cancelled` or `no_transport`."""


class StepKind(StrEnum):
    """What a stamp does to its assignment."""

    FORWARD = "forward"
    FILL = "fill"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Step:
    """A permitted stamp. `state` is the assignment's state afterwards.

    `FILL` adds a forgotten stamp behind the current state; `REPEAT` changes nothing.
    """

    kind: StepKind
    state: AssignmentState
    late: bool = False
    skipped: tuple[AssignmentState, ...] = ()


def next_states(current: AssignmentState) -> tuple[AssignmentState, ...]:
    """Return every state that may follow `current`: forward steps in order, then exits."""
    exits = tuple(state for state, sources in EXITS.items() if current in sources)
    return NEXT.get(current, ()) + exits


def state_after(stamped: Iterable[AssignmentState]) -> AssignmentState:
    """Return the state that stamps lead to, in order of recording; those behind it fill gaps.

    A unit that is notified once more begins anew.
    """
    current = _A.NOTIFIED
    for state in stamped:
        if state is _A.NOTIFIED or state in next_states(current):
            current = state
    return current


def check_undo(
    stamped: Sequence[AssignmentState], undone: AssignmentState, *, age_s: float
) -> AssignmentState:
    """Return the state an assignment goes back to when its last stamp is undone.

    A crew that was called back has been told so: it is notified again, and has to answer again.
    `stamped`: its stamps in order of recording; `age_s`: seconds since the last was recorded.

    Raises
    ------
    UndoRefusedError
        `undone` is not the last stamp, or a unit's being sent or diverted, which stands.
    UndoTooLateError
        The stamp is older than may be undone.
    """
    if not stamped or stamped[-1] is not undone:
        raise UndoRefusedError(
            f"“{undone}” is not the last step any more; something was recorded after it."
        )
    if undone in {_A.NOTIFIED, _A.DIVERTED}:
        raise UndoRefusedError(
            f"“{undone}” cannot be undone: the crew was told. Call the unit back or send it anew."
        )
    check_undo_age(age_s)
    return _A.NOTIFIED if undone is _A.CANCELLED else state_after(stamped[:-1])


def check_undo_age(age_s: float) -> None:
    """Raise `UndoTooLateError` if a step is too old to be undone."""
    if age_s > UNDO_S + UNDO_WAY_S:
        raise UndoTooLateError(UNDO_S)


def skipped_between(current: AssignmentState, new: AssignmentState) -> tuple[AssignmentState, ...]:
    """Return the states that should have been stamped between `current` and `new`."""
    if new not in _RANK:
        return ()
    between = PATH[_RANK[current] + 1 : _RANK[new]]
    return tuple(state for state in between if state not in OPTIONAL)


def check_transition(
    current: AssignmentState,
    new: AssignmentState,
    *,
    occurred_at: datetime,
    recorded_at: datetime,
    previous_stamps: Sequence[Stamp],
) -> Step:
    """Decide whether `new` may be stamped on an assignment that is in `current`.

    `occurred_at` and `recorded_at` are aware UTC; `previous_stamps` are the assignment's so far.
    The current state once more is a repeat if its time is the recorded one, or if both times are
    equal, that is, if the sender named no time.

    Raises
    ------
    IllegalTransitionError
        `new` contradicts what is recorded, or would move a stamp to another time; the sentence
        lists what is allowed.
    StampTimeError
        The time lies before an earlier stamp, after a later one, or in the future.
    """
    stamped = {stamp.state: stamp.occurred_at for stamp in previous_stamps}
    before = stamped.get(new)
    if before is not None and _is_near(before, occurred_at):
        return Step(StepKind.REPEAT, current)
    if new == current:
        if before is None or occurred_at == recorded_at:
            return Step(StepKind.REPEAT, current)
        raise IllegalTransitionError(
            f"“{new}” was already stamped at {before:%Y-%m-%d %H:%M:%S}Z; corrections are not "
            "possible here yet. Go on with the next status.",
            allowed=next_states(current),
        )
    if occurred_at > recorded_at + timedelta(seconds=FUTURE_TOLERANCE_S):
        raise StampTimeError(new, occurred_at, why="it lies in the future")
    late = recorded_at - occurred_at > timedelta(seconds=LATE_AFTER_S)
    if new in next_states(current):
        _check_not_before(new, occurred_at, stamped)
        return Step(StepKind.FORWARD, new, late=late, skipped=skipped_between(current, new))
    if _may_fill(current, new, stamped):
        _check_between(new, occurred_at, stamped)
        return Step(StepKind.FILL, current, late=late)
    raise IllegalTransitionError(_refusal(current, new, stamped), allowed=next_states(current))


def _is_near(at: datetime, other: datetime) -> bool:
    return abs(at - other) <= timedelta(seconds=REPEAT_TOLERANCE_S)


def _may_fill(
    current: AssignmentState, new: AssignmentState, stamped: Mapping[AssignmentState, datetime]
) -> bool:
    if current not in _RANK or new not in _RANK or new in stamped:
        return False
    return _RANK[_A.NOTIFIED] < _RANK[new] < _RANK[current]


def _check_not_before(
    new: AssignmentState, occurred_at: datetime, stamped: Mapping[AssignmentState, datetime]
) -> None:
    for state, at in stamped.items():
        if occurred_at < at:
            raise StampTimeError(
                new, occurred_at, why=f"it lies before “{state}” at {at:%Y-%m-%d %H:%M:%S}Z"
            )


def _check_between(
    new: AssignmentState, occurred_at: datetime, stamped: Mapping[AssignmentState, datetime]
) -> None:
    for state, at in stamped.items():
        wrong = occurred_at < at if _RANK[state] < _RANK[new] else occurred_at > at
        if wrong:
            side = "before" if _RANK[state] < _RANK[new] else "after"
            raise StampTimeError(
                new, occurred_at, why=f"it lies {side} “{state}” at {at:%Y-%m-%d %H:%M:%S}Z"
            )


def _refusal(
    current: AssignmentState, new: AssignmentState, stamped: Mapping[AssignmentState, datetime]
) -> str:
    allowed = next_states(current)
    if new in stamped:
        start = (
            f"“{new}” was stamped already, at {stamped[new]:%Y-%m-%d %H:%M:%S}Z, and the unit is "
            f"now at “{current}”."
        )
    else:
        start = f"A unit at “{current}” cannot become “{new}”."
    if not allowed:
        return f"{start} This assignment has ended; nothing can follow."
    return f"{start} Allowed now: {', '.join(allowed)}."


_WORKING: Mapping[AssignmentState, IncidentState] = {
    _A.NOTIFIED: IncidentState.ASSIGNED,
    _A.ACKNOWLEDGED: IncidentState.ASSIGNED,
    _A.EN_ROUTE: IncidentState.EN_ROUTE,
    _A.STAGING: IncidentState.EN_ROUTE,
    _A.ON_SCENE: IncidentState.ON_SCENE,
    _A.AT_PATIENT: IncidentState.ON_SCENE,
    _A.LEFT_SCENE: IncidentState.TRANSPORTING,
    _A.AT_DESTINATION: IncidentState.TRANSPORTING,
}
_DONE: frozenset[AssignmentState] = frozenset(
    {_A.TRANSFERRED, _A.AVAILABLE, _A.HOME, _A.HANDED_OVER, _A.NO_TRANSPORT}
)
SERVING: frozenset[AssignmentState] = frozenset(_WORKING) | _DONE
"""States of a unit that serves its incident, or has."""

ENDED: frozenset[IncidentState] = frozenset({IncidentState.CLOSED, IncidentState.CANCELLED})
WAITING: frozenset[IncidentState] = frozenset(
    {IncidentState.RECEIVED, IncidentState.CODED, IncidentState.QUEUED}
)
"""States in which nobody has been sent yet."""

TAKEN_AWAY: frozenset[AssignmentState] = frozenset(
    {_A.LEFT_SCENE, _A.AT_DESTINATION, _A.TRANSFERRED, _A.HANDED_OVER}
)
"""Stamps that say that a patient went on with somebody."""

NOBODY_TAKEN: frozenset[Outcome] = frozenset(
    {Outcome.TREATED_ON_SCENE, Outcome.REFUSED, Outcome.NO_PATIENT, Outcome.FALSE_ALARM}
)
"""Outcomes that say that nobody did."""


def contradicting(outcome: Outcome, stamped: Iterable[AssignmentState]) -> list[AssignmentState]:
    """Return which of an incident's stamps contradict an outcome, in the order of their path."""
    if outcome not in NOBODY_TAKEN:
        return []
    return sorted(TAKEN_AWAY & set(stamped), key=list(AssignmentState).index)


_INCIDENT_ORDER: Mapping[IncidentState, int] = {s: rank for rank, s in enumerate(IncidentState)}


def incident_state(facts: IncidentFacts, assignments: Iterable[AssignmentState]) -> IncidentState:
    """Derive an incident's state from its facts and the states of all its assignments.

    The furthest progress counts: of the units at work, the one furthest along; when none is at
    work but one has finished, the incident is closing; a cancelled, diverted or merely suggested
    unit counts for nothing.
    """
    if facts.cancelled_at is not None:
        return IncidentState.CANCELLED
    if facts.closed_at is not None:
        return IncidentState.CLOSED
    states = list(assignments)
    working = [_WORKING[state] for state in states if state in _WORKING]
    if working:
        return max(working, key=_INCIDENT_ORDER.__getitem__)
    if any(state in _DONE for state in states):
        return IncidentState.CLOSING
    if facts.queued_at is not None:
        return IncidentState.QUEUED
    return IncidentState.CODED if facts.coded_at is not None else IncidentState.RECEIVED


_UNIT_STATUS: Mapping[AssignmentState | None, tuple[UnitAvailability, tuple[str, ...]]] = {
    None: (UnitAvailability.AVAILABLE, ("InService", "OnDuty")),
    _A.NOTIFIED: (UnitAvailability.CONDITIONALLY_AVAILABLE, ("Assigned", "Dispatched")),
    _A.ACKNOWLEDGED: (
        UnitAvailability.CONDITIONALLY_AVAILABLE, ("Assigned", "AcknowledgedTransmission"),
    ),
    _A.EN_ROUTE: (UnitAvailability.CONDITIONALLY_AVAILABLE, ("Assigned", "EnRoute")),
    _A.STAGING: (UnitAvailability.CONDITIONALLY_AVAILABLE, ("Assigned", "Staging")),
    _A.ON_SCENE: (UnitAvailability.NOT_AVAILABLE, ("Assigned", "OnScene")),
    _A.AT_PATIENT: (UnitAvailability.NOT_AVAILABLE, ("Assigned", "OnScene", "PatientContact")),
    _A.LEFT_SCENE: (UnitAvailability.NOT_AVAILABLE, ("Assigned", "Transporting")),
    _A.AT_DESTINATION: (UnitAvailability.NOT_AVAILABLE, ("Assigned", "Hospital")),
    _A.TRANSFERRED: (UnitAvailability.NOT_AVAILABLE, ("Assigned", "Hospital")),
}  # fmt: skip


class UnitPhase(StrEnum):
    """What a unit is doing, as maps and lists tell units apart."""

    AVAILABLE = "available"
    NOTIFIED = "notified"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    TRANSPORTING = "transporting"
    AT_HOSPITAL = "at_hospital"
    OFF = "off"


PHASES: Mapping[AssignmentState, UnitPhase] = {
    _A.SUGGESTED: UnitPhase.AVAILABLE,
    _A.PRE_ALERTED: UnitPhase.NOTIFIED,
    _A.NOTIFIED: UnitPhase.NOTIFIED,
    _A.ACKNOWLEDGED: UnitPhase.NOTIFIED,
    _A.EN_ROUTE: UnitPhase.EN_ROUTE,
    _A.STAGING: UnitPhase.EN_ROUTE,
    _A.ON_SCENE: UnitPhase.ON_SCENE,
    _A.AT_PATIENT: UnitPhase.ON_SCENE,
    _A.LEFT_SCENE: UnitPhase.TRANSPORTING,
    _A.AT_DESTINATION: UnitPhase.AT_HOSPITAL,
    _A.TRANSFERRED: UnitPhase.AT_HOSPITAL,
}
"""What a unit does by its assignment; one without a line here, or without an assignment, is
available or off by its own status."""


def unit_status(
    open_assignment_state: AssignmentState | None,
    *,
    on_shift: bool,
    out_of_service_reason: str | None,
) -> UnitStatus:
    """Derive a unit's status (NENA EIDO names) from its open assignment and its shift.

    An assigned unit may be reassigned until it reaches the scene: conditionally available.
    """
    primary, secondary = _UNIT_STATUS[open_assignment_state]
    hindrances = (("OutofService",) if out_of_service_reason else ()) + (
        () if on_shift else ("OffDuty",)
    )
    if not hindrances:
        return UnitStatus(primary, secondary)
    kept = secondary if open_assignment_state is not None else ()
    return UnitStatus(UnitAvailability.NOT_AVAILABLE, hindrances + kept)
