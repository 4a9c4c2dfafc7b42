"""What minutes by road are measured to, and what is found for the cells in which people live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dispatch.choosing.destination import SATISFIED_BY
from gis.words import Words
from routing.live.answers import RoadVersions
from routing.roads.model import BoolArray, FloatArray, IndexArray, Profile

StandingArray = NDArray[np.str_]


class Target(StrEnum):
    """What the nearest one is looked for of."""

    STATION = "station"
    EMERGENCY = "emergency"
    STROKE = "stroke"
    PCI = "pci"


@dataclass(frozen=True, slots=True)
class Search:
    """How a target is looked for.

    towards : driven from the cell to the target; else from the target to the cell
    capabilities : one of them makes a hospital a target
    """

    words: Words
    towards: bool
    profile: Profile
    capabilities: frozenset[str] = frozenset()


SEARCHES: Mapping[Target, Search] = MappingProxyType(
    {
        Target.STATION: Search(
            Words(en="ambulance station", zh="急救站"),
            towards=False,
            profile=Profile.AMBULANCE_LIGHTS,
        ),
        Target.EMERGENCY: Search(
            Words(en="emergency department", zh="急诊科"), towards=True, profile=Profile.CAR
        ),
        Target.STROKE: Search(
            Words(en="stroke-capable hospital", zh="卒中救治医院"),
            towards=True,
            profile=Profile.AMBULANCE_LIGHTS,
            capabilities=SATISFIED_BY["stroke_primary"],
        ),
        Target.PCI: Search(
            Words(en="PCI-capable hospital", zh="可行急诊PCI的医院"),
            towards=True,
            profile=Profile.AMBULANCE_LIGHTS,
            capabilities=SATISFIED_BY["pci"],
        ),
    }
)
"""An ambulance drives from its station with lights, and so with a patient for a stroke unit or a
catheter; to an emergency department people go by car."""


class Standing(StrEnum):
    """What is known of a cell's time."""

    REACHED = "reached"
    UNREACHABLE = "unreachable"
    """There are targets and a road, and no open way joins them."""
    NO_ROAD = "no_road"
    """No road lies near the middle of the cell."""
    NO_TARGET = "no_target"
    """No target is known, or none lies near a road."""
    NO_ROADS = "no_roads"
    """The city's roads are not loaded."""


UNKNOWN = frozenset({Standing.NO_ROAD, Standing.NO_TARGET, Standing.NO_ROADS})


class RoadsShown(StrEnum):
    """Under which conditions of the roads."""

    NOW = "now"
    OPEN = "open"
    """The same speeds, nothing closed."""


class TimeOfDay(StrEnum):
    """When people were counted where they are."""

    ALL = "all"
    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """n cells of one count, one source: never two that cover the same ground.

    cell : names in the source; lonlat : (n, 2) a point of each, near its middle
    people : (n,) float64; district : (n,) int32 row of `districts`, -1 outside all
    shapes : (n,) WKB; `counted_on` None: the source does not say
    """

    cell: Sequence[str]
    lonlat: FloatArray
    people: FloatArray
    modelled: Sequence[bool]
    district: IndexArray
    shapes: Sequence[bytes]
    source: str | None
    counted_on: date | None


@dataclass(frozen=True, slots=True)
class District:
    """One district of the city."""

    code: str
    name: str
    name_zh: str | None
    name_en: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """One target: a station or a hospital."""

    place_id: int
    name: str
    name_zh: str | None
    name_en: str | None
    modelled: bool
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Question:
    """What decides an answer besides the roads.

    stamp : changes with every change of the cells and districts that are read
    unknown : where the hospitals are of which nobody says whether they are a target
    """

    city_id: int
    target: Target
    time_of_day: TimeOfDay
    places: tuple[Place, ...]
    unknown: tuple[tuple[float, float], ...]
    stamp: str


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Times of n cells.

    seconds : (n,) float64, inf unless reached; standing : (n,) `Standing`
    nearest : (n,) int32 row of the question's places, -1 unless reached
    """

    seconds: FloatArray
    standing: StandingArray
    nearest: IndexArray


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """The times of every cell now, and as if nothing were closed.

    closed_legs : how many directions of road are closed now
    off_road : of each target of the question whether no road lies near it
    limited : holds what lies in the areas of a viewer's right, not the whole city
    """

    question: Question
    cells: Cells
    districts: Sequence[District]
    now: Times
    open_roads: Times
    versions: RoadVersions | None
    closed_legs: int
    off_road: BoolArray
    limited: bool = False

    @property
    def places_off_road(self) -> int:
        """Return how many targets have no road near them."""
        return int(np.count_nonzero(self.off_road))
