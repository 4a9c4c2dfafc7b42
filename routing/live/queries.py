"""Questions of travel time for the doors: route, nearest, matrix, reach, snap.

Every answer carries the versions it was computed from. All of them say `StraightLineOnlyError`
where a city has no usable graph: a table of guesses would not be read as one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike

from routing.areas.isochrone import isochrone_bands, service_areas
from routing.areas.reach import reach, reach_of_nearest
from routing.errors import MatrixTooLargeError, StraightLineOnlyError
from routing.live.city_roads import CityRoads, RoadVersions
from routing.live.routing import DISPATCH_SNAP_LIMIT_M, Routing
from routing.roads.model import FloatArray, Profile, RouteResult, SnapResult
from routing.search.router import DijkstraRouter, Float32Array
from routing.snap.snapper import DEFAULT_MAX_DISTANCE_M

MAX_MATRIX_CELLS = 100_000_000
"""Ten thousand by ten thousand: streamed, it takes no memory but its time."""


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The nearest of n places, soonest first.

    row : (k,) int64 of the places given; time_s : (k,) float64; routes : as many, if asked for
    snap_distance_m : (n,) float64 of all places; versions : what the answer is from
    """

    row: np.ndarray
    time_s: FloatArray
    routes: tuple[RouteResult, ...]
    snap_distance_m: FloatArray
    place_snap_distance_m: float
    versions: RoadVersions


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


def route(
    routing: Routing,
    city_id: int,
    origin: ArrayLike,
    destination: ArrayLike,
    *,
    profile: Profile,
    at_least: str | None = None,
) -> tuple[RouteResult, RoadVersions]:
    """Return the fastest route and what it is from.

    Raises
    ------
    StraightLineOnlyError, NoRoadNearbyError, NoRouteError, ConditionsIdInvalidError
        The city has no graph, a place is off the network, nothing joins the two, or `at_least`
        is no name of conditions.
    """
    router, versions, _ = _answering(routing, city_id, profile, at_least)
    ends = router.snap(
        np.array([origin, destination], np.float64), max_distance_m=DISPATCH_SNAP_LIMIT_M
    )
    return router.route(ends.take(0), ends.take(1)), versions


def nearest(
    routing: Routing,
    city_id: int,
    place: ArrayLike,
    others: ArrayLike,
    *,
    profile: Profile,
    k: int,
    towards: bool = True,
    with_routes: bool = False,
    heading_deg: ArrayLike | None = None,
    at_least: str | None = None,
) -> Nearest:
    """Return the `k` of `others` (n, 2) from which (`towards`) or to which the way is shortest.

    Raises
    ------
    StraightLineOnlyError, NoRoadNearbyError
        The city has no graph, or the one place is off the network.
    """
    router, versions, _ = _answering(routing, city_id, profile, at_least)
    one = router.snap(place, max_distance_m=DISPATCH_SNAP_LIMIT_M).require()
    many = router.snap(others, max_distance_m=DISPATCH_SNAP_LIMIT_M, heading_deg=heading_deg)
    search = router.times_to if towards else router.times_from
    time_s = search(one, many, k=k)
    row = np.argsort(time_s, kind="stable")[:k]
    row = row[np.isfinite(time_s[row])]
    routes: tuple[RouteResult, ...] = ()
    if with_routes:
        pairs = ((many.take(int(i)), one) if towards else (one, many.take(int(i))) for i in row)
        routes = tuple(router.route(start, end) for start, end in pairs)
    return Nearest(row, time_s[row], routes, many.distance_m, float(one.distance_m[0]), versions)


def matrix(
    routing: Routing,
    city_id: int,
    origins: ArrayLike,
    destinations: ArrayLike,
    *,
    profile: Profile,
    at_least: str | None = None,
    max_distance_m: float = DISPATCH_SNAP_LIMIT_M,
) -> Matrix:
    """Return the times from every origin (n, 2) to every destination (m, 2).

    Raises
    ------
    MatrixTooLargeError
        More than `MAX_MATRIX_CELLS` were asked for.
    StraightLineOnlyError
        The city has no graph.
    """
    starts, ends = (np.asarray(one, np.float64).reshape(-1, 2) for one in (origins, destinations))
    if len(starts) * len(ends) > MAX_MATRIX_CELLS:
        raise MatrixTooLargeError(len(starts), len(ends), limit=MAX_MATRIX_CELLS)
    router, versions, _ = _answering(routing, city_id, profile, at_least)
    here = router.snap(starts, max_distance_m=max_distance_m)
    there = router.snap(ends, max_distance_m=max_distance_m)
    return Matrix(
        router.matrix(here, there),
        (len(starts), len(ends)),
        here.distance_m,
        there.distance_m,
        versions,
    )


def isochrone(
    routing: Routing,
    city_id: int,
    place: ArrayLike,
    *,
    limits_s: Sequence[float],
    profile: Profile,
    towards: bool = False,
    at_least: str | None = None,
) -> Reach:
    """Return the areas reached from a place within each limit, or from which it is reached.

    Raises
    ------
    StraightLineOnlyError, NoRoadNearbyError, AreaTooLargeError
        The city has no graph, the place is off the network, or the area is beyond what is drawn.
    """
    router, versions, city = _answering(routing, city_id, profile, at_least)
    here = router.snap(place, max_distance_m=DISPATCH_SNAP_LIMIT_M).require()
    limits = tuple(sorted(set(limits_s)))
    times = reach(router, here, limit_s=limits[-1], towards=towards)
    areas = isochrone_bands(
        city.network.segments, times,
        limits_ms=[round(limit * 1000) for limit in limits], plane=router.snapper.plane,
    )  # fmt: skip
    return Reach(
        limits, tuple(areas), _areas_m2(router, areas), float(here.distance_m[0]), versions
    )


def areas_of_nearest(
    routing: Routing,
    city_id: int,
    places: ArrayLike,
    *,
    limit_s: float,
    profile: Profile,
    at_least: str | None = None,
) -> tuple[dict[int, shapely.MultiPolygon], RoadVersions]:
    """Divide the area reached within a limit among the places (n, 2) that reach it first."""
    router, versions, city = _answering(routing, city_id, profile, at_least)
    standing = router.snap(places, max_distance_m=DISPATCH_SNAP_LIMIT_M)
    times = reach_of_nearest(router, standing, limit_s=limit_s)
    areas = service_areas(
        city.network.segments, times, limit_ms=round(limit_s * 1000), plane=router.snapper.plane
    )
    return areas, versions


def snap(
    routing: Routing,
    city_id: int,
    points: ArrayLike,
    *,
    profile: Profile,
    heading_deg: ArrayLike | None = None,
    max_distance_m: float = DEFAULT_MAX_DISTANCE_M,
) -> tuple[SnapResult, RoadVersions]:
    """Return the roads at each point (k, 2), all candidates, and what the answer is from."""
    router, versions, _ = _answering(routing, city_id, profile, None)
    found = router.snap(points, max_distance_m=max_distance_m, heading_deg=heading_deg)
    return found, versions


def versions(routing: Routing, city_id: int) -> dict[str, RoadVersions]:
    """Return by profile what answers are from now; `metric_id` may be of older conditions."""
    city = _city(routing, city_id)
    return {
        profile.value: RoadVersions(
            layer.topology_id,
            city.conditions_id,
            city.fast[profile].metric_id if profile in city.fast else None,
        )
        for profile, layer in city.network.layers.items()
    }


def _city(routing: Routing, city_id: int) -> CityRoads:
    city = routing.city(city_id)
    if city is None:
        raise StraightLineOnlyError(city_id)
    return city


def _answering(
    routing: Routing, city_id: int, profile: Profile, at_least: str | None
) -> tuple[DijkstraRouter, RoadVersions, CityRoads]:
    city = _city(routing, city_id)
    found = city.answering(profile, at_least=at_least)
    if found is None:
        raise StraightLineOnlyError(city_id)
    return *found, city


def _areas_m2(router: DijkstraRouter, areas: Sequence[shapely.MultiPolygon]) -> FloatArray:
    plane = router.snapper.plane
    flat = shapely.transform(np.array(areas, object), plane.to_xy)
    return np.asarray(shapely.area(flat), dtype=np.float64)
