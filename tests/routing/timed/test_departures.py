"""Trips on which road times change: against a plain search leg by leg at times read afresh."""

import sys
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from uuid import UUID

import numpy as np
import pytest

from gis.week import hour_of_week
from routing.conditions.errors import ConditionsOutdatedError
from routing.conditions.model import DEFAULT_CLASSES, ConditionKind, Legs, ProfileRows, SpeedRows
from routing.conditions.snapshot import (
    Condition,
    ConditionsSnapshot,
    ConditionTable,
    to_us,
)
from routing.graph.build import build_graph
from routing.graph.edge_times import EdgeTimes
from routing.live.forecast import Forecast
from routing.live.loading import Layer
from routing.roads.model import Profile
from routing.rules.profiles import PROFILES
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter
from routing.timed.departures import TimedRouter
from routing.timed.times_ahead import hours_needed, times_ahead
from tests.routing.afresh import AHEAD, ZONE, Afresh, T

MINUTE = timedelta(minutes=1)


def learned(rng, n_legs, hours):
    """Speeds of most legs that differ from hour to hour."""
    profiles = {}
    for hour in hours:
        leg = np.flatnonzero(rng.random(n_legs) < 0.8).astype(np.int32)
        speed_kmh = rng.uniform(4, 60, leg.size).astype(np.float32)
        profiles[hour, False] = ProfileRows(leg, speed_kmh)
        profiles[hour, True] = ProfileRows.none()
    return profiles


def drawn(kind, legs, *, starts, ends, number=1, **given):
    whole = np.sort(np.asarray(legs, np.int32))
    return Condition(
        UUID(int=number), 1, kind, starts, ends, DEFAULT_CLASSES[kind],
        Legs.of(whole, np.zeros(whole.size), np.ones(whole.size)), **given,
    )  # fmt: skip


def snapshot(*conditions, **given):
    defaults = {"changed_at": T, "table": ConditionTable.of(conditions)}
    return ConditionsSnapshot("city", 1, ZONE, **(defaults | given))


def hours_ahead(at=T, until=T + AHEAD):
    steps = int((until - at).total_seconds() // 3600) + 2
    return {hour_of_week(at + timedelta(hours=i), time_zone=ZONE) for i in range(steps)}


def live_speeds(rng, n_legs, *, share=0.2):
    leg = np.flatnonzero(rng.random(n_legs) < share).astype(np.int32)
    us, n = to_us(T), leg.size
    return SpeedRows.of(
        leg, np.ones(n, np.int64), rng.uniform(3, 50, n).astype(np.float32),
        np.full(n, us - 10**6), us + rng.integers(1, 12, n) * 45_000_000 + 137,
        np.ones(n, np.float32),
    )  # fmt: skip


def random_snapshot(rng, segments):
    n_legs = 2 * len(segments)
    conditions = [
        drawn(
            ConditionKind.CLOSURE,
            rng.choice(n_legs, 12, replace=False),
            starts=T + rng.integers(-10, 6) * MINUTE,
            ends=T + rng.integers(7, 25) * MINUTE,
            number=i,
        )
        for i in range(6)
    ]
    works = drawn(
        ConditionKind.ROADWORKS, rng.choice(n_legs, 40, replace=False), starts=T + 2 * MINUTE,
        ends=T + 9 * MINUTE, number=99, speed_factor=0.3,
    )  # fmt: skip
    return snapshot(
        *conditions, works, speeds=live_speeds(rng, n_legs), speeds_change=1, profiles_change=1,
        profiles=learned(rng, n_legs, hours_ahead()),
    )  # fmt: skip


def point(kit, graph, segment, fraction):
    return kit.place(graph, segment, fraction)


def timed(graph, shot, *, profile=Profile.CAR, at=T, until=T + AHEAD):
    ahead = times_ahead(graph, PROFILES[profile], shot, at=at, until=until)
    return TimedRouter(DijkstraRouter(graph, times=ahead.base), ahead)


def usable(graph):
    return np.flatnonzero(graph.usable_legs.reshape(-1, 2).any(axis=1))


@pytest.fixture(scope="module")
def town(kit):
    return kit.make_city(9, 9, seed=5)


@pytest.fixture(scope="module")
def town_graph(town):
    return build_graph(
        town.segments, Profile.CAR, restrictions=town.restrictions, signal_nodes=town.signal_nodes
    )


@pytest.mark.parametrize("seed", range(6))
def test_arrivals_are_those_of_a_plain_search_leg_by_leg(kit, town, town_graph, seed) -> None:
    rng = np.random.default_rng(seed)
    shot = random_snapshot(rng, town.segments)
    router, plain = timed(town_graph, shot), Afresh(town_graph, shot)
    assert len(router.ahead.instants) > 15
    for _ in range(12):
        start, end = ((int(rng.choice(usable(town_graph))), float(rng.random())) for _ in range(2))
        depart_ms = int(rng.integers(0, 600_000))
        depart_at = T + timedelta(milliseconds=depart_ms)
        expected = plain.arrival(start, end, depart_ms)
        here, there = (point(kit, town_graph, *one) for one in (start, end))
        found = router.route(here, there, depart_at=depart_at)
        assert found.arrives_at == T + timedelta(milliseconds=int(expected))
        assert found.route.travel_time_s == pytest.approx((expected - depart_ms) / 1000, abs=1e-9)
        assert found.route.elapsed_s[-1] == pytest.approx(found.route.travel_time_s)
        assert (np.diff(found.route.elapsed_s) >= -1e-9).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_k_first_in_both_directions_are_those_of_single_trips(kit, town, town_graph, seed):
    rng = np.random.default_rng(seed)
    router = timed(town_graph, random_snapshot(rng, town.segments))
    rows = rng.choice(usable(town_graph), 25)
    many = point(kit, town_graph, rows, rng.random(25))
    one = point(kit, town_graph, int(rng.choice(usable(town_graph))), 0.4)
    at = T + 2 * MINUTE
    singly = np.array([
        [router.route(*ends, depart_at=at).route.travel_time_s
         for ends in ((many.take(i), one), (one, many.take(i)))]
        for i in range(25)
    ])  # fmt: skip
    for side, search in enumerate((router.times_to, router.times_from)):
        every = search(one, many, depart_at=at)
        assert every.tolist() == singly[:, side].tolist()
        first = search(one, many, depart_at=at, k=4)
        assert np.sort(first)[:5].tolist() == [*np.sort(every)[:4], np.inf]
        limit_s = float(np.median(every))
        within = search(one, many, depart_at=at, limit_s=limit_s)
        assert within.tolist() == np.where(every <= limit_s, every, np.inf).tolist()


def test_where_nothing_changes_it_is_the_static_answer(kit, town, town_graph) -> None:
    rng = np.random.default_rng(1)
    shot = snapshot(
        drawn(ConditionKind.CLOSURE, rng.choice(2 * len(town.segments), 20, replace=False),
              starts=T - MINUTE, ends=T + timedelta(days=2)),
    )  # fmt: skip
    router = timed(town_graph, shot)
    assert router.ahead.instants == ()
    static = DijkstraRouter(town_graph, times=router.ahead.base)
    for _ in range(20):
        ends = (point(kit, town_graph, int(rng.choice(usable(town_graph))), float(rng.random()))
                for _ in range(2))  # fmt: skip
        here, there = ends
        if np.isinf(static.times_from(here, there)[0]):
            continue
        found, plain = router.route(here, there, depart_at=T), static.route(here, there)
        assert found.route.travel_time_s == plain.travel_time_s
        assert found.route.elapsed_s.tolist() == plain.elapsed_s.tolist()
        assert [step.travel_time_s for step in found.route.steps] == [
            step.travel_time_s for step in plain.steps
        ]
        assert (found.stood_s, found.instants) == (0.0, ())


def test_who_departs_later_never_arrives_earlier(kit, town, town_graph) -> None:
    rng = np.random.default_rng(4)
    router = timed(town_graph, random_snapshot(rng, town.segments))
    here, there = (point(kit, town_graph, int(one), 0.3) for one in usable(town_graph)[[0, -1]])
    arrivals = [
        router.route(here, there, depart_at=T + i * timedelta(seconds=7)).arrives_at
        for i in range(150)
    ]
    assert arrivals == sorted(arrivals)


@pytest.fixture(scope="module")
def street(kit):
    """1 - 2 - 3 straight on, and a way round over 4; 5 hangs on 3."""
    segments = kit.make_segments(
        [(1, 2), (2, 3), (2, 4), (4, 3), (3, 5), (6, 1)],
        {1: (0, 0), 2: (500, 0), 3: (1000, 0), 4: (750, 2000), 5: (1500, 0), 6: (-500, 0)},
    )
    return build_graph(segments, Profile.CAR)


def trip(kit, graph, shot, *, depart_at=T, start=(0, 0.0), end=(4, 1.0), **given):
    ends = (point(kit, graph, *one) for one in (start, end))
    return timed(graph, shot, **given).route(*ends, depart_at=depart_at)


def test_a_closure_that_ends_on_the_way_is_driven_through(kit, street) -> None:
    open_ = trip(kit, street, snapshot())
    ending = drawn(ConditionKind.CLOSURE, [2, 3], starts=T - MINUTE, ends=T + timedelta(seconds=20))
    found = trip(kit, street, snapshot(ending))
    assert (found.route.travel_time_s, found.stood_s) == (open_.route.travel_time_s, 0.0)
    assert found.instants == (T + timedelta(seconds=20),)
    static = DijkstraRouter(street, times=timed(street, snapshot(ending)).ahead.base)
    ends = (point(kit, street, 0, 0.0), point(kit, street, 4, 1.0))
    assert static.route(*ends).travel_time_s > open_.route.travel_time_s


def test_one_stands_in_front_of_a_closed_road_only_where_that_arrives_first(kit, street) -> None:
    soon = drawn(ConditionKind.CLOSURE, [2, 3], starts=T - MINUTE, ends=T + 3 * MINUTE)
    late = drawn(ConditionKind.CLOSURE, [2, 3], starts=T - MINUTE, ends=T + 60 * MINUTE)
    stands, goes_round = (trip(kit, street, snapshot(one)) for one in (soon, late))
    assert stands.stood_s > 60
    assert len(stands.route.segment) == 3
    assert goes_round.stood_s == 0
    assert goes_round.route.segment.tolist() == [0, 2, 3, 4]
    only_way = drawn(ConditionKind.CLOSURE, [8, 9], starts=T - MINUTE, ends=T + 60 * MINUTE)
    found = trip(kit, street, snapshot(only_way))
    assert found.arrives_at > T + 60 * MINUTE
    assert found.stood_s > 50 * 60


def test_a_road_that_closes_before_one_is_through_is_not_entered(kit, street) -> None:
    open_ = trip(kit, street, snapshot())
    middle_s = open_.route.travel_time_s / 2
    closing = drawn(
        ConditionKind.CLOSURE, [2, 3], starts=T + timedelta(seconds=middle_s),
        ends=T + 90 * MINUTE,
    )  # fmt: skip
    found = trip(kit, street, snapshot(closing))
    assert found.route.segment.tolist() == [0, 2, 3, 4]
    in_it = trip(kit, street, snapshot(closing), start=(1, 0.0), depart_at=T + 2 * MINUTE)
    assert in_it.arrives_at > T + 2 * MINUTE


def test_closed_for_longer_than_is_looked_at_is_no_way(kit, street) -> None:
    shut = drawn(ConditionKind.CLOSURE, [8, 9], starts=T - MINUTE, ends=T + timedelta(days=1))
    with pytest.raises(NoRouteError):
        trip(kit, street, snapshot(shut), until=T + timedelta(hours=6))


def test_live_speeds_that_expire_on_the_way_give_way_to_the_hour(kit, street) -> None:
    hours = sorted(hours_ahead())
    fast = {(hour, siren): ProfileRows(np.arange(12, dtype=np.int32), np.full(12, 30, np.float32))
            for hour in hours for siren in (False, True)}  # fmt: skip
    us = to_us(T)
    jam = SpeedRows.of(
        np.arange(12, dtype=np.int32), np.ones(12, np.int64), np.full(12, 3.0, np.float32),
        np.full(12, us), np.full(12, us + 60_000_000), np.ones(12, np.float32),
    )  # fmt: skip
    shot = snapshot(speeds=jam, speeds_change=1, profiles=fast, profiles_change=1)
    found = trip(kit, street, shot)
    # A minute at 3 km/h is 50 m; the other 1450 m take 174 s at 30 km/h; turns cost the same.
    free = trip(kit, street, shot, depart_at=T + 2 * MINUTE)
    assert found.route.travel_time_s == pytest.approx(free.route.travel_time_s + 60 - 6, abs=0.1)


def test_before_and_after_an_hour_border(kit, street) -> None:
    hours = [hour_of_week(T + timedelta(hours=i), time_zone=ZONE) for i in range(4)]
    by_hour = {}
    for i, hour in enumerate(hours):
        speed = np.full(12, 40.0 if i == 0 else 10.0, np.float32)
        by_hour[hour, False] = ProfileRows(np.arange(12, dtype=np.int32), speed)
        by_hour[hour, True] = ProfileRows.none()
    shot = snapshot(profiles=by_hour, profiles_change=1)
    border = T + 3 * MINUTE
    before, across, after = (
        trip(kit, street, shot, depart_at=one)
        for one in (T, border - MINUTE, border)
    )  # fmt: skip
    assert before.instants == ()
    assert across.instants == (border,)
    slow_s, fast_s = after.route.travel_time_s, before.route.travel_time_s
    assert fast_s < across.route.travel_time_s < slow_s
    # A minute at 40 km/h is 667 m, which take 240 s at 10 km/h.
    assert across.route.travel_time_s == pytest.approx(slow_s - 180, abs=0.1)


def test_learned_speeds_of_all_hours_on_the_way_must_be_read(street) -> None:
    first = hour_of_week(T, time_zone=ZONE)
    shot = snapshot(
        profiles={(first, one): ProfileRows.none() for one in (False, True)}, profiles_change=1
    )
    rules = PROFILES[Profile.CAR]
    needed = hours_needed(shot, rules, at=T, until=T + timedelta(hours=2))
    assert needed == {first + 1, first + 2} - {first}
    assert not hours_needed(shot, PROFILES[Profile.BICYCLE], at=T, until=T + AHEAD)
    with pytest.raises(ConditionsOutdatedError):
        times_ahead(street, rules, shot, at=T, until=T + timedelta(hours=2))


def test_by_bicycle_the_hour_changes_nothing(town) -> None:
    graph = build_graph(town.segments, Profile.BICYCLE)
    shot = random_snapshot(np.random.default_rng(0), town.segments)
    ahead = times_ahead(graph, PROFILES[Profile.BICYCLE], shot, at=T, until=T + AHEAD)
    assert all(one.minute for one in ahead.instants)
    assert EdgeTimes.of(graph, ahead.base.leg_ms).state_ms.tolist() == ahead.base.state_ms.tolist()


def test_a_departure_before_the_times_begin_is_refused(kit, street) -> None:
    with pytest.raises(ValueError, match="Times are known from"):
        trip(kit, street, snapshot(), depart_at=T - MINUTE)


def test_a_forecast_reads_the_hours_it_needs_once_and_keeps_two_routers(town, town_graph) -> None:
    rng = np.random.default_rng(3)
    full = random_snapshot(rng, town.segments)
    first = hour_of_week(T, time_zone=ZONE)
    given = {key: rows for key, rows in full.profiles.items() if key[0] in {first, first + 1}}
    layer = Layer(PROFILES[Profile.CAR], "roads", town_graph, DijkstraRouter(town_graph).snapper)
    asked = []

    def read(shot, hours):
        asked.append(set(hours))
        rows = {key: full.profiles[key] for key in full.profiles if key[0] in hours}
        return replace(shot, profiles={**shot.profiles, **rows})

    forecast = Forecast(replace(full, profiles=given))
    until = T + timedelta(hours=1)
    router = forecast.router(layer, at=T, until=until, read=read)
    assert asked == [{first + 2}]
    assert forecast.router(layer, at=T + MINUTE, until=until, read=read) is router
    whole = timed(town_graph, full, until=router.ahead.until).ahead
    assert whole.instants == router.ahead.instants
    assert whole.legs.later_ms.tolist() == router.ahead.legs.later_ms.tolist()
    later = forecast.router(layer, at=until, until=until + 30 * MINUTE, read=read)
    assert forecast.router(layer, at=until, until=until + MINUTE, read=read) is later
    assert forecast.router(layer, at=T, until=until, read=read) is router
    next_change = Forecast(replace(full, profiles=given, change=9), forecast)
    next_change.router(layer, at=T, until=until, read=read)
    assert len(asked) == 1


@pytest.mark.acceptance
def test_a_long_trip_takes_little_longer_than_at_fixed_times(kit, capsys) -> None:
    """Forty thousand junctions, an hour border and a dozen expiries on the way."""
    city = kit.make_city(200, 200, seed=1)
    graph = build_graph(city.segments, Profile.CAR)
    shot = random_snapshot(np.random.default_rng(0), city.segments)
    router = timed(graph, shot)
    static = DijkstraRouter(graph, times=router.ahead.base)
    here, there = (point(kit, graph, int(one), 0.5) for one in usable(graph)[[0, -1]])
    took = {"static": [], "timed": [], "ahead": []}
    for _ in range(7):
        begun = perf_counter()
        static.route(here, there)
        static_done = perf_counter()
        router.route(here, there, depart_at=T)
        timed_done = perf_counter()
        timed(graph, shot)
        took["static"].append(static_done - begun)
        took["timed"].append(timed_done - static_done)
        took["ahead"].append(perf_counter() - timed_done)
    best_ms = {name: round(1000 * min(seconds), 2) for name, seconds in took.items()}
    with capsys.disabled():
        sys.stdout.write(f"\nlong trip, least ms of 7: {best_ms}\n")
    assert best_ms["timed"] < 5 * best_ms["static"] + 5
