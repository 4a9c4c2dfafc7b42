"""The searches agree with scipy's Dijkstra to the millisecond, forward and in reverse."""

from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra as scipy_dijkstra

from routing.engine.digraph import INFINITE_MS, Digraph
from routing.engine.dijkstra import ball, leave, nearest_seed, new_work, search

NONE = np.empty(0, dtype=np.int32)


@dataclass
class Streets:
    """A random graph with its oracle: exact times (n, n) between starts of vertices."""

    graph: Digraph
    delay_ms: np.ndarray
    vertex_ms: np.ndarray

    def __post_init__(self):
        self.back, self.arc = self.graph.reversed()
        self.back_delay_ms = self.delay_ms[self.arc]
        best: dict[tuple[int, int], int] = {}
        for tail, head, delay in zip(
            self.graph.tails().tolist(), self.graph.to.tolist(), self.delay_ms.tolist(), strict=True
        ):
            cost = int(self.vertex_ms[tail]) + delay
            if cost < INFINITE_MS:
                best[tail, head] = min(cost, best.get((tail, head), cost))
        ends = np.array(list(best), dtype=int).reshape(-1, 2).T
        n = self.graph.n
        matrix = csr_array((np.array(list(best.values()), dtype=float), tuple(ends)), shape=(n, n))
        found = scipy_dijkstra(matrix)
        self.between_ms = np.where(np.isfinite(found), found, INFINITE_MS).astype(int)

    def arcs(self, *, reverse=False):
        if reverse:
            return self.back.start, self.back.to, self.back_delay_ms
        return self.graph.start, self.graph.to, self.delay_ms


def streets_of(n, arcs, delay_ms, vertex_ms) -> Streets:
    tail, head = np.array(arcs, dtype=np.int32).reshape(-1, 2).T
    graph, order = Digraph.from_arcs(n, tail, head)
    delay_ms = np.array(delay_ms, dtype=np.int32)[order]
    return Streets(graph, delay_ms, np.array(vertex_ms, dtype=np.int32))


@st.composite
def streets(draw):
    """Self loops, parallel arcs, times of zero and closures included."""
    n = draw(st.integers(1, 12))
    vertex = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(vertex, vertex), max_size=30))
    cost = st.one_of(st.integers(0, 60), st.integers(0, 5), st.just(INFINITE_MS))
    delay_ms = draw(st.lists(cost, min_size=len(arcs), max_size=len(arcs)))
    vertex_ms = draw(st.lists(cost, min_size=n, max_size=n))
    return streets_of(n, arcs, delay_ms, vertex_ms)


@st.composite
def places(draw, case, *, most=4):
    """(vertex, ms spent, ms left) of places partly along vertices."""
    vertex = draw(st.lists(st.integers(0, case.graph.n - 1), min_size=1, max_size=most))
    share = [draw(st.integers(0, 4)) for _ in vertex]
    whole = case.vertex_ms[vertex]
    closed = whole >= INFINITE_MS
    spent = np.where(closed, INFINITE_MS, whole * share // 4).astype(np.int32)
    left = np.where(closed, INFINITE_MS, whole - spent).astype(np.int32)
    return SimpleNamespace(vertex=np.array(vertex, dtype=np.int32), spent_ms=spent, left_ms=left)


@st.composite
def trips(draw):
    case = draw(streets())
    return case, draw(places(case, most=1)), draw(places(case, most=6))


def exact_ms(case: Streets, origin, goal, *, row=0, column=0) -> int:
    """Time from a place to another by way of at least one arc, from the oracle alone."""
    best = INFINITE_MS
    start, to, delay_ms = case.arcs()
    for arc in range(start[origin.vertex[row]], start[origin.vertex[row] + 1]):
        total = (
            int(origin.left_ms[row])
            + int(delay_ms[arc])
            + int(case.between_ms[to[arc], goal.vertex[column]])
            + int(goal.spent_ms[column])
        )
        best = min(best, total)
    return best


def run(case, *, seeds, ends, direct=(NONE, NONE, NONE), reverse=False, k=None, limit_ms=None):
    n_points = ends[0].size
    work = new_work(case.graph.n, case.graph.m, n_points)
    time_ms = np.full(n_points, INFINITE_MS, dtype=np.int32)
    last = np.full(n_points, -1, dtype=np.int32)
    order = np.argsort(ends[1], kind="stable")
    settled = search(
        case.arcs(reverse=reverse),
        case.vertex_ms,
        seeds,
        tuple(column[order] for column in ends),
        direct,
        n_points if k is None else k,
        INFINITE_MS if limit_ms is None else limit_ms,
        1,
        work,
        time_ms,
        last,
    )
    return SimpleNamespace(time_ms=time_ms, last=last, settled=settled, parent=work[1])


def rows(places):
    return np.arange(places.vertex.size, dtype=np.int32)


@given(trips())
def test_search_from_and_to_a_place_are_the_exact_times(trip):
    case, one, many = trip
    found = run(
        case, seeds=(one.vertex, one.left_ms), ends=(rows(many), many.vertex, many.spent_ms)
    )
    expected = [exact_ms(case, one, many, column=j) for j in range(many.vertex.size)]
    assert found.time_ms.tolist() == [min(t, INFINITE_MS) for t in expected]

    back = run(
        case,
        seeds=(one.vertex, one.spent_ms),
        ends=(rows(many), many.vertex, many.left_ms),
        reverse=True,
    )
    expected = [exact_ms(case, many, one, row=i) for i in range(many.vertex.size)]
    assert back.time_ms.tolist() == [min(t, INFINITE_MS) for t in expected]


@given(trips(), st.integers(0, 6), st.integers(0, 200))
def test_the_k_nearest_within_a_limit_are_the_smallest_by_time_then_row(trip, k, limit_ms):
    case, one, many = trip
    seeds, ends = (one.vertex, one.left_ms), (rows(many), many.vertex, many.spent_ms)
    everything = run(case, seeds=seeds, ends=ends).time_ms
    found = run(case, seeds=seeds, ends=ends, k=k, limit_ms=limit_ms)
    nearest = np.argsort(everything, kind="stable")[:k]
    nearest = nearest[everything[nearest] <= limit_ms]
    expected = np.full(everything.size, INFINITE_MS)
    expected[nearest] = everything[nearest]
    assert found.time_ms.tolist() == expected.tolist()
    assert found.settled == nearest.size


@given(trips())
def test_parents_lead_back_along_arcs_that_add_up_to_the_time(trip):
    case, one, many = trip
    found = run(
        case, seeds=(one.vertex, one.left_ms), ends=(rows(many), many.vertex, many.spent_ms)
    )
    cheapest = {}
    for tail, head, delay in zip(case.graph.tails(), case.graph.to, case.delay_ms, strict=True):
        cheapest[tail, head] = min(int(delay), cheapest.get((tail, head), INFINITE_MS))
    for point in np.flatnonzero(found.last != -1):
        step = found.last[point]
        path = []
        while step >= 0:
            path.append(step)
            step = found.parent[step]
        path = [-2 - step, *path[::-1]]
        total = int(one.left_ms[0]) + int(many.spent_ms[point])
        total += sum(cheapest[pair] for pair in pairwise(path))
        total += int(case.vertex_ms[path[1:-1]].sum())
        assert path[0] == one.vertex[0]
        assert path[-1] == many.vertex[point]
        assert total == found.time_ms[point]


@given(trips(), st.integers(0, 200))
def test_a_ball_holds_all_within_the_limit_in_order_of_time(trip, limit_ms):
    case, one, _ = trip
    for reverse in (False, True):
        arcs = case.arcs(reverse=reverse)
        vertex, label_ms, row = leave(arcs, one.vertex, one.left_ms)
        work = new_work(case.graph.n, case.graph.m)
        inside, inside_ms = ball(arcs, case.vertex_ms, (vertex, label_ms), limit_ms, 1, work)
        nearest, all_ms = nearest_seed(arcs, case.vertex_ms, (vertex, label_ms))
        assert not row.any()
        assert sorted(inside) == np.flatnonzero(all_ms <= limit_ms).tolist()
        assert inside_ms.tolist() == all_ms[inside].tolist()
        assert (np.diff(inside_ms) >= 0).all()
        for v in inside:
            step = v
            while step >= 0:
                step = work[1][step]
            assert label_ms[-2 - step] <= all_ms[v]
        assert ((nearest >= 0) == (all_ms < INFINITE_MS)).all()


@given(streets(), st.data())
def test_every_vertex_knows_its_nearest_seed(case, data):
    n_seeds = data.draw(st.integers(0, 5))
    at = st.lists(st.integers(0, case.graph.n - 1), min_size=n_seeds, max_size=n_seeds)
    ms = st.lists(st.integers(0, 50), min_size=n_seeds, max_size=n_seeds)
    seeds = np.array(data.draw(at), dtype=np.int32), np.array(data.draw(ms), dtype=np.int32)
    nearest, label_ms = nearest_seed(case.arcs(), case.vertex_ms, seeds)
    by_seed = np.minimum(case.between_ms[seeds[0]] + seeds[1][:, None], INFINITE_MS)
    assert label_ms.tolist() == by_seed.min(axis=0, initial=INFINITE_MS).tolist()
    reached = np.flatnonzero(nearest >= 0)
    assert by_seed[nearest[reached], reached].tolist() == label_ms[reached].tolist()


@pytest.fixture(scope="module")
def large() -> Streets:
    """3,000 vertices, enough for several levels of the heap."""
    rng = np.random.default_rng(3)
    n, m = 3_000, 7_000
    arcs = rng.integers(0, n, (m, 2))
    delay_ms = np.where(rng.random(m) < 0.05, INFINITE_MS, rng.integers(0, 30_000, m))
    vertex_ms = np.where(rng.random(n) < 0.05, INFINITE_MS, rng.integers(1, 30_000, n))
    graph, order = Digraph.from_arcs(n, *arcs.T)
    case = Streets.__new__(Streets)
    case.graph, case.delay_ms = graph, delay_ms[order].astype(np.int32)
    case.vertex_ms = vertex_ms.astype(np.int32)
    case.back, case.arc = graph.reversed()
    case.back_delay_ms = case.delay_ms[case.arc]
    return case


def test_one_to_all_of_a_large_graph_is_scipys(large):
    tail, head = large.graph.tails(), large.graph.to
    cost = large.vertex_ms[tail].astype(float) + large.delay_ms
    kept = np.lexsort((cost, head, tail))
    kept = kept[cost[kept] < INFINITE_MS]
    first = np.unique(np.column_stack((tail, head))[kept], axis=0, return_index=True)[1]
    kept = kept[first]
    matrix = csr_array((cost[kept], (tail[kept], head[kept])), shape=(3_000, 3_000))
    expected = scipy_dijkstra(matrix, indices=7)
    seeds = np.array([7], dtype=np.int32), np.zeros(1, dtype=np.int32)
    _, label_ms = nearest_seed(large.arcs(), large.vertex_ms, seeds)
    expected_ms = np.where(np.isfinite(expected), expected, INFINITE_MS)
    assert np.isfinite(expected).sum() > 1_000
    assert label_ms.tolist() == expected_ms.astype(int).tolist()


def test_forward_and_reverse_are_the_same_and_scratch_is_reused(large):
    rng = np.random.default_rng(9)
    work = new_work(large.graph.n, large.graph.m, 40)
    place = rng.integers(0, large.graph.n, 40).astype(np.int32)
    spent_ms = np.where(large.vertex_ms[place] < INFINITE_MS, large.vertex_ms[place] // 3, 10**9)
    left_ms = np.where(spent_ms < INFINITE_MS, large.vertex_ms[place] - spent_ms, INFINITE_MS)
    spent_ms, left_ms = spent_ms.astype(np.int32), left_ms.astype(np.int32)
    order = np.argsort(place, kind="stable").astype(np.int32)
    tables = []
    query = 0
    for reverse in (False, True):
        here_ms, there_ms = (spent_ms, left_ms) if reverse else (left_ms, spent_ms)
        table = np.full((40, 40), INFINITE_MS, dtype=np.int32)
        for i in range(40):
            query += 1
            search(
                large.arcs(reverse=reverse),
                large.vertex_ms,
                (place[i : i + 1], here_ms[i : i + 1]),
                (order, place[order], there_ms[order]),
                (NONE, NONE, NONE),
                40,
                INFINITE_MS,
                query,
                work,
                table[i],
                np.full(40, -1, dtype=np.int32),
            )
        tables.append(table)
    assert (tables[0] < INFINITE_MS).mean() > 0.3
    assert (tables[0] == tables[1].T).all()


def test_a_place_ahead_on_the_same_vertex_needs_no_arc():
    case = streets_of(1, [], [], [100])
    point, vertex, ms = (np.array([x], dtype=np.int32) for x in (0, 0, 40))
    found = run(
        case, seeds=(vertex, ms), ends=(point, vertex, np.int32([70])), direct=(point, vertex, ms)
    )
    assert found.time_ms.tolist() == [40]
    assert found.last.tolist() == [-2]


def test_a_small_heap_is_no_limit(large):
    seeds = np.arange(large.graph.n, dtype=np.int32), np.zeros(large.graph.n, dtype=np.int32)
    mark, parent, heap = new_work(large.graph.n, large.graph.m)
    args = (large.arcs(), large.vertex_ms, seeds, 10**8, 1)
    inside, inside_ms = ball(*args, (mark.copy(), parent.copy(), heap[:1].copy()))
    assert inside.size == large.graph.n
    assert not inside_ms.any()


def test_arcs_are_grouped_by_tail_and_can_be_turned_round():
    graph, order = Digraph.from_arcs(3, [2, 0, 0], [1, 1, 2])
    assert graph.start.tolist() == [0, 2, 2, 3]
    assert graph.to.tolist() == [1, 2, 1]
    assert order.tolist() == [1, 2, 0]
    back, arc = graph.reversed()
    assert back.start.tolist() == [0, 0, 2, 3]
    assert back.to.tolist() == [0, 2, 0]
    assert graph.tails()[arc].tolist() == back.to.tolist()
    with pytest.raises(ValueError, match="vertices 0 to 2"):
        Digraph.from_arcs(3, [0], [3])
    with pytest.raises(ValueError, match="one tail and one head"):
        Digraph.from_arcs(3, [0, 1], [2])
