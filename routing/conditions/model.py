"""What can be said about roads: kinds, vehicles, drawings, and the legs they mean. No I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.roads.model import FloatArray, IdArray, IndexArray, freeze

LegArray: TypeAlias = IndexArray
"""Legs: `2 * segment row + direction`, direction 0 along the segment's geometry, 1 against."""


class ConditionKind(StrEnum):
    """What a condition says of its roads."""

    CLOSURE = "closure"
    FLOOD = "flood"
    ROADWORKS = "roadworks"
    SPEED = "speed"
    CONTRAFLOW_PERMIT = "contraflow_permit"


class VehicleClass(StrEnum):
    """Whom a condition holds for."""

    CAR = "car"
    AMBULANCE = "ambulance"
    MOTORCYCLE = "motorcycle"
    BICYCLE = "bicycle"
    WALK = "walk"


class Direction(StrEnum):
    """Which way of a road; forward is along a drawn line, an OSM way, a segment's geometry."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"


class Structure(StrEnum):
    """What a road runs on: a flooded underpass is not the bridge above it."""

    GROUND = "ground"
    BRIDGE = "bridge"
    TUNNEL = "tunnel"


class Drawn(StrEnum):
    """How a place was named: a surface, a line along roads, single edges, a whole jurisdiction."""

    POLYGON = "polygon"
    LINE = "line"
    EDGES = "edges"
    AREA = "area"


MOTOR_CLASSES = frozenset({VehicleClass.CAR, VehicleClass.AMBULANCE, VehicleClass.MOTORCYCLE})
"""Who drives at the speed of the traffic around."""

DEFAULT_CLASSES: Mapping[ConditionKind, frozenset[VehicleClass]] = {
    ConditionKind.CLOSURE: frozenset(VehicleClass),
    ConditionKind.FLOOD: frozenset(VehicleClass),
    ConditionKind.ROADWORKS: MOTOR_CLASSES,
    ConditionKind.SPEED: MOTOR_CLASSES,
    ConditionKind.CONTRAFLOW_PERMIT: frozenset({VehicleClass.AMBULANCE}),
}
"""Whom a condition holds for when nobody says."""

CLASS_BITS: Mapping[VehicleClass, int] = {one: 1 << n for n, one in enumerate(VehicleClass)}

_CLASS_OF_PROFILE: Mapping[str, VehicleClass] = {
    "ambulance": VehicleClass.AMBULANCE,
    "ambulance_lights": VehicleClass.AMBULANCE,
    "motorcycle": VehicleClass.MOTORCYCLE,
    "bicycle": VehicleClass.BICYCLE,
    "walk": VehicleClass.WALK,
}


def vehicle_class(profile: str) -> VehicleClass:
    """Return the vehicle of a routing profile; one that is not named here drives a car."""
    return _CLASS_OF_PROFILE.get(str(profile), VehicleClass.CAR)


def class_bits(classes: Iterable[VehicleClass]) -> int:
    """Return a set of vehicle classes as bits."""
    return sum(CLASS_BITS[one] for one in set(classes))


@dataclass(frozen=True, slots=True)
class RoadEdge:
    """Part of an OSM way, by shares of its length, or of a segment where there is no way.

    `line` is where it lay when it was chosen (WGS-84), to find it on a map without that way.
    """

    osm_way_id: int | None
    segment_id: int
    from_share: float
    to_share: float
    direction: Direction
    line: shapely.LineString


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where a condition holds. `geometry` is WGS-84; `edges` only if `drawn` says so.

    `layers` are OSM's, both ends included, None for all; `structures` empty for all.
    """

    drawn: Drawn
    geometry: shapely.Geometry
    edges: tuple[RoadEdge, ...] = ()
    direction: Direction = Direction.BOTH
    layer_min: int | None = None
    layer_max: int | None = None
    structures: frozenset[Structure] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """Legs with the part that is covered, (k,) each, sorted by leg, each leg once.

    `from_share` and `to_share` are of the segment's length along its geometry, whichever way the
    leg drives.
    """

    leg: LegArray
    from_share: FloatArray
    to_share: FloatArray

    def __len__(self) -> int:
        return self.leg.size

    @property
    def share(self) -> FloatArray:
        """Covered part of each leg, (k,) float64, 0 to 1."""
        return self.to_share - self.from_share

    @classmethod
    def of(cls, leg: NDArray[np.integer], from_share: FloatArray, to_share: FloatArray) -> Self:
        """Sort, and join what is said twice of one leg to the span of both."""
        if not leg.size:
            return cls(*(freeze(np.empty(0, kind)) for kind in (np.int32, float, float)))
        order = np.argsort(leg, kind="stable")
        first = np.flatnonzero(np.diff(leg[order], prepend=-1))
        return cls(
            freeze(leg[order][first].astype(np.int32)),
            freeze(np.clip(np.minimum.reduceat(from_share[order], first), 0.0, 1.0)),
            freeze(np.clip(np.maximum.reduceat(to_share[order], first), 0.0, 1.0)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class SpeedRows:
    """Live speeds, (r,) each, sorted by leg and source; several sources of a leg side by side.

    `source` int64 is a digest of the source's name; times are microseconds since 1970;
    `instants_us` are the distinct times of expiry.
    """

    leg: LegArray
    source: IdArray
    speed_kmh: NDArray[np.float32]
    observed_us: IdArray
    expires_us: IdArray
    confidence: NDArray[np.float32]
    instants_us: IdArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "instants_us", freeze(np.unique(self.expires_us)))

    def __len__(self) -> int:
        return self.leg.size

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """The columns in the order in which they are given."""
        return (
            self.leg, self.source, self.speed_kmh, self.observed_us, self.expires_us,
            self.confidence,
        )  # fmt: skip

    @classmethod
    def of(cls, *columns: NDArray[Any]) -> Self:
        """Sort by leg and source; of two rows of one leg and source the later one is kept."""
        leg, source = columns[0], columns[1]
        order = np.lexsort((source, leg))
        leg, source = leg[order], source[order]
        last = np.ones(order.size, dtype=np.bool_)
        last[:-1] = (leg[1:] != leg[:-1]) | (source[1:] != source[:-1])
        kept: list[Any] = [freeze(column[order[last]]) for column in columns]
        return cls(*kept)

    @classmethod
    def none(cls) -> Self:
        """Return no rows."""
        kinds: Any = (np.int32, np.int64, np.float32, np.int64, np.int64, np.float32)
        blank: list[Any] = [freeze(np.empty(0, kind)) for kind in kinds]
        return cls(*blank)

    def updated(self, newer: "SpeedRows") -> "SpeedRows":
        """Return these rows with `newer` ones in the place of those of the same leg and source."""
        if not len(newer):
            return self
        pairs = zip(self.columns, newer.columns, strict=True)
        return SpeedRows.of(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True, slots=True, eq=False)
class ProfileRows:
    """Learned speeds of one hour of the week, (p,) each, sorted by leg, each leg once."""

    leg: LegArray
    speed_kmh: NDArray[np.float32]

    def __len__(self) -> int:
        return self.leg.size

    @classmethod
    def none(cls) -> Self:
        """Return no rows."""
        return cls(freeze(np.empty(0, np.int32)), freeze(np.empty(0, np.float32)))
