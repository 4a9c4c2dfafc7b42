"""Road times and routes for the whole process: holds each city's roads and answers from them.

Where a city has no usable graph the answer is by straight line and says so (`basis`).
"""

import contextlib
import fcntl
import logging
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from gis.access import SYSTEM
from gis.database import Database, UnitOfWork
from gis.geometry import EARTH_RADIUS_M
from routing.conditions.repository import current_change
from routing.conditions.service import read_snapshot
from routing.errors import GraphCacheInvalidError
from routing.live.city_roads import CityRoads, ProfileRoads, RoadVersions
from routing.live.loading import NetworkLoader
from routing.live.metrics import MetricStore
from routing.live.repository_metrics import MetricKey, progress, ready_metrics
from routing.live.warm_up import warm_up
from routing.roads import repository
from routing.roads.model import BoolArray, FloatArray, Profile, RouteResult, SnapResult
from routing.roads.repository import NetworkVersion
from routing.rules.jurisdiction import load_jurisdictions
from routing.search.hierarchy import HierarchyRouter
from routing.search.router import DijkstraRouter, RoadRouter

Basis = Literal["road", "straight_line"]

DISPATCH_SNAP_LIMIT_M = 2_000.0
"""A call from a hillside still gets times to the nearest road; the distance is reported."""

STRAIGHT_LINE_DETOUR = 1.3
STRAIGHT_LINE_SPEED_KMH = {Profile.WALK: 4.8}
STRAIGHT_LINE_DEFAULT_SPEED_KMH = 30.0

ROADS_CHANNEL = "goldenhour_roads"
"""Tells, with the number of the city, that its conditions or a metric of it moved."""

_log = logging.getLogger("goldenhour.routing")


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

    @property
    def conditions_id(self) -> str:
        """Return the name of the conditions, for people and records."""
        return "straight-line" if self.versions is None else self.versions.conditions_id


class Routing:
    """Holds every city's roads. A request reads one reference and keeps it; changes swap it."""

    def __init__(
        self,
        database: Database,
        cache_folder: Path,
        *,
        profiles: tuple[Profile, ...] = tuple(Profile),
        jurisdictions_file: Path | None = None,
        build_hierarchies: bool = False,
    ) -> None:
        """Load into `cache_folder`; `build_hierarchies` is for the one process that makes them."""
        self._database = database
        self._metrics = MetricStore(cache_folder)
        self._build_hierarchies = build_hierarchies
        self._loader = NetworkLoader(
            database, cache_folder, jurisdictions=load_jurisdictions(jurisdictions_file)
        )
        self._profiles = profiles
        self._cities: dict[int, CityRoads] = {}
        self._kept_up_with: object = None
        self._versions: dict[int, NetworkVersion] = {}
        self._loading = threading.Lock()
        self._swapping = threading.Lock()

    def refresh(self, *, say: Callable[[str], None] = lambda _: None) -> list[str]:
        """Load graphs of new or changed networks, drop those that are gone, follow conditions.

        Returns the keys of the cities that changed. Reads the disk cache first; what it holds is
        trusted only if made from this very network version.
        """
        with self._loading:
            with self._database.read(SYSTEM) as uow:
                versions = repository.network_versions(uow.session)
            changed = [one for one in versions if self._versions.get(one.city_id) != one]
            loaded: dict[int, CityRoads | None] = {}
            for version in changed:
                say(f"roads of {version.city_key}")
                loaded[version.city_id] = self._load(version)
            self._versions = {one.city_id: one for one in versions}
            with self._swapping:
                cities = {**self._cities, **loaded}
                self._cities = {
                    city_id: roads
                    for city_id, roads in cities.items()
                    if roads is not None and city_id in self._versions
                }
            for city_id in self._cities:
                with self._database.read(SYSTEM) as uow:
                    self.follow(uow, city_id)
            return [version.city_key for version in changed]

    def _load(self, version: NetworkVersion) -> CityRoads | None:
        network = self._loader.load(
            version, self._profiles, build_hierarchies=self._build_hierarchies
        )
        if network is None:
            return None
        with self._database.read(SYSTEM) as uow:
            at = uow.clock.now()
            snapshot = read_snapshot(
                uow,
                version.city_id,
                segments=network.segments,
                network_version=version.network_version,
                at=at,
            )
            return CityRoads(network, snapshot, at=at)

    def follow(self, uow: UnitOfWork, city_id: int) -> None:
        """Bring a city's conditions up to what `uow` sees now.

        One look at one row where nothing has changed. Called within the transaction of whoever
        decides by road times, it makes every closure committed before count in that decision.
        """
        at = uow.clock.now()
        roads = self._cities.get(city_id)
        if roads is None or roads.is_current(current_change(uow.session, city_id), at):
            return
        with self._swapping:
            roads = self._cities.get(city_id)
            change = current_change(uow.session, city_id)
            if roads is None or roads.is_current(change, at):
                return
            at = max(at, roads.at)
            if change < roads.snapshot.change:
                # What `uow` sees is older than what others have brought: only time is followed.
                snapshot = roads.snapshot
                if not snapshot.covers(at):
                    return
            else:
                # A newer network is loaded by `refresh`; until then the old one is followed.
                snapshot = read_snapshot(
                    uow,
                    city_id,
                    segments=roads.network.segments,
                    network_version=roads.network.version.network_version,
                    at=at,
                    previous=roads.snapshot,
                )
            moved = CityRoads(roads.network, snapshot, at=at, previous=roads)
            self._cities = {**self._cities, city_id: moved}

    def keep_up(self) -> None:
        """Follow the conditions of every city and adopt the metrics that have become ready."""
        cities = self._cities
        with self._database.read(SYSTEM) as uow:
            seen, now = progress(uow.session), uow.clock.now()
            unmoved = all(city.is_current(city.snapshot.change, now) for city in cities.values())
            if unmoved and (seen, cities) == self._kept_up_with:
                return
            whole = True
            for city_id in cities:
                self.follow(uow, city_id)
                whole &= self._adopt(uow, city_id)
        self._kept_up_with = (seen, self._cities) if whole else None

    def _adopt(self, uow: UnitOfWork, city_id: int) -> bool:
        """Map newer metrics of a city's hierarchies; whether all that are ready could be."""
        roads = self._cities.get(city_id)
        if roads is None:
            return True
        ready = {
            profile: ready_metrics(
                uow.session, city_id, topology_id=layer.topology_id, profile=profile.value
            )
            for profile, layer in roads.network.layers.items()
            if profile in self._loader.hierarchy_profiles
        }
        newest = {
            profile: ids[0]
            for profile, ids in ready.items()
            if ids and (profile not in roads.fast or roads.fast[profile].metric_id != ids[0])
        }
        if not newest:
            return True
        network = self._loader.with_hierarchies(roads.network, tuple(newest))
        fast = dict(roads.fast)
        for profile, metric_id in newest.items():
            layer = network.layers[profile]
            key = MetricKey(city_id, profile.value, layer.topology_id, metric_id)
            try:
                times = self._metrics.load(key, network.version.city_key, layer)
            except GraphCacheInvalidError as error:
                _log.info("a metric waits for its files: %s", error)
                continue
            base = DijkstraRouter(
                layer.graph, times=times.times, snapper=layer.snapper, pool=layer.scratch
            )
            fast[profile] = HierarchyRouter(base, times)
        with self._swapping:
            now = self._cities.get(city_id)
            if now is not None and now.network is roads.network:
                self._cities = {**self._cities, city_id: now.with_fast(fast, network)}
        return all(
            profile in fast and fast[profile].metric_id == metric_id
            for profile, metric_id in newest.items()
        )

    def cities(self) -> tuple[CityRoads, ...]:
        """Return the roads of all cities as they are now."""
        return tuple(self._cities.values())

    def city(self, city_id: int) -> CityRoads | None:
        """Return a city's roads as they are now, to be kept for one request."""
        return self._cities.get(city_id)

    def roads(self, city_id: int, profile: Profile) -> ProfileRoads | None:
        """Return a city's roads of one profile as they are now."""
        city = self._cities.get(city_id)
        return None if city is None else city.profile(profile)

    def router(self, city_id: int, profile: Profile) -> RoadRouter | None:
        """Return who answers for a city's conditions as they are, None without a usable graph."""
        city = self._cities.get(city_id)
        found = None if city is None else city.answering(profile)
        return None if found is None else found[0]

    def travel_times_to(
        self,
        city_id: int,
        destination: ArrayLike,
        origins: ArrayLike,
        *,
        profile: Profile,
        heading_deg: ArrayLike | None = None,
    ) -> TravelTimes:
        """Return the times from every origin (n, 2) to one destination (2,); lon, lat degrees.

        `heading_deg` (n,): direction of travel of origins that move, NaN of those that stand.
        """
        return self._times(
            city_id, destination, origins, profile=profile, towards=True, heading_deg=heading_deg
        )

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
        heading_deg: ArrayLike | None = None,
    ) -> list[tuple[int, RouteResult]]:
        """Return (row of `origins`, route) of the k nearest; empty where there is no graph."""
        router = self.router(city_id, profile)
        if router is None:
            return []
        goal = router.snap(destination, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        if not goal.found[0]:
            return []
        starts = router.snap(origins, max_distance_m=DISPATCH_SNAP_LIMIT_M, heading_deg=heading_deg)
        return router.routes_to(goal, starts, k=k)

    def _times(
        self,
        city_id: int,
        place: ArrayLike,
        others: ArrayLike,
        *,
        profile: Profile,
        towards: bool,
        heading_deg: ArrayLike | None = None,
    ) -> TravelTimes:
        one = np.asarray(place, np.float64).reshape(1, 2)
        many = np.asarray(others, np.float64).reshape(-1, 2)
        city = self._cities.get(city_id)
        found = None if city is None else city.answering(profile)
        if city is None or found is None:
            return _straight_line_times(one, many, profile=profile)
        router, versions = found
        here = router.snap(one, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        there = router.snap(many, max_distance_m=DISPATCH_SNAP_LIMIT_M, heading_deg=heading_deg)
        time_s = _searched(router, here, there, towards=towards)
        return TravelTimes(
            time_s=time_s,
            ignoring_closures_s=_ignoring_closures_s(
                city, profile, time_s, here, there, towards=towards
            ),
            snap_distance_m=there.distance_m,
            place_snap_distance_m=float(here.distance_m[0]),
            no_road=~there.found,
            basis="road",
            versions=versions,
        )


def _ignoring_closures_s(
    city: CityRoads,
    profile: Profile,
    time_s: FloatArray,
    here: SnapResult,
    there: SnapResult,
    *,
    towards: bool,
) -> FloatArray:
    """Return `time_s` with the times of who is cut off as if nothing were closed."""
    cut_off = np.isinf(time_s) & there.found
    roads = city.profile(profile) if cut_off.any() else None
    if roads is None or not roads.times.closed_legs.size:
        return time_s
    open_s = time_s.copy()
    open_s[cut_off] = _searched(roads.ignoring_closures, here, there.take(cut_off), towards=towards)
    return open_s


def _searched(
    router: RoadRouter, here: SnapResult, there: SnapResult, *, towards: bool
) -> FloatArray:
    if not here.found[0] or not len(there):
        return np.full(len(there), np.inf)
    return router.times_to(here, there) if towards else router.times_from(here, there)


def prepare_kernels() -> None:
    """Compile every search kernel, so that no user's first question waits for it.

    Of several processes that start together on new code one compiles and the others read what it
    left in numba's cache.
    """
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or tempfile.gettempdir())
    with contextlib.ExitStack() as stack:
        try:
            lock = stack.enter_context((folder / f"kernels-{os.getuid()}.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            _log.info("kernels are compiled without waiting for other processes")
        warm_up()


def _straight_line_times(one: FloatArray, many: FloatArray, *, profile: Profile) -> TravelTimes:
    speed_kmh = STRAIGHT_LINE_SPEED_KMH.get(profile, STRAIGHT_LINE_DEFAULT_SPEED_KMH)
    lon, lat = np.radians(many).T if len(many) else np.empty((2, 0))
    lon_0, lat_0 = np.radians(one[0])
    half = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    distance_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    time_s = distance_m * STRAIGHT_LINE_DETOUR / (speed_kmh / 3.6)
    return TravelTimes(
        time_s=time_s,
        ignoring_closures_s=time_s,
        snap_distance_m=np.zeros(len(many)),
        place_snap_distance_m=0.0,
        no_road=np.zeros(len(many), np.bool_),
        basis="straight_line",
        versions=None,
    )
