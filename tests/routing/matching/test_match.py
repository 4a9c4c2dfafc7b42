"""Simulated drives are found again on the legs that were driven, at the times they were driven."""

import numpy as np
import pytest

from routing.graph.build import build_graph
from routing.matching.errors import InvalidTraceError
from routing.matching.match import Matcher
from routing.matching.model import MATCHED, NO_ROAD, OUTLIER, STILL, MatchSettings, Trace
from routing.roads.model import Profile
from routing.search.router import DijkstraRouter
from tests.routing import drives

GRID = {0: (0, 0), 1: (400, 0), 2: (800, 0), 3: (0, 300), 4: (400, 300), 5: (800, 300)}
STREETS = [(0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5)]


@pytest.fixture(scope="module")
def town(city):
    graph = build_graph(
        city.segments,
        Profile.CAR,
        restrictions=city.restrictions,
        signal_nodes=city.signal_nodes,
    )
    return graph, DijkstraRouter(graph)


@pytest.fixture
def block(kit):
    """Two blocks of streets, driven both ways."""
    graph = build_graph(kit.make_segments(STREETS, GRID), Profile.CAR)
    return graph, Matcher(graph)


def observe_drive(graph, matcher, legs, *, speed_m_s=10.0, seed=1, noise_m=3.0, every_s=5.0):
    plane = matcher._snapper.plane
    drive = drives.drive_legs(graph.segments, plane, legs, [speed_m_s] * len(legs))
    rng = np.random.default_rng(seed)
    return drive, drives.observe(drive, plane, rng, every_s=every_s, noise_m=noise_m)


@pytest.mark.parametrize(
    ("every_s", "noise_m", "least"),
    [(5, 5, 0.99), (5, 10, 0.99), (5, 15, 0.99), (1, 5, 0.99), (30, 10, 0.95), (60, 10, 0.85)],
)
def test_the_legs_that_were_driven_are_found(town, every_s, noise_m, least):
    graph, router = town
    matcher = Matcher(graph, settings=MatchSettings(sigma_m=max(noise_m, 5.0)))
    rng = np.random.default_rng(17)
    right = driven = found = 0
    for _ in range(25):
        drive = drives.random_drive(graph, router, rng, least_m=1_000)
        trace = drives.observe(drive, router.snapper.plane, rng, every_s=every_s, noise_m=noise_m)
        matched = matcher.match(trace)
        right += drives.legs_right(drive.leg, matched.leg)
        driven += drive.leg.size
        # The stub at either end is not told from the street that meets it there.
        found += np.count_nonzero(matched.to_share - matched.from_share > 0.2)
    assert right / driven >= least
    assert right / found >= least - 0.04


def test_times_are_those_of_the_drive(town):
    graph, router = town
    matcher = Matcher(graph, settings=MatchSettings(sigma_m=5.0))
    rng = np.random.default_rng(3)
    apart_s = []
    for _ in range(20):
        drive = drives.random_drive(graph, router, rng, least_m=1_000)
        trace = drives.observe(drive, router.snapper.plane, rng, every_s=5, noise_m=5)
        matched = matcher.match(trace)
        assert (np.diff(matched.enter_s) >= 0).all()
        np.testing.assert_array_equal(matched.exit_s[:-1], matched.enter_s[1:])
        assert matched.enter_s[0] == trace.at_s[0]
        assert matched.exit_s[-1] == pytest.approx(trace.at_s[-1])
        if np.array_equal(matched.leg, drive.leg):
            apart_s += (matched.enter_s - 1e9 - drive.enter_s)[1:].tolist()
    assert len(apart_s) > 100
    assert np.median(np.abs(apart_s)) < 2.0
    assert np.quantile(np.abs(apart_s), 0.9) < 8.0


def test_matching_what_was_driven_along_the_map_is_certain(block):
    graph, matcher = block
    drive, trace = observe_drive(graph, matcher, [0, 10, 6])
    matched = matcher.match(trace)
    assert matched.leg.tolist() == drive.leg.tolist()
    assert matched.confidence.min() > 0.8
    assert (matched.status == MATCHED).all()
    np.testing.assert_array_equal(matched.whole(), [matched.from_share[0] == 0.0, True, False])


def test_turning_round_in_the_middle_of_a_street(block):
    graph, matcher = block
    _, there = observe_drive(graph, matcher, [0, 2])
    cut = np.flatnonzero(there.at_s - 1e9 <= 60)
    back = cut[::-1][1:]
    lonlat = np.concatenate((there.lonlat[cut], there.lonlat[back]))
    trace = Trace.of(lonlat, 1e9 + 5.0 * np.arange(len(lonlat)))
    matched = matcher.match(trace)
    assert matched.leg.tolist() == [0, 2, 3, 1]
    assert matched.to_share[1] == pytest.approx(0.5, abs=0.05)
    assert matched.from_share[2] == pytest.approx(1.0 - matched.to_share[1])
    assert matched.exit_s[1] - 1e9 == pytest.approx(60, abs=3)


def test_a_vehicle_that_stands_still_drives_nowhere(block):
    graph, matcher = block
    place = graph.segments.line(0)[1]
    rng = np.random.default_rng(2)
    noise = rng.normal(0, 5, (200, 2)) / (102_800, 110_750)
    matched = matcher.match(Trace.of(place + noise, np.arange(200.0)))
    metres = (matched.to_share - matched.from_share) * graph.segments.length_m[matched.leg // 2]
    assert metres.sum() < 40
    assert (matched.status == STILL).sum() > 150


def test_one_wild_position_is_an_outlier(block):
    graph, matcher = block
    drive, trace = observe_drive(graph, matcher, [0, 2, 12])
    lonlat = trace.lonlat.copy()
    lonlat[8] = graph.segments.line(3)[1]  # on a street, but 10 s later the vehicle is back
    lonlat[11] += (0.0, 0.004)  # on none
    matched = matcher.match(Trace.of(lonlat, trace.at_s))
    assert matched.leg.tolist() == drive.leg.tolist()
    assert matched.status[8] == OUTLIER
    assert matched.status[11] in {OUTLIER, NO_ROAD}
    assert (matched.visit[[8, 11]] == -1).all()


def test_a_silent_tunnel_is_filled_in(block):
    graph, matcher = block
    drive, trace = observe_drive(graph, matcher, [0, 2, 12])
    heard = np.flatnonzero(np.abs(trace.at_s - 1e9 - 50) > 30)
    matched = matcher.match(Trace.of(trace.lonlat[heard], trace.at_s[heard]))
    assert matched.leg.tolist() == drive.leg.tolist()
    assert set(matched.part.tolist()) == {0}
    assert matched.enter_s[1] - 1e9 == pytest.approx(drive.enter_s[1], abs=4)


def test_a_jump_breaks_the_trace_in_two(block):
    graph, matcher = block
    _, first = observe_drive(graph, matcher, [0])
    _, second = observe_drive(graph, matcher, [6])
    at_s = np.concatenate((first.at_s, second.at_s + 1_000.0))
    matched = matcher.match(Trace.of(np.concatenate((first.lonlat, second.lonlat)), at_s))
    assert matched.leg.tolist() == [0, 6]
    assert matched.part.tolist() == [0, 1]
    assert matched.exit_s[0] == pytest.approx(first.at_s[-1])
    assert matched.enter_s[1] == pytest.approx(second.at_s[0] + 1_000.0)


@pytest.mark.parametrize(("heading_deg", "leg"), [(90.0, 0), (270.0, 3)])
def test_the_heading_tells_twin_carriageways_apart(kit, heading_deg, leg):
    ends = {0: (0, 0), 1: (600, 0), 2: (600, 8), 3: (0, 8)}
    segments = kit.make_segments([(0, 1, 1), (2, 3, 1), (1, 2), (3, 0)], ends)
    graph = build_graph(segments, Profile.CAR)
    leg = int(np.flatnonzero(graph.usable_legs)[0]) if leg == 0 else 2
    x = np.linspace(50, 150, 3) if heading_deg == 90.0 else np.linspace(150, 50, 3)
    matcher = Matcher(graph)
    middle = segments.line(0)[0] + np.column_stack((x / 102_800, np.full(3, 4.0 / 110_750)))
    trace = Trace.of(middle, [0.0, 5.0, 10.0], heading_deg=np.full(3, heading_deg))
    assert matcher.match(trace).leg.tolist() == [leg]


def test_a_trace_far_from_every_road_matches_nothing(block):
    graph, matcher = block
    far = graph.segments.line(0)[:2] - (0.0, 0.1)
    matched = matcher.match(Trace.of(far, [0.0, 5.0]))
    assert matched.leg.size == 0
    assert (matched.status == NO_ROAD).all()
    empty = matcher.match(Trace.of(np.empty((0, 2)), []))
    assert empty.leg.size == empty.status.size == 0


@pytest.mark.parametrize(
    ("at_s", "columns", "words"),
    [
        ([0.0, 0.0], {}, "must rise"),
        ([0.0, np.nan], {}, "must rise"),
        ([0.0], {}, "needs a place"),
        ([0.0, 1.0], {"heading_deg": [1.0]}, "needs a place"),
        ([0.0, 1.0], {"accuracy_m": [1.0, -1.0]}, "radius"),
    ],
)
def test_traces_that_contradict_themselves_are_refused(at_s, columns, words):
    with pytest.raises(InvalidTraceError, match=words):
        Trace.of([(114.0, 22.5), (114.0, 22.6)], at_s, **columns)
