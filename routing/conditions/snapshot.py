"""The conditions of one city as arrays, read once and used until the counter moves. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from gis.week import hour_of_week
from routing.conditions.model import (
    ConditionKind,
    LegArray,
    Legs,
    ProfileRows,
    SpeedRows,
    VehicleClass,
    class_bits,
)
from routing.conditions.versions import ConditionsId
from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray, freeze

KINDS = tuple(ConditionKind)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR_US = 3_600_000_000


def to_us(at: datetime) -> int:
    """Return microseconds since 1970 of an aware time."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def to_time(us: int) -> datetime:
    """Invert `to_us`."""
    return _EPOCH + timedelta(microseconds=us)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition that has not been ended, with the legs it means."""

    condition_id: UUID
    version: int
    kind: ConditionKind
    starts_at: datetime
    expires_at: datetime
    vehicle_classes: frozenset[VehicleClass]
    legs: Legs
    depth_m: float | None = None
    speed_kmh: float | None = None
    speed_factor: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ConditionTable:
    """Conditions as columns (c,), and their legs one after the other (e,). Oldest first.

    `kind` is a place in `KINDS`; `vehicles` bits of `CLASS_BITS`; absent numbers are NaN.
    """

    conditions: tuple[Condition, ...]
    kind: NDArray[np.int8]
    starts_us: IdArray
    expires_us: IdArray
    vehicles: NDArray[np.int16]
    depth_m: FloatArray
    speed_kmh: FloatArray
    speed_factor: FloatArray
    owner: IndexArray
    leg: LegArray
    share: FloatArray

    @classmethod
    def of(cls, conditions: Sequence[Condition]) -> Self:
        """Lay out `conditions`, which come in the order in which they were made."""

        def numbers(name: str) -> FloatArray:
            given = (getattr(one, name) for one in conditions)
            return np.array([np.nan if one is None else one for one in given], np.float64)

        legs = [one.legs for one in conditions]
        return cls(
            conditions=tuple(conditions),
            kind=freeze(np.array([KINDS.index(one.kind) for one in conditions], np.int8)),
            starts_us=freeze(np.array([to_us(one.starts_at) for one in conditions], np.int64)),
            expires_us=freeze(np.array([to_us(one.expires_at) for one in conditions], np.int64)),
            vehicles=freeze(
                np.array([class_bits(one.vehicle_classes) for one in conditions], np.int16)
            ),
            depth_m=freeze(numbers("depth_m")),
            speed_kmh=freeze(numbers("speed_kmh")),
            speed_factor=freeze(numbers("speed_factor")),
            owner=freeze(np.repeat(np.arange(len(legs)), [len(one) for one in legs]).astype("i4")),
            leg=freeze(np.concatenate([np.empty(0, np.int32), *(one.leg for one in legs)])),
            share=freeze(np.concatenate([np.empty(0), *(one.share for one in legs)])),
        )

    def active(self, at_us: int) -> BoolArray:
        """Say which conditions hold at a moment, (c,) bool; what begins or expires then has."""
        return (self.starts_us <= at_us) & (at_us < self.expires_us)


@dataclass(frozen=True, slots=True, eq=False)
class ConditionsSnapshot:
    """All that is said of one city's roads, as of one committed write.

    `profiles` maps (hour of the week, siren) to learned speeds, for the hours it was read for.
    `change` is the number of the last write of the city's conditions in this `epoch` of the
    database; the other counters are those of each part.
    `transitions_us` are the distinct instants after the last write at which something begins or
    expires by itself.
    """

    city: str
    network_version: int
    time_zone: str
    changed_at: datetime
    epoch: int = 0
    change: int = 0
    drawn_change: int = 0
    speeds_change: int = 0
    speeds_reset: int = 0
    profiles_change: int = 0
    table: ConditionTable = field(default_factory=lambda: ConditionTable.of(()))
    speeds: SpeedRows = field(default_factory=SpeedRows.none)
    profiles: Mapping[tuple[int, bool], ProfileRows] = field(default_factory=dict)
    transitions_us: IdArray = field(init=False)

    def __post_init__(self) -> None:
        written = to_us(self.changed_at)
        by_speeds = self.speeds.instants_us[self.speeds.instants_us > written]
        drawn = np.concatenate((self.table.starts_us, self.table.expires_us))
        every = np.unique(np.concatenate((drawn[drawn > written], by_speeds)))
        object.__setattr__(self, "transitions_us", freeze(every))

    def moment_us(self, at: datetime) -> int:
        """Return the moment conditions are looked at: never before their last write."""
        return max(to_us(at), to_us(self.changed_at))

    def conditions_id(self, at: datetime) -> ConditionsId:
        """Return the name of the conditions as they are at `at`."""
        moment = self.moment_us(at)
        passed = int(np.searchsorted(self.transitions_us, moment, side="right"))
        return ConditionsId(
            self.city, self.epoch, self.network_version, self.change, passed, moment // _HOUR_US
        )

    def changes_at(self, at: datetime) -> datetime:
        """Return the first moment after `at` whose conditions have another name."""
        moment = self.moment_us(at)
        next_us = (moment // _HOUR_US + 1) * _HOUR_US
        passed = int(np.searchsorted(self.transitions_us, moment, side="right"))
        if passed < self.transitions_us.size:
            next_us = min(next_us, int(self.transitions_us[passed]))
        return to_time(next_us)

    def hour_of_week(self, at: datetime) -> int:
        """Return the city's hour of the week; `conditions_id` changes with it."""
        return hour_of_week(to_time(self.moment_us(at)), time_zone=self.time_zone)

    def covers(self, at: datetime) -> bool:
        """Say whether the learned speeds of that hour were read, or there are none at all."""
        return not self.profiles_change or (self.hour_of_week(at), False) in self.profiles

    def base_key(self, at: datetime) -> tuple[int, ...]:
        """Return what the times before any drawn condition depend on."""
        instants = self.speeds.instants_us
        place = int(np.searchsorted(instants, self.moment_us(at), side="right"))
        next_expiry_us = int(instants[place]) if place < instants.size else -1
        hour = self.hour_of_week(at) if self.profiles_change else -1
        return (
            self.epoch, self.network_version, self.speeds_change, self.speeds_reset,
            self.profiles_change, next_expiry_us, hour,
        )  # fmt: skip
