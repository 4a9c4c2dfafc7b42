"""Whose unit may be taken for whom, and what that costs: pure functions on arrays.

Which category takes from which stands in the matrix that the medical director signs. Whatever it
says, a unit leaves its call only for a more urgent one, never a C1, once from one patient, and for
nothing that is only assumed; where nobody can take its place in time, only for a C1.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.choosing.recommend import BoolArray, FloatArray, IntArray
from dispatch.model import LEVEL_RANK
from dispatch.triage.model import UnitNeed
from dispatch.triage.rules import CATEGORIES, CategoryMatrix

DIVERSIONS_SHOWN = 3
"""Of so many units is reckoned what their patients would lose: the nearest."""

REPLACED_WITHIN_S: Mapping[str, float] = {"C2": 2400.0, "C3": 7200.0, "C4": 10800.0}
"""Seconds from its call within which whoever replaces a diverted unit is there: of the English
Ambulance Response Programme the 90th centile of each category (40 min, 120 min, 180 min)."""


def urgency_of(category: str | None) -> int:
    """Return 1 for C1 to 4 for C4, and 0 for an incident that is not coded."""
    return 0 if category is None else CATEGORIES.index(category) + 1


def may_take(category: str | None, urgency: npt.ArrayLike, *, matrix: CategoryMatrix) -> BoolArray:
    """Return whether an incident may ask for a unit of others; `urgency` as of `urgency_of`."""
    allowed = np.array([
        is_allowed(category, losing, replaceable=True, matrix=matrix)
        for losing in (None, *CATEGORIES)
    ])  # fmt: skip
    return np.asarray(allowed[np.asarray(urgency)], dtype=np.bool_)


def releasing_category(category: str | None, plan: Mapping[str, Any] | None) -> str | None:
    """Return the category by which an incident may ask for a unit of others; None: by none.

    What was assumed releases nothing: an incident that is not coded, or whose category rests on
    questions that were not answered, asks for nobody. An arrest as answered does, whatever else is
    open.
    """
    told = plan or {}
    return None if told.get("assumed") and not told.get("cardiac_arrest") else category


def left_s(category: str | None, waited_s: float) -> float:
    """Return in how many seconds a replacement has to be there; inf for a patient without limit."""
    return REPLACED_WITHIN_S.get(category or "", np.inf) - waited_s


def was_preempted(incident_id: object, offers: Collection[Mapping[str, Any]] | None) -> bool:
    """Return whether a unit was taken from an incident before; `offers` as its row has them."""
    return any(
        one["state"] == "accepted" and str(one["losing_incident_id"]) == str(incident_id)
        for one in offers or ()
    )


def is_allowed(
    category: str | None, losing: str | None, *, replaceable: bool, matrix: CategoryMatrix
) -> bool:
    """Return whether a unit may leave an incident of category `losing` for one of `category`."""
    if category is None or losing is None or urgency_of(category) >= urgency_of(losing):
        return False
    if not replaceable and category != CATEGORIES[0]:
        return False
    return matrix.may_take(category, losing, replaced=replaceable)


@dataclass(frozen=True, slots=True)
class Loss:
    """What the patient loses whose unit goes elsewhere. `replacement`: index of who would come.

    loss_s: seconds until that one is there, past the moment when the own unit would have been;
    None where nobody can.
    """

    replacement: int | None
    loss_s: float | None


def loss_of(
    own: int, times_s: FloatArray, *, free: BoolArray, level: IntArray,
    needs: Sequence[UnitNeed], within_s: float = np.inf,
) -> Loss:  # fmt: skip
    """Return what the patient of unit `own` loses.

    times_s : (n,) seconds to that patient, inf = unreachable. free : (n,) bool, who may go there
    level : (n,) int64 as `LEVEL_RANK`
    needs : of that patient's plan; whoever comes serves the highest of them that `own` serves
    within_s : whoever comes is there by then, or is no replacement
    """
    served = [LEVEL_RANK[need.level] for need in needs if LEVEL_RANK[need.level] <= level[own]]
    fits = free & (level >= max(served, default=0)) & np.isfinite(times_s) & (times_s <= within_s)
    fits[own] = False
    if not fits.any():
        return Loss(None, None)
    replacement = int(np.argmin(np.where(fits, times_s, np.inf)))
    own_s = float(times_s[own])
    later_s = float(times_s[replacement]) - own_s if np.isfinite(own_s) else 0.0
    return Loss(replacement, max(later_s, 0.0))
