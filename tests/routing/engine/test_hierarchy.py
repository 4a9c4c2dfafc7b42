"""The hierarchy answers exactly what Dijkstra's algorithm does, for any graph, order and times."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.engine.digraph import INFINITE_MS, Digraph
from routing.engine.dissection import dissection_rank, edge_rank
from routing.engine.hierarchy import build_hierarchy
from routing.engine.metric import customize
from routing.engine.query import new_query, shortest_each_ms, shortest_ms, shortest_path
from routing.engine.sweep import matrix_blocks, new_sweep, select, times_ms

relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def random_graph(rng, n, m):
    """Loops, parallel arcs, one-ways and parts apart all come by chance."""
    graph, _ = Digraph.from_arcs(n, rng.integers(0, n, m), rng.integers(0, n, m))
    return graph


def random_times(rng, graph, *, closed=0.1):
    vertex_ms = rng.integers(0, 50, graph.n).astype(np.int32)
    delay_ms = rng.integers(0, 100, graph.m).astype(np.int32)
    vertex_ms[rng.random(graph.n) < closed] = INFINITE_MS
    delay_ms[rng.random(graph.m) < closed] = INFINITE_MS
    return vertex_ms, delay_ms


def arc_table(graph, vertex_ms, delay_ms):
    """Least time (n, n) of an arc between two vertices, INFINITE_MS = none."""
    tail = graph.tails()
    table = np.full((graph.n, graph.n), INFINITE_MS, dtype=np.int64)
    ms = np.minimum(vertex_ms[tail].astype(np.int64) + delay_ms, INFINITE_MS)
    np.minimum.at(table, (tail, graph.to), ms)
    return table


def all_times(graph, vertex_ms, delay_ms, *, sources=None):
    """The oracle: scipy's Dijkstra on whole ms, in which 0 would mean no arc."""
    tail = graph.tails()
    ms = vertex_ms[tail].astype(np.int64) + delay_ms
    used = (ms < INFINITE_MS) & (tail != graph.to)
    order = np.argsort(ms[used], kind="stable")
    ends = tail[used][order].astype(np.int64) * graph.n + graph.to[used][order]
    pair, first = np.unique(ends, return_index=True)
    weight = ms[used][order][first].astype(np.float64)
    weight[weight == 0] = 1e-7
    matrix = csr_array((weight, (pair // graph.n, pair % graph.n)), shape=(graph.n, graph.n))
    times = dijkstra(matrix, indices=sources)
    return np.where(np.isinf(times), INFINITE_MS, np.round(times)).astype(np.int64)


def random_places(rng, n, k):
    counts = rng.integers(0, 4, k)
    start = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    offset_ms = rng.integers(-80, 200, start[-1]).astype(np.int32)
    offset_ms[rng.random(start[-1]) < 0.05] = INFINITE_MS
    return start, rng.integers(0, n, start[-1]).astype(np.int32), offset_ms


def seeds_of(places, i):
    start, vertex, offset_ms = places
    return vertex[start[i] : start[i + 1]], offset_ms[start[i] : start[i + 1]]


def expected_ms(times, sources, targets):
    shape = sources[0].size - 1, targets[0].size - 1
    expected = np.full(shape, INFINITE_MS, dtype=np.int64)
    for i, j in np.ndindex(shape):
        (seed, seed_ms), (goal, goal_ms) = seeds_of(sources, i), seeds_of(targets, j)
        between = times[np.ix_(seed, goal)]
        open_ = (between < INFINITE_MS) & (seed_ms[:, None] < INFINITE_MS)
        open_ &= goal_ms < INFINITE_MS
        if open_.any():
            expected[i, j] = (seed_ms[:, None] + between + goal_ms)[open_].min()
    return expected


@relaxed
@given(seed=st.integers(0, 10**6), n=st.integers(1, 40), density=st.floats(0, 5))
def test_all_answers_are_dijkstras_for_any_order_and_after_each_change_of_times(seed, n, density):
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, n, int(density * n))
    hierarchy = build_hierarchy(graph, rng.permutation(n))
    sources, targets = random_places(rng, n, 19), random_places(rng, n, int(rng.integers(1, 40)))
    for closed in (0.1, 0.3):
        vertex_ms, delay_ms = random_times(rng, graph, closed=closed)
        metric = customize(hierarchy, vertex_ms, delay_ms=delay_ms, graph=graph)
        expected = expected_ms(all_times(graph, vertex_ms, delay_ms), sources, targets)
        query, sweep = new_query(hierarchy, metric), new_sweep(hierarchy, metric)
        for block in (None, 7):
            blocks = list(matrix_blocks(sweep, sources, targets=targets, block=block))
            assert np.array_equal(np.concatenate(blocks), expected)
        ends = select(hierarchy, metric, places=targets, forward=True)
        starts = select(hierarchy, metric, places=sources, forward=False)
        for i in range(19):
            times = times_ms(sweep, ends, seeds=seeds_of(sources, i))
            assert np.array_equal(times, expected[i])
            for j in range(min(3, expected.shape[1])):
                got = shortest_ms(query, seeds_of(sources, i), goals=seeds_of(targets, j))
                assert got == expected[i, j]
        for j in range(expected.shape[1]):
            times = times_ms(sweep, starts, seeds=seeds_of(targets, j))
            assert np.array_equal(times, expected[:, j])
        pairs = min(19, expected.shape[1])
        each = shortest_each_ms(
            query,
            (sources[0][: pairs + 1], *sources[1:]),
            targets=(targets[0][: pairs + 1], *targets[1:]),
        )
        assert np.array_equal(each, np.diagonal(expected)[:pairs])
        assert all((label == INFINITE_MS).all() for label in (*query.labels[:2], sweep.label))


@relaxed
@given(seed=st.integers(0, 10**6), n=st.integers(1, 40), density=st.floats(1, 5))
def test_paths_are_ways_of_the_graph_that_take_the_time_told(seed, n, density):
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, n, int(density * n))
    hierarchy = build_hierarchy(graph, rng.permutation(n))
    vertex_ms, delay_ms = random_times(rng, graph)
    arcs = arc_table(graph, vertex_ms, delay_ms)
    metric = customize(hierarchy, vertex_ms, delay_ms=delay_ms, graph=graph)
    query = new_query(hierarchy, metric)
    sources, targets = random_places(rng, n, 12), random_places(rng, n, 12)
    expected = expected_ms(all_times(graph, vertex_ms, delay_ms), sources, targets)
    for i, j in np.ndindex(12, 12):
        (seed_at, seed_ms), (goal, goal_ms) = seeds_of(sources, i), seeds_of(targets, j)
        ms, path = shortest_path(query, (seed_at, seed_ms), goals=(goal, goal_ms))
        assert ms == expected[i, j]
        if ms == INFINITE_MS:
            assert path.size == 0
            continue
        driven = sum(arcs[a, b] for a, b in pairwise(path))
        assert ms == seed_ms[seed_at == path[0]].min() + driven + goal_ms[goal == path[-1]].min()


def grid(width):
    """Two-way streets of a square grid with every seventh one-way; vertices at street corners."""
    n = width * width
    right = np.flatnonzero(np.arange(n) % width < width - 1)
    tail = np.concatenate((right, np.arange(n - width)))
    head = np.concatenate((right + 1, np.arange(width, n)))
    back = np.arange(tail.size) % 7 > 0
    xy = np.column_stack((np.arange(n) % width, np.arange(n) // width)) * 100.0
    return n, np.concatenate((tail, head[back])), np.concatenate((head, tail[back])), xy


def test_dissection_of_a_grid_needs_few_arcs():
    n, tail, head, xy = grid(64)
    rank = dissection_rank(n, tail, head=head, xy=xy)
    assert np.array_equal(np.sort(rank), np.arange(n))
    graph, _ = Digraph.from_arcs(n, tail, head)
    hierarchy = build_hierarchy(graph, rank)
    # George 1973: fill of order n log n; the constant 31/4 of a nested dissection of a grid.
    assert hierarchy.n_up < 31 / 4 * n * np.log2(n) / 2
    shuffled = build_hierarchy(graph, np.random.default_rng(1).permutation(n))
    assert hierarchy.n_up < shuffled.n_up / 10


@relaxed
@given(seed=st.integers(0, 10**6), n=st.integers(0, 120), density=st.floats(0, 3))
def test_the_order_is_a_permutation_also_of_scattered_graphs(seed, n, density):
    rng = np.random.default_rng(seed)
    m = int(n * density)
    ends = rng.integers(0, max(n, 1), (2, m))
    xy = np.round(rng.random((n, 2)), 1) * 1000
    rank = dissection_rank(n, ends[0], head=ends[1], xy=xy)
    assert np.array_equal(np.sort(rank), np.arange(n))


def test_edge_based_graphs_with_copies_and_banned_turns():
    rng = np.random.default_rng(5)
    _, tail, head, xy = grid(12)
    # A copy of some states stands for remembered restrictions; a tenth of the turns is banned.
    copies = rng.integers(0, tail.size, 20)
    tail, head = np.concatenate((tail, tail[copies])), np.concatenate((head, head[copies]))
    before, after = np.nonzero(head[:, None] == tail[None, :])
    allowed = (rng.random(before.size) > 0.1) & (tail[before] != head[after])
    graph, _ = Digraph.from_arcs(tail.size, before[allowed], after[allowed])
    rank = edge_rank(graph, tail, state_head=head, xy=xy)
    assert np.array_equal(np.sort(rank), np.arange(tail.size))
    hierarchy = build_hierarchy(graph, rank)
    vertex_ms, delay_ms = random_times(rng, graph)
    metric = customize(hierarchy, vertex_ms, delay_ms=delay_ms, graph=graph)
    times = all_times(graph, vertex_ms, delay_ms)
    n = np.int32(graph.n)
    each = np.arange(n + 1), np.arange(n), np.zeros(n, np.int32)
    everywhere = select(hierarchy, metric, places=each, forward=True)
    sweep = new_sweep(hierarchy, metric)
    for source in range(0, graph.n, 17):
        seeds = np.array([source], dtype=np.int32), np.zeros(1, dtype=np.int32)
        assert np.array_equal(times_ms(sweep, everywhere, seeds=seeds), times[source])


def test_answers_are_the_same_from_arrays_that_may_not_be_written_to():
    rng = np.random.default_rng(8)
    graph = random_graph(rng, 30, 90)
    hierarchy = build_hierarchy(graph, rng.permutation(30))
    times = random_times(rng, graph, closed=0)
    places = random_places(rng, 30, 9)
    answers = []
    for _ in range(2):
        metric = customize(hierarchy, times[0], delay_ms=times[1], graph=graph)
        answers += matrix_blocks(new_sweep(hierarchy, metric), places, targets=places)
        for array in (*times, *places):
            array.flags.writeable = False
    assert np.array_equal(*answers)


def test_an_arc_that_no_times_make_finite_is_not_kept():
    # One-way ring: no arc ever leads back but over the highest vertex.
    n = 30
    graph, _ = Digraph.from_arcs(n, np.arange(n), np.roll(np.arange(n), -1))
    hierarchy = build_hierarchy(graph, np.arange(n))
    assert hierarchy.n_up == n - 1
    assert hierarchy.n_down == n - 1


def test_sums_of_long_times_stay_unreachable():
    graph, _ = Digraph.from_arcs(4, [0, 1, 2], [1, 2, 3])
    hierarchy = build_hierarchy(graph, np.array([3, 0, 1, 2]))
    vertex_ms = np.zeros(4, dtype=np.int32)
    delay_ms = np.full(3, 600_000_000, dtype=np.int32)
    metric = customize(hierarchy, vertex_ms, delay_ms=delay_ms, graph=graph)
    zero = np.zeros(1, dtype=np.int32)
    goal = np.array([3], dtype=np.int32)
    assert shortest_ms(new_query(hierarchy, metric), (zero, zero), goals=(goal, zero)) == (
        INFINITE_MS
    )


def test_order_that_is_no_permutation_is_refused():
    graph, _ = Digraph.from_arcs(3, [0, 1], [1, 2])
    for rank in ([0, 1, 1], [0, 1], [1, 2, 3], [-1, 0, 1]):
        with pytest.raises(ValueError, match="own rank"):
            build_hierarchy(graph, np.array(rank))
