"""One city's roads at one moment: what a request pins and keeps to its end."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from routing.conditions import LegTimes, leg_times
from routing.conditions_snapshot import ConditionsSnapshot
from routing.loading import Layer, Network
from routing.model import Profile
from routing.search import DijkstraRouter, EdgeTimes

_FEW_LEGS_SHARE = 0.1
"""Up to this share of changed legs it is cheaper to sum only their states anew."""


class ProfileRoads:
    """The roads of one profile under the conditions of one moment. Never changed once made."""

    def __init__(self, layer: Layer, times: LegTimes, previous: "ProfileRoads | None") -> None:
        self.layer = layer
        self.times = times
        known = None if previous is None or previous.layer is not layer else previous.router
        self.router = _router(layer, times.leg_ms, known)

    @cached_property
    def ignoring_closures(self) -> DijkstraRouter:
        """The same roads as if nothing were closed."""
        return _router(self.layer, self.times.without_closures_ms, self.router)


def _router(layer: Layer, leg_ms: np.ndarray, known: DijkstraRouter | None) -> DijkstraRouter:
    if known is None:
        times = EdgeTimes.of(layer.graph, leg_ms)
        return DijkstraRouter(layer.graph, times=times, snapper=layer.snapper)
    if leg_ms is known.times.leg_ms:
        return known
    changed = np.flatnonzero(leg_ms != known.times.leg_ms).astype(np.int32)
    if changed.size > _FEW_LEGS_SHARE * leg_ms.size:
        return known.with_times(EdgeTimes.of(layer.graph, leg_ms))
    return known.with_times(known.times.changed(layer.graph, changed, leg_ms[changed]))


@dataclass(frozen=True, slots=True)
class RoadVersions:
    """What an answer was computed from; `metric_id` is None where no hierarchy took part."""

    topology_id: str
    conditions_id: str
    metric_id: str | None = None


class CityRoads:
    """A network under one state of the conditions. A profile's times are made when first asked."""

    def __init__(
        self,
        network: Network,
        snapshot: ConditionsSnapshot,
        *,
        at: datetime,
        previous: "CityRoads | None" = None,
    ) -> None:
        """Take `previous` as the start where only the conditions are different."""
        self.network = network
        self.snapshot = snapshot
        self.at = at
        self.conditions_id = str(snapshot.conditions_id(at))
        self._lock = threading.Lock()
        self._profiles: dict[Profile, ProfileRoads] = {}
        self._before: Mapping[Profile, ProfileRoads] = {}
        if previous is not None and previous.network is network:
            self._before = {**previous._before, **previous._profiles}

    def is_current(self, change: int, at: datetime) -> bool:
        """Whether the conditions are still those of counter `change` at `at`, or newer."""
        if change > self.snapshot.change:
            return False
        return str(self.snapshot.conditions_id(max(at, self.at))) == self.conditions_id

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

    def versions(self, profile: Profile) -> RoadVersions:
        """Return the names of what the answers of `profile` come from."""
        layer = self.network.layers[profile]
        return RoadVersions(layer.topology_id, self.conditions_id)

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
