"""A city's networks from the disk cache, or built from the database and kept there."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gis.access import SYSTEM
from gis.database import Database
from routing import repository
from routing.errors import GraphCacheInvalidError, InvalidNetworkError
from routing.graph import RoadGraph, build_graph
from routing.jurisdiction import Jurisdiction, Jurisdictions, rules_for
from routing.model import Profile, Segments
from routing.repository import NetworkVersion
from routing.rules import ProfileRules
from routing.snap import Snapper
from routing.snap_index import SnapIndex, build_snap_index
from routing.store import (
    CacheKey,
    load_arrays,
    load_graph,
    load_segments,
    save_arrays,
    save_graph,
    save_segments,
    topology_id,
)

_log = logging.getLogger("goldenhour.routing")


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """The network of one profile: its graph and where its points go."""

    rules: ProfileRules
    topology_id: str
    graph: RoadGraph
    snapper: Snapper


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """One version of a city's roads."""

    version: NetworkVersion
    segments: Segments
    layers: Mapping[Profile, Layer]


@dataclass(frozen=True, slots=True)
class _MadeFrom:
    key: CacheKey
    fingerprint: str
    city_id: int


class NetworkLoader:
    """Reads and writes the cache folder of road graphs; what it holds is never trusted blindly.

    Everything stored names what it was made from. What is missing, half-written or made from
    something else is built anew; a folder that cannot be written costs time, no answer.
    """

    def __init__(
        self, database: Database, cache_folder: Path, *, jurisdictions: Jurisdictions
    ) -> None:
        self._database = database
        self._cache_folder = cache_folder
        self._jurisdictions = jurisdictions

    def load(
        self,
        version: NetworkVersion,
        profiles: tuple[Profile, ...],
    ) -> Network | None:
        """Return the network, building what is not there; None if there are no usable roads."""
        key = CacheKey(version.city_key, version.network_version)
        folder = self._cache_folder / version.city_key
        try:
            segments = self._segments(folder / "segments", key, version.city_id)
        except InvalidNetworkError as error:
            _log.warning("no road times for %s: %s", version.city_key, error)
            return None
        fingerprint = segments.fingerprint()
        made_from = _MadeFrom(key, fingerprint, version.city_id)
        index = _snap_index(folder / "snap", segments, fingerprint)
        jurisdiction = self._jurisdiction(version)
        layers: dict[Profile, Layer] = {}
        for profile in profiles:
            rules = rules_for(profile, jurisdiction)
            try:
                graph = self._graph(folder / profile, segments, rules, made_from=made_from)
            except InvalidNetworkError as error:
                _log.warning("no %s times for %s: %s", profile, version.city_key, error)
                continue
            layers[profile] = Layer(
                rules=rules,
                topology_id=topology_id(key, fingerprint, rules),
                graph=graph,
                snapper=Snapper(segments, graph.usable_legs, index=index),
            )
        return Network(version, segments, layers)

    def _jurisdiction(self, version: NetworkVersion) -> Jurisdiction:
        """Return whose road law holds in the city."""
        with self._database.read(SYSTEM) as uow:
            law = repository.read_jurisdiction_facts(uow.session, version.city_id)
        found = self._jurisdictions.of_city(
            version.city_key, area_codes=law.area_codes, time_zone=law.time_zone
        )
        for caution in found.cautions:
            _log.warning("%s", caution)
        return found

    def _segments(self, folder: Path, key: CacheKey, city_id: int) -> Segments:
        try:
            return load_segments(folder, key=key)
        except GraphCacheInvalidError:
            with self._database.read(SYSTEM) as uow:
                segments = repository.read_segments(uow.session, city_id)
            _keep(lambda: save_segments(folder, segments, key=key))
            return segments

    def _graph(
        self,
        folder: Path,
        segments: Segments,
        rules: ProfileRules,
        *,
        made_from: "_MadeFrom",
    ) -> RoadGraph:
        key, fingerprint = made_from.key, made_from.fingerprint
        try:
            return load_graph(folder, segments, key=key, rules=rules, fingerprint=fingerprint)
        except GraphCacheInvalidError:
            with self._database.read(SYSTEM) as uow:
                restrictions = repository.read_restrictions(uow.session, made_from.city_id)
                signals = repository.read_signal_nodes(uow.session, made_from.city_id)
                barriers = repository.read_barriers(uow.session, made_from.city_id)
            graph = build_graph(
                segments, rules, restrictions=restrictions, signal_nodes=signals, barriers=barriers
            )
            _keep(lambda: save_graph(folder, graph, key=key, rules=rules, fingerprint=fingerprint))
            return graph


def _snap_index(folder: Path, segments: Segments, fingerprint: str) -> SnapIndex:
    facts = {"content": "snap", "segments": fingerprint}
    try:
        return SnapIndex.from_arrays(load_arrays(folder, facts=facts))
    except GraphCacheInvalidError:
        index = build_snap_index(segments)
        _keep(lambda: save_arrays(folder, index.to_arrays(), facts=facts))
        return index


def _keep(write: Callable[[], None]) -> None:
    """Write a cache; a folder that cannot be written costs time at the next start, no answer."""
    try:
        write()
    except OSError as error:
        _log.warning("the road graph cache was not written: %s", error)
