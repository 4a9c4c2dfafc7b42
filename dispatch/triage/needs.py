"""Which of the units that a plan asks for are still missing."""

from collections.abc import Sequence

from dispatch.model import LEVEL_RANK
from dispatch.triage.model import UnitNeed


def still_needed(needs: Sequence[UnitNeed], levels_at_work: Sequence[str]) -> tuple[UnitNeed, ...]:
    """Return `needs`, in their order, less the units already at work; a count may become 0.

    The highest level is served first, each unit serving one place at or below its own level.
    """
    free = [LEVEL_RANK[level] for level in levels_at_work]
    left: dict[int, UnitNeed] = {}
    for index in sorted(range(len(needs)), key=lambda i: -LEVEL_RANK[needs[i].level]):
        need = needs[index]
        serving = [level for level in free if level >= LEVEL_RANK[need.level]][: need.count]
        for level in serving:
            free.remove(level)
        left[index] = UnitNeed(need.level, need.count - len(serving))
    return tuple(left[index] for index in range(len(needs)))
