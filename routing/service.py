"""Road times and routes for the whole process: loads each city's graphs and answers from them.

Where a city has no usable graph the answer is by straight line and says so (`basis`).
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from gis.access import SYSTEM
from gis.database import Database
from gis.geometry import EARTH_RADIUS_M
from routing import repository
from routing.errors import GraphCacheInvalidError, InvalidNetworkError
from routing.graph import RoadGraph, build_graph
from routing.model import BoolArray, FloatArray, Profile, RouteResult, Segments, SnapResult
from routing.repository import NetworkVersion
from routing.search import DijkstraRouter, RoadRouter, warm_up
from routing.snap import Snapper
from routing.store import CacheKey, load_graph, load_segments, save_graph, save_segments

Basis = Literal["road", "straight_line"]

DISPATCH_SNAP_LIMIT_M = 2_000.0
"""A call from a hillside still gets times to the nearest road; the distance is reported."""

STRAIGHT_LINE_DETOUR = 1.3
STRAIGHT_LINE_SPEED_KMH = {Profile.WALK: 4.8}
STRAIGHT_LINE_DEFAULT_SPEED_KMH = 30.0

_log = logging.getLogger("goldenhour.routing")


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """Times between one place and n others.

    time_s : (n,) float64 seconds, inf = no road joins them
    snap_distance_m : (n,) float64 from each place to its road; place_snap_distance_m of the one
    no_road : (n,) bool, no road within the limit of that place
    basis : 'road', or 'straight_line' where there is no graph
    conditions_id : which network and which edge times the answer used
    """

    time_s: FloatArray
    snap_distance_m: FloatArray
    place_snap_distance_m: float
    no_road: BoolArray
    basis: Basis
    conditions_id: str


@dataclass(frozen=True, slots=True)
class CityRoads:
    """The routers of one city at one network version."""

    version: NetworkVersion
    routers: Mapping[Profile, RoadRouter]

    @property
    def conditions_id(self) -> str:
        """Return the name of the edge times in force: free flow of this network version."""
        return f"{self.version.city_key}-{self.version.network_version}-free-flow"


class Routing:
    """Holds every city's graphs. A request reads one reference and keeps it; refresh swaps it."""

    def __init__(
        self,
        database: Database,
        cache_folder: Path,
        *,
        profiles: tuple[Profile, ...] = tuple(Profile),
    ) -> None:
        self._database = database
        self._cache_folder = cache_folder
        self._profiles = profiles
        self._cities: dict[int, CityRoads] = {}
        self._lock = threading.Lock()

    def refresh(self, *, say: Callable[[str], None] = lambda _: None) -> list[str]:
        """Load graphs of new or changed networks, drop those that are gone.

        Returns the keys of the cities that changed. Reads the disk cache first; what it holds is
        trusted only if made from this very network version.
        """
        with self._lock:
            with self._database.read(SYSTEM) as uow:
                versions = repository.network_versions(uow.session)
            changed: list[str] = []
            cities: dict[int, CityRoads] = {}
            for version in versions:
                known = self._cities.get(version.city_id)
                if known is not None and known.version == version:
                    cities[version.city_id] = known
                    continue
                say(f"roads of {version.city_key}")
                cities[version.city_id] = CityRoads(version, self._load(version))
                changed.append(version.city_key)
            self._cities = cities
            return changed

    def router(self, city_id: int, profile: Profile) -> RoadRouter | None:
        """Return the router of a city, None where it has no usable graph."""
        roads = self._cities.get(city_id)
        return None if roads is None else roads.routers.get(profile)

    def travel_times_to(
        self, city_id: int, destination: ArrayLike, origins: ArrayLike, *, profile: Profile
    ) -> TravelTimes:
        """Return the times from every origin (n, 2) to one destination (2,); lon, lat degrees."""
        return self._times(city_id, destination, origins, profile=profile, towards=True)

    def travel_times_from(
        self, city_id: int, origin: ArrayLike, destinations: ArrayLike, *, profile: Profile
    ) -> TravelTimes:
        """Return the times from one origin (2,) to every destination (n, 2); lon, lat degrees."""
        return self._times(city_id, origin, destinations, profile=profile, towards=False)

    def route(
        self, city_id: int, origin: ArrayLike, destination: ArrayLike, *, profile: Profile
    ) -> RouteResult | None:
        """Return the fastest route, None where the city has no usable graph.

        Raises
        ------
        NoRoadNearbyError, NoRouteError
            A place is off the network, or nothing joins the two.
        """
        router = self.router(city_id, profile)
        if router is None:
            return None
        ends = router.snap(
            np.array([origin, destination], np.float64), max_distance_m=DISPATCH_SNAP_LIMIT_M
        )
        return router.route(ends.take(0), ends.take(1))

    def routes_to(
        self,
        city_id: int,
        destination: ArrayLike,
        origins: ArrayLike,
        *,
        profile: Profile,
        k: int,
    ) -> list[tuple[int, RouteResult]]:
        """Return (row of `origins`, route) of the k nearest; empty where there is no graph."""
        router = self.router(city_id, profile)
        if router is None:
            return []
        goal = router.snap(destination, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        if not goal.found[0]:
            return []
        return router.routes_to(
            goal, router.snap(origins, max_distance_m=DISPATCH_SNAP_LIMIT_M), k=k
        )

    def _times(
        self,
        city_id: int,
        place: ArrayLike,
        others: ArrayLike,
        *,
        profile: Profile,
        towards: bool,
    ) -> TravelTimes:
        one = np.asarray(place, np.float64).reshape(1, 2)
        many = np.asarray(others, np.float64).reshape(-1, 2)
        roads = self._cities.get(city_id)
        router = None if roads is None else roads.routers.get(profile)
        if roads is None or router is None:
            return _straight_line_times(one, many, profile=profile)
        here = router.snap(one, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        there = router.snap(many, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        time_s = np.full(len(many), np.inf)
        if here.found[0] and len(many):
            search = router.times_to if towards else router.times_from
            time_s = search(here, there)
        return _road_times(here, there, time_s, conditions_id=roads.conditions_id)

    def _load(self, version: NetworkVersion) -> Mapping[Profile, RoadRouter]:
        key = CacheKey(version.city_key, version.network_version)
        folder = self._cache_folder / version.city_key
        try:
            segments = self._segments(folder / "segments", key, version.city_id)
        except InvalidNetworkError as error:
            _log.warning("no road times for %s: %s", version.city_key, error)
            return {}
        routers: dict[Profile, DijkstraRouter] = {}
        for profile in self._profiles:
            try:
                graph = self._graph(folder / profile, segments, profile, key, version.city_id)
            except InvalidNetworkError as error:
                _log.warning("no %s times for %s: %s", profile, version.city_key, error)
                continue
            routers[profile] = DijkstraRouter(graph, snapper=_shared_snapper(graph, routers))
        return routers

    def _segments(self, folder: Path, key: CacheKey, city_id: int) -> Segments:
        try:
            return load_segments(folder, key=key)
        except GraphCacheInvalidError:
            with self._database.read(SYSTEM) as uow:
                segments = repository.read_segments(uow.session, city_id)
            _keep(lambda: save_segments(folder, segments, key=key))
            return segments

    def _graph(
        self, folder: Path, segments: Segments, profile: Profile, key: CacheKey, city_id: int
    ) -> RoadGraph:
        try:
            return load_graph(folder, segments, key=key, rules=profile)
        except GraphCacheInvalidError:
            with self._database.read(SYSTEM) as uow:
                restrictions = repository.read_restrictions(uow.session, city_id)
                signals = repository.read_signal_nodes(uow.session, city_id)
                barriers = repository.read_barriers(uow.session, city_id)
            graph = build_graph(
                segments,
                profile,
                restrictions=restrictions,
                signal_nodes=signals,
                barriers=barriers,
            )
            _keep(lambda: save_graph(folder, graph, key=key))
            return graph


def _shared_snapper(graph: RoadGraph, routers: Mapping[Profile, DijkstraRouter]) -> Snapper | None:
    """Return the snapper of a profile that may use the very same roads, None if there is none."""
    for router in routers.values():
        if np.array_equal(router.graph.usable_legs, graph.usable_legs):
            return router.snapper
    return None


def prepare_kernels() -> None:
    """Compile every search kernel, so that no user's first question waits for it."""
    warm_up()


def _keep(write: Callable[[], None]) -> None:
    """Write a cache; a folder that cannot be written costs time at the next start, no answer."""
    try:
        write()
    except OSError as error:
        _log.warning("the road graph cache was not written: %s", error)


def _road_times(
    here: SnapResult, there: SnapResult, time_s: FloatArray, *, conditions_id: str
) -> TravelTimes:
    return TravelTimes(
        time_s=time_s,
        snap_distance_m=there.distance_m,
        place_snap_distance_m=float(here.distance_m[0]),
        no_road=~there.found,
        basis="road",
        conditions_id=conditions_id,
    )


def _straight_line_times(one: FloatArray, many: FloatArray, *, profile: Profile) -> TravelTimes:
    speed_kmh = STRAIGHT_LINE_SPEED_KMH.get(profile, STRAIGHT_LINE_DEFAULT_SPEED_KMH)
    lon, lat = np.radians(many).T if len(many) else np.empty((2, 0))
    lon_0, lat_0 = np.radians(one[0])
    half = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    distance_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    return TravelTimes(
        time_s=distance_m * STRAIGHT_LINE_DETOUR / (speed_kmh / 3.6),
        snap_distance_m=np.zeros(len(many)),
        place_snap_distance_m=0.0,
        no_road=np.zeros(len(many), np.bool_),
        basis="straight_line",
        conditions_id="straight-line",
    )
