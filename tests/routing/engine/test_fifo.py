"""Search with times that change: first in, first out; the static search where nothing changes."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from routing.engine.digraph import INFINITE_MS, Digraph
from routing.engine.dijkstra import leave, nearest_seed, new_work
from routing.engine.fifo import ChangingTimes, arrivals, drive_ms, driven_ms, path_to

closed_or = st.one_of(st.integers(1, 400), st.integers(1, 400), st.just(INFINITE_MS))
quarters = st.integers(0, 4)


def timed(first, *changes):
    """Times of one link: first, then (instant, time) in order."""
    zero = np.zeros(1, np.int32)
    return ChangingTimes.of(
        np.array([first], np.int32),
        [(zero, since, np.array([ms], np.int32)) for since, ms in changes],
    )


@st.composite
def pieces(draw):
    """Times of one link: what holds from which instant, the first from 0."""
    first = draw(closed_or)
    instants = sorted(draw(st.sets(st.integers(1, 700), max_size=4)))
    return [(0, first), *((instant, draw(closed_or)) for instant in instants)]


def finish(times, reach_ms, begin=0.0, end=1.0):
    return drive_ms(times.arrays, 0, begin, end, reach_ms)[1]


def exact_finish(found, reach_ms, begin=0.0, end=1.0):
    """Try every instant at which one may set out; drive by fractions, closed pieces stop."""
    bounds = [*(since for since, _ in found[1:]), None]
    for depart in [reach_ms, *(since for since, _ in found if since > reach_ms)]:
        now, share = Fraction(depart), Fraction(1)
        for (_, whole), until in zip(found, bounds, strict=True):
            if until is not None and until <= now:
                continue
            if whole >= INFINITE_MS:
                break
            part = int(np.floor(end * whole + 0.5) - np.floor(begin * whole + 0.5))
            if until is None or now + share * part <= until:
                return now + share * part
            share -= (until - now) / Fraction(part)
            now = Fraction(until)
    return None


@given(pieces(), st.integers(0, 900), quarters, quarters)
def test_crossing_a_change_is_exactly_proportional(found, reach_ms, low, high):
    begin, end = sorted((low / 4, high / 4))
    arrives = finish(timed(found[0][1], *found[1:]), reach_ms, begin, end)
    expected = exact_finish(found, reach_ms, begin, end)
    if expected is None:
        assert arrives == INFINITE_MS
    else:
        assert abs(arrives - expected) <= Fraction(1, 2) + Fraction(1, 10**6)


@given(pieces(), st.integers(0, 900), st.integers(0, 300))
def test_who_reaches_a_link_later_never_leaves_it_earlier(found, reach_ms, later_ms):
    times = timed(found[0][1], *found[1:])
    first = finish(times, reach_ms)
    assert reach_ms <= first <= finish(times, reach_ms + later_ms)


@given(pieces(), st.integers(0, 900))
def test_nobody_is_on_a_link_while_it_is_closed(found, reach_ms):
    begun, end = drive_ms(timed(found[0][1], *found[1:]).arrays, 0, 0.0, 1.0, reach_ms)
    if end >= INFINITE_MS:
        return
    for (since, whole), until in zip(found, [*(s for s, _ in found[1:]), 10**9], strict=True):
        if whole >= INFINITE_MS:
            assert until <= begun or since >= end


def test_half_the_way_before_the_rush_hour_and_half_in_it():
    times = timed(100, (1_000, 300))
    assert finish(times, 950) == 1_000 + 150
    assert finish(times, 900) == 1_000
    assert finish(times, 1_000) == 1_300


def test_a_closed_link_is_waited_for_in_front_of_it():
    opens, closes = timed(INFINITE_MS, (1_000, 300)), timed(300, (1_000, INFINITE_MS))
    assert drive_ms(opens.arrays, 0, 0.0, 1.0, 10) == (1_000, 1_300)
    assert finish(closes, 10) == 310
    assert finish(closes, 700) == 1_000
    assert finish(closes, 900) == INFINITE_MS
    # Too late to get through before it closes: entered only when it opens again.
    shut = timed(300, (1_000, INFINITE_MS), (5_000, 200))
    assert drive_ms(shut.arrays, 0, 0.0, 1.0, 900) == (5_000, 5_200)


class Roads:
    """A random graph of chains with times that change."""

    def __init__(self, n, arcs, delay_ms, links, found):
        tail, head = np.array(arcs, dtype=np.int32).reshape(-1, 2).T
        self.graph, order = Digraph.from_arcs(n, tail, head)
        self.delay_ms = np.array(delay_ms, dtype=np.int32)[order]
        self.forward = self.graph.start, self.graph.to, self.delay_ms
        self.row = np.concatenate(([0], np.cumsum([len(one) for one in links]))).astype(np.int32)
        wait = [ms for one in links for ms in (*one[1:], 0)]
        self.chains = (
            self.row,
            np.arange(self.row[-1], dtype=np.int32),
            np.array(wait, dtype=np.int32),
        )
        instants = sorted({since for link in found for since, _ in link[1:]})
        first = np.array([link[0][1] for link in found], np.int32)
        changes, vertex_changes, now = [], [], first.copy()
        for instant in instants:
            new = {i: ms for i, link in enumerate(found) for at, ms in link[1:] if at == instant}
            item = np.array(list(new), np.int32)
            now[item] = list(new.values())
            changes.append((item, instant, now[item]))
            vertices = np.unique(np.searchsorted(self.row, item, side="right") - 1).astype("i4")
            vertex_changes.append((vertices, instant, self.sums(now)[vertices]))
        self.links = ChangingTimes.of(first, changes)
        self.vertices = ChangingTimes.of(self.sums(first), vertex_changes)

    def sums(self, link_ms):
        wait = self.chains[2].astype(np.int64)
        total = np.add.reduceat(link_ms + wait, self.row[:-1])
        return np.minimum(total, INFINITE_MS).astype(np.int32)

    def along(self, first, begin, last, end, now):
        for row in range(first, last + 1):
            shares = begin if row == first else 0.0, end if row == last else 1.0
            now = drive_ms(self.links.arrays, row, *shares, now)[1]
            now += int(self.chains[2][row]) if row < last else 0
            if now >= INFINITE_MS:
                return INFINITE_MS
        return now

    def vertex(self, row):
        return int(np.searchsorted(self.row, row, side="right")) - 1

    def find(self, depart_ms, origin, goals, *, wanted=None, limit_ms=INFINITE_MS, work=None):
        row = np.array([one for one, _ in goals], np.int32)
        order = np.argsort(row, kind="stable")
        share = np.array([one for _, one in goals])[order] / 4
        vertex = np.array([self.vertex(one) for one in row[order]], np.int32)
        home = self.vertex(origin[0])
        starts = tuple(np.array([one], kind) for one, kind in zip(
            (home, origin[0], origin[1] / 4), ("i4", "i4", "f8"), strict=True,
        ))  # fmt: skip
        place = list(zip(row[order].tolist(), share.tolist(), strict=True))
        near = [
            i for i, one in enumerate(place)
            if vertex[i] == home and one >= (origin[0], origin[1] / 4)
        ]  # fmt: skip
        point = order.astype(np.int32)
        direct = point[near], np.zeros(len(near), np.int32), np.array(near, np.int32)
        arrival, last = np.full((2, len(goals)), INFINITE_MS, np.int32)
        arrivals(
            self.forward, self.chains, self.links.arrays, self.vertices.arrays,
            (starts, (point, vertex, row[order], share), direct),
            depart_ms, len(goals) if wanted is None else wanted, limit_ms, 1,
            new_work(self.graph.n, self.graph.m, len(goals)) if work is None else work,
            arrival, last,
        )  # fmt: skip
        return arrival.tolist(), last

    def brute(self, depart_ms, origin, goal):
        """Relax every arc until nothing changes, link by link."""
        label = np.full(self.graph.n, INFINITE_MS, dtype=np.int64)
        arcs = list(zip(self.graph.tails(), self.graph.to, self.delay_ms.tolist(), strict=True))
        home, target = self.vertex(origin[0]), self.vertex(goal[0])
        out = self.along(origin[0], origin[1] / 4, self.row[home + 1] - 1, 1.0, depart_ms)
        for tail, head, delay in arcs:
            if tail == home:
                label[head] = min(label[head], out + delay)
        for _ in range(self.graph.n + 1):
            for tail, head, delay in arcs:
                if label[tail] < INFINITE_MS:
                    here = int(label[tail])
                    out = self.along(self.row[tail], 0.0, self.row[tail + 1] - 1, 1.0, here)
                    label[head] = min(label[head], out + delay)
        best = INFINITE_MS
        if home == target and goal >= origin:
            best = self.along(origin[0], origin[1] / 4, goal[0], goal[1] / 4, depart_ms)
        if label[target] < INFINITE_MS:
            by_way = self.along(self.row[target], 0.0, goal[0], goal[1] / 4, int(label[target]))
            best = min(best, by_way)
        return best


@st.composite
def roads(draw, *, constant=False):
    n = draw(st.integers(1, 9))
    vertex = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(vertex, vertex), min_size=1, max_size=24))
    delay = st.one_of(st.integers(0, 40), st.integers(0, 40), st.just(INFINITE_MS))
    delay_ms = draw(st.lists(delay, min_size=len(arcs), max_size=len(arcs)))
    links = draw(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=3),
                          min_size=n, max_size=n))  # fmt: skip
    count = sum(map(len, links))
    found = draw(st.lists(pieces(), min_size=count, max_size=count))
    if constant:
        found = [link[:1] for link in found]
    return Roads(n, arcs, delay_ms, links, found)


def place_of(case):
    return st.tuples(st.integers(0, int(case.row[-1]) - 1), quarters)


@given(roads(), st.data())
def test_the_earliest_arrival_is_that_of_relaxing_every_arc(case, data):
    origin, goal = data.draw(place_of(case)), data.draw(place_of(case))
    depart_ms = data.draw(st.integers(0, 900))
    expected = case.brute(depart_ms, origin, goal)
    (arrival,), _ = case.find(depart_ms, origin, [goal])
    assert arrival == expected
    assert case.find(depart_ms, origin, [goal], limit_ms=arrival)[0] == [arrival]
    assert case.find(depart_ms, origin, [goal], limit_ms=arrival - 1)[0] == [INFINITE_MS]
    later = depart_ms + data.draw(st.integers(0, 200))
    assert case.find(later, origin, [goal])[0][0] >= arrival


@given(roads(), st.data())
def test_the_first_of_many_points_are_the_smallest_of_all_arrivals(case, data):
    origin = data.draw(place_of(case))
    goals = data.draw(st.lists(place_of(case), min_size=1, max_size=6))
    wanted = data.draw(st.integers(1, len(goals)))
    found, _ = case.find(50, origin, goals, wanted=wanted)
    every = [case.brute(50, origin, goal) for goal in goals]
    assert sorted(found)[:wanted] == sorted(every)[:wanted]
    assert all(one in {each, INFINITE_MS} for one, each in zip(found, every, strict=True))


@given(roads(constant=True), st.data())
def test_without_changes_it_gives_the_static_times(case, data):
    origin, goal = data.draw(place_of(case)), data.draw(place_of(case))
    home, target = case.vertex(origin[0]), case.vertex(goal[0])
    if home == target and goal >= origin:
        return
    left = case.along(origin[0], origin[1] / 4, case.row[home + 1] - 1, 1.0, 0)
    seed = np.array([home], np.int32), np.array([left], np.int32)
    vertex, label_ms, _ = leave(case.forward, *seed)
    _, all_ms = nearest_seed(case.forward, case.vertices.first_ms, (vertex, label_ms))
    spent = case.along(case.row[target], 0.0, goal[0], goal[1] / 4, 0)
    expected = min(int(all_ms[target]) + spent, INFINITE_MS)
    depart_ms = data.draw(st.integers(0, 900))
    (arrival,), _ = case.find(depart_ms, origin, [goal])
    assert arrival == (expected + depart_ms if expected < INFINITE_MS else INFINITE_MS)


@given(roads(), st.data())
def test_the_path_driven_again_takes_the_same_time(case, data):
    origin, goal = data.draw(place_of(case)), data.draw(place_of(case))
    work = new_work(case.graph.n, case.graph.m, 1)
    (arrival,), (last,) = case.find(100, origin, [goal], work=work)
    if arrival >= INFINITE_MS or last < 0:
        return
    start, path = path_to(int(last), work)
    assert start == 0
    delays = {}
    for tail, head, delay in zip(case.graph.tails(), case.graph.to, case.delay_ms, strict=True):
        delays[tail, head] = min(int(delay), delays.get((tail, head), INFINITE_MS))
    link, wait = [], []
    states = [case.vertex(origin[0]), *path]
    for i, state in enumerate(states):
        first = origin[0] if i == 0 else case.row[state]
        stop = goal[0] + 1 if i == len(states) - 1 else case.row[state + 1]
        for row in range(first, stop):
            inner = case.chains[2][row - 1] if row > first else 0
            wait.append(delays[states[i - 1], state] if i and row == first else inner)
            link.append(row)
    stood, took = driven_ms(
        case.links.arrays, np.array(link, np.int32), np.array(wait, np.int32),
        (origin[1] / 4, goal[1] / 4), 100,
    )  # fmt: skip
    assert 100 + sum(wait) + int(stood.sum()) + int(took.sum()) == arrival
