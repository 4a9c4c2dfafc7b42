"""Metrics of the hierarchies: made by one worker, kept as files, mapped by every process.

The list of what is wanted and what is ready stands in the database
(`routing.live.repository_metrics`); the files are immutable and named after what they were made
from, so that making one again is harmless and a half-written one is never read.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path

import numpy as np

from gis.access import SYSTEM
from gis.database import Database
from routing.engine.metric import Metric
from routing.graph.edge_times import EdgeTimes
from routing.graph.errors import GraphCacheInvalidError
from routing.graph.store import load_arrays, remove_older, save_arrays
from routing.live import repository_metrics
from routing.live.city_roads import CityRoads
from routing.live.loading import Layer
from routing.live.repository_metrics import MetricKey
from routing.roads.model import Profile
from routing.search.hierarchy import FastTimes

_KEPT_FOR = timedelta(minutes=2)
"""Processes adopt a new metric within a second; slower ones keep what they have mapped."""


class MetricStore:
    """The folder of a deployment's metrics."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: MetricKey, city_key: str, layer: Layer) -> FastTimes:
        """Map a metric into memory; raises `GraphCacheInvalidError` where it is not whole."""
        if layer.hierarchy is None:
            msg = f"There is no hierarchy of {key.profile} roads yet; it is being built."
            raise GraphCacheInvalidError(msg)
        arrays = load_arrays(self._folder / self.name(key, city_key), facts=_facts(key))
        hierarchy = layer.hierarchy
        if (arrays["up_ms"].size, arrays["down_ms"].size) != (hierarchy.n_up, hierarchy.n_down):
            msg = f"The metric {key.metric_id} belongs to another hierarchy; it is made again."
            raise GraphCacheInvalidError(msg)
        return FastTimes(
            metric_id=key.metric_id,
            hierarchy=hierarchy,
            metric=Metric(up_ms=arrays["up_ms"], down_ms=arrays["down_ms"]),
            times=EdgeTimes(leg_ms=arrays["leg_ms"], state_ms=arrays["state_ms"]),
        )

    def save(self, key: MetricKey, city_key: str, fast: FastTimes) -> None:
        """Write a metric whole, or not at all."""
        arrays = {
            "up_ms": fast.metric.up_ms,
            "down_ms": fast.metric.down_ms,
            "leg_ms": fast.times.leg_ms,
            "state_ms": fast.times.state_ms,
        }
        save_arrays(self._folder / self.name(key, city_key), arrays, facts=_facts(key))

    @staticmethod
    def name(key: MetricKey, city_key: str) -> str:
        """Return the folder of one metric, below that of the store."""
        digest = blake2b(f"{key.topology_id} {key.metric_id}".encode(), digest_size=8).hexdigest()
        return f"{city_key}/metrics/{key.profile}-{digest}"

    def delete(self, folder: str) -> None:
        """Remove a metric; processes that have it mapped keep it until they let go."""
        shutil.rmtree(self._folder / folder, ignore_errors=True)

    def sweep(self, city_key: str, keep: set[str]) -> None:
        """Remove what is on no list, as after a kill or from another database, once an hour old."""
        found = (self._folder / city_key / "metrics").glob("*")
        remove_older(one for one in found if f"{city_key}/metrics/{one.name}" not in keep)


def wanted_metrics(roads: CityRoads) -> Iterator[tuple[MetricKey, Layer]]:
    """Yield the metrics that the hierarchies of `roads` need under its conditions."""
    city_id = roads.network.version.city_id
    for profile, layer in roads.network.layers.items():
        if layer.hierarchy is not None:
            yield (
                MetricKey(city_id, profile.value, layer.topology_id, roads.conditions_id),
                layer,
            )


class MetricWorker:
    """Keeps the metrics of every city up with its conditions. One runs in a deployment."""

    def __init__(self, database: Database, store: MetricStore) -> None:
        self._database = database
        self._store = store
        self._known: set[MetricKey] = set()

    def keep_up(self, roads: CityRoads) -> int:
        """Make what is wanted for the conditions of `roads` and not ready; returns how many."""
        wanted = [one for one in wanted_metrics(roads) if one[0] not in self._known]
        for key, layer in wanted:
            self._make(key, layer, roads)
        if wanted:
            city_id = roads.network.version.city_id
            current = {key for key, _ in wanted_metrics(roads)}
            self._known = current | {key for key in self._known if key.city_id != city_id}
            self._retire(roads, keep=current)
        return len(wanted)

    def _make(self, key: MetricKey, layer: Layer, roads: CityRoads) -> None:
        city_key = roads.network.version.city_key
        if layer.hierarchy is None:
            return
        times = roads.profile(Profile(key.profile)).router.times
        if not self._stands(key, city_key, layer, times):
            fast = FastTimes.of(layer.graph, layer.hierarchy, times, metric_id=key.metric_id)
            self._store.save(key, city_key, fast)
        folder = self._store.name(key, city_key)
        with self._database.unit_of_work(SYSTEM) as uow:
            now = uow.clock.now()
            repository_metrics.want_metric(uow.session, key, now=now)
            repository_metrics.finish_metric(uow.session, key, folder=folder, now=now)

    def _stands(self, key: MetricKey, city_key: str, layer: Layer, times: EdgeTimes) -> bool:
        """Whether the metric's files are whole, and of these very times.

        A database set up anew, or taken from a backup, gives names that were given before.
        """
        try:
            stored = self._store.load(key, city_key, layer)
        except GraphCacheInvalidError:
            return False
        return np.array_equal(stored.times.leg_ms, times.leg_ms)

    def _retire(self, roads: CityRoads, *, keep: set[MetricKey]) -> None:
        version = roads.network.version
        with self._database.unit_of_work(SYSTEM) as uow:
            folders = repository_metrics.retire_metrics(
                uow.session, version.city_id, wanted_before=uow.clock.now() - _KEPT_FOR, keep=keep
            )
            listed = repository_metrics.metric_folders(uow.session, version.city_id)
        for folder in folders:
            self._store.delete(folder)
        self._store.sweep(version.city_key, listed)


def _facts(key: MetricKey) -> dict[str, str]:
    return {"content": "metric", "topology_id": key.topology_id, "metric_id": key.metric_id}
