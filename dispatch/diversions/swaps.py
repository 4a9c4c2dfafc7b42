"""Which units could change their patients, and what each patient gains or loses: pure functions.

All pairs of a unit under way and a patient are reckoned exactly, on arrays. Nothing is decided
here: what is found is shown, and a dispatcher asks the crew or leaves it.

A *swap* takes a unit from a lesser call for a more urgent one, and names who goes in its place. A
*relief* sends a free unit to a patient whose own unit is farther away; nobody loses by it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.choosing.recommend import DIVERSION_GAIN_S, BoolArray, FloatArray, IntArray

CATEGORY_COUNT = 5
"""Not coded (0), C1 (1) to C4 (4), as `choosing.diverting.urgency_of`."""

C1 = 1

NOBODY = -1


@dataclass(frozen=True, slots=True)
class SwapUnits:
    """The fleet, all of shape (n,).

    free : may be sent now. divertible : on the way to the patient `holds`, not at the scene yet
    holds : index of the patient it goes to, `NOBODY` for none. level : as `LEVEL_RANK`
    """

    free: BoolArray
    divertible: BoolArray
    holds: IntArray
    level: IntArray


@dataclass(frozen=True, slots=True)
class SwapPatients:
    """The patients, all of shape (m,).

    category : 0 not coded, 1 to 4. level : of care that is needed, as `LEVEL_RANK`
    may_take : what is known of it may release a pre-emption; an assumption never does
    lost_before : a unit was taken from it once already
    left_s : seconds from now within which a replacement has to be there
    """

    category: IntArray
    level: IntArray
    may_take: BoolArray
    lost_before: BoolArray
    left_s: FloatArray


@dataclass(frozen=True, slots=True)
class Swaps:
    """Swaps, all of shape (k,): the most urgent that gains first, then who gains most.

    unit, taking, losing, replacement : indices. gain_s, loss_s : seconds sooner and later. gain_s
    is inf where nobody else could come.
    """

    unit: IntArray
    taking: IntArray
    losing: IntArray
    replacement: IntArray
    gain_s: FloatArray
    loss_s: FloatArray


@dataclass(frozen=True, slots=True)
class Reliefs:
    """Reliefs, all of shape (k,): `unit` goes to `patient` in place of `instead_of`."""

    unit: IntArray
    patient: IntArray
    instead_of: IntArray
    gain_s: FloatArray


def matrix_of(allowed: Callable[[str | None, str | None], bool]) -> BoolArray:
    """Return (5, 5) bool by taking and losing category from a rule on their names.

    Whatever the rule says, nothing is taken from a C1, nor from or for who is not coded.
    """
    names = [None, "C1", "C2", "C3", "C4"]
    made = np.array([[allowed(taking, losing) for losing in names] for taking in names])
    made[:, [0, C1]] = False
    made[0, :] = False
    return made


def swaps(
    units: SwapUnits, patients: SwapPatients, times_s: FloatArray, allowed: BoolArray
) -> Swaps:
    """Return every swap worth making: no patient preempted twice, none without a replacement.

    The unit is there `DIVERSION_GAIN_S` sooner than whoever would come otherwise, be that the
    patient's own unit or a free one; the free unit that is nearest to the loser, and as able as the
    one it loses, is there before the loser's limit.

    times_s : (n, m) seconds, inf or NaN = unreachable. allowed : (5, 5) as of `matrix_of`
    """
    times = np.where(np.isfinite(times_s), times_s, np.inf)
    under_way = np.flatnonzero(units.divertible & (units.holds != NOBODY))
    count = len(patients.category)
    if not len(under_way) or not count:
        return _no_swaps()
    losing = units.holds[under_way]
    served = np.minimum(units.level[under_way], patients.level[losing])
    replacing, there_s = _best_free(units, times)
    replacement = replacing[served, losing]
    replaced_s = there_s[served, losing]
    may_lose = (
        (replacement != NOBODY) & (replaced_s <= patients.left_s[losing])
        & ~patients.lost_before[losing]
    )  # fmt: skip
    otherwise_s = np.minimum(
        there_s[patients.level, np.arange(count)], _own_s(units, patients, times)
    )
    mine_s = times[under_way]
    gain_s = np.where(np.isfinite(mine_s), otherwise_s - np.where(
        np.isfinite(mine_s), mine_s, 0.0
    ), -np.inf)  # fmt: skip
    worth = (
        allowed[patients.category[None, :], patients.category[losing][:, None]]
        & patients.may_take[None, :]
        & may_lose[:, None]
        & (units.level[under_way][:, None] >= patients.level[None, :])
        & (gain_s >= DIVERSION_GAIN_S)
    )
    row, taking = np.nonzero(worth)
    found_gain_s = gain_s[row, taking]
    own_s = times[under_way, losing]
    # A unit that cannot come to its own patient, by the roads as they are, takes nothing away.
    known = np.isfinite(own_s) & np.isfinite(replaced_s)
    later_s = np.where(known, replaced_s, 0.0) - np.where(known, own_s, 0.0)
    loss_s = np.maximum(later_s, 0.0)[row]
    order = np.lexsort((under_way[row], taking, loss_s, -found_gain_s, patients.category[taking]))
    return Swaps(
        under_way[row][order], taking[order], losing[row][order], replacement[row][order],
        found_gain_s[order], loss_s[order],
    )  # fmt: skip


def reliefs(units: SwapUnits, patients: SwapPatients, times_s: FloatArray) -> Reliefs:
    """Return for each unit under way the free one that would be there sooner, where one would."""
    times = np.where(np.isfinite(times_s), times_s, np.inf)
    under_way = np.flatnonzero(units.divertible & (units.holds != NOBODY))
    if not len(under_way):
        none = np.zeros(0, dtype=np.int64)
        return Reliefs(none, none, none, np.zeros(0))
    patient = units.holds[under_way]
    served = np.minimum(units.level[under_way], patients.level[patient])
    who, there_s = _best_free(units, times)
    gain_s = np.where(
        who[served, patient] != NOBODY,
        times[under_way, patient] - np.where(
            np.isfinite(there_s[served, patient]), there_s[served, patient], 0.0
        ),
        -np.inf,
    )  # fmt: skip
    row = np.flatnonzero(gain_s >= DIVERSION_GAIN_S)
    row = row[np.lexsort((under_way[row], -gain_s[row], patients.category[patient[row]]))]
    return Reliefs(who[served[row], patient[row]], patient[row], under_way[row], gain_s[row])


def _best_free(units: SwapUnits, times: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return by level (4) and patient (m) the nearest free unit of that level or above, and when.

    `NOBODY` and inf where none can come; of two as near, the first.
    """
    levels, count = 4, times.shape[1]
    who = np.full((levels, count), NOBODY, dtype=np.int64)
    when = np.full((levels, count), np.inf)
    for level in range(levels):
        fits = np.flatnonzero(units.free & (units.level >= level))
        if len(fits):
            best = np.argmin(times[fits], axis=0)
            when[level] = times[fits[best], np.arange(count)]
            who[level] = np.where(np.isfinite(when[level]), fits[best], NOBODY)
    return who, when


def _own_s(units: SwapUnits, patients: SwapPatients, times: FloatArray) -> FloatArray:
    """Return (m,) when the nearest unit that a patient has, and that is able, is there."""
    own = np.full(len(patients.category), np.inf)
    held = np.flatnonzero(units.holds != NOBODY)
    able = held[units.level[held] >= patients.level[units.holds[held]]]
    np.minimum.at(own, units.holds[able], times[able, units.holds[able]])
    return own


def _no_swaps() -> Swaps:
    none: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    return Swaps(none, none, none, none, np.zeros(0), np.zeros(0))
