"""The compiled router and scipy's give the same times and routes, to the millisecond."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.roads.model import Profile
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter
from tests.routing.scipy_router import ScipyRouter


@pytest.fixture(scope="module", params=[(4, Profile.CAR), (5, Profile.AMBULANCE_LIGHTS)])
def routers(request, kit):
    """Both routers on a random city whose roads are partly slow or closed."""
    seed, profile = request.param
    city = kit.make_city(14, 14, seed=seed)
    graph = build_graph(
        city.segments, profile, signal_nodes=city.signal_nodes, restrictions=city.restrictions
    )
    rng = np.random.default_rng(seed)
    leg_ms = graph.free_flow_ms.copy()
    slow = rng.random(leg_ms.size) < 0.3
    leg_ms[slow & (leg_ms < INFINITE_MS)] *= 3
    leg_ms[rng.random(leg_ms.size) < 0.08] = INFINITE_MS
    fast = DijkstraRouter(graph).with_times(leg_ms)
    return fast, ScipyRouter(graph, snapper=fast.snapper).with_times(leg_ms)


def places(router, kit, rng, n):
    usable = np.flatnonzero((router.graph.leg_place.reshape(-1, 2) >= 0).any(axis=1))
    segment = np.where(rng.random(n) < 0.3, usable[0], rng.choice(usable, n))
    fraction = np.where(rng.random(n) < 0.3, rng.integers(0, 2, n), rng.random(n))
    return kit.place(router.graph, segment, fraction)


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.one_of(st.none(), st.integers(0, 8)),
    limit_s=st.one_of(st.just(np.inf), st.floats(0, 300)),
)
def test_times_are_the_same(routers, kit, seed, k, limit_s):
    fast, plain = routers
    points = places(fast, kit, np.random.default_rng(seed), 25)
    one, many = points.take(0), points.take(np.arange(1, 25))
    for name in ("times_from", "times_to"):
        found_s = getattr(fast, name)(one, many, k=k, limit_s=limit_s)
        expected_s = getattr(plain, name)(one, many, k=k, limit_s=limit_s)
        assert found_s.tolist() == expected_s.tolist()


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_routes_take_the_same_time(routers, kit, seed):
    fast, plain = routers
    points = places(fast, kit, np.random.default_rng(seed), 8)
    one, many = points.take(0), points.take(np.arange(1, 8))
    times_s = plain.times_from(one, many)
    for i in range(7):
        if np.isinf(times_s[i]):
            reasons = []
            for router in routers:
                with pytest.raises(NoRouteError) as caught:
                    router.route(one, many.take(i))
                reasons.append(caught.value.reason)
            assert reasons[0] == reasons[1]
            continue
        found, expected = (router.route(one, many.take(i)) for router in routers)
        assert found.travel_time_s == expected.travel_time_s
        assert expected.travel_time_s == pytest.approx(times_s[i], abs=1e-9)
    nearest = [router.routes_to(one, many, k=3) for router in routers]
    assert [i for i, _ in nearest[0]] == [i for i, _ in nearest[1]]
    assert [r.travel_time_s for _, r in nearest[0]] == [r.travel_time_s for _, r in nearest[1]]


def test_snapped_points_and_free_flow_are_served_alike(routers):
    fast, plain = routers
    assert plain.profile == fast.profile
    free = DijkstraRouter(fast.graph), ScipyRouter(fast.graph)
    points = [router.snap([(114.062, 22.542), (114.07, 22.55)]) for router in free]
    times_s = [router.times_to(p.take(0), p) for router, p in zip(free, points, strict=True)]
    assert times_s[0].tolist() == times_s[1].tolist()
