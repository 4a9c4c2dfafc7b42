"""What the roads answer. Every answer by road names the versions it was computed from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import shapely

from routing.roads.model import BoolArray, FloatArray, IdArray, RouteResult
from routing.search.router import Float32Array

Basis = Literal["road", "straight_line"]


@dataclass(frozen=True, slots=True)
class RoadVersions:
    """What an answer was computed from; `metric_id` is None where no hierarchy took part."""

    topology_id: str
    conditions_id: str
    metric_id: str | None = None


def version_names(versions: RoadVersions | None) -> dict[str, str | None]:
    """Return topology, conditions and metric of an answer by name; None by straight line."""
    names = ("topology_id", "conditions_id", "metric_id")
    return {name: None if versions is None else getattr(versions, name) for name in names}


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """Times between one place and n others.

    time_s : (n,) float64 seconds, inf = no road joins them
    ignoring_closures_s : (n,) float64 the same as if nothing were closed, where `time_s` is inf;
    elsewhere equal to it
    snap_distance_m : (n,) float64 from each place to its road; place_snap_distance_m of the one
    no_road : (n,) bool, no road within the limit of that place
    basis : 'road', or 'straight_line' where there is no graph
    versions : the network and the conditions the answer used, None by straight line
    """

    time_s: FloatArray
    ignoring_closures_s: FloatArray
    snap_distance_m: FloatArray
    place_snap_distance_m: float
    no_road: BoolArray
    basis: Basis
    versions: RoadVersions | None


@dataclass(frozen=True, slots=True, eq=False)
class Trip:
    """A route with its departure.

    time_dependent : the times met on the way decided, else those of the departure
    stood_s : seconds in front of closed roads until they open
    changes_at : when road times change between departure and arrival
    """

    route: RouteResult
    departs_at: datetime
    arrives_at: datetime
    time_dependent: bool
    stood_s: float
    changes_at: tuple[datetime, ...]
    versions: RoadVersions


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The nearest of n places, soonest first.

    row : (k,) int64 of the places given; time_s : (k,) float64; routes : as many, if asked for
    snap_distance_m : (n,) float64 of all places
    departs_at : where a departure was asked for, whose times on the way decided; `changes_at` is
    then when road times change before the last of them is there
    """

    row: IdArray
    time_s: FloatArray
    routes: tuple[RouteResult, ...]
    snap_distance_m: FloatArray
    place_snap_distance_m: float
    versions: RoadVersions
    departs_at: datetime | None = None
    changes_at: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Times in blocks of rows, (<= 256, n_destinations) float32 seconds, inf = no way.

    The blocks are worked out while they are read, all at the times of one version.
    """

    blocks: Iterator[Float32Array]
    shape: tuple[int, int]
    origin_snap_distance_m: FloatArray
    destination_snap_distance_m: FloatArray
    versions: RoadVersions


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Areas within each limit, smallest first, and what the answer is from. WGS-84."""

    limits_s: tuple[float, ...]
    areas: tuple[shapely.MultiPolygon, ...]
    area_m2: FloatArray
    snap_distance_m: float
    versions: RoadVersions
