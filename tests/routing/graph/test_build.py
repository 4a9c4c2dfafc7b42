"""Segments, profiles and the graph built of them."""

import dataclasses

import numpy as np
import pytest

from routing.graph.build import build_graph
from routing.roads.errors import InvalidNetworkError
from routing.roads.model import Profile
from routing.rules.profiles import PROFILES, SIREN_UPLIFT, WALK_SPEED_M_S
from routing.search.router import DijkstraRouter

LINE_AT = {i: (100.0 * i, 0.0) for i in range(6)}


def test_one_way_and_access_decide_the_states(kit):
    edges = [(0, 1, 0), (1, 2, 1), (2, 3, -1), (3, 4, 0), (4, 5, 0)]
    segments = kit.make_segments(
        edges, LINE_AT, drive_access=["yes", "yes", "yes", "bus", "no"],
        walk_access=["yes", "yes", "no", "yes", "yes"],
    )  # fmt: skip

    def states(profile):
        return (build_graph(segments, profile).leg_place.reshape(-1, 2) >= 0).tolist()

    both, along, against, none = [True, True], [True, False], [False, True], [False, False]
    assert states(Profile.CAR) == [both, along, against, none, none]
    assert states(Profile.AMBULANCE) == [both, along, against, both, none]
    assert states(Profile.WALK) == [both, both, none, both, both]


def test_times_follow_the_speed_table_and_tagged_speeds(kit):
    segments = kit.make_segments(
        [(0, 1), (1, 2), (2, 3)], LINE_AT, length_m=[100.0, 100.0, 100.0],
        highway=["primary", "primary", "steps"],
        maxspeed_kmh=[np.nan, 40.0, -1.0], maxspeed_backward_kmh=[np.nan, 20.0, np.nan],
    )  # fmt: skip

    def times(profile):
        return build_graph(segments, profile).free_flow_ms.reshape(-1, 2) / 1000.0

    car = times(Profile.CAR)
    half_ms = 0.0005
    np.testing.assert_allclose(car[0], 100 / (60 * 0.75 / 3.6), atol=half_ms)
    np.testing.assert_allclose(
        car[1], [100 / (40 * 0.75 / 3.6), 100 / (20 * 0.75 / 3.6)], atol=half_ms
    )
    np.testing.assert_allclose(times(Profile.AMBULANCE), atol=2 * half_ms,
                               desired=times(Profile.AMBULANCE_LIGHTS) * SIREN_UPLIFT)  # fmt: skip
    walk = times(Profile.WALK)
    np.testing.assert_allclose(walk[0], 100 / WALK_SPEED_M_S, atol=half_ms)
    assert (walk[2] > 2 * walk[0]).all()


def test_a_signal_costs_when_passed(kit):
    segments = kit.make_segments([(0, 1), (1, 2)], LINE_AT)
    rules = PROFILES[Profile.CAR]
    plain = DijkstraRouter(build_graph(segments, rules))
    signal = DijkstraRouter(build_graph(segments, rules, signal_nodes=[1, 999]))
    start, end = kit.place(plain.graph, 0, 0.5), kit.place(plain.graph, 1, 0.5)
    waited_s = signal.times_to(end, start)[0] - plain.times_to(end, start)[0]
    assert waited_s == pytest.approx(rules.signal_delay_s)
    assert signal.route(start, end).travel_time_s == pytest.approx(
        float(signal.times_to(end, start)[0])
    )


def test_rules_can_be_changed_without_a_new_profile(kit):
    segments = kit.make_segments([(0, 1)], LINE_AT)
    faster = dataclasses.replace(PROFILES[Profile.AMBULANCE_LIGHTS], uplift=1.25)
    ratio = (
        build_graph(segments, Profile.AMBULANCE).free_flow_ms
        / build_graph(segments, faster).free_flow_ms
    )
    np.testing.assert_allclose(ratio, 1.25, rtol=1e-3)


def test_only_the_largest_connected_part_is_routable(kit):
    edges = [(0, 1), (1, 2), (2, 3, 1), (4, 5)]  # 2 > 3 leads in and never out
    graph = build_graph(kit.make_segments(edges, LINE_AT), Profile.CAR)
    assert set(np.flatnonzero(graph.usable_legs) // 2) == {0, 1}


@pytest.mark.parametrize(
    "change",
    [
        {"length_m": [1.0, 0.0]}, {"length_m": [1.0, np.nan]}, {"length_m": [1.0]},
        {"highway": ["residential"]}, {"offsets": [0, 5, 6]}, {"offsets": [0, 3, 5]},
        {"coords": np.full((6, 2), np.inf)},
    ],
)  # fmt: skip
def test_contradicting_columns_are_refused(kit, change):
    with pytest.raises(InvalidNetworkError):
        kit.make_segments([(0, 1), (1, 2)], LINE_AT, **change)


def test_a_network_closed_to_the_profile_is_refused(kit):
    segments = kit.make_segments([(0, 1)], LINE_AT, drive_access=["no"])
    with pytest.raises(InvalidNetworkError, match="car"):
        build_graph(segments, Profile.CAR)


def test_arrays_are_read_only(kit):
    graph = build_graph(kit.make_segments([(0, 1)], LINE_AT), Profile.CAR)
    with pytest.raises(ValueError, match="read-only"):
        graph.free_flow_ms[0] = 0
    for bad in (np.int32([0, 1]), np.int32([1, -1]), np.int32([1]), np.float64([1, 2])):
        with pytest.raises(InvalidNetworkError):
            DijkstraRouter(graph).with_times(bad)
