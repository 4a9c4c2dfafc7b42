"""Whose unit may be taken for whom, and what that costs: pure functions on arrays.

A stated rule of this desk, no norm. A unit leaves its call only for a more urgent one. Where nobody
can take its place it leaves a C4 for a C1, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.choosing.recommend import BoolArray, FloatArray, IntArray
from dispatch.model import LEVEL_RANK
from dispatch.triage.protocol import UnitNeed
from dispatch.triage.rules import CATEGORIES

DIVERSIONS_SHOWN = 3
"""Of so many units is reckoned what their patients would lose: the nearest."""

NOT_CODED_COUNTS_AS = "C2"
"""What an incident may take before it is coded; from one that is not coded nothing is taken."""


def urgency_of(category: str | None) -> int:
    """Return 1 for C1 to 4 for C4, and 0 for an incident that is not coded."""
    return 0 if category is None else CATEGORIES.index(category) + 1


def may_take(category: str | None, urgency: npt.ArrayLike) -> BoolArray:
    """Return whether an incident may ask for a unit of others; `urgency` as of `urgency_of`."""
    others = np.asarray(urgency)
    return np.asarray(others > urgency_of(category or NOT_CODED_COUNTS_AS), dtype=np.bool_)


def may_leave_unreplaced(category: str | None, losing: str | None) -> bool:
    """Return whether a unit may leave `losing` for `category` though nobody can take its place."""
    return (category, losing) == (CATEGORIES[0], CATEGORIES[-1])


def is_allowed(category: str | None, losing: str | None, *, replaceable: bool) -> bool:
    """Return whether a unit may leave an incident of category `losing` for one of `category`."""
    lesser = bool(may_take(category, urgency_of(losing)))
    return lesser and (replaceable or may_leave_unreplaced(category, losing))


@dataclass(frozen=True, slots=True)
class Loss:
    """What the patient loses whose unit goes elsewhere. `replacement`: index of who would come.

    loss_s: seconds until that one is there, past the moment when the own unit would have been;
    None where nobody can.
    """

    replacement: int | None
    loss_s: float | None


def loss_of(
    own: int, times_s: FloatArray, *, free: BoolArray, level: IntArray, needs: Sequence[UnitNeed]
) -> Loss:  # fmt: skip
    """Return what the patient of unit `own` loses.

    times_s : (n,) seconds to that patient, inf = unreachable. free : (n,) bool, who may go there
    level : (n,) int64 as `LEVEL_RANK`
    needs : of that patient's plan; whoever comes serves the highest of them that `own` serves
    """
    served = [LEVEL_RANK[need.level] for need in needs if LEVEL_RANK[need.level] <= level[own]]
    fits = free & (level >= max(served, default=0)) & np.isfinite(times_s)
    fits[own] = False
    if not fits.any():
        return Loss(None, None)
    replacement = int(np.argmin(np.where(fits, times_s, np.inf)))
    own_s = float(times_s[own])
    later_s = float(times_s[replacement]) - own_s if np.isfinite(own_s) else 0.0
    return Loss(replacement, max(later_s, 0.0))
