"""Search with times by slice: first in, first out; the static search where nothing changes."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.engine.digraph import INFINITE_MS, Digraph
from routing.engine.dijkstra import leave, nearest_seed, new_work
from routing.engine.fifo import SlicedTimes, earliest, finish_ms, nearest_at, path_to

closed_or = st.one_of(st.integers(0, 400), st.just(INFINITE_MS))


@st.composite
def profiles(draw):
    """Times of one vertex by slice, and the length of a slice."""
    times = draw(st.lists(closed_or, min_size=1, max_size=5))
    return np.array(times, dtype=np.int32)[:, None], draw(st.integers(1, 150))


def exact_finish(times, length_ms, enter_ms):
    """The same by fractions, slice by slice."""
    now, share = Fraction(enter_ms), Fraction(1)
    for i, whole in enumerate(times):
        end = Fraction((i + 1) * length_ms) if i + 1 < len(times) else None
        if end is not None and now >= end:
            continue
        if whole < INFINITE_MS:
            if end is None or now + share * whole <= end:
                return now + share * whole
            share -= (end - now) / whole
        elif end is None:
            return None
        now = end
    return None


@given(profiles(), st.integers(0, 900))
def test_crossing_slices_is_exactly_proportional(profile, enter_ms):
    times, length_ms = profile
    found = finish_ms(times, 0, enter_ms, length_ms)
    expected = exact_finish(times[:, 0].tolist(), length_ms, enter_ms)
    if expected is None:
        assert found == INFINITE_MS
    else:
        assert abs(found - expected) <= Fraction(1, 2) + Fraction(1, 10**6)


@given(profiles(), st.integers(0, 900), st.integers(0, 300))
def test_who_enters_later_never_leaves_earlier(profile, enter_ms, later_ms):
    times, length_ms = profile
    first = finish_ms(times, 0, enter_ms, length_ms)
    assert enter_ms <= first <= finish_ms(times, 0, enter_ms + later_ms, length_ms)


@given(profiles(), st.integers(0, 600))
def test_a_simulation_in_small_steps_arrives_at_the_same_time(profile, enter_ms):
    times, length_ms = profile
    found = finish_ms(times, 0, enter_ms, length_ms)
    now, share, step = float(enter_ms), 0.0, 0.125
    last = len(times) - 1
    while share < 1.0 - 1e-9 and now < 4_000:
        whole = times[min(int(now // length_ms), last), 0]
        if whole == 0:
            break
        share += step / whole if whole < INFINITE_MS else 0.0
        now += step
    assert abs(found - now) <= 1.0 or (found == INFINITE_MS and now >= 4_000)


def test_half_the_way_before_the_rush_hour_and_half_in_it():
    times = np.array([[100], [300]], dtype=np.int32)
    assert finish_ms(times, 0, 950, 1_000) == 1_000 + 150
    assert finish_ms(times, 0, 900, 1_000) == 1_000
    assert finish_ms(times, 0, 1_000, 1_000) == 1_300


def test_a_vertex_closed_until_the_slice_ends_is_waited_for():
    times = np.array([[INFINITE_MS], [300]], dtype=np.int32)
    assert finish_ms(times, 0, 10, 1_000) == 1_300
    assert finish_ms(times[::-1].copy(), 0, 10, 1_000) == 310
    assert finish_ms(times[::-1].copy(), 0, 900, 1_000) == INFINITE_MS


class Roads:
    """A random graph with times by slice."""

    def __init__(self, n, arcs, delay_ms, sliced_ms, length_ms):
        tail, head = np.array(arcs, dtype=np.int32).reshape(-1, 2).T
        self.graph, order = Digraph.from_arcs(n, tail, head)
        self.delay_ms = np.array(delay_ms, dtype=np.int32)[order]
        back, arc = self.graph.reversed()
        self.forward = self.graph.start, self.graph.to, self.delay_ms
        self.backward = back.start, back.to, self.delay_ms[arc]
        self.times = SlicedTimes.of(sliced_ms, slice_length_ms=length_ms)

    def part(self, vertex, numerator):
        """Times (n_slices, k) of quarters of vertices."""
        whole = self.times.vertex_ms[:, vertex]
        part = whole.astype(np.int64) * numerator // 4
        return np.where(whole < INFINITE_MS, part, INFINITE_MS).astype(np.int32, order="C")

    def earliest(self, depart_ms, origin, goal, *, limit_ms=INFINITE_MS, work=None):
        (source, left), (target, spent) = origin, goal
        seeds, goals = np.array([source], dtype=np.int32), np.array([target], dtype=np.int32)
        return earliest(
            self.forward, self.times.vertex_ms, self.times.slice_length_ms, depart_ms,
            (seeds, self.part(seeds, left)), (goals, self.part(goals, spent)), limit_ms, 1,
            new_work(self.graph.n, self.graph.m) if work is None else work,
        )  # fmt: skip

    def brute(self, depart_ms, origin, goal):
        """Relax every arc until nothing changes, with fractions rounded as the rule says."""
        length_ms, (source, left), (target, spent) = self.times.slice_length_ms, origin, goal
        label = np.full(self.graph.n, INFINITE_MS, dtype=np.int64)
        arcs = list(zip(self.graph.tails(), self.graph.to, self.delay_ms.tolist(), strict=True))
        out = finish_ms(self.part([source], left), 0, depart_ms, length_ms)
        for tail, head, delay in arcs:
            if tail == source:
                label[head] = min(label[head], out + delay)
        for _ in range(self.graph.n + 1):
            for tail, head, delay in arcs:
                if label[tail] < INFINITE_MS:
                    out = finish_ms(self.times.vertex_ms, tail, label[tail], length_ms)
                    label[head] = min(label[head], out + delay)
        if label[target] >= INFINITE_MS:
            return INFINITE_MS
        return finish_ms(self.part([target], spent), 0, label[target], length_ms)


@st.composite
def roads(draw, *, constant=False):
    n = draw(st.integers(1, 9))
    vertex = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(vertex, vertex), min_size=1, max_size=24))
    delay = st.one_of(st.integers(0, 40), st.integers(0, 40), st.just(INFINITE_MS))
    delay_ms = draw(st.lists(delay, min_size=len(arcs), max_size=len(arcs)))
    n_slices = draw(st.integers(1, 4))
    row = st.lists(closed_or, min_size=n, max_size=n)
    if constant:
        sliced_ms = np.tile(draw(row), (n_slices, 1))
    else:
        sliced_ms = draw(st.lists(row, min_size=n_slices, max_size=n_slices))
    return Roads(n, arcs, delay_ms, sliced_ms, draw(st.integers(20, 500)))


def place_of(case):
    return st.tuples(st.integers(0, case.graph.n - 1), st.integers(0, 4))


@given(roads(), st.data())
def test_the_earliest_arrival_is_that_of_relaxing_every_arc(case, data):
    origin, goal = data.draw(place_of(case)), data.draw(place_of(case))
    depart_ms = data.draw(st.integers(0, 900))
    expected = case.brute(depart_ms, origin, goal)
    arrival, row = case.earliest(depart_ms, origin, goal)
    assert arrival == min(expected, INFINITE_MS)
    assert row == (0 if arrival < INFINITE_MS else -1)
    assert case.earliest(depart_ms, origin, goal, limit_ms=arrival)[0] == arrival
    assert case.earliest(depart_ms, origin, goal, limit_ms=arrival - 1)[0] == INFINITE_MS
    later = depart_ms + data.draw(st.integers(0, 200))
    assert case.earliest(later, origin, goal)[0] >= arrival


@given(roads(constant=True), st.data())
def test_equal_slices_give_the_static_times(case, data):
    origin, goal = data.draw(place_of(case)), data.draw(place_of(case))
    source = np.array([origin[0]], dtype=np.int32)
    vertex, label_ms, _ = leave(case.forward, source, case.part(source, origin[1])[0])
    _, all_ms = nearest_seed(case.forward, case.times.least_ms, (vertex, label_ms))
    expected = min(int(all_ms[goal[0]]) + int(case.part([goal[0]], goal[1])[0, 0]), INFINITE_MS)
    depart_ms = data.draw(st.integers(0, 900))
    arrival, _ = case.earliest(depart_ms, origin, goal)
    assert arrival == (expected + depart_ms if expected < INFINITE_MS else INFINITE_MS)


@given(roads(), st.data())
def test_the_path_driven_again_takes_the_same_time(case, data):
    origin, goal = data.draw(place_of(case)), data.draw(place_of(case))
    work = new_work(case.graph.n, case.graph.m)
    arrival, row = case.earliest(100, origin, goal, work=work)
    if row < 0:
        return
    seed, path = path_to(goal[0], work)
    length_ms = case.times.slice_length_ms
    delays = {}
    for tail, head, delay in zip(case.graph.tails(), case.graph.to, case.delay_ms, strict=True):
        delays[tail, head] = min(int(delay), delays.get((tail, head), INFINITE_MS))
    now = finish_ms(case.part([origin[0]], origin[1]), 0, 100, length_ms)
    now += delays[origin[0], path[0]]
    for here, there in pairwise(path):
        now = finish_ms(case.times.vertex_ms, here, now, length_ms) + delays[here, there]
    assert seed == 0
    assert finish_ms(case.part([goal[0]], goal[1]), 0, now, length_ms) == arrival


@given(roads(), st.data())
def test_the_k_first_are_the_smallest_of_all_arrivals(case, data):
    n_points = data.draw(st.integers(0, 12))
    origins = [data.draw(place_of(case)) for _ in range(n_points)]
    goal = data.draw(place_of(case))
    k, limit_ms = data.draw(st.integers(0, 5)), data.draw(st.sampled_from([300, 900, INFINITE_MS]))
    vertex = np.array([v for v, _ in origins], dtype=np.int32)
    left_ms = case.part(vertex, 4)
    for column, (_, left) in enumerate(origins):
        left_ms[:, column] = case.part(vertex[[column]], left)[:, 0]
    ahead = [i for i, (v, left) in enumerate(origins) if v == goal[0] and 4 - left <= goal[1]]
    between_ms = case.part(vertex[ahead], 4)
    for column, i in enumerate(ahead):
        share = goal[1] - 4 + origins[i][1]
        between_ms[:, column] = case.part(vertex[[i]], share)[:, 0]
    target = np.array([goal[0]], dtype=np.int32)
    found_ms, query = nearest_at(
        case.forward,
        case.backward,
        times=case.times,
        depart_ms=50,
        origins=(np.arange(n_points, dtype=np.int32), vertex, left_ms),
        goals=(target, case.part(target, goal[1])),
        direct=(np.array(ahead, dtype=np.int32), vertex[ahead], between_ms),
        n_points=n_points,
        k=k,
        limit_ms=limit_ms,
        work=new_work(case.graph.n, case.graph.m, n_points),
        query=1,
    )
    all_ms = np.array([case.brute(50, origin, goal) for origin in origins], dtype=int)
    for column, i in enumerate(ahead):
        by_itself = finish_ms(between_ms, column, 50, case.times.slice_length_ms)
        all_ms[i] = min(all_ms[i], by_itself)
    order = np.argsort(all_ms, kind="stable")[:k]
    order = order[all_ms[order] <= min(limit_ms, INFINITE_MS - 1)]
    expected = np.full(n_points, INFINITE_MS)
    expected[order] = all_ms[order]
    assert found_ms.tolist() == expected.tolist()
    assert query >= 1


def test_slices_must_have_a_length():
    for times, length_ms in (([[1]], 0), (np.empty((0, 1)), 10), ([1], 10)):
        with pytest.raises(ValueError, match="At least one slice"):
            SlicedTimes.of(times, slice_length_ms=length_ms)
