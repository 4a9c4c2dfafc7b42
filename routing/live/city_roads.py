"""One city's roads at one moment: what a request pins and keeps to its end."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property

import numpy as np

from routing.conditions.leg_times import LegTimes, leg_times
from routing.conditions.repository import Counters
from routing.conditions.snapshot import ConditionsSnapshot, ConditionTable
from routing.conditions.versions import ConditionsId, is_at_least
from routing.graph.edge_times import EdgeTimes
from routing.live.answers import RoadVersions
from routing.live.forecast import Forecast
from routing.live.kept import Kept
from routing.live.loading import Layer, Network
from routing.roads.model import IndexArray, Profile
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter

_FEW_LEGS_SHARE = 0.1
"""Up to this share of changed legs it is cheaper to sum only their states anew."""

FREE_FLOW = "free_flow"
"""Name of the conditions of empty, open roads."""

FastRouters = Mapping[Profile, HierarchyRouter]


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


def _free_flow_router(layer: Layer) -> DijkstraRouter:
    base = DijkstraRouter(layer.graph, snapper=layer.snapper, pool=layer.scratch)
    if layer.hierarchy is None:
        return base
    fast = FastTimes.of(layer.graph, layer.hierarchy, base.times, metric_id=FREE_FLOW)
    return HierarchyRouter(base, fast)


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
    `forecast` what is known of the hours ahead; `kept` what was worked out under these conditions.
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
        self.kept = Kept()
        same_network = (
            previous is not None
            and previous.network.version == network.version
            and previous.snapshot.epoch == snapshot.epoch
        )
        if previous is not None and same_network:
            self._before = {**previous._before, **previous._profiles}
            if previous.snapshot is snapshot and previous.conditions_id == self.conditions_id:
                self._profiles = dict(previous._profiles)
                self.kept = previous.kept
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

    def supposing(self, table: ConditionTable, *, name: str) -> "CityRoads":
        """Return these roads under other drawn conditions, with a `name` for what is supposed.

        Nobody else sees them, and no hierarchy answers for them.
        """
        supposed = CityRoads(
            self.network, replace(self.snapshot, table=table), at=self.at, previous=self, fast={}
        )
        supposed.conditions_id = f"{self.conditions_id}+{name}"
        return supposed

    def precedes(self, seen: Counters) -> bool:
        """Return whether a transaction that saw these counters saw newer conditions than these."""
        return (self.snapshot.epoch, self.snapshot.change) < (seen.epoch, seen.change)

    def is_known_to(self, seen: Counters) -> bool:
        """Return whether a transaction that saw these counters saw all of these conditions."""
        return (self.snapshot.epoch, self.snapshot.change) <= (seen.epoch, seen.change)

    def later(self, at: datetime) -> "CityRoads":
        """Return the same conditions as they are at `at`, as far as they are known of that hour."""
        at = max(at, self.at)
        if not self.snapshot.covers(at):
            return self
        return CityRoads(self.network, self.snapshot, at=at, previous=self)

    def holds(self, at: datetime) -> bool:
        """Return whether nothing has begun or expired by itself up to `at`."""
        return str(self.snapshot.conditions_id(max(at, self.at))) == self.conditions_id

    def changes_at(self) -> datetime:
        """Return when the conditions next change by themselves, if nobody writes any."""
        return self.snapshot.changes_at(self.at)

    def is_at_least(self, conditions_id: str) -> bool:
        """Return whether these conditions are as new as those of a name.

        Raises
        ------
        ConditionsIdInvalidError
            If it is no name of conditions of this city.
        """
        return is_at_least(self.conditions_id, conditions_id)

    def profile(self, profile: Profile) -> ProfileRoads:
        """Return the roads of one profile; raises `KeyError` where the network has none."""
        known = self._profiles.get(profile)
        if known is not None:
            return known
        layer = self.network.layers[profile]
        with self._lock:
            if profile not in self._profiles:
                self._profiles[profile] = self._make(layer, self._before.get(profile))
            return self._profiles[profile]

    def answering(
        self, profile: Profile, *, at_least: str | None = None
    ) -> tuple[DijkstraRouter, RoadVersions]:
        """Return who answers for a profile of the network, and from what.

        The hierarchy if its metric is of these very conditions, or where the asker is content with
        less, of conditions as new as `at_least`; else the search that needs none.

        Raises
        ------
        ConditionsIdInvalidError
            If `at_least` is no name of conditions of this city.
        """
        topology_id = self.network.layers[profile].topology_id
        fast = self.fast.get(profile)
        if fast is not None and self._serves(fast.metric_id, at_least):
            return fast, RoadVersions(topology_id, fast.metric_id, fast.metric_id)
        return self.profile(profile).router, RoadVersions(topology_id, self.conditions_id)

    def free_flow(self, profile: Profile) -> tuple[DijkstraRouter, RoadVersions]:
        """Return who answers for empty, open roads, whatever the conditions are.

        Made once while these conditions are in force: the hierarchy's metric takes a second.
        """
        layer = self.network.layers[profile]
        router = self.kept.get((FREE_FLOW, profile), lambda: _free_flow_router(layer))
        return router, RoadVersions(layer.topology_id, FREE_FLOW)

    def _serves(self, metric_id: str, at_least: str | None) -> bool:
        if metric_id == self.conditions_id:
            return True
        # Names of before a restore are names of other conditions, however great their numbers.
        known = at_least is not None and ConditionsId.parse(metric_id).epoch == self.snapshot.epoch
        return known and at_least is not None and is_at_least(metric_id, at_least)

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
