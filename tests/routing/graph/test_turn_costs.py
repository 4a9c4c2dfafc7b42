"""What turns, signals, gates and quays cost."""

import dataclasses

import numpy as np

from routing.graph.bearings import leg_bearings_deg, turn_angles_deg
from routing.graph.build import build_graph
from routing.graph.turn_costs import Turns, junction_arms, turn_costs_s, turn_delay_s
from routing.roads.model import Barriers, Coded, Profile
from routing.roads.plane import LocalPlane
from routing.rules.model import DrivingSide
from routing.rules.profiles import PROFILES

CAR, LIGHTS, WALK = (PROFILES[p] for p in (Profile.CAR, Profile.AMBULANCE_LIGHTS, Profile.WALK))
ANGLES = np.array([0.0, 20, -20, 35, -35, 90, -90, 150, -150, 170, -170, 180])


def test_turns_by_angle_where_traffic_keeps_right():
    expected = [0, 0, 0, 0, 0, 2, 6, 2, 6, 20, 20, 20]
    assert turn_delay_s(ANGLES, CAR).tolist() == expected
    assert turn_delay_s(ANGLES, WALK).tolist() == [0] * len(ANGLES)
    assert (turn_delay_s(ANGLES, LIGHTS) <= turn_delay_s(ANGLES, CAR)).all()


def test_where_traffic_keeps_left_it_is_the_mirror_image():
    mirrored = turn_delay_s(ANGLES, CAR, DrivingSide.LEFT)
    np.testing.assert_array_equal(mirrored, turn_delay_s(-ANGLES, CAR))
    left = dataclasses.replace(CAR, driving_side=DrivingSide.LEFT)
    np.testing.assert_array_equal(turn_delay_s(ANGLES, left), mirrored)


# West - 0 - east, north and south at 0; 5 is a bend of the eastern arm.
EDGES = [(1, 0), (0, 2), (0, 3), (0, 4), (2, 5)]
AT = {0: (0, 0), 1: (-100, 0), 2: (100, 0), 3: (0, 100), 4: (0, -100), 5: (100, 100)}
WEST, EAST, NORTH, SOUTH, BEND = range(5)


def costs(kit, pairs, *, rules=CAR, signals=(), waits=None, **columns):
    """Cost of driving along segments away from the west: (from leg, to leg) pairs."""
    segments = kit.make_segments(EDGES, AT, **columns)
    bearings = leg_bearings_deg(segments, LocalPlane.around(segments.coords))
    before, after = np.array(pairs, dtype=np.int32).T
    node_id = np.arange(6)
    node = np.where(before % 2 == 0, segments.to_node[before // 2], segments.from_node[before // 2])
    turns = Turns(
        before, after, node, turn_angles_deg(before, after, bearings), np.isin(node, signals)
    )
    wait_s = np.zeros(6)
    for index, seconds in (waits or {}).items():
        wait_s[index] = seconds
    used = np.ones(len(segments), dtype=np.bool_)
    return turn_costs_s(
        segments, rules, turns,
        arms=junction_arms(segments, used, node_id=node_id),
        wait_s=wait_s,
    ).tolist()  # fmt: skip


def test_junctions_cost_bends_do_not(kit):
    pairs = [
        (2 * WEST, 2 * EAST),
        (2 * WEST, 2 * SOUTH),
        (2 * WEST, 2 * NORTH),
        (2 * EAST, 2 * BEND),
        (2 * WEST, 2 * WEST + 1),
        (2 * NORTH, 2 * NORTH + 1),
    ]
    assert costs(kit, pairs) == [0, 2, 6, 0, 20, 20]


def test_signals_and_gates_add_up_and_a_closed_gate_is_no_number(kit):
    pairs = [(2 * WEST, 2 * EAST), (2 * WEST, 2 * SOUTH), (2 * EAST, 2 * BEND)]
    assert costs(kit, pairs, signals=[0]) == [8, 10, 0]
    assert costs(kit, pairs, signals=[0], waits={0: 15.0, 2: 5.0}) == [23, 25, 5]
    assert costs(kit, [(2 * WEST, 2 * WEST + 1)], waits={0: np.inf}) == [20]


def test_a_roundabout_costs_one_near_turn(kit):
    ring = [False, False, True, True, False]
    pairs = [(2 * WEST, 2 * NORTH), (2 * NORTH + 1, 2 * SOUTH), (2 * NORTH + 1, 2 * EAST)]
    assert costs(kit, pairs, is_roundabout=ring) == [2, 0, 0]


def test_boarding_a_ferry_costs_the_wait_once(kit):
    kinds = ["residential", "ferry", "residential", "residential", "ferry"]
    pairs = [(2 * WEST, 2 * EAST), (2 * EAST, 2 * BEND), (2 * EAST + 1, 2 * NORTH)]
    assert costs(kit, pairs, highway=kinds) == [300, 0, 2]


def test_the_graph_holds_these_costs(kit):
    segments = kit.make_segments(EDGES, AT)
    gate = Barriers(np.array([2]), Coded.of(["yes"]), Coded.of(["yes"]), Coded.of(["lift_gate"]))
    graph = build_graph(segments, Profile.CAR, barriers=gate, signal_nodes=[0])
    assert 5_000 in graph.state_wait_ms  # the gate lies on a road without a choice
    assert set((graph.successors.delay_ms // 1_000).tolist()) >= {8, 10, 14}
