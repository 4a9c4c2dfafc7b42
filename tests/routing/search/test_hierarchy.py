"""The hierarchy gives the answers of the plain search, to the millisecond."""

import tracemalloc

import numpy as np
import pytest

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.graph.edge_times import EdgeTimes
from routing.live.loading import hierarchy_of
from routing.roads.model import Profile, Restriction
from routing.search.errors import NoRouteError
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter

N_PLACES = 120


@pytest.fixture(scope="module")
def restricted(city):
    """With restrictions over via ways too, so that some states have copies."""
    over_ways = [
        Restriction("no_u_turn", 5_000 + i, 5_002 + i, via_way_ids=(5_001 + i,))
        for i in range(0, len(city.segments) - 2, 3)
    ]
    graph = build_graph(
        city.segments, Profile.AMBULANCE_LIGHTS,
        restrictions=[*city.restrictions, *over_ways], signal_nodes=city.signal_nodes,
    )  # fmt: skip
    assert graph.copy_leg.size > 20
    return graph


@pytest.fixture(scope="module")
def hierarchy(restricted):
    return hierarchy_of(restricted)


def times_of(graph, rng, *, closed_share: float = 0.0) -> EdgeTimes:
    factor = rng.uniform(0.5, 3.0, graph.free_flow_ms.size)
    open_ = graph.free_flow_ms < INFINITE_MS
    leg_ms = np.where(open_, np.maximum(graph.free_flow_ms * factor, 1), INFINITE_MS)
    leg_ms[rng.random(leg_ms.size) < closed_share] = INFINITE_MS
    return EdgeTimes.of(graph, leg_ms.astype(np.int32))


@pytest.mark.parametrize("closed_share", [0.0, 0.05, 0.3])
def test_every_question_has_the_answer_of_the_plain_search(
    city, restricted, hierarchy, kit, closed_share
):
    rng = np.random.default_rng(int(closed_share * 100))
    plain = DijkstraRouter(restricted, times=times_of(restricted, rng, closed_share=closed_share))
    fast = HierarchyRouter(
        plain, FastTimes.of(restricted, hierarchy, plain.times, metric_id="test")
    )
    usable = np.flatnonzero((restricted.leg_place.reshape(-1, 2) >= 0).any(axis=1))
    segment, share = rng.choice(usable, N_PLACES), rng.choice([0.0, 0.25, 0.5, 1.0], N_PLACES)
    # Several places on one street, before and behind one another.
    segment[: N_PLACES // 4] = segment[0]
    share[: N_PLACES // 4] = rng.random(N_PLACES // 4)
    places = kit.place(restricted, segment, share)
    expected = np.array([plain.times_from(places.take(i), places) for i in range(N_PLACES)])
    assert np.isfinite(expected).mean() > 0.05
    (table,) = fast.matrix(places, places)
    np.testing.assert_array_equal(table, expected.astype(np.float32))
    split = np.concatenate(list(fast.matrix(places, places, block=7)))
    np.testing.assert_array_equal(split, table)
    plain_table = np.concatenate(list(plain.matrix(places, places, block=50)))
    np.testing.assert_array_equal(plain_table, table)
    starts, ends = fast.select_origins(places), fast.select_destinations(places)
    for i in range(N_PLACES):
        one = places.take(i)
        np.testing.assert_array_equal(fast.times_from(one, places), expected[i])
        np.testing.assert_array_equal(fast.times_to(one, places), expected[:, i])
        np.testing.assert_array_equal(fast.times_from(one, ends), expected[i])
        np.testing.assert_array_equal(fast.times_to(one, starts), expected[:, i])
    pairs = rng.integers(0, N_PLACES, (300, 2))
    between = [places.take(pairs[:, side]) for side in (0, 1)]
    for router in (plain, fast):
        np.testing.assert_array_equal(router.times_between(*between), expected[tuple(pairs.T)])
    for i, j in pairs:
        start, end = places.take(i), places.take(j)
        assert fast.times_from(start, end)[0] == expected[i, j]
        assert fast.times_to(end, start)[0] == expected[i, j]
        if np.isfinite(expected[i, j]):
            route = fast.route(start, end)
            assert route.travel_time_s == pytest.approx(expected[i, j], abs=1e-9)
        else:
            reasons = set()
            for router in (plain, fast):
                with pytest.raises(NoRouteError) as caught:
                    router.route(start, end)
                reasons.add(caught.value.reason)
            assert len(reasons) == 1


def test_places_selected_at_other_times_are_selected_anew(restricted, hierarchy, kit):
    rng = np.random.default_rng(8)
    plain = DijkstraRouter(restricted)
    routers = [
        HierarchyRouter(plain, FastTimes.of(restricted, hierarchy, times, metric_id="test"))
        for times in (plain.times, times_of(restricted, rng, closed_share=0.05))
    ]
    usable = np.flatnonzero((restricted.leg_place.reshape(-1, 2) >= 0).any(axis=1))
    places = kit.place(restricted, rng.choice(usable, 40), rng.random(40))
    one = places.take(0)
    for old, new in (routers, routers[::-1]):
        starts, ends = old.select_origins(places), old.select_destinations(places)
        np.testing.assert_array_equal(new.times_to(one, starts), new.times_to(one, places))
        np.testing.assert_array_equal(new.times_from(one, ends), new.times_from(one, places))


def test_many_places_on_one_street_take_no_more_memory_than_a_block(restricted, hierarchy, kit):
    plain = DijkstraRouter(restricted)
    fast = HierarchyRouter(
        plain, FastTimes.of(restricted, hierarchy, plain.times, metric_id="test")
    )
    usable = np.flatnonzero((restricted.leg_place.reshape(-1, 2) >= 0).any(axis=1))
    places = kit.place(restricted, np.full(2_000, usable[0]), np.linspace(0.0, 1.0, 2_000))
    tracemalloc.start()
    for block in fast.matrix(places, places, block=64):
        assert np.isfinite(block).all()
    fast.times_between(places, places)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64e6


def test_pinned_origins_answer_like_fresh_ones(restricted, kit):
    rng = np.random.default_rng(5)
    plain = DijkstraRouter(restricted)
    usable = np.flatnonzero((restricted.leg_place.reshape(-1, 2) >= 0).any(axis=1))
    fleet = kit.place(restricted, rng.choice(usable, 300), rng.random(300))
    pinned = plain.pin(fleet)
    slower = plain.with_times(times_of(restricted, rng))
    for _ in range(20):
        goal = kit.place(restricted, rng.choice(usable, 1), rng.random(1))
        for router in (plain, slower):
            np.testing.assert_array_equal(
                router.times_to(goal, pinned, k=5), router.times_to(goal, fleet, k=5)
            )
