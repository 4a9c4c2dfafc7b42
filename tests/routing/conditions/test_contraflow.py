"""Legs against one-way streets lie in the graph and change nothing until a permit opens them."""

import dataclasses

import numpy as np
import pytest

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.roads.model import Profile
from routing.rules.profiles import PROFILES
from routing.search.router import DijkstraRouter

LIGHTS = PROFILES[Profile.AMBULANCE_LIGHTS]


@pytest.fixture(scope="module")
def routers(city):
    """With the legs in the graph, and without."""
    return [
        DijkstraRouter(
            build_graph(
                city.segments, rules, restrictions=city.restrictions, signal_nodes=city.signal_nodes
            )
        )
        for rules in (LIGHTS, dataclasses.replace(LIGHTS, contraflow=None))
    ]


def times(router, kit, segments, *, at):
    places = kit.place(router.graph, segments, at)
    return np.array([router.times_from(places.take(i), places) for i in range(12)])


def test_closed_contraflow_changes_no_time_and_no_reach(routers, kit):
    ready, plain = (router.graph for router in routers)
    assert (ready.contraflow_ms < INFINITE_MS).sum() > 100
    np.testing.assert_array_equal(ready.free_flow_ms, plain.free_flow_ms)
    np.testing.assert_array_equal(ready.usable_legs, plain.usable_legs)
    rng = np.random.default_rng(5)
    segments = rng.choice(np.unique(np.flatnonzero(plain.usable_legs) // 2), 200, replace=False)
    np.testing.assert_array_equal(*(times(one, kit, segments, at=0.4) for one in routers))


def test_open_contraflow_only_shortens(routers, kit):
    ready = routers[0]
    opened = ready.with_times(np.minimum(ready.graph.free_flow_ms, ready.graph.contraflow_ms))
    rng = np.random.default_rng(6)
    segments = rng.choice(np.unique(np.flatnonzero(ready.graph.usable_legs) // 2), 200)
    before, after = (times(one, kit, segments, at=0.5) for one in (ready, opened))
    assert (after <= before).all()
    assert (after < before).any()
