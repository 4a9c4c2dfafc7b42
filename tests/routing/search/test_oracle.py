"""The compiled search agrees with networkx."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.engine import dijkstra
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.live.warm_up import warm_up
from routing.roads.model import Profile
from routing.rules.model import TurnCosts
from routing.rules.profiles import PROFILES
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter

CAR = PROFILES[Profile.CAR]
FREE_TURNS = dataclasses.replace(CAR, turn=TurnCosts())
N_ORIGINS, N_DESTINATIONS = 20, 50


def random_places(graph, rng, n):
    """(segment, fraction) rows on segments the profile may use."""
    usable = np.flatnonzero((graph.leg_place.reshape(-1, 2) >= 0).any(axis=1))
    return rng.choice(usable, n), rng.random(n)


@pytest.fixture(scope="module")
def graph(city):
    return build_graph(city.segments, FREE_TURNS, signal_nodes=city.signal_nodes)


@pytest.fixture(scope="module")
def restricted(city):
    return build_graph(
        city.segments, Profile.CAR, signal_nodes=city.signal_nodes, restrictions=city.restrictions
    )


def test_a_thousand_pairs_agree_with_split_edges(city, graph, kit):
    router, rng = DijkstraRouter(graph), np.random.default_rng(7)
    finite = 0
    for _ in range(N_ORIGINS):
        segment, fraction = random_places(graph, rng, N_DESTINATIONS + 1)
        places = list(zip(segment, fraction, strict=True))
        oracle = kit.split_oracle(city.segments, FREE_TURNS, places, signal_nodes=city.signal_nodes)
        nodes = [("point", *pair) for pair in places]
        found = nx.single_source_dijkstra_path_length(oracle, nodes[0])
        expected = np.array([found.get(node, np.inf) for node in nodes[1:]]) / 1000.0
        points = kit.place(graph, segment, fraction)
        times_s = router.times_from(points.take(0), points.take(np.arange(1, N_DESTINATIONS + 1)))
        np.testing.assert_array_equal(times_s, expected)
        found = nx.single_source_dijkstra_path_length(oracle.reverse(copy=False), nodes[0])
        expected = np.array([found.get(node, np.inf) for node in nodes[1:]]) / 1000.0
        times_s = router.times_to(points.take(0), points.take(np.arange(1, N_DESTINATIONS + 1)))
        np.testing.assert_array_equal(times_s, expected)
        finite += int(np.isfinite(expected).sum())
    assert finite > 900


def test_a_thousand_pairs_agree_with_the_line_graph_of_allowed_turns(city, restricted, kit):
    graph, router, rng = restricted, DijkstraRouter(restricted), np.random.default_rng(8)
    assert graph.turn_report.applied > 80
    assert graph.turn_report.ambiguous == 0
    oracle, time_ms = kit.turn_oracle(
        city.segments, CAR, city.restrictions, signal_nodes=city.signal_nodes
    )
    longer = 0
    free = DijkstraRouter(build_graph(city.segments, CAR, signal_nodes=city.signal_nodes))
    for _ in range(N_ORIGINS):
        segment, fraction = random_places(graph, rng, N_DESTINATIONS + 1)
        seeds = {}
        for d in (0, 1):
            edge = (int(segment[0]), d)
            if edge in time_ms:
                driven = int((fraction[0] if d == 0 else 1 - fraction[0]) * time_ms[edge] + 0.5)
                for after, arc in oracle[edge].items():
                    seeds[after] = min(seeds.get(after, np.inf), arc["weight"] - driven)
        oracle.add_weighted_edges_from(("origin", after, w) for after, w in seeds.items())
        oracle.add_node("origin")
        found = nx.single_source_dijkstra_path_length(oracle, "origin")
        oracle.remove_node("origin")
        expected = np.full(N_DESTINATIONS, np.inf)
        for i in range(N_DESTINATIONS):
            for d in (0, 1):
                edge = (int(segment[i + 1]), d)
                share = fraction[i + 1] if d == 0 else 1 - fraction[i + 1]
                if edge not in time_ms:
                    continue
                spent = int(share * time_ms[edge] + 0.5)
                if edge in found:
                    expected[i] = min(expected[i], (found[edge] + spent) / 1000.0)
                start = fraction[0] if d == 0 else 1 - fraction[0]
                if segment[0] == segment[i + 1] and start <= share:
                    driven = int(start * time_ms[edge] + 0.5)
                    expected[i] = min(expected[i], (spent - driven) / 1000.0)
        points = kit.place(graph, segment, fraction)
        many = points.take(np.arange(1, N_DESTINATIONS + 1))
        times_s = router.times_from(points.take(0), many)
        np.testing.assert_array_equal(times_s, expected)
        free_s = free.times_from(points.take(0), many)
        assert (free_s <= times_s + 1e-9).all()
        longer += int((free_s < times_s - 1e-6).sum())
    assert longer > 50


def test_route_tells_the_time_that_times_tell(city, restricted, kit):
    router, rng = DijkstraRouter(restricted), np.random.default_rng(9)
    points = router.snap(rng.uniform((114.06, 22.54), (114.09, 22.57), (60, 2))).require()
    target, sources = points.take(0), points.take(np.arange(1, 60))
    times_s = router.times_to(target, sources)
    for i in range(59):
        route = router.route(sources.take(i), target)
        assert route.travel_time_s == pytest.approx(times_s[i], abs=1e-6)
        assert sum(step.travel_time_s for step in route.steps) == pytest.approx(times_s[i])
        assert sum(step.distance_m for step in route.steps) == pytest.approx(route.distance_m)
        for end, point in ((route.geometry[0], sources.take(i)), (route.geometry[-1], target)):
            assert np.abs(point.snapped - end).max(axis=1).min() < 1e-9
        assert route.elapsed_s.shape == (route.geometry.shape[0],)
        assert (np.diff(route.elapsed_s) >= 0).all()
        assert route.elapsed_s[-1] == pytest.approx(route.travel_time_s)


def test_k_nearest_are_the_k_smallest_of_all(restricted, kit):
    router, rng = DijkstraRouter(restricted), np.random.default_rng(10)
    sources = kit.place(restricted, *random_places(restricted, rng, 200))
    target = kit.place(restricted, *random_places(restricted, rng, 1))
    every_s, nearest_s = router.times_to(target, sources), router.times_to(target, sources, k=7)
    chosen = np.flatnonzero(np.isfinite(nearest_s))
    assert chosen.size == 7
    np.testing.assert_array_equal(nearest_s[chosen], every_s[chosen])
    assert nearest_s[chosen].max() <= np.partition(every_s, 7)[7]
    routes = router.routes_to(target, sources, k=7)
    assert [i for i, _ in routes] == list(chosen[np.argsort(nearest_s[chosen], kind="stable")])
    for i, route in routes:
        assert route.travel_time_s == pytest.approx(every_s[i], abs=1e-6)
    within_s = router.times_to(target, sources, limit_s=120.0)
    np.testing.assert_array_equal(within_s, np.where(every_s <= 120.0, every_s, np.inf))


def test_threads_share_a_router(restricted, kit):
    router, rng = DijkstraRouter(restricted), np.random.default_rng(11)
    points = kit.place(restricted, *random_places(restricted, rng, 60))
    alone = [router.times_to(points.take(i), points) for i in range(60)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda i: router.times_to(points.take(i), points), range(60)))
    np.testing.assert_array_equal(together, alone)


def test_warm_up_compiles_what_every_query_uses(restricted, kit):
    warm_up()
    compiled = list(dijkstra.search.signatures)
    router = DijkstraRouter(restricted)
    points = router.snap([(114.07, 22.55), (114.08, 22.56)])
    router.with_times(restricted.free_flow_ms).times_to(points.take(0), points, k=1, limit_s=900)
    router.route(points.take(0), points.take(1))
    assert list(dijkstra.search.signatures) == compiled


@st.composite
def networks(draw):
    """Up to 6 junctions with one-ways, parallel streets, loops and separate parts."""
    node = st.integers(0, draw(st.integers(1, 5)))
    edges = draw(
        st.lists(st.tuples(node, node, st.sampled_from((-1, 0, 0, 1))), min_size=1, max_size=10)
    )
    lengths = draw(st.lists(st.integers(1, 40), min_size=len(edges), max_size=len(edges)))
    point = st.tuples(st.integers(0, len(edges) - 1), st.integers(0, 8).map(lambda i: i / 8))
    return edges, [10.0 * length for length in lengths], draw(point), draw(point)


POSITIONS = {0: (0, 0), 1: (90, 10), 2: (180, -30), 3: (10, 120), 4: (100, 150), 5: (200, 130)}


def times(router, graph, kit, origin, destination):
    start, end = kit.place(graph, *origin), kit.place(graph, *destination)
    forward_s = float(router.times_from(start, end)[0])
    reverse_s = float(router.times_to(end, start)[0])
    assert forward_s == pytest.approx(reverse_s, abs=1e-6)
    try:
        route = router.route(start, end)
    except NoRouteError:
        assert np.isinf(forward_s)
    else:
        assert route.travel_time_s == pytest.approx(forward_s, abs=1e-6)
    return forward_s


@settings(max_examples=150, deadline=None)
@given(networks())
def test_snapping_into_an_edge_equals_splitting_it(kit, network):
    edges, length_m, origin, destination = network
    segments = kit.make_segments(edges, POSITIONS, length_m=length_m)
    graph = build_graph(segments, FREE_TURNS)
    oracle = kit.split_oracle(segments, FREE_TURNS, [origin, destination])
    expected_ms = nx.single_source_dijkstra_path_length(oracle, ("point", *origin)).get(
        ("point", *destination), np.inf
    )
    found_s = times(DijkstraRouter(graph), graph, kit, origin, destination)
    assert found_s == expected_ms / 1000.0


@settings(max_examples=150, deadline=None)
@given(networks(), st.data())
def test_closing_an_edge_never_shortens_and_agrees_with_leaving_it_out(kit, network, data):
    edges, length_m, origin, destination = network
    segments = kit.make_segments(edges, POSITIONS, length_m=length_m)
    graph = build_graph(segments, FREE_TURNS)
    router = DijkstraRouter(graph)
    closed = data.draw(st.sampled_from(sorted(set(graph.state_leg.tolist()))))
    leg_ms = graph.free_flow_ms.copy()
    leg_ms[closed] = INFINITE_MS
    before_s = times(router, graph, kit, origin, destination)
    after_s = times(router.with_times(leg_ms), graph, kit, origin, destination)
    assert after_s >= before_s - 1e-9
    edge = divmod(closed, 2)
    oracle = kit.split_oracle(segments, FREE_TURNS, [origin, destination], closed={edge})
    # Who stands on a closed direction stays there, even for a drive of 0 m.
    if edge[0] not in {origin[0], destination[0]}:
        expected_ms = nx.single_source_dijkstra_path_length(oracle, ("point", *origin)).get(
            ("point", *destination), np.inf
        )
        assert after_s == expected_ms / 1000.0
