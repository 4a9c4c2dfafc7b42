"""One city's roads at one moment: what a request pins and keeps to its end."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from routing.conditions.leg_times import LegTimes, leg_times
from routing.conditions.snapshot import ConditionsSnapshot
from routing.conditions.versions import is_at_least
from routing.errors import ConditionsOutdatedError
from routing.graph.edge_times import EdgeTimes
from routing.live.forecast import Forecast
from routing.live.loading import Layer, Network
from routing.roads.model import IndexArray, Profile
from routing.search.hierarchy import HierarchyRouter
from routing.search.router import DijkstraRouter

_FEW_LEGS_SHARE = 0.1
"""Up to this share of changed legs it is cheaper to sum only their states anew."""

FastRouters = Mapping[Profile, HierarchyRouter]


@dataclass(frozen=True, slots=True)
class RoadVersions:
    """What an answer was computed from; `metric_id` is None where no hierarchy took part."""

    topology_id: str
    conditions_id: str
    metric_id: str | None = None


class ProfileRoads:
    """The roads of one profile under the conditions of one moment. Never changed once made."""

    def __init__(self, layer: Layer, times: LegTimes, previous: "ProfileRoads | None") -> None:
        self.layer = layer
        self.times = times
        known = None if previous is None else previous.router
        self.router: DijkstraRouter = _router(layer, times.leg_ms, known)

    @cached_property
    def ignoring_closures(self) -> DijkstraRouter:
        """The same roads as if nothing were closed."""
        return _router(self.layer, self.times.without_closures_ms, self.router)


def _router(layer: Layer, leg_ms: IndexArray, known: DijkstraRouter | None) -> DijkstraRouter:
    if known is None:
        times = EdgeTimes.of(layer.graph, leg_ms)
        return DijkstraRouter(layer.graph, times=times, snapper=layer.snapper, pool=layer.scratch)
    if leg_ms is known.times.leg_ms:
        return known
    changed = np.flatnonzero(leg_ms != known.times.leg_ms).astype(np.int32)
    if changed.size > _FEW_LEGS_SHARE * leg_ms.size:
        return known.with_times(EdgeTimes.of(layer.graph, leg_ms))
    return known.with_times(known.times.changed(layer.graph, changed, leg_ms[changed]))


class CityRoads:
    """A network under one state of the conditions. A profile's times are made when first asked.

    `fast` holds the newest metric of each profile's hierarchy, which may be of older conditions;
    `forecast` what is known of the hours ahead.
    """

    def __init__(
        self,
        network: Network,
        snapshot: ConditionsSnapshot,
        *,
        at: datetime,
        previous: "CityRoads | None" = None,
        fast: FastRouters | None = None,
    ) -> None:
        """Take `previous` as the start where only the conditions are different."""
        self.network = network
        self.snapshot = snapshot
        self.at = at
        self.conditions_id = str(snapshot.conditions_id(at))
        self._lock = threading.Lock()
        self._profiles: dict[Profile, ProfileRoads] = {}
        self._before: Mapping[Profile, ProfileRoads] = {}
        same_network = previous is not None and previous.network.version == network.version
        if previous is not None and same_network:
            self._before = {**previous._before, **previous._profiles}
            if previous.snapshot is snapshot and previous.conditions_id == self.conditions_id:
                self._profiles = dict(previous._profiles)
        known = None if previous is None else previous.forecast
        self.forecast: Forecast = (
            known
            if known and same_network and previous and previous.snapshot is snapshot
            else Forecast(snapshot, known)
        )
        self.fast: FastRouters = (
            fast if fast is not None else previous.fast if previous and same_network else {}
        )

    def with_fast(self, fast: FastRouters, network: Network) -> "CityRoads":
        """Return the same roads with newer metrics, and the hierarchies they belong to."""
        return CityRoads(network, self.snapshot, at=self.at, previous=self, fast=fast)

    def is_current(self, change: int, at: datetime) -> bool:
        """Whether the conditions are still those of counter `change` at `at`, or newer."""
        if change > self.snapshot.change:
            return False
        return str(self.snapshot.conditions_id(max(at, self.at))) == self.conditions_id

    def changes_at(self) -> datetime:
        """Return when the conditions next change by themselves, if nobody writes any."""
        return self.snapshot.changes_at(self.at)

    def profile(self, profile: Profile) -> ProfileRoads | None:
        """Return the roads of one profile, None where it has none."""
        known = self._profiles.get(profile)
        layer = self.network.layers.get(profile)
        if known is not None or layer is None:
            return known
        with self._lock:
            if profile not in self._profiles:
                self._profiles[profile] = self._make(layer, self._before.get(profile))
            return self._profiles[profile]

    def answering(
        self, profile: Profile, *, at_least: str | None = None
    ) -> tuple[DijkstraRouter, RoadVersions] | None:
        """Return who answers for `profile`, and from what; None where it has no roads.

        The hierarchy, if its metric is of conditions as new as `at_least` (default: as these),
        else the search that needs none.

        Raises
        ------
        ConditionsIdInvalidError
            If `at_least` is no name of conditions of this city.
        ConditionsOutdatedError
            If these roads are older than `at_least`: another process has seen newer ones.
        """
        layer = self.network.layers.get(profile)
        if layer is None:
            return None
        fast = self.fast.get(profile)
        if fast is not None and is_at_least(fast.metric_id, at_least or self.conditions_id):
            return fast, RoadVersions(layer.topology_id, fast.metric_id, fast.metric_id)
        roads = self.profile(profile)
        assert roads is not None
        if at_least is not None and not is_at_least(self.conditions_id, at_least):
            raise ConditionsOutdatedError
        return roads.router, RoadVersions(layer.topology_id, self.conditions_id)

    def _make(self, layer: Layer, before: ProfileRoads | None) -> ProfileRoads:
        times = leg_times(
            self.network.segments,
            layer.rules,
            free_flow_ms=layer.graph.free_flow_ms,
            snapshot=self.snapshot,
            at=self.at,
            contraflow_ms=layer.graph.contraflow_ms,
            previous=None if before is None else before.times,
        )
        return ProfileRoads(layer, times, before)
