"""What becomes of a signal from day to day. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from surveillance.signals.errors import SignalEndedError

QUIET_DAYS = 14
"""A signal that no run has found for so long has ended."""


class State(StrEnum):
    """Where a signal stands."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    MUTED = "muted"
    ENDED = "ended"


class Change(StrEnum):
    """What a run makes of a series."""

    RAISED = "raised"
    UPDATED = "updated"
    WOKEN = "woken"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The newest signal of a series as it stands before the run."""

    state: State
    last_on: date
    newest_case_on: date


def found_again(before: Before | None, *, newest_case_on: date) -> Change:
    """Return what it means that a run finds a series unusual.

    Without a new case an ended one is not raised again, and a muted one stays muted. A new case
    wakes what is muted; what was acknowledged or explained stays so while it goes on.
    """
    if before is None:
        return Change.RAISED
    has_new_case = newest_case_on > before.newest_case_on
    if before.state is State.ENDED:
        return Change.RAISED if has_new_case else Change.SILENT
    if before.state is State.MUTED and has_new_case:
        return Change.WOKEN
    return Change.UPDATED


def is_over(before: Before, *, day: date, quiet_days: int = QUIET_DAYS) -> bool:
    """Return whether an open signal that the run of a day did not find has ended."""
    return day - before.last_on > timedelta(days=quiet_days)


def check_decided(state: State, wanted: State) -> bool:
    """Return whether a decision changes a signal; the same one again does not.

    Raises
    ------
    SignalEndedError
        The signal is over: there is nothing left to decide.
    """
    if state is State.ENDED:
        raise SignalEndedError
    return state is not wanted
