"""One search for all places finds what a search from each of them finds, to the millisecond."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.areas.nearest import NONE_NEAR, times_of_nearest
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.roads.model import Profile, SnapResult
from routing.search.router import DijkstraRouter


@pytest.fixture(scope="module", params=[(4, Profile.CAR), (5, Profile.AMBULANCE_LIGHTS)])
def router(request, kit):
    """A random city with turn restrictions, whose roads are partly slow or closed."""
    seed, profile = request.param
    city = kit.make_city(12, 12, seed=seed)
    graph = build_graph(
        city.segments, profile, signal_nodes=city.signal_nodes, restrictions=city.restrictions
    )
    rng = np.random.default_rng(seed)
    leg_ms = graph.free_flow_ms.copy()
    slow = rng.random(leg_ms.size) < 0.3
    leg_ms[slow & (leg_ms < INFINITE_MS)] *= 3
    leg_ms[rng.random(leg_ms.size) < 0.15] = INFINITE_MS
    return DijkstraRouter(graph).with_times(leg_ms)


def points(router, kit, rng, n) -> SnapResult:
    """Points on few roads and at their ends, so that many share one."""
    usable = np.flatnonzero((router.graph.leg_place.reshape(-1, 2) >= 0).any(axis=1))
    segment = np.where(rng.random(n) < 0.3, usable[0], rng.choice(usable, n))
    fraction = np.where(rng.random(n) < 0.3, rng.integers(0, 2, n), rng.random(n))
    return kit.place(router.graph, segment, fraction)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), towards=st.booleans(), n_places=st.integers(1, 6))
def test_it_is_the_least_of_the_times_of_each_place(router, kit, seed, towards, n_places):
    rng = np.random.default_rng(seed)
    places, others = points(router, kit, rng, n_places), points(router, kit, rng, 20)
    found = times_of_nearest(router, places, others, towards=towards)

    one_by_one = router.times_to if towards else router.times_from
    table_s = np.array([one_by_one(places.take(i), others) for i in range(n_places)])
    assert found.time_s.tolist() == table_s.min(axis=0).tolist()
    reached = np.isfinite(found.time_s)
    assert (found.nearest[~reached] == NONE_NEAR).all()
    rows = np.flatnonzero(reached)
    assert table_s[found.nearest[rows], rows].tolist() == found.time_s[rows].tolist()


def test_without_a_place_nobody_is_reached(router, kit):
    others = points(router, kit, np.random.default_rng(1), 5)
    found = times_of_nearest(router, others.take(np.empty(0, np.int64)), others, towards=False)
    assert np.isinf(found.time_s).all()
    assert (found.nearest == NONE_NEAR).all()


def test_a_point_without_a_road_is_not_reached(router):
    far = router.snap([[0.0, 0.0]], max_distance_m=10.0)
    near = router.snap(router.graph.segments.coords[:3], max_distance_m=50.0)
    assert not far.found.any()
    assert np.isinf(times_of_nearest(router, near, far, towards=True).time_s).all()
    assert np.isinf(times_of_nearest(router, far, near, towards=True).time_s).all()
