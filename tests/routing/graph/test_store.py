"""Stored graphs come back the same or not at all."""

import dataclasses
import json

import numpy as np
import pytest

from routing.graph.build import build_graph
from routing.graph.errors import GraphCacheInvalidError
from routing.graph.store import CacheKey, load_graph, load_segments, save_graph, save_segments
from routing.roads.model import Coded, Profile, Restriction
from routing.rules.profiles import PROFILES
from routing.search.router import DijkstraRouter

KEY = CacheKey("test-city", 3)


@pytest.fixture
def stored(tmp_path, city):
    graph = build_graph(
        city.segments, Profile.AMBULANCE, restrictions=city.restrictions,
        signal_nodes=city.signal_nodes,
    )  # fmt: skip
    save_segments(tmp_path / "segments", city.segments, key=KEY)
    save_graph(tmp_path / "ambulance", graph, key=KEY)
    return tmp_path, graph


def assert_same(one, other):
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)
        elif isinstance(a, Coded) or field.name in {"segments", "successors", "predecessors"}:
            assert_same(a, b)
        else:
            assert a == b


def test_round_trip_is_exact_and_answers_the_same(stored, kit):
    folder, graph = stored
    segments = load_segments(folder / "segments", key=KEY)
    loaded = load_graph(folder / "ambulance", segments, key=KEY, rules=Profile.AMBULANCE)
    assert_same(graph, loaded)
    assert not loaded.free_flow_ms.flags.writeable
    rng = np.random.default_rng(1)
    row = rng.choice(np.flatnonzero(graph.usable_legs) // 2, 40)
    points = kit.place(graph, row, rng.random(40))
    np.testing.assert_array_equal(
        DijkstraRouter(graph).times_to(points.take(0), points),
        DijkstraRouter(loaded).times_to(points.take(0), points),
    )
    assert sorted(path.name for path in folder.iterdir()) == ["ambulance", "segments"]


def test_saving_again_replaces(stored, city):
    folder, _ = stored
    newer = CacheKey("test-city", 4)
    save_segments(folder / "segments", city.segments, key=newer)
    load_segments(folder / "segments", key=newer)
    with pytest.raises(GraphCacheInvalidError, match="network_version"):
        load_segments(folder / "segments", key=KEY)


def cut_array(folder):
    path = folder / "free_flow_ms.npy"
    path.write_bytes(path.read_bytes()[:-8])


def drop_array(folder):
    (folder / "usable_legs.npy").unlink()


def drop_header(folder):
    (folder / "header.json").unlink()


def cut_header(folder):
    path = folder / "header.json"
    path.write_text(path.read_text()[:40])


def forget_array(folder):
    path = folder / "header.json"
    header = json.loads(path.read_text())
    del header["bytes"]["node_id"]
    path.write_text(json.dumps(header))


def other_format(folder):
    path = folder / "header.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 0}))


def empty_header(folder):
    (folder / "header.json").write_text("[]")


@pytest.mark.parametrize(
    "spoil",
    [cut_array, drop_array, drop_header, cut_header, forget_array, other_format, empty_header],
)
def test_half_written_or_foreign_folders_are_refused(stored, city, spoil):
    folder, _ = stored
    spoil(folder / "ambulance")
    with pytest.raises(GraphCacheInvalidError, match="build it again"):
        load_graph(folder / "ambulance", city.segments, key=KEY, rules=Profile.AMBULANCE)


def test_other_city_version_rules_or_roads_are_refused(stored, city, kit):
    folder, _ = stored
    slower = dataclasses.replace(PROFILES[Profile.AMBULANCE], uplift=0.9)
    other = kit.make_city(30, 30, seed=3).segments
    for segments, key, rules in (
        (city.segments, CacheKey("other-city", 3), Profile.AMBULANCE),
        (city.segments, CacheKey("test-city", 2), Profile.AMBULANCE),
        (city.segments, KEY, Profile.CAR),
        (city.segments, KEY, slower),
        (other, KEY, Profile.AMBULANCE),
    ):
        with pytest.raises(GraphCacheInvalidError):
            load_graph(folder / "ambulance", segments, key=key, rules=rules)


def test_copies_of_via_states_survive(tmp_path, kit):
    edges = [(0, 1, 1, 10), (1, 2, 0, 20), (2, 3, 1, 30), (3, 0, 1, 40), (2, 0, 1, 50)]
    at = {0: (0, 0), 1: (100, 0), 2: (200, 0), 3: (200, 100)}
    segments = kit.make_segments(edges, at)
    ban = Restriction("no_right_turn", 10, 30, via_way_ids=(20,))
    graph = build_graph(segments, Profile.CAR, restrictions=[ban])
    assert graph.copy_leg.size == 1
    save_graph(tmp_path / "car", graph, key=KEY)
    assert_same(graph, load_graph(tmp_path / "car", segments, key=KEY, rules=Profile.CAR))
