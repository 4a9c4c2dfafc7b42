"""When a void opens and when it closes: a table of steps, pure.

| void is | people now | becomes |
|---|---|---|
| none | enough to open | watched |
| watched | fewer than that | none: nobody was alarmed |
| watched | enough, for the time of the rules | open: alarm |
| open | fewer than closes it | open, closing since now |
| open, closing | as many as that again | open |
| open, closing | fewer, for the time of the rules | closed |
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.coverage.model import Rules


class Step(StrEnum):
    """What is to be written down of a void."""

    NOTHING = "nothing"
    WATCH = "watch"
    FORGET = "forget"
    OPEN = "open"
    CLOSING = "closing"
    STAY = "stay"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Watched:
    """A void that is not over: since when it is seen, alarmed of, and closing."""

    since: datetime
    opened_at: datetime | None = None
    below_since: datetime | None = None


def step(void: Watched | None, people: float, *, now: datetime, rules: Rules) -> Step:
    """Return the step of one area's void, in which so many people are unreached now."""
    if void is None or void.opened_at is None:
        return _before(void, people, now=now, rules=rules)
    if people >= rules.void_closes_people:
        return Step.NOTHING if void.below_since is None else Step.STAY
    below_since = now if void.below_since is None else void.below_since
    if now - below_since >= timedelta(seconds=rules.void_holds_s):
        return Step.CLOSE
    return Step.CLOSING if void.below_since is None else Step.NOTHING


def _before(void: Watched | None, people: float, *, now: datetime, rules: Rules) -> Step:
    if people < rules.void_opens_people:
        return Step.NOTHING if void is None else Step.FORGET
    since = now if void is None else void.since
    if now - since >= timedelta(seconds=rules.void_holds_s):
        return Step.OPEN
    return Step.WATCH if void is None else Step.NOTHING
