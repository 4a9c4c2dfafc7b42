"""What sounds at a desk: one table, and the pure functions that follow from it.

An alarm is no state of its own: it begins when a need of the queue (`dispatch.incidents.urgency`)
has lasted for its limit, and ends with that need. What cannot be reckoned is stored: that somebody
silenced it, and that it was passed on. What has no line here makes no sound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.incidents.urgency import UNCODED, Need, QueueStep
from dispatch.permissions import ALARM_ESCALATION, DISPATCH
from gis.access import Permission


@dataclass(frozen=True, slots=True)
class AlarmKind:
    """A need that becomes an alarm; it ends with the need.

    owner : who hears it
    after_s : the limit, by category: how long the need lasts before it is an alarm; without a
    line, never
    repeat_s : by category, how often it sounds until it is silenced; without a line, once
    escalate_s : by category, how long it lasts without anybody silencing it before `escalates_to`
    is told; without a line, never
    """

    need: Need
    owner: Permission
    after_s: Mapping[str, float]
    repeat_s: Mapping[str, float]
    escalate_s: Mapping[str, float]
    escalates_to: Permission


ALARMS = (
    AlarmKind(
        Need.WAITING, DISPATCH,
        after_s={"C1": 0.0, UNCODED: 60.0, "C2": 120.0, "C3": 600.0, "C4": 1200.0},
        repeat_s={"C1": 10.0},
        escalate_s={"C1": 60.0, UNCODED: 120.0, "C2": 120.0},
        escalates_to=ALARM_ESCALATION,
    ),
    AlarmKind(
        Need.SHORT, DISPATCH, after_s={"C1": 120.0}, repeat_s={}, escalate_s={"C1": 120.0},
        escalates_to=ALARM_ESCALATION,
    ),
    AlarmKind(
        Need.UNACKNOWLEDGED, DISPATCH,
        after_s={"C1": 0.0, "C2": 0.0, UNCODED: 0.0, "C3": 0.0, "C4": 0.0}, repeat_s={"C1": 10.0},
        escalate_s={"C1": 30.0, "C2": 60.0}, escalates_to=ALARM_ESCALATION,
    ),
    AlarmKind(
        Need.PLACE_UNACKNOWLEDGED, DISPATCH, after_s={"C1": 30.0, "C2": 45.0}, repeat_s={},
        escalate_s={"C1": 120.0}, escalates_to=ALARM_ESCALATION,
    ),
    AlarmKind(
        Need.STALLED, DISPATCH, after_s={"C1": 0.0, "C2": 60.0}, repeat_s={},
        escalate_s={"C1": 120.0}, escalates_to=ALARM_ESCALATION,
    ),
    AlarmKind(
        Need.CALL_BACK, DISPATCH,
        after_s={"C1": 0.0, "C2": 0.0, UNCODED: 0.0, "C3": 0.0, "C4": 0.0}, repeat_s={},
        escalate_s={"C1": 60.0, "C2": 300.0, UNCODED: 300.0, "C3": 1800.0, "C4": 3600.0},
        escalates_to=ALARM_ESCALATION,
    ),
    AlarmKind(
        Need.LOST, DISPATCH, after_s={"C1": 0.0, "C2": 0.0, "C3": 0.0, "C4": 0.0}, repeat_s={},
        escalate_s={"C1": 30.0, "C2": 60.0, "C3": 300.0}, escalates_to=ALARM_ESCALATION,
    ),
)  # fmt: skip

_KINDS: Mapping[str, AlarmKind] = {kind.need: kind for kind in ALARMS}


@dataclass(frozen=True, slots=True, order=True)
class AlarmName:
    """Which alarm of an incident: another category, or a need that began anew, is another one.

    since: when the need began, so the alarm's limit earlier than the alarm.
    """

    need: str
    category: str
    since: datetime


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm that somebody silenced or that was passed on; null: not so far."""

    need: str
    category: str
    since: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    escalated_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredAlarm:
    """An alarm in the database that has not ended there."""

    name: AlarmName
    acknowledged: bool
    escalated: bool


@dataclass(frozen=True, slots=True)
class AlarmChanges:
    """What has to be written for the database to agree with the queue."""

    begin: tuple[AlarmName, ...]
    end: tuple[AlarmName, ...]
    escalate: tuple[AlarmName, ...]

    def __bool__(self) -> bool:
        return bool(self.begin or self.end or self.escalate)


def begun_alarms(
    steps: Sequence[QueueStep], category: str | None, *, now: datetime
) -> tuple[AlarmName, ...]:
    """Return an incident's alarms at `now`, from its steps in the queue; at most one a need."""
    here = [step for step in steps if step.from_at <= now]
    if not here:
        return ()
    key = category or UNCODED
    return tuple(
        AlarmName(need.need, key, need.since)
        for need in here[-1].needs
        if need.need in _KINDS
        and key in (after := _KINDS[need.need].after_s)
        and need.since + timedelta(seconds=after[key]) <= now
    )


def alarm_changes(
    stored: Sequence[StoredAlarm], begun: Sequence[AlarmName], *, now: datetime
) -> AlarmChanges:
    """Return how the alarms stored for an incident become those that `begun_alarms` gives.

    One that is silenced is never passed on, and none is passed on twice.
    """
    known = {one.name: one for one in stored}
    return AlarmChanges(
        begin=tuple(name for name in begun if name not in known),
        end=tuple(name for name in known if name not in begun),
        escalate=tuple(
            name
            for name in begun
            if is_passed_on(name, now=now)
            and not (name in known and (known[name].acknowledged or known[name].escalated))
        ),
    )


def is_passed_on(name: AlarmName, *, now: datetime) -> bool:
    """Return whether an alarm that nobody silenced has lasted long enough to be passed on."""
    kind = _KINDS[name.need]
    if name.category not in kind.escalate_s:
        return False
    lasted_s = kind.after_s[name.category] + kind.escalate_s[name.category]
    return name.since + timedelta(seconds=lasted_s) <= now
