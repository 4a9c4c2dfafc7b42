"""What every model answers: the plan, its value, and what no plan can beat."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt


class Sense(StrEnum):
    """Whether more is better."""

    MOST = "most"
    LEAST = "least"


class Ended(StrEnum):
    """Why a search came to its end."""

    PROVEN = "proven"
    """Value and bound meet."""
    GAP = "gap"
    """The gap that was asked for is reached."""
    DONE = "done"
    """The rounds that were asked for are done."""
    TIME = "time"
    STOPPED = "stopped"
    """Somebody stopped it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search is: processor seconds, the best value, and the best bound so far."""

    seconds: float
    value: float
    bound: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan and what is known of it.

    sites: keys of those chosen, in the instance's order, once for each unit there; serves: (n,) the
    position in the instance's sites of the one that serves each place, -1 where none does; seconds:
    processor time; trace: what was known when, for a plot of convergence. An answer that ended by
    time or was stopped is the best until then, with its bound, and may differ from run to run; any
    other is the same for the same seed.
    """

    model: str
    sense: Sense
    sites: tuple[str, ...]
    value: float
    bound: float
    seconds: float
    solver: str
    seed: int
    ended: Ended
    serves: npt.NDArray[np.int64]
    trace: tuple[Progress, ...]
    input_digest: str

    @property
    def gap(self) -> float:
        """How far the bound is from the value, as a share of the value."""
        return relative_gap(self.value, self.bound)


@dataclass(frozen=True, slots=True)
class Limits:
    """When to be content. `seconds` of processor time; `gap` as a share; `rounds` of the search.

    `stop` is asked several times a second whether somebody wants to end it; `progress` is told each
    better value and bound, `incumbent` each better plan as (m,) units by site, where the model has
    one before its end.
    """

    seconds: float = 60.0
    gap: float = 0.0
    rounds: int | None = None
    seed: int = 1
    stop: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[Progress], None] = field(default=lambda _: None)
    incumbent: Callable[[npt.NDArray[Any]], None] = field(default=lambda _: None)


def relative_gap(value: float, bound: float) -> float:
    """Return |bound - value| as a share of the value; infinite where that says nothing."""
    if not (np.isfinite(value) and np.isfinite(bound)):
        return float("inf")
    apart = abs(bound - value)
    if apart <= 1e-9 * max(1.0, abs(value)):
        return 0.0
    return float("inf") if value == 0.0 else float(apart / abs(value))


class Watch:
    """The clock of one search, and the best value and bound it has seen."""

    def __init__(self, sense: Sense, limits: Limits) -> None:
        worst = -np.inf if sense is Sense.MOST else np.inf
        self.sense, self.limits = sense, limits
        self.value, self.bound = worst, -worst
        self.trace: list[Progress] = []
        self._began = time.process_time()

    @property
    def seconds(self) -> float:
        """Processor seconds since it began."""
        return time.process_time() - self._began

    @property
    def left(self) -> float:
        """Processor seconds that are left, at least 0."""
        return max(0.0, self.limits.seconds - self.seconds)

    @property
    def gap(self) -> float:
        """The gap so far."""
        return relative_gap(self.value, self.bound)

    def saw(
        self,
        *,
        value: float | None = None,
        bound: float | None = None,
        units: npt.NDArray[Any] | None = None,
    ) -> bool:
        """Take a value or a bound that holds; tells whether the value is better than before.

        units : (m,) of the plan that has the value, if it is there already
        """
        sign = 1.0 if self.sense is Sense.MOST else -1.0
        better = value is not None and sign * (value - self.value) > 0
        tighter = bound is not None and sign * (self.bound - bound) > 0
        if better and value is not None:
            self.value = value
            if units is not None:
                self.limits.incumbent(units)
        if tighter and bound is not None:
            self.bound = bound
        if better or tighter:
            self.trace.append(Progress(self.seconds, self.value, self.bound))
            self.limits.progress(self.trace[-1])
        return better

    def ended(self) -> Ended | None:
        """Say why to end now, or None."""
        if self.gap == 0.0:
            return Ended.PROVEN
        if self.gap <= self.limits.gap:
            return Ended.GAP
        if self.limits.stop():
            return Ended.STOPPED
        if self.seconds >= self.limits.seconds:
            return Ended.TIME
        return None
