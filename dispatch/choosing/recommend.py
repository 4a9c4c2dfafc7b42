"""Rank every unit for an incident: a kernel on arrays. Words are made in `words.py`.

The live desk and the simulator call the same kernel. Of the units that may be sent the policy's
choice stands first; for a C1, and before coding, that is the one with the shortest time, whatever
the policy. The dispatcher decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag, auto

import numpy as np
import numpy.typing as npt

from dispatch.choosing.policies import Choice, PolicyName, keys
from dispatch.fleet.headings import STALE_AFTER_S
from dispatch.model import LEVEL_RANK
from dispatch.triage.model import UnitNeed

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

SHIFT_END_MARGIN_S = 1800.0
"""A unit whose shift ends within its travel time plus this is flagged."""

LOW_FACTOR, HIGH_FACTOR = 0.8, 1.3
STRAIGHT_LINE_LOW_FACTOR, STRAIGHT_LINE_HIGH_FACTOR = 0.6, 2.0
STALE_WIDENING_MAX_S = 600.0

STALE_PENALTY_SHARE = 0.2
"""A stated rule: a stale position ranks as if the unit were a fifth of its age further away, at
most two minutes. It is never left out for it."""

DIVERSION_GAIN_S = 60.0
"""A unit is only taken from another patient if it is there at least this much sooner than one that
is free. A stated rule of this desk, no norm."""


class ReasonCode(IntFlag):
    """Why a unit stands where it stands. Bits, so that one unit may have several."""

    FASTEST = auto()
    SUGGESTED = auto()
    ASSIGNED = auto()
    OFF_SHIFT = auto()
    OUT_OF_SERVICE = auto()
    LEVEL_TOO_LOW = auto()
    CAPABILITY_MISSING = auto()
    NO_ROAD = auto()
    CUT_OFF = auto()
    POSITION_STALE = auto()
    STATION_POSITION = auto()
    SHIFT_ENDS_SOON = auto()
    STRAIGHT_LINE = auto()
    DIVERSION = auto()
    CLEARS_SOON = auto()


HINDRANCES = (
    ReasonCode.ASSIGNED | ReasonCode.OFF_SHIFT | ReasonCode.OUT_OF_SERVICE
    | ReasonCode.LEVEL_TOO_LOW | ReasonCode.CAPABILITY_MISSING | ReasonCode.NO_ROAD
    | ReasonCode.CUT_OFF
)  # fmt: skip
"""Any of these makes a unit ineligible."""


@dataclass(frozen=True, slots=True)
class UnitColumns:
    """The fleet as arrays, all of shape (n,).

    travel_time_s: float64 seconds to the incident, inf = unreachable. cut_off: bool, unreachable
    only because roads are closed. level: int64, as
    `LEVEL_RANK`. assigned, on_shift, in_service: bool. divertible: bool, assigned, but still on the
    way, and to a lesser call than this one. capabilities: int64 bit mask. position_age_s: float64,
    NaN = no position was ever reported.
    shift_remaining_s: float64, inf = open end.
    clear_low_s, clear_s, clear_high_s: float64, when a unit at a hospital is expected to be free:
    median and interval in seconds from now, NaN = it is not at one, or nobody can say. None: of
    no unit.
    """

    travel_time_s: FloatArray
    cut_off: BoolArray
    level: IntArray
    assigned: BoolArray
    divertible: BoolArray
    on_shift: BoolArray
    in_service: BoolArray
    capabilities: IntArray
    position_age_s: FloatArray
    shift_remaining_s: FloatArray
    clear_low_s: FloatArray | None = None
    clear_s: FloatArray | None = None
    clear_high_s: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every unit, ranked. `order`: (n,) indices, best first; the rest is indexed by unit.

    divertible: (n,) bool, may not be sent, but may be asked to leave a lesser call for this one.
    soon: (n,) bool, may not be sent yet, but is expected to be free in time to matter.
    ranked_s: (n,) float64, the seconds that a unit is ranked by.
    reasons: (n,) int64 of `ReasonCode` bits. travel_time_low_s, travel_time_high_s: (n,) float64.
    filled: for each need, the indices of the units suggested for it.
    """

    order: IntArray
    eligible: BoolArray
    divertible: BoolArray
    soon: BoolArray
    ranked_s: FloatArray
    reasons: IntArray
    travel_time_low_s: FloatArray
    travel_time_high_s: FloatArray
    filled: tuple[tuple[int, ...], ...]


def capability_bits(names: Sequence[str], known: Mapping[str, int]) -> int:
    """Return the bit mask of `names`; `known` maps each capability to its bit number."""
    return sum(1 << known[name] for name in set(names))


def rank(
    units: UnitColumns,
    needs: Sequence[UnitNeed],
    *,
    needed_capabilities: int = 0,
    straight_line: bool = False,
    category: str | None = None,
    policy: PolicyName = "closest",
    lost_points: FloatArray | None = None,
    limit_s: float | None = None,
) -> Ranking:
    """Rank all units: who may go before who may not, then as the policy says, then by index.

    Time is the travel time, with a penalty for a stale position. A unit that is not clear yet
    stands among the others by the upper bound of both its waiting and its way, and is never
    suggested: it cannot be sent. `lost_points` NaN or None: not known.

    A unit is eligible if nothing in `HINDRANCES` applies; its level is high enough if it serves at
    least one of `needs`. Without needs (not coded yet) every level and capability will do.

    A unit that only its lesser call holds stands among the eligible ones, by its time, where it
    would be at the scene `DIVERSION_GAIN_S` sooner than whoever is free for a need that it serves;
    it is never suggested, and never the fastest: whether it goes is its crew's to say.
    """
    count = len(units.travel_time_s)
    lowest_level = min((LEVEL_RANK[need.level] for need in needs), default=-1)
    reachable = np.isfinite(units.travel_time_s)
    known_position = np.isfinite(units.position_age_s)
    stale = known_position & (np.nan_to_num(units.position_age_s) > STALE_AFTER_S)
    ends_soon = units.on_shift & (
        units.shift_remaining_s < np.where(reachable, units.travel_time_s, 0.0) + SHIFT_END_MARGIN_S
    )
    flags: Mapping[ReasonCode, BoolArray] = {
        ReasonCode.ASSIGNED: units.assigned,
        ReasonCode.OFF_SHIFT: ~units.on_shift,
        ReasonCode.OUT_OF_SERVICE: ~units.in_service,
        ReasonCode.LEVEL_TOO_LOW: units.level < lowest_level,
        ReasonCode.CAPABILITY_MISSING: (units.capabilities & needed_capabilities)
        != needed_capabilities,
        ReasonCode.NO_ROAD: ~reachable & ~units.cut_off,
        ReasonCode.CUT_OFF: units.cut_off,
        ReasonCode.POSITION_STALE: stale,
        ReasonCode.STATION_POSITION: ~known_position,
        ReasonCode.SHIFT_ENDS_SOON: ends_soon,
        ReasonCode.STRAIGHT_LINE: np.full(count, straight_line),
    }
    reasons = np.zeros(count, dtype=np.int64)
    for reason, holds in flags.items():
        reasons |= np.where(holds, np.int64(reason), np.int64(0))
    eligible = (reasons & HINDRANCES) == 0
    low, high = travel_time_interval(
        units.travel_time_s, position_age_s=units.position_age_s, straight_line=straight_line
    )
    age_s = np.nan_to_num(units.position_age_s, nan=0.0)
    penalty_s = np.where(stale, np.minimum(age_s, STALE_WIDENING_MAX_S) * STALE_PENALTY_SHARE, 0.0)
    ranked_s = units.travel_time_s + penalty_s
    clearing = np.zeros(count, dtype=np.bool_)
    if units.clear_high_s is not None and units.clear_low_s is not None:
        clearing = np.isfinite(units.clear_high_s)
        clearing &= (reasons & HINDRANCES) == ReasonCode.ASSIGNED
        low = np.where(clearing, low + units.clear_low_s, low)
        high = np.where(clearing, high + units.clear_high_s, high)
        ranked_s = np.where(clearing, high + penalty_s, ranked_s)
    choice = Choice(
        category, ranked_s,
        units.level - max(lowest_level, 0) if needs else np.zeros(count, np.int64),
        np.full(count, np.nan) if lost_points is None else lost_points, limit_s,
    )  # fmt: skip
    by = tuple(reversed(keys(policy, choice)))
    order = np.lexsort((np.arange(count), *by, ~eligible))
    filled = fill(order, eligible=eligible, level=units.level, needs=needs)
    for indices in filled:
        reasons[list(indices)] |= ReasonCode.SUGGESTED
    if eligible.any():
        reasons[int(np.argmin(np.where(eligible, ranked_s, np.inf)))] |= ReasonCode.FASTEST
    held = units.divertible & ((reasons & HINDRANCES) == ReasonCode.ASSIGNED)
    beaten_s = _beaten_s(units, eligible=eligible, needs=needs, filled=filled)
    divertible = held & (units.travel_time_s <= beaten_s - DIVERSION_GAIN_S)
    soon = clearing & (ranked_s <= beaten_s - DIVERSION_GAIN_S)
    if divertible.any() or soon.any():
        reasons[divertible] |= ReasonCode.DIVERSION
        reasons[soon] |= ReasonCode.CLEARS_SOON
        order = np.lexsort((np.arange(count), *by, ~(eligible | divertible | soon)))
    return Ranking(order, eligible, divertible, soon, ranked_s, reasons, low, high, filled)


def _beaten_s(
    units: UnitColumns,
    *,
    eligible: BoolArray,
    needs: Sequence[UnitNeed],
    filled: Sequence[Sequence[int]],
) -> FloatArray:
    """Return (n,) seconds: when the last free unit is there for a need that each unit serves.

    Of several needs the one that waits longest; inf where nobody is free for it, -inf where no need
    is left. Without needs it is the fastest unit that is free.
    """
    count = len(units.travel_time_s)
    if not needs:
        best_s = np.where(eligible, units.travel_time_s, np.inf).min(initial=np.inf)
        return np.full(count, best_s)
    beaten = np.full(count, -np.inf)
    for need, chosen in zip(needs, filled, strict=True):
        if not need.count:
            continue
        waits_s = units.travel_time_s[list(chosen)].max() if len(chosen) == need.count else np.inf
        serves = units.level >= LEVEL_RANK[need.level]
        beaten = np.where(serves, np.maximum(beaten, waits_s), beaten)
    return beaten


def travel_time_interval(
    travel_time_s: FloatArray, *, position_age_s: FloatArray, straight_line: bool
) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper travel time in seconds, both (n,).

    A stated rule, not a measurement: 0.8 to 1.3 times the road time (0.6 to 2.0 times the
    straight-line time). A stale position widens both sides by its age, at most ten minutes: in
    that time the unit may have come nearer or gone away.
    """
    low_factor = STRAIGHT_LINE_LOW_FACTOR if straight_line else LOW_FACTOR
    high_factor = STRAIGHT_LINE_HIGH_FACTOR if straight_line else HIGH_FACTOR
    age = np.nan_to_num(position_age_s, nan=0.0)
    widening = np.where(age > STALE_AFTER_S, np.minimum(age, STALE_WIDENING_MAX_S), 0.0)
    low = np.maximum(travel_time_s * low_factor - widening, 0.0)
    return low, travel_time_s * high_factor + widening


def fill(
    order: IntArray, *, eligible: BoolArray, level: IntArray, needs: Sequence[UnitNeed]
) -> tuple[tuple[int, ...], ...]:
    """Choose for each need, highest level first, the fastest units not chosen before."""
    free = [int(index) for index in order if eligible[index]]
    chosen: dict[int, tuple[int, ...]] = {}
    by_level = sorted(range(len(needs)), key=lambda i: -LEVEL_RANK[needs[i].level])
    for need_index in by_level:
        need = needs[need_index]
        fits = [index for index in free if level[index] >= LEVEL_RANK[need.level]][: need.count]
        chosen[need_index] = tuple(fits)
        free = [index for index in free if index not in set(fits)]
    return tuple(chosen[index] for index in range(len(needs)))
