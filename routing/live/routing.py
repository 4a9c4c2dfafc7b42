"""The roads of the whole process: loaded from the database, kept up with it, pinned for each use.

A use case pins one version of a city's roads with `Routing.at` and asks that.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from gis.access import SYSTEM
from gis.database import Database, ReadingUnitOfWork, UnitOfWork
from routing.conditions.read import read_snapshot
from routing.conditions.repository import counters
from routing.graph.errors import GraphCacheInvalidError
from routing.live.city_roads import CityRoads
from routing.live.loading import NetworkLoader
from routing.live.metrics import MetricStore
from routing.live.pinned import PinnedRoads
from routing.live.repository_metrics import MetricKey, newest_metrics, progress
from routing.roads import repository
from routing.roads.model import Profile
from routing.roads.repository import NetworkVersion
from routing.rules.jurisdiction import load_jurisdictions
from routing.search.hierarchy import HierarchyRouter
from routing.search.router import DijkstraRouter

ROADS_CHANNEL = "goldenhour_roads"
"""Tells, with the number of the city, that its conditions or a metric of it moved."""

_log = logging.getLogger("goldenhour.routing")


class Routing:
    """Holds every city's roads. A use case pins one version and keeps it; changes swap it."""

    def __init__(
        self,
        database: Database,
        cache_folder: Path,
        *,
        profiles: tuple[Profile, ...] = tuple(Profile),
        jurisdictions_file: Path | None = None,
        build_hierarchies: bool = False,
        only_city: int | None = None,
    ) -> None:
        """Load into `cache_folder`; `build_hierarchies` is for the one process that makes them.

        With `only_city` no other city's roads are loaded: for a job or a command about one city.
        """
        self._database = database
        self._metrics = MetricStore(cache_folder)
        self._build_hierarchies = build_hierarchies
        self._loader = NetworkLoader(
            database, cache_folder, jurisdictions=load_jurisdictions(jurisdictions_file)
        )
        self._profiles = profiles
        self._only_city = only_city
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
                versions = [
                    one
                    for one in repository.network_versions(uow.session)
                    if self._only_city in (None, one.city_id)
                ]
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
                    self._follow(uow, city_id)
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

    @contextlib.contextmanager
    def at(
        self, uow: UnitOfWork, city_id: int, *, at_least: str | None = None
    ) -> Iterator[PinnedRoads]:
        """Pin one version of a city's roads for a use case: every closure that `uow` sees counts.

        A reading transaction brings the process up to what it sees, at the price of one look at
        two rows where nothing has changed. A writing one gets roads of its own, with what it has
        written: it may roll back, so nobody else ever sees them.

        at_least : by name, conditions that the asker is content with. Where newer ones are known
        and a hierarchy's metric is between the two, that hierarchy answers.

        Raises
        ------
        ConditionsIdInvalidError
            If `at_least` is no name of conditions of this city.
        ConditionsOutdatedError
            If `uow` sees older conditions than `at_least`: another process has seen newer ones.
        """
        if isinstance(uow, ReadingUnitOfWork):
            roads = self._follow(uow, city_id)
        else:
            roads = self._cities.get(city_id)
            if roads is not None:
                seen = counters(uow.session, city_id)
                if roads.precedes(seen) or not roads.holds(uow.clock.now()):
                    roads = _moved(roads, uow)
        yield PinnedRoads(uow, city_id, roads, at_least=at_least)

    def _follow(self, uow: ReadingUnitOfWork, city_id: int) -> CityRoads | None:
        """Bring the process up to what `uow` sees, and return what that shall be answered from.

        Only a reading transaction may: what it sees is committed. Where others have brought newer
        conditions already, those stay.
        """
        roads = self._cities.get(city_id)
        if roads is None:
            return None
        seen, at = counters(uow.session, city_id), uow.clock.now()
        if roads.precedes(seen) or not roads.holds(at):
            with self._swapping:
                roads = self._cities.get(city_id)
                if roads is None:
                    return None
                if roads.precedes(seen) or not roads.holds(at):
                    roads = _moved(roads, uow) if roads.is_known_to(seen) else roads.later(at)
                    self._cities = {**self._cities, city_id: roads}
        if roads.snapshot.profiles_change == seen.profiles_change:
            return roads
        # Speeds have been learned since: `uow` could not read further hours of theirs.
        return _moved(roads, uow, anew=True)

    def keep_up(self) -> None:
        """Follow the conditions of every city and adopt the metrics that have become ready."""
        cities = self._cities
        with self._database.read(SYSTEM) as uow:
            seen, now = progress(uow.session), uow.clock.now()
            unmoved = all(city.holds(now) for city in cities.values())
            if unmoved and (seen, cities) == self._kept_up_with:
                return
            whole = True
            for city_id in cities:
                self._follow(uow, city_id)
                whole &= self._adopt(uow, city_id)
        self._kept_up_with = (seen, self._cities) if whole else None

    def _adopt(self, uow: ReadingUnitOfWork, city_id: int) -> bool:
        """Map newer metrics of a city's hierarchies; whether all that are ready could be."""
        roads = self._cities.get(city_id)
        if roads is None:
            return True
        topology_ids = {
            profile.value: layer.topology_id
            for profile, layer in roads.network.layers.items()
            if profile in self._loader.hierarchy_profiles
        }
        mapped = {profile: router.metric_id for profile, router in roads.fast.items()}
        newest = {
            Profile(name): metric_id
            for name, metric_id in newest_metrics(uow.session, city_id, topology_ids).items()
            if mapped.get(Profile(name)) != metric_id
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
        """Return a city's roads as they are now, for who follows no transaction."""
        return self._cities.get(city_id)


def _moved(roads: CityRoads, uow: UnitOfWork, *, anew: bool = False) -> CityRoads:
    """Return roads under the conditions that `uow` sees; `anew` where `roads` know newer ones.

    A newer network is loaded by `refresh`; until then the old one goes on.
    """
    version = roads.network.version
    at = max(uow.clock.now(), roads.at)
    snapshot = read_snapshot(
        uow,
        version.city_id,
        segments=roads.network.segments,
        network_version=version.network_version,
        at=at,
        previous=None if anew else roads.snapshot,
    )
    return CityRoads(roads.network, snapshot, at=at, previous=roads)
