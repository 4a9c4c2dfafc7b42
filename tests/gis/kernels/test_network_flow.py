"""Cheapest flows against networkx, each with its proof."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.kernels.errors import InfeasibleFlowError
from gis.kernels.network_flow import min_cost_flow, optimality_gap, transport


@st.composite
def networks(draw):
    nodes, arcs = draw(st.integers(2, 8)), draw(st.integers(1, 24))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pairs = {tuple(pair) for pair in chance.integers(0, nodes, (arcs, 2)).tolist()}
    ends = np.array(sorted(pair for pair in pairs if pair[0] != pair[1]), dtype=np.int64).reshape(
        -1, 2
    )
    supply = chance.integers(-4, 5, nodes)
    supply[0] -= supply.sum()
    return ends, chance.integers(0, 10, len(ends)), chance.integers(1, 12, len(ends)), supply


@settings(deadline=None)
@given(networks())
def test_flows_cost_what_networkx_finds(network):
    ends, cost, capacity, supply = network
    graph = nx.DiGraph()
    for node, amount in enumerate(supply.tolist()):
        graph.add_node(node, demand=-amount)
    for (tail, head), price, limit in zip(ends.tolist(), cost, capacity, strict=True):
        graph.add_edge(tail, head, weight=int(price), capacity=int(limit))
    arcs = {"cost": cost, "capacity": capacity}
    try:
        expected, _ = nx.network_simplex(graph)
    except nx.NetworkXUnfeasible:
        with pytest.raises(InfeasibleFlowError):
            min_cost_flow(ends[:, 0], ends[:, 1], supply=supply, **arcs)
        return
    found = min_cost_flow(ends[:, 0], ends[:, 1], supply=supply, **arcs)
    assert found.cost == pytest.approx(expected)
    assert (found.flow % 1.0 == 0.0).all()
    assert ((found.flow >= 0) & (found.flow <= capacity)).all()
    balance = np.bincount(ends[:, 0], weights=found.flow, minlength=len(supply))
    balance -= np.bincount(ends[:, 1], weights=found.flow, minlength=len(supply))
    assert balance.tolist() == supply.tolist()
    assert optimality_gap(found, ends[:, 0], ends[:, 1], **arcs) == pytest.approx(0.0, abs=1e-9)


def test_the_proof_fails_for_a_flow_that_is_not_cheapest():
    arcs = {"cost": [1.0, 5.0], "capacity": [2.0, 2.0]}
    found = min_cost_flow([0, 0], [1, 1], supply=[2, -2], **arcs)
    assert found.flow.tolist() == [2.0, 0.0]
    worse = type(found)(np.array([0.0, 2.0]), found.price, 10.0)
    assert optimality_gap(worse, [0, 0], [1, 1], **arcs) > 1.0


def test_supplies_that_do_not_fit_are_told():
    with pytest.raises(InfeasibleFlowError, match="sum to zero"):
        min_cost_flow([0], [1], cost=[1.0], capacity=[5.0], supply=[2, -1])
    with pytest.raises(InfeasibleFlowError, match="capacities"):
        min_cost_flow([0], [1], cost=[1.0], capacity=[1.0], supply=[2, -2])


@st.composite
def deliveries(draw):
    supplies, demands = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cost = chance.integers(1, 20, (supplies, demands)).astype(float)
    cost[chance.random(cost.shape) < 0.3] = np.inf
    return cost, chance.integers(0, 8, supplies), chance.integers(0, 8, demands)


@settings(deadline=None)
@given(deliveries())
def test_transport_agrees_with_networkx_and_proves_itself(delivery):
    cost, supply, demand = delivery
    found = transport(cost, supply=supply, demand=demand, unmet_cost=30.0)
    graph = nx.DiGraph()
    for target, amount in enumerate(demand.tolist()):
        graph.add_node(("demand", target), demand=amount)
        graph.add_edge("unmet", ("demand", target), weight=30)
    for source, amount in enumerate(supply.tolist()):
        graph.add_edge("all", ("supply", source), weight=0, capacity=amount)
        for target in np.flatnonzero(np.isfinite(cost[source])).tolist():
            price = int(cost[source, target])
            graph.add_edge(("supply", source), ("demand", target), weight=price)
    graph.add_node("all", demand=-int(demand.sum()))
    graph.add_edge("all", "unmet", weight=0)
    assert found.cost == pytest.approx(nx.min_cost_flow_cost(graph))
    served = np.bincount(found.demand_index, weights=found.amount, minlength=len(demand))
    assert (served + found.unmet).tolist() == demand.tolist()
    given_out = np.bincount(found.supply_index, weights=found.amount, minlength=len(supply))
    assert (given_out <= supply).all()
    # Strong duality: prices alone give the same cost, and no allowed pair is cheaper than they say.
    dual = found.supply_price @ supply + found.demand_price @ demand
    assert dual == pytest.approx(found.cost, abs=1e-6)
    assert (found.supply_price <= 1e-9).all()
    assert (found.demand_price <= 30.0 + 1e-9).all()
    slack = cost - found.supply_price[:, None] - found.demand_price[None, :]
    assert (slack >= -1e-9).all()


def test_a_closed_hospital_is_never_used():
    found = transport([[np.inf, 3.0]], supply=[5], demand=[2, 2], unmet_cost=[100.0, 100.0])
    assert found.unmet.tolist() == [2.0, 0.0]
    assert found.demand_index.tolist() == [1]


def test_nothing_to_send():
    assert min_cost_flow([], [], cost=[], capacity=[], supply=[0, 0]).cost == 0.0
    with pytest.raises(InfeasibleFlowError):
        min_cost_flow([], [], cost=[], capacity=[], supply=[1, -1])
    assert transport(np.zeros((2, 0)), supply=[1, 1], demand=[], unmet_cost=1.0).cost == 0.0
