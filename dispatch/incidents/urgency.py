"""What must be done now: where an incident stands in the queue, as one pure function.

The order changes with time alone (a crew that does not answer, a unit that is late), so an
incident is served with its steps: from which moment on it stands where. Pages take the last step
that has begun and sort by its `order`; they have no rule of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.incidents.lifecycle import APPROACHING, ENDED, SERVING, WAITING
from dispatch.model import AssignmentState, IncidentState


class Section(StrEnum):
    """The parts of the queue, from the top down."""

    ACTION = "action"
    UNDER_WAY = "under_way"
    CLOSING = "closing"


class Need(StrEnum):
    """Why an incident needs a dispatcher now."""

    WAITING = "waiting"
    SHORT = "short"
    UNACKNOWLEDGED = "unacknowledged"
    PLACE_UNACKNOWLEDGED = "place_unacknowledged"
    STALLED = "stalled"
    LOST = "lost"
    CALL_BACK = "call_back"


UNCODED = "uncoded"

STANDARD_S: Mapping[Need, Mapping[str, float]] = {
    Need.WAITING: {"C1": 60, "C2": 120, UNCODED: 60, "C3": 600, "C4": 1200},
    Need.SHORT: {"C1": 60, "C2": 120, UNCODED: 60, "C3": 600, "C4": 1200},
    Need.UNACKNOWLEDGED: {"C1": 30, "C2": 45, UNCODED: 45, "C3": 90, "C4": 120},
    Need.PLACE_UNACKNOWLEDGED: {"C1": 30, "C2": 45, UNCODED: 45, "C3": 90, "C4": 120},
    Need.STALLED: {"C1": 60, "C2": 120, UNCODED: 120, "C3": 300, "C4": 600},
    Need.LOST: {"C1": 30, "C2": 60, UNCODED: 60, "C3": 120, "C4": 300},
    Need.CALL_BACK: {"C1": 60, "C2": 300, UNCODED: 300, "C3": 1800, "C4": 3600},
}
"""Seconds from the begin of a need until it is overdue. A stated rule of this desk, no norm."""

ANSWER_WITHIN_S: Mapping[str, float] = {"C1": 30, "C2": 30, UNCODED: 30, "C3": 60, "C4": 60}
"""A crew that has not acknowledged this long after it was notified needs a call."""

MOVE_WITHIN_S = 180.0
"""A unit that was notified this long ago and has not begun to move is stalled."""

ARRIVAL_MARGIN_S = 180.0
"""A unit that is this much later than predicted is stalled."""

_URGENCY: Mapping[str, int] = {"C1": 1, "C2": 2, UNCODED: 2, "C3": 3, "C4": 4}
_SECTIONS: Mapping[Section, int] = {section: rank for rank, section in enumerate(Section)}


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit on an incident.

    last_stamp_at: when its newest stamp was reached. place_known_at: the crew has the place as it
    was then. overdue_since: it was seen to be late by the roads, or to stand still.
    """

    state: AssignmentState
    notified_at: datetime
    last_stamp_at: datetime
    place_known_at: datetime
    predicted_arrival_at: datetime | None = None
    overdue_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """What the queue's order follows from. short_since: None while no unit is missing.

    call_back_due_at: when somebody has to call the patient again, who has no crew yet.
    """

    state: IncidentState
    category: str | None
    received_at: datetime
    place_changed_at: datetime | None = None
    short_since: datetime | None = None
    call_back_due_at: datetime | None = None
    units: tuple[UnitFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedStep:
    """A need, since when, and when it is overdue."""

    need: Need
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class QueueStep:
    """Where an incident stands from `from_at` on.

    needs: the most pressing first; due_at: of that one. order: incidents stand in ascending
    order of these numbers: section, urgency, then the moment in seconds since 1970 at which
    the time of its standard is used up.
    """

    from_at: datetime
    section: Section
    needs: tuple[NeedStep, ...]
    due_at: datetime | None
    unassigned_c1: bool
    order: tuple[float, float, float]


def queue_steps(facts: QueueFacts) -> tuple[QueueStep, ...]:
    """Return the steps of an incident in time, the first from its call on; none once it ended.

    An incident that needs somebody stands above all that need nobody, whatever its progress; of
    these a more urgent one always above a less urgent one, an uncoded one as C2, and of the same
    urgency the one whose time is used up first. A C1 that has no unit is above every other.
    """
    if facts.state in ENDED:
        return ()
    needs = sorted(_needs(facts), key=lambda one: (one.due_at, one.need))
    begins = sorted({facts.received_at, *(one.since for one in needs)})
    return tuple(_step(facts, at, tuple(one for one in needs if one.since <= at)) for at in begins)


def _step(facts: QueueFacts, at: datetime, needs: tuple[NeedStep, ...]) -> QueueStep:
    if needs:
        section = Section.ACTION
    elif facts.state is IncidentState.CLOSING:
        section = Section.CLOSING
    else:
        section = Section.UNDER_WAY
    unassigned_c1 = facts.category == "C1" and facts.state in WAITING
    due_at = min((one.due_at for one in needs), default=None)
    urgency = 0 if unassigned_c1 else _URGENCY[facts.category or UNCODED]
    by = (due_at or facts.received_at).timestamp()
    order = (float(_SECTIONS[section]), float(urgency), by)
    return QueueStep(at, section, needs, due_at, unassigned_c1, order)


def _needs(facts: QueueFacts) -> Sequence[NeedStep]:
    lost = [*_lost(facts), *_call_back(facts)]
    if facts.state in WAITING:
        return [*lost, _need(facts, Need.WAITING, facts.received_at)]
    if facts.state is IncidentState.CLOSING:
        return []
    comes = any(
        one.state in SERVING and one.state is not AssignmentState.NOTIFIED for one in facts.units
    )
    found = [*lost] if facts.short_since is not None or not comes else []
    if facts.short_since is not None:
        found.append(_need(facts, Need.SHORT, facts.short_since))
    begins: dict[Need, datetime] = {}
    for unit in facts.units:
        for need, at in _unit_needs(facts, unit):
            begins[need] = min(at, begins.get(need, at))
    return [*found, *(_need(facts, need, at) for need, at in begins.items())]


def _call_back(facts: QueueFacts) -> Sequence[NeedStep]:
    due_at = facts.call_back_due_at
    return [] if due_at is None else [_need(facts, Need.CALL_BACK, due_at)]


def _lost(facts: QueueFacts) -> Sequence[NeedStep]:
    """Return the need of whoever lost a unit to a more urgent call, until another crew comes.

    A crew that was only notified has not said that it comes: it may fail as the first one did.
    """
    gone = [one.last_stamp_at for one in facts.units if one.state is AssignmentState.DIVERTED]
    if not gone:
        return []
    sent = (
        one.last_stamp_at for one in facts.units
        if one.state in SERVING and one.state is not AssignmentState.NOTIFIED
    )  # fmt: skip
    return [] if any(at > max(gone) for at in sent) else [_need(facts, Need.LOST, max(gone))]


def _unit_needs(facts: QueueFacts, unit: UnitFacts) -> Sequence[tuple[Need, datetime]]:
    if unit.state not in APPROACHING:
        return []
    found: list[tuple[Need, datetime]] = []
    answer_s = ANSWER_WITHIN_S[facts.category or UNCODED]
    if unit.state is AssignmentState.NOTIFIED:
        found.append((Need.UNACKNOWLEDGED, unit.notified_at + timedelta(seconds=answer_s)))
    if unit.state is not AssignmentState.EN_ROUTE:
        found.append((Need.STALLED, unit.notified_at + timedelta(seconds=MOVE_WITHIN_S)))
    else:
        if unit.predicted_arrival_at is not None:
            late_at = unit.predicted_arrival_at + timedelta(seconds=ARRIVAL_MARGIN_S)
            found.append((Need.STALLED, late_at))
        if unit.overdue_since is not None:
            found.append((Need.STALLED, unit.overdue_since))
    # Other stamps say nothing of it: a crew that moves off may move to where it was.
    if facts.place_changed_at is not None and facts.place_changed_at > unit.place_known_at:
        found.append((Need.PLACE_UNACKNOWLEDGED, facts.place_changed_at))
    return found


def _need(facts: QueueFacts, need: Need, since: datetime) -> NeedStep:
    since = max(since, facts.received_at)
    standard_s = STANDARD_S[need][facts.category or UNCODED]
    return NeedStep(need, since, since + timedelta(seconds=standard_s))
