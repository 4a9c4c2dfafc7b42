"""Times with new roads are those of a graph that has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import floyd_warshall

from planning.coverage.new_roads import Joints, along_roads, by_new_roads


@st.composite
def networks(draw):
    size = draw(st.integers(3, 7))
    second = st.one_of(st.just(np.inf), st.integers(1, 60))
    edges = draw(st.lists(second, min_size=size * size, max_size=size * size))
    graph = np.array(edges, float).reshape(size, size)
    node = st.integers(0, size - 1)
    roads = draw(st.lists(
        st.tuples(st.lists(node, min_size=2, max_size=3), st.booleans()), min_size=1, max_size=3
    ))  # fmt: skip
    metres = [
        np.cumsum([0.0, *draw(st.lists(st.integers(10, 500), min_size=len(nodes) - 1,
                                       max_size=len(nodes) - 1))])
        for nodes, _ in roads
    ]  # fmt: skip
    return graph, roads, metres


def shortest(graph):
    return floyd_warshall(np.where(np.isinf(graph), 0.0, graph))


@given(networks())
def test_a_graph_with_the_roads_gives_the_same(network):
    graph, roads, metres = network
    old = shortest(graph)
    joint = np.concatenate([nodes for nodes, _ in roads])
    along = along_roads([
        (place, 36.0, one_way) for place, (_, one_way) in zip(metres, roads, strict=True)
    ])  # fmt: skip
    joints = Joints(*(one.astype(np.float32) for one in (
        old[:, joint], old[np.ix_(joint, joint)], old[joint]
    )), along)  # fmt: skip
    found = by_new_roads(old.astype(np.float32), joints)

    with_them = graph.copy()
    for place, (nodes, one_way) in zip(metres, roads, strict=True):
        for at in range(len(nodes) - 1):
            first, then = nodes[at], nodes[at + 1]
            seconds = (place[at + 1] - place[at]) / 10.0
            for ends in ((first, then),) if one_way else ((first, then), (then, first)):
                with_them[ends] = min(with_them[ends], seconds)
    assert found == pytest.approx(shortest(with_them), rel=1e-5)
    assert (found <= old.astype(np.float32)).all()
