"""Policies: one signature, C1 by time alone, order as brute force; units that are clear soon."""

from types import MappingProxyType

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.choosing.clearing import FEWEST_HANDOVERS, expected_clear
from dispatch.choosing.policies import POLICIES, SECONDS_PER_POINT, Choice, keys
from dispatch.choosing.recommend import HIGH_FACTOR, ReasonCode, rank
from dispatch.triage.model import UnitNeed
from tests.dispatch.choosing.test_recommend import NEEDS, fleet, fleets

points = st.one_of(st.floats(0, 30), st.just(float("nan")))
policies = st.sampled_from(sorted(POLICIES))


def test_the_registry_is_frozen():
    assert isinstance(POLICIES, MappingProxyType)


@settings(max_examples=30)
@given(fleets(), policies, st.sampled_from(["C1", None]), st.data())
def test_coverage_never_reorders_a_c1(units, policy, category, data):
    n = len(units.travel_time_s)
    lost = np.array(data.draw(st.lists(points, min_size=n, max_size=n)), np.float64)
    plain = rank(units, NEEDS)
    priced = rank(units, NEEDS, category=category, policy=policy, lost_points=lost, limit_s=480.0)
    assert priced.order.tolist() == plain.order.tolist()
    assert priced.filled == plain.filled


@settings(max_examples=30)
@given(fleets(), policies, st.sampled_from(["C2", "C3", "C4"]), st.data())
def test_no_policy_changes_who_may_go(units, policy, category, data):
    n = len(units.travel_time_s)
    lost = np.array(data.draw(st.lists(points, min_size=n, max_size=n)), np.float64)
    plain = rank(units, NEEDS)
    priced = rank(units, NEEDS, category=category, policy=policy, lost_points=lost, limit_s=480.0)
    assert sorted(priced.order.tolist()) == list(range(n))
    assert (priced.eligible == plain.eligible).all()
    free = priced.eligible[priced.order]
    assert not (np.diff(free.astype(int)) > 0).any()


@pytest.mark.parametrize(
    ("policy", "category", "first"),
    [
        ("closest", "C3", 0), ("closest_by_category", "C3", 1), ("closest_by_category", "C2", 0),
        ("coverage_aware", "C3", 1), ("coverage_aware", "C1", 0), ("dmexclp", "C2", 2),
        ("dmexclp", "C1", 0),
    ],
)  # fmt: skip
def test_each_policy_on_one_fleet(policy, category, first):
    units = fleet([100, 150, 400, 900], level=[2, 1, 2, 1])
    lost = np.array([4.0, 1.0, 0.5, 0.0])
    ranking = rank(units, (UnitNeed("BLS", 1),), category=category, policy=policy,
                   lost_points=lost, limit_s=480.0)  # fmt: skip
    assert ranking.order[0] == first
    assert ranking.reasons[0] & ReasonCode.FASTEST


def test_a_loss_that_is_not_known_counts_as_the_greatest_never_as_none():
    choice = Choice("C2", np.array([100.0, 100.0]), np.zeros(2, np.int64),
                    np.array([np.nan, 2.0]), 480.0)  # fmt: skip
    assert keys("coverage_aware", choice)[0].tolist() == [100 + 2 * SECONDS_PER_POINT["C2"]] * 2


def test_order_is_brute_force_with_networkx():
    """Every unit by Dijkstra from its node, one after the other, on a grid with random times."""
    chance = np.random.default_rng(7)
    graph = nx.grid_2d_graph(12, 12, create_using=nx.DiGraph)
    for _, _, arc in graph.edges(data=True):
        arc["s"] = float(chance.uniform(5, 60))
    nodes = list(graph)
    to = nodes[chance.integers(len(nodes))]
    at = [nodes[index] for index in chance.integers(len(nodes), size=60)]
    brute = [nx.dijkstra_path_length(graph, node, to, weight="s") for node in at]
    reverse = nx.single_source_dijkstra_path_length(graph.reverse(), to, weight="s")
    ranking = rank(fleet([reverse[node] for node in at]), NEEDS, category="C1")
    assert ranking.order.tolist() == sorted(range(60), key=lambda i: (round(brute[i], 6), i))


def test_an_old_position_costs_places_and_is_never_left_out():
    ranking = rank(fleet([100, 150], age=[3000, 0]), NEEDS)
    assert ranking.order.tolist() == [1, 0]
    assert ranking.eligible.all()
    assert ranking.reasons[0] & ReasonCode.POSITION_STALE


def test_a_unit_not_yet_clear_ranks_by_the_upper_bound_and_is_never_suggested():
    units = fleet([100, 900, 400], assigned=[True, False, False])
    soon = type(units)(**{
        **{name: getattr(units, name) for name in units.__slots__},
        "clear_low_s": np.array([10.0, np.nan, np.nan]),
        "clear_s": np.array([60.0, np.nan, np.nan]),
        "clear_high_s": np.array([200.0, np.nan, np.nan]),
    })  # fmt: skip
    ranking = rank(soon, (UnitNeed("ALS", 2),), category="C1")
    assert ranking.ranked_s[0] == 200.0 + 100.0 * HIGH_FACTOR
    assert ranking.order.tolist() == [0, 2, 1]
    assert ranking.soon.tolist() == [True, False, False]
    assert not ranking.eligible[0]
    assert not ranking.reasons[0] & (ReasonCode.SUGGESTED | ReasonCode.FASTEST)
    assert ranking.filled == ((2, 1),)


def test_when_a_unit_is_clear_follows_from_handovers_that_lasted_longer():
    took = np.arange(1.0, 101.0) * 60
    found = expected_clear(took, np.array([np.nan, 0.0, 50 * 60.0, 95 * 60.0]))
    assert np.isnan(found.middle_s[0])
    assert found.middle_s[1] == pytest.approx(50.5 * 60)
    assert found.middle_s[2] == pytest.approx(25.5 * 60)
    assert np.isnan(found.high_s[3])
    assert (found.low_s[1:3] < found.middle_s[1:3]).all()
    few = expected_clear(took[: FEWEST_HANDOVERS - 1], np.array([0.0]))
    assert np.isnan(few.high_s[0])
