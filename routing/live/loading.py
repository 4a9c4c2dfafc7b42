"""A city's networks from the disk cache, or built from the database and kept there."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC
from pathlib import Path

from gis.access import SYSTEM
from gis.database import Database
from routing.engine.digraph import Digraph
from routing.engine.dissection import edge_rank
from routing.engine.hierarchy import Hierarchy, build_hierarchy
from routing.graph.build import RoadGraph, build_graph
from routing.graph.errors import GraphCacheInvalidError
from routing.graph.store import (
    CacheKey,
    load_arrays,
    load_graph,
    load_segments,
    save_arrays,
    save_graph,
    save_segments,
    topology_id,
)
from routing.roads import repository
from routing.roads.errors import InvalidNetworkError
from routing.roads.model import Profile, Segments
from routing.roads.plane import LocalPlane
from routing.roads.repository import NetworkVersion
from routing.rules.jurisdiction import Jurisdiction, Jurisdictions, rules_for
from routing.rules.model import ProfileRules
from routing.search.router import Scratch
from routing.snap.index import SnapIndex, build_snap_index
from routing.snap.snapper import Snapper

HIERARCHY_PROFILES = (Profile.AMBULANCE_LIGHTS, Profile.AMBULANCE, Profile.CAR)
"""Profiles asked for whole tables of times, most urgent first; others are searched without."""

_log = logging.getLogger("goldenhour.routing")


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """The network of one profile: its graph, where its points go, and its hierarchy if built.

    `scratch` is the pool of working arrays that all searches over the graph share.
    """

    rules: ProfileRules
    topology_id: str
    graph: RoadGraph
    snapper: Snapper
    hierarchy: Hierarchy | None = None
    scratch: list[Scratch] = field(default_factory=list)


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
        self,
        database: Database,
        cache_folder: Path,
        *,
        jurisdictions: Jurisdictions,
        hierarchy_profiles: tuple[Profile, ...] = HIERARCHY_PROFILES,
    ) -> None:
        self._database = database
        self._cache_folder = cache_folder
        self._jurisdictions = jurisdictions
        self.hierarchy_profiles = hierarchy_profiles

    def load(
        self,
        version: NetworkVersion,
        profiles: tuple[Profile, ...],
        *,
        build_hierarchies: bool = False,
    ) -> Network | None:
        """Return the network, building what is not there; None if there are no usable roads.

        Hierarchies take seconds: without `build_hierarchies` only those in the cache are taken.
        """
        network_at = version.network_at.astimezone(UTC).isoformat()
        key = CacheKey(version.city_key, version.network_version, network_at)
        folder = self._cache_folder / version.city_key
        try:
            segments = self._segments(folder / "segments", key, version.city_id)
        except InvalidNetworkError as error:
            _log.warning("no road times for %s: %s", version.city_key, error)
            return None
        if not len(segments):
            _log.warning("no road times for %s: it has no roads", version.city_key)
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
            topology = topology_id(key, fingerprint, rules)
            layers[profile] = Layer(
                rules=rules,
                topology_id=topology,
                graph=graph,
                snapper=Snapper(segments, graph.usable_legs, index=index),
                hierarchy=self._hierarchy(
                    folder / f"{profile}-hierarchy", graph, topology,
                    build=build_hierarchies and profile in self.hierarchy_profiles,
                ),
            )  # fmt: skip
        return Network(version, segments, layers)

    def with_hierarchies(self, network: Network, profiles: tuple[Profile, ...]) -> Network:
        """Return the network with the hierarchies that have been built since it was loaded."""
        folder = self._cache_folder / network.version.city_key
        layers = dict(network.layers)
        for profile in profiles:
            layer = layers[profile]
            if layer.hierarchy is None:
                found = self._hierarchy(
                    folder / f"{profile}-hierarchy", layer.graph, layer.topology_id, build=False
                )
                layers[profile] = replace(layer, hierarchy=found)
        return replace(network, layers=layers)

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
                rows = repository.read_segment_rows(uow.session, city_id)
            segments = repository.segments_of(rows)
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

    @staticmethod
    def _hierarchy(
        folder: Path, graph: RoadGraph, topology: str, *, build: bool
    ) -> Hierarchy | None:
        facts = {"content": "hierarchy", "topology_id": topology}
        try:
            return Hierarchy(**load_arrays(folder, facts=facts))
        except GraphCacheInvalidError:
            if not build:
                return None
        hierarchy = hierarchy_of(graph)
        arrays = {one.name: getattr(hierarchy, one.name) for one in fields(hierarchy)}
        _keep(lambda: save_arrays(folder, arrays, facts=facts))
        return hierarchy


def hierarchy_of(graph: RoadGraph) -> Hierarchy:
    """Build the hierarchy over the states of `graph`."""
    plane = LocalPlane.around(graph.node_lonlat)
    turns = Digraph(graph.successors.start, graph.successors.to)
    rank = edge_rank(
        turns,
        graph.state_tail,
        state_head=graph.state_head,
        xy=plane.to_xy(graph.node_lonlat),
    )
    return build_hierarchy(turns, rank)


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
