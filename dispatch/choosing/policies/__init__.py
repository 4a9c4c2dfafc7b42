"""In which order the units that may go are shown: a frozen registry of policies, one signature.

A policy turns what is known of the units into sort keys. It never decides who may go, and for a C1
none is asked: there the time to the scene decides alone. The dispatcher decides in every case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PolicyName = Literal["closest", "closest_by_category", "coverage_aware", "dmexclp"]

BY_TIME_ALONE = frozenset({"C1", None})
"""Categories in which only time counts; an incident that is not coded may be a C1."""

SURPLUS_LEVEL_S = 180.0
"""Stated rule: for a C3 or C4 each level above what is asked for counts as three more minutes, so
that a better unit stays free for who needs it."""

SECONDS_PER_POINT: Mapping[str, float] = MappingProxyType({"C2": 15.0, "C3": 60.0, "C4": 120.0})
"""Stated rule: how many seconds a percentage point of expected coverage is worth."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a policy may look at; arrays of shape (n,).

    time_s: by which a unit is ranked: seconds to the scene, upper bound where it is not clear yet,
    a penalty for an old position added; inf = no way. surplus: levels above the least that the
    plan asks for. lost_points: expected coverage lost, NaN = not known. limit_s: of the standard
    that coverage is told by, None = not known.
    """

    category: str | None
    time_s: FloatArray
    surplus: IntArray
    lost_points: FloatArray
    limit_s: float | None


Policy = Callable[[Choice], tuple[FloatArray, ...]]
"""Sort keys, the most important first, smaller is better."""


def _closest(choice: Choice) -> tuple[FloatArray, ...]:
    return (choice.time_s,)


def _closest_by_category(choice: Choice) -> tuple[FloatArray, ...]:
    """Time; for a C3 or C4 levels beyond the need cost extra."""
    extra_s = SURPLUS_LEVEL_S if choice.category in {"C3", "C4"} else 0.0
    return (choice.time_s + extra_s * np.maximum(choice.surplus, 0), choice.time_s)


def _coverage_aware(choice: Choice) -> tuple[FloatArray, ...]:
    """Time plus what the coverage lost is worth in seconds."""
    worth_s = SECONDS_PER_POINT.get(choice.category or "", 0.0)
    return (choice.time_s + worth_s * _cautious(choice.lost_points), choice.time_s)


def _dmexclp(choice: Choice) -> tuple[FloatArray, ...]:
    """Of those in time the one whose loss is least, else the nearest (Jagtenberg 2017)."""
    if choice.limit_s is None:
        return (choice.time_s,)
    late = choice.time_s > choice.limit_s
    lost = np.where(late, 0.0, _cautious(choice.lost_points))
    return (late.astype(np.float64), lost, choice.time_s)


def _cautious(lost_points: FloatArray) -> FloatArray:
    """Return losses with those not known taken as the greatest that is; all unknown: all alike."""
    known = lost_points[np.isfinite(lost_points)]
    worst = float(known.max()) if len(known) else 0.0
    return np.where(np.isfinite(lost_points), lost_points, worst)


POLICIES: Mapping[PolicyName, Policy] = MappingProxyType({
    "closest": _closest,
    "closest_by_category": _closest_by_category,
    "coverage_aware": _coverage_aware,
    "dmexclp": _dmexclp,
})  # fmt: skip

assert set(POLICIES) == set(get_args(PolicyName))


def keys(policy: PolicyName, choice: Choice) -> tuple[FloatArray, ...]:
    """Return the sort keys of a policy; in a category of `BY_TIME_ALONE` time, whatever it says."""
    if choice.category in BY_TIME_ALONE:
        return _closest(choice)
    return POLICIES[policy](choice)
