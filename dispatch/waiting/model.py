"""Deadlines of incidents that wait: their states as a table, and what they should be, as functions.

A deadline is a row and a job. The job looks when it is due, once, also after a restart; it closes
nothing and takes nobody out of the queue. Only what was done ends it, or that its need is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from dispatch.incidents.lifecycle import ENDED, SERVING
from dispatch.model import AssignmentState, IncidentState
from dispatch.surge.model import call_back_s
from dispatch.triage.rules import CATEGORIES, Timers


class DeadlineKind(StrEnum):
    """What has to be done until then."""

    CALL_BACK = "call_back"
    ANSWER = "answer"
    REPLACEMENT = "replacement"


class DeadlineState(StrEnum):
    """Where a deadline stands."""

    OPEN = "open"
    DUE = "due"
    ESCALATED = "escalated"
    DONE = "done"
    VOID = "void"


_S = DeadlineState

NEXT: Mapping[DeadlineState, frozenset[DeadlineState]] = {
    _S.OPEN: frozenset({_S.DUE, _S.DONE, _S.VOID}),
    _S.DUE: frozenset({_S.ESCALATED, _S.DONE, _S.VOID}),
    _S.ESCALATED: frozenset({_S.DONE, _S.VOID}),
    _S.DONE: frozenset(),
    _S.VOID: frozenset(),
}
"""What may follow: *due* and *escalated* by the clock, *done* by people, *void* when the need is
gone."""

RUNNING = frozenset(state for state, following in NEXT.items() if following)

UNCODED_COUNTS_AS = "C2"
"""How soon somebody is called again whose category is not known. It takes no unit by it."""

LOST_CALL_BACK_S = 60.0
"""Who lost a unit to a more urgent call and has no other is called so soon, to be told and asked
again. A stated rule of this desk, no norm."""

CALL_AGAIN_S = 120.0
"""Nobody answered a call-back: it is tried again after so long, and the supervisor is told."""


class CallBackResult(StrEnum):
    """What a call-back found."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline; `escalates_at`: when it is passed on if it was not done."""

    kind: DeadlineKind
    assignment_id: UUID | None
    begun_at: datetime
    due_at: datetime
    escalates_at: datetime
    state: DeadlineState = DeadlineState.OPEN


@dataclass(frozen=True, slots=True)
class UnitWaitedFor:
    """One unit of an incident. replaces: it goes in the place of one that was diverted."""

    assignment_id: UUID
    state: AssignmentState
    notified_at: datetime
    left_at: datetime | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFacts:
    """What deadlines follow from.

    called_at : when somebody was last called, or tried to be. answered : whether they answered
    """

    state: IncidentState
    category: str | None
    received_at: datetime
    surge: bool = False
    called_at: datetime | None = None
    answered: bool = True
    units: tuple[UnitWaitedFor, ...] = ()


def is_uncovered(facts: WaitingFacts) -> bool:
    """Return whether no crew has said that it comes: one that was only notified has not."""
    if facts.state in ENDED or facts.state is IncidentState.CLOSING:
        return False
    return not any(
        one.state in SERVING and one.state is not AssignmentState.NOTIFIED for one in facts.units
    )


def wanted(facts: WaitingFacts, timers: Timers) -> tuple[Deadline, ...]:
    """Return the deadlines that an incident should have now."""
    if facts.state in ENDED:
        return ()
    key = facts.category or UNCODED_COUNTS_AS
    answer_s = timers.answer_s[key]
    found = [
        _deadline(
            DeadlineKind.REPLACEMENT if one.replaces else DeadlineKind.ANSWER,
            one.assignment_id, one.notified_at, answer_s, answer_s,
        )
        for one in facts.units if one.state is AssignmentState.NOTIFIED
    ]  # fmt: skip
    if is_uncovered(facts):
        found.append(_call_back(facts, key, timers))
    return tuple(found)


def _call_back(facts: WaitingFacts, key: str, timers: Timers) -> Deadline:
    begun_at = max(facts.received_at, facts.called_at or facts.received_at)
    due_s = call_back_s(timers.call_back_s[key], key, surge=facts.surge)
    if facts.called_at is not None and not facts.answered:
        due_s = min(due_s, CALL_AGAIN_S)
    lost = [
        one.left_at for one in facts.units
        if one.state is AssignmentState.DIVERTED and one.left_at is not None
    ]  # fmt: skip
    if lost and max(lost) >= begun_at and not any(
        one.state is AssignmentState.NOTIFIED for one in facts.units
    ):  # fmt: skip
        sooner_at = max(lost) + timedelta(seconds=LOST_CALL_BACK_S)
        due_s = min(due_s, (sooner_at - begun_at).total_seconds())
    return _deadline(DeadlineKind.CALL_BACK, None, begun_at, due_s, timers.escalate_s[key])


def _deadline(
    kind: DeadlineKind, assignment_id: UUID | None, begun_at: datetime, due_s: float,
    escalate_s: float,
) -> Deadline:  # fmt: skip
    due_at = begun_at + timedelta(seconds=due_s)
    return Deadline(kind, assignment_id, begun_at, due_at, due_at + timedelta(seconds=escalate_s))


@dataclass(frozen=True, slots=True)
class DeadlineChanges:
    """What has to be written. sooner: stored ones and what they become; gone: nobody waits."""

    begin: tuple[Deadline, ...]
    sooner: tuple[tuple[Deadline, Deadline], ...]
    gone: tuple[Deadline, ...]

    def __bool__(self) -> bool:
        return bool(self.begin or self.sooner or self.gone)


def changes(stored: Sequence[Deadline], should: Sequence[Deadline]) -> DeadlineChanges:
    """Return how the stored running deadlines become those that should be.

    One that runs is brought forward, never put off: a lower category or the end of a surge does not
    let anybody wait longer than they were promised.
    """
    known = {_name(one): one for one in stored if one.state in RUNNING}
    names = {_name(one) for one in should}
    return DeadlineChanges(
        begin=tuple(one for one in should if _name(one) not in known),
        sooner=tuple(
            (known[_name(one)], one) for one in should
            if _name(one) in known and known[_name(one)].state is DeadlineState.OPEN
            and one.due_at < known[_name(one)].due_at
        ),
        gone=tuple(one for name, one in known.items() if name not in names),
    )  # fmt: skip


def by_the_clock(one: Deadline, now: datetime) -> DeadlineState:
    """Return the state that a deadline has at `now`: one step after the other, never back."""
    if one.state is DeadlineState.OPEN and now >= one.due_at:
        return DeadlineState.DUE
    if one.state is DeadlineState.DUE and now >= one.escalates_at:
        return DeadlineState.ESCALATED
    return one.state


def recategorised(
    category: str | None, wanted_category: str | None, result: CallBackResult, *, clinician: bool
) -> str | None:
    """Return the category after a call-back, or None where it may not become that one.

    Without a clinician it only becomes more urgent; who is worse becomes so by one step at least.
    """
    if category is None:
        return None
    step = CATEGORIES[max(CATEGORIES.index(category) - 1, 0)]
    new = wanted_category or (step if result is CallBackResult.WORSE else category)
    lower = CATEGORIES.index(new) > CATEGORIES.index(category)
    if lower and not clinician:
        return None
    if result is CallBackResult.WORSE and CATEGORIES.index(new) > CATEGORIES.index(step):
        return None
    if lower and result is CallBackResult.NO_ANSWER:
        return None
    return new


def _name(one: Deadline) -> tuple[DeadlineKind, UUID | None]:
    return one.kind, one.assignment_id
