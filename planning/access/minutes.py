"""People by class of minutes, over a limit, and by district: pure sums over cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planning.access.layers import BREAKS_MIN
from planning.access.model import UNKNOWN, Access, District, Standing, Times
from routing.roads.model import BoolArray, FloatArray

_UNKNOWN = [str(one) for one in UNKNOWN]


@dataclass(frozen=True, slots=True)
class ClassCount:
    """People of one class, now and with all roads open.

    `code` is `minutes`, `unreachable` or `unknown`; limits in minutes, open where None.
    """

    code: str
    at_least_min: float | None
    below_min: float | None
    people_now: float
    people_open: float
    cells_now: int


@dataclass(frozen=True, slots=True)
class Beyond:
    """People at or over a limit or without a way, now and with all roads open."""

    now: float
    open_roads: float


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """One district; `district` None: cells outside all districts.

    people : in cells whose time is known or that are cut off; unknown : in the others
    median_min : the time that half of its people lie within, None where half are cut off or unknown
    """

    district: District | None
    people: float
    unknown: float
    median_min: float | None
    median_open_min: float | None
    beyond: Beyond
    unreachable: float


def class_counts(access: Access) -> tuple[ClassCount, ...]:
    """Return the people of every class; classes part all of them."""
    edges = (0.0, *BREAKS_MIN, np.inf)
    people = access.cells.people
    now, open_ = _minutes(access.now), _minutes(access.open_roads)

    def counted(code: str, low: float | None, high: float | None, *rows: BoolArray) -> ClassCount:
        here, there = rows
        return ClassCount(
            code, low, high, float(people[here].sum()), float(people[there].sum()),
            int(np.count_nonzero(here)),
        )  # fmt: skip

    found = [
        counted(
            "minutes",
            low or None,
            None if np.isinf(high) else high,
            (now >= low) & (now < high),
            (open_ >= low) & (open_ < high),
        )
        for low, high in pairwise(edges)
    ]
    return (
        *found,
        counted("unreachable", None, None, _cut_off(access.now), _cut_off(access.open_roads)),
        counted("unknown", None, None, _unknown(access.now), _unknown(access.open_roads)),
    )


def beyond(access: Access, *, limit_min: float, people: FloatArray | None = None) -> Beyond:
    """Return the people at or over a limit; whoever no road leads to is over every limit.

    people : (n,) of the cells where others than their inhabitants are counted
    """
    people = access.cells.people if people is None else people
    return Beyond(
        float(people[_over(access.now, limit_min)].sum()),
        float(people[_over(access.open_roads, limit_min)].sum()),
    )


def district_counts(access: Access, *, limit_min: float) -> tuple[DistrictCount, ...]:
    """Return every district with people, as they are ordered, then what lies in none."""
    cells = access.cells
    names: Sequence[District | None] = (*access.districts, None)
    over_now, over_open = _over(access.now, limit_min), _over(access.open_roads, limit_min)
    cut_off, unknown = _cut_off(access.now), _unknown(access.now)
    found = []
    for row, district in enumerate(names):
        mine = cells.district == (row if district is not None else -1)
        if not mine.any():
            continue
        people = cells.people
        found.append(
            DistrictCount(
                district,
                float(people[mine & ~unknown].sum()),
                float(people[mine & unknown].sum()),
                median_min(access.now.seconds[mine], people[mine]),
                median_min(access.open_roads.seconds[mine], people[mine]),
                Beyond(float(people[mine & over_now].sum()), float(people[mine & over_open].sum())),
                float(people[mine & cut_off].sum()),
            )
        )
    return tuple(found)


def median_min(seconds: FloatArray, people: FloatArray) -> float | None:
    """Return the least time within which half of the people lie; None where they do not.

    seconds : (n,) float64, inf where there is none; people : (n,)
    """
    total = people.sum()
    if total <= 0:
        return None
    order = np.argsort(seconds, kind="stable")
    half = int(np.searchsorted(np.cumsum(people[order]), total / 2.0))
    found = seconds[order[min(half, len(order) - 1)]]
    return float(found / 60.0) if np.isfinite(found) else None


def _minutes(times: Times) -> FloatArray:
    """Minutes, NaN unless reached."""
    return np.where(np.isfinite(times.seconds), times.seconds / 60.0, np.nan)


def _over(times: Times, limit_min: float) -> BoolArray:
    return (_minutes(times) >= limit_min) | _cut_off(times)


def _cut_off(times: Times) -> BoolArray:
    return np.asarray(times.standing == Standing.UNREACHABLE.value, np.bool_)


def _unknown(times: Times) -> BoolArray:
    return np.isin(times.standing, _UNKNOWN)
