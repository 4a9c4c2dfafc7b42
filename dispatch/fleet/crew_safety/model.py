"""States of a distress call and of a welfare timer. No I/O."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.fleet.crew_safety.errors import DistressStepError


class Distress(StrEnum):
    """How a distress call stands; while it sounds, it sounds on every console of the city."""

    SOUNDING = "sounding"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"


class DistressStep(StrEnum):
    """What may happen to it."""

    PRESS = "press"
    ACKNOWLEDGE = "acknowledge"
    END = "end"


DISTRESS_STEPS: Mapping[tuple[Distress, DistressStep], Distress] = {
    (Distress.SOUNDING, DistressStep.PRESS): Distress.SOUNDING,
    (Distress.SOUNDING, DistressStep.ACKNOWLEDGE): Distress.ACKNOWLEDGED,
    (Distress.ACKNOWLEDGED, DistressStep.PRESS): Distress.SOUNDING,
    (Distress.ACKNOWLEDGED, DistressStep.ACKNOWLEDGE): Distress.ACKNOWLEDGED,
    (Distress.ACKNOWLEDGED, DistressStep.END): Distress.ENDED,
    (Distress.ENDED, DistressStep.END): Distress.ENDED,
}
"""It is ended by a desk that has acknowledged it. A press after its end is a new one."""


def distress_of(acknowledged_at: datetime | None, ended_at: datetime | None) -> Distress:
    """Return the state from its times."""
    if ended_at is not None:
        return Distress.ENDED
    return Distress.SOUNDING if acknowledged_at is None else Distress.ACKNOWLEDGED


def next_distress(now: Distress, step: DistressStep) -> Distress:
    """Return the state after a step.

    Raises
    ------
    DistressStepError
        It cannot follow.
    """
    after = DISTRESS_STEPS.get((now, step))
    if after is None:
        raise DistressStepError(now.value, step.value)
    return after


SHORTEST_S, LONGEST_S = 60, 7200
"""How often a crew may be asked how it is."""


class Welfare(StrEnum):
    """How a welfare timer stands."""

    RUNNING = "running"
    MISSED = "missed"


def is_due(
    *, asked_round: int, current_round: int, missed: bool, due_at: datetime, now: datetime
) -> bool:
    """Return whether a timer has run out: only the newest round does, and once."""
    return asked_round == current_round and not missed and now >= due_at


def next_due(now: datetime, every_s: float) -> datetime:
    """Return when a crew is to be heard of next."""
    return now + timedelta(seconds=every_s)
