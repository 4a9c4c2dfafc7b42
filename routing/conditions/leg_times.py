"""Time of every leg under live conditions: what is known best now decides, in this order.

1. a speed set by a person, then the newest live speed that has not expired;
2. the learned speed of this hour of the week;
3. the class default, which is the time on an empty road.

Roadworks and water slow down what this gives; a closure, or water too deep for the vehicle, closes
the leg whatever else is known. One-way roads are driven against only under a permit that runs.
Nothing that has expired, or has not begun, counts.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.conditions.errors import ConditionsOutdatedError
from routing.conditions.flood import flood_speeds
from routing.conditions.kernels import set_learned, set_live
from routing.conditions.model import (
    CLASS_BITS,
    MOTOR_CLASSES,
    ConditionKind,
    LegArray,
    ProfileRows,
    vehicle_class,
)
from routing.conditions.snapshot import KINDS, ConditionsSnapshot, ConditionTable
from routing.engine.digraph import INFINITE_MS
from routing.roads.model import BoolArray, FloatArray, IndexArray, freeze
from routing.rules.profiles import ProfileRules

SourceArray = NDArray[np.int8]

WHOLE_SHARE = 0.999
"""A permit opens only roads that lie within it from end to end."""

_MS_PER_M_KMH = 3600.0


class Lengths(Protocol):
    """What of the roads decides times: `Segments`, or some rows of them."""

    @property
    def length_m(self) -> FloatArray:
        """Length of each segment, (n,) float64 metres."""


class Decider(IntEnum):
    """What decided the time of a leg; the values of `LegTimes.source`."""

    NOT_ALLOWED = -1
    CLASS_DEFAULT = 0
    LEARNED = 1
    LIVE = 2
    SET_BY_HAND = 3
    ROADWORKS = 4
    FLOOD = 5
    CLOSED = 6
    CONTRAFLOW = 7


@dataclass(frozen=True, slots=True, eq=False)
class LegTimes:
    """Times of the legs of one profile under one state of the conditions; arrays are read-only.

    leg_ms : (2n,) int32 milliseconds, `INFINITE_MS` where not allowed or closed
    without_closures_ms : (2n,) int32 the same as if nothing were closed
    source : (2n,) int8 `Decider`
    base_ms, base_source : the same before anything drawn on the map, to start from next time

    Arrays that would be equal are one and the same.
    """

    conditions_id: str
    leg_ms: IndexArray
    without_closures_ms: IndexArray
    source: SourceArray
    base_ms: IndexArray
    base_source: SourceArray
    base_key: tuple[int, ...]

    @property
    def closed_legs(self) -> LegArray:
        """Legs that are closed and would otherwise be open, ascending."""
        return np.flatnonzero(self.source == Decider.CLOSED).astype(np.int32)


def leg_times(
    segments: Lengths,
    rules: ProfileRules,
    *,
    free_flow_ms: IndexArray,
    snapshot: ConditionsSnapshot,
    at: datetime,
    contraflow_ms: IndexArray | None = None,
    previous: LegTimes | None = None,
) -> LegTimes:
    """Return the time of every leg at a moment.

    Parameters
    ----------
    segments : Lengths
        The roads the snapshot was read for; n rows.
    free_flow_ms : (2n,) int32
        Times on empty roads, `INFINITE_MS` where not allowed.
    snapshot : ConditionsSnapshot
    at : datetime
        Aware. A moment before the snapshot's last write is taken as that.
    contraflow_ms : (2n,) int32, optional
        Times of legs against one-way roads that a permit may open, else `INFINITE_MS`.
    previous : LegTimes, optional
        An earlier answer for the same roads and rules: where only drawn conditions are different,
        nothing else is computed again.

    Raises
    ------
    ConditionsOutdatedError
        There are learned speeds, and not of this hour: read the snapshot again.
    """
    if not snapshot.covers(at):
        raise ConditionsOutdatedError
    key = snapshot.base_key(at)
    if previous is not None and previous.base_key == key:
        base_ms, base_source = previous.base_ms, previous.base_source
    else:
        base_ms, base_source = _base(segments, rules, free_flow_ms, snapshot=snapshot, at=at)
    held = _Held.of(snapshot.table, rules, at_us=snapshot.moment_us(at))
    without_ms, source = _slowed(
        segments, rules, base_ms, base_source, held=held, contraflow_ms=contraflow_ms
    )
    leg_ms = without_ms
    closed = held.leg[held.closes]
    closed = closed[without_ms[closed] < INFINITE_MS]
    if closed.size:
        leg_ms = without_ms.copy()
        leg_ms[closed] = INFINITE_MS
        source = source.copy()
        source[closed] = Decider.CLOSED
    return LegTimes(
        conditions_id=str(snapshot.conditions_id(at)),
        leg_ms=freeze(leg_ms),
        without_closures_ms=freeze(without_ms),
        source=freeze(source),
        base_ms=base_ms,
        base_source=base_source,
        base_key=key,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The legs of conditions that hold now for one vehicle, (e,) each, oldest condition first."""

    leg: LegArray
    share: FloatArray
    kind: NDArray[np.int8]
    closes: BoolArray
    speed_kmh: FloatArray
    speed_factor: FloatArray

    @classmethod
    def of(cls, table: ConditionTable, rules: ProfileRules, *, at_us: int) -> "_Held":
        vehicle = vehicle_class(rules.profile)
        holds = table.active(at_us) & ((table.vehicles & CLASS_BITS[vehicle]) != 0)
        rows = np.flatnonzero(holds[table.owner])
        owner = table.owner[rows]
        flood = table.kind == KINDS.index(ConditionKind.FLOOD)
        depth_m = np.where(flood, table.depth_m, 0.0)
        flood_kmh = np.where(flood, flood_speeds(depth_m, vehicle), np.inf)
        closes = (table.kind == KINDS.index(ConditionKind.CLOSURE)) | (flood & (flood_kmh <= 0))
        speed_kmh = np.where(flood, flood_kmh, table.speed_kmh)
        return cls(
            leg=table.leg[rows],
            share=table.share[rows],
            kind=table.kind[owner],
            closes=closes[owner],
            speed_kmh=speed_kmh[owner],
            speed_factor=table.speed_factor[owner],
        )

    def rows(self, kind: ConditionKind) -> NDArray[np.intp]:
        """Return the rows of a kind that do not close."""
        return np.flatnonzero((self.kind == KINDS.index(kind)) & ~self.closes)


def _base(
    segments: Lengths,
    rules: ProfileRules,
    free_flow_ms: IndexArray,
    *,
    snapshot: ConditionsSnapshot,
    at: datetime,
) -> tuple[IndexArray, SourceArray]:
    """Times from class, learned and live speeds; those of traffic say nothing about others."""
    source = np.where(free_flow_ms < INFINITE_MS, 0, -1).astype(np.int8)
    if vehicle_class(rules.profile) not in MOTOR_CLASSES:
        return free_flow_ms, freeze(source)
    ms = free_flow_ms.copy()
    times, length_m = (ms, source), segments.length_m
    hour = snapshot.hour_of_week(at)
    profiles = snapshot.profiles
    plain, siren = (profiles.get((hour, one), ProfileRows.none()) for one in (False, True))
    live = snapshot.speeds
    rows = (live.leg, live.speed_kmh, live.observed_us, live.expires_us, live.confidence)
    set_live(rows, snapshot.moment_us(at), length_m, rules.uplift, times)
    if rules.uplift > 1.0:
        # Learned with the siren on: the gain is in it already.
        set_learned((siren.leg, siren.speed_kmh), length_m, 1.0, times)
    set_learned((plain.leg, plain.speed_kmh), length_m, rules.uplift, times)
    return freeze(ms), freeze(source)


def _slowed(
    segments: Lengths,
    rules: ProfileRules,
    base_ms: IndexArray,
    base_source: SourceArray,
    *,
    held: _Held,
    contraflow_ms: IndexArray | None,
) -> tuple[IndexArray, SourceArray]:
    """Times with everything drawn but closures; the base itself where nothing is."""
    if not held.leg.size or held.closes.all():
        return base_ms, base_source
    ms, source = base_ms.copy(), base_source.copy()
    if contraflow_ms is not None:
        rows = held.rows(ConditionKind.CONTRAFLOW_PERMIT)
        leg = held.leg[rows][held.share[rows] >= WHOLE_SHARE]
        leg = leg[(ms[leg] >= INFINITE_MS) & (contraflow_ms[leg] < INFINITE_MS)]
        ms[leg] = contraflow_ms[leg]
        source[leg] = Decider.CONTRAFLOW
    rows = held.rows(ConditionKind.SPEED)
    rows = rows[ms[held.leg[rows]] < INFINITE_MS]
    leg, share = held.leg[rows], held.share[rows]
    piece_ms = _ms_at(segments, leg, held.speed_kmh[rows] * rules.uplift)
    # Of two speeds set for one leg the later one is assigned last and stays.
    ms[leg] = _mixed(ms[leg], piece_ms, share)
    source[leg] = Decider.SET_BY_HAND
    undisturbed = ms.copy()
    for kind, code in (
        (ConditionKind.ROADWORKS, Decider.ROADWORKS),
        (ConditionKind.FLOOD, Decider.FLOOD),
    ):
        rows = held.rows(kind)
        rows = rows[undisturbed[held.leg[rows]] < INFINITE_MS]
        leg, share = held.leg[rows], held.share[rows]
        now_ms = undisturbed[leg].astype(np.float64)
        factor, speed = held.speed_factor[rows], held.speed_kmh[rows]
        slow_ms = now_ms / np.where(np.isnan(factor), 1.0, factor)
        capped_ms = _ms_at(segments, leg, np.where(np.isnan(speed), np.inf, speed))
        mixed_ms = _mixed(now_ms, np.maximum(slow_ms, capped_ms), share)
        slower = mixed_ms > ms[leg]
        np.maximum.at(ms, leg[slower], mixed_ms[slower])
        source[leg[slower]] = code
    return ms, source


def _ms_at(segments: Lengths, leg: LegArray, speed_kmh: FloatArray) -> FloatArray:
    return np.asarray(segments.length_m[leg >> 1] * _MS_PER_M_KMH / speed_kmh)


def _mixed(whole_ms: NDArray[np.number], piece_ms: FloatArray, share: FloatArray) -> IndexArray:
    """Times of legs of which `share` is driven in the time scale of `piece_ms`."""
    mixed = np.rint(whole_ms * (1.0 - share) + piece_ms * share)
    return np.asarray(np.clip(mixed, 1, INFINITE_MS - 1).astype(np.int32))
