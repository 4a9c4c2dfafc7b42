"""What a change does to people: who gains, who loses, and who is served worst."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from planning.coverage.errors import CoverageInputError
from planning.coverage.model import EVERYBODY, FloatArray, Ground, SecondsArray, StationTimes


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Before and after, by district and group, (d + 1, g); the last row is outside all districts.

    gains, loses : people who come within the limit, and who fall out of it
    slower, quicker : people whose nearest unit takes at least `felt_s` longer, or less long
    """

    ground: Ground
    gains: FloatArray
    loses: FloatArray
    slower: FloatArray
    quicker: FloatArray


def compare(
    ground: Ground,
    before: StationTimes,
    after: StationTimes,
    *,
    limit_s: float,
    felt_s: float = 60.0,
) -> Change:
    """Return what becomes of people between two states of stations or roads.

    Cells of which one of the two times is not known are left out.
    """
    first, second = before.for_cells(ground.cells), after.for_cells(ground.cells)
    known = first.known & second.known
    was, will = first.nearest(), second.nearest()
    limit = np.float32(limit_s)
    later = np.where(will == was, 0.0, will - np.where(np.isinf(was) & np.isinf(will), 0.0, was))
    return Change(
        ground,
        ground.summed(known & (was > limit) & (will <= limit)),
        ground.summed(known & (was <= limit) & (will > limit)),
        ground.summed(known & (later >= felt_s)),
        ground.summed(known & (later <= -felt_s)),
    )


@dataclass(frozen=True, slots=True)
class WorstPlace:
    """People of one place among the worst served.

    seconds : of the cell of it that is served worst; None: no way leads there
    """

    place: Hashable
    people: float
    cells: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst-served people by place, the worst first; `unknown` people nobody knows times of.

    limit_s : everybody else is served within it; None if some of them are cut off
    """

    places: tuple[WorstPlace, ...]
    people: float
    limit_s: float | None
    unknown: float


def worst_served(
    ground: Ground,
    times: StationTimes,
    *,
    place: Sequence[Hashable],
    people: float = 1_000.0,
    group: str = EVERYBODY,
) -> Worst:
    """Return the `people` who wait longest, whole cells, by the place a cell is named after.

    place : (n,) names in the order of the ground's cells

    Raises
    ------
    CoverageInputError
        The names are not as many as the cells, or there is no such group.
    """
    if len(place) != len(ground.cells) or group not in ground.groups:
        raise CoverageInputError(
            f"{len(place)} names for {len(ground.cells)} cells, or no group “{group}”."
        )
    ordered = times.for_cells(ground.cells)
    seconds: SecondsArray = ordered.nearest()
    number = ground.people[:, ground.groups.index(group)]
    lived = np.flatnonzero((number > 0.0) & ordered.known)
    order = lived[np.argsort(-seconds[lived], kind="stable")]
    before = np.cumsum(number[order]) - number[order]
    chosen = order[before < people]
    sums: dict[Hashable, list[float]] = {}
    for cell in chosen.tolist():
        one = sums.setdefault(place[cell], [0.0, 0.0, float(seconds[cell])])
        one[0] += float(number[cell])
        one[1] += 1.0
    rest = order[len(chosen) :]
    slowest = float(seconds[rest].max(initial=0.0))
    return Worst(
        tuple(
            WorstPlace(name, one[0], int(one[1]), one[2] if np.isfinite(one[2]) else None)
            for name, one in sums.items()
        ),
        float(number[chosen].sum()),
        slowest if np.isfinite(slowest) else None,
        float(number[~ordered.known].sum()),
    )
