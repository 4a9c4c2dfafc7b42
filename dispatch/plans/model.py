"""What an incident needs and what of it is missing: capability sets and counts. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dispatch.model import LEVEL_RANK
from gis.kernels.assignment import least_cost


@dataclass(frozen=True, slots=True)
class ResponseNeed:
    """So many units of at least this level, each with all of these capabilities."""

    level: str
    count: int
    capabilities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Able:
    """What a unit can do."""

    level: str
    capabilities: frozenset[str] = frozenset()

    def serves(self, need: ResponseNeed) -> bool:
        """Return whether it fills a place of `need`: its level or above, every capability."""
        return (
            LEVEL_RANK[self.level] >= LEVEL_RANK[need.level]
            and need.capabilities <= self.capabilities
        )


def needs_of(plan: Mapping[str, Any] | None) -> tuple[ResponseNeed, ...]:
    """Return what a stored response plan asks for.

    The plan's capabilities are asked of each of its units; a line may add its own.
    """
    if not plan:
        return ()
    common = frozenset(plan.get("capabilities", ()))
    return tuple(
        ResponseNeed(one["level"], one["count"], common | frozenset(one.get("capabilities", ())))
        for one in plan.get("units", ())
    )


def at_alarm(alarms: Sequence[Sequence[ResponseNeed]], level: int) -> tuple[ResponseNeed, ...]:
    """Return what an alarm of `level` asks for: what each level up to it adds, taken together.

    alarms : what the first level asks for, what the second adds, …; a level past the last adds
    nothing more
    """
    together: dict[tuple[str, frozenset[str]], int] = {}
    for needs in alarms[: max(level, 0)]:
        for need in needs:
            key = (need.level, need.capabilities)
            together[key] = together.get(key, 0) + need.count
    return tuple(ResponseNeed(level, count, able) for (level, able), count in together.items())


def shortfall(needs: Sequence[ResponseNeed], at_work: Sequence[Able]) -> tuple[ResponseNeed, ...]:
    """Return what is missing of `needs`, in their order; empty where all is filled.

    Each unit fills one place. Which fills which is solved exactly: as many places as can be, and
    of equally many those of the highest level.
    """
    places = [index for index, need in enumerate(needs) for _ in range(need.count)]
    missing = [need.count for need in needs]
    if places and at_work:
        worth = np.array([
            [len(places) * 8.0 + LEVEL_RANK[needs[place].level] if unit.serves(needs[place]) else 0
             for place in places]
            for unit in at_work
        ])  # fmt: skip
        units, filled = least_cost(-worth)
        for unit, place in zip(units, filled, strict=True):
            if worth[unit, place] > 0:
                missing[places[place]] -= 1
    return tuple(
        ResponseNeed(need.level, count, need.capabilities)
        for need, count in zip(needs, missing, strict=True)
        if count > 0
    )


def helps(missing: Sequence[ResponseNeed], unit: Able) -> bool:
    """Return whether a unit would fill one of the places that are missing."""
    return any(unit.serves(need) for need in missing)
