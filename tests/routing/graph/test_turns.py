"""Turn restrictions of each kind, on crossings small enough to check by eye."""

import dataclasses

import numpy as np
import pytest

from routing.graph.build import build_graph
from routing.roads.model import NO_BARRIERS, Barriers, Coded, Profile, Restriction
from routing.rules.model import TurnCosts
from routing.rules.profiles import PROFILES
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter

# A plus: arms of 100 m around junction 0; segment i is arm i, way 10, 20, 30, 40.
WEST, EAST, NORTH, SOUTH = range(4)
PLUS = [(1, 0, 0, 10), (0, 2, 0, 20), (0, 3, 0, 30), (0, 4, 0, 40)]
PLUS_AT = {0: (0, 0), 1: (-100, 0), 2: (100, 0), 3: (0, 100), 4: (0, -100)}

# Two one-way carriageways 1 > 2 > 3 and 6 > 5 > 4, joined by the link 2 - 5 and the turn at 3 > 6;
# a side street 7 - 2 also leads to the link.
DUAL = [(1, 2, 1, 10), (2, 3, 1, 11), (3, 6, 1, 12), (6, 5, 1, 20), (5, 4, 1, 21), (2, 5, 0, 30),
        (7, 2, 0, 40)]  # fmt: skip
DUAL_AT = {1: (-100, 0), 2: (0, 0), 3: (100, 0), 6: (100, 100), 5: (0, 100), 4: (-100, 100),
           7: (0, -100)}  # fmt: skip
FIRST, ONWARD, ROUND, BACK, HOME, LINK, SIDE = range(7)


def router_of(kit, edges, positions, *restrictions, profile=Profile.CAR, barriers=NO_BARRIERS):
    segments = kit.make_segments(edges, positions, length_m=[100.0] * len(edges),
                                 highway=["residential"] * len(edges))  # fmt: skip
    return DijkstraRouter(
        build_graph(
            segments,
            dataclasses.replace(PROFILES[profile], turn=TurnCosts()),
            restrictions=restrictions,
            barriers=barriers,
        )
    )


def arms(kit, router, origin, destination):
    """Travel time in whole segments between the middles of two segments."""
    start, end = (kit.place(router.graph, i, 0.5) for i in (origin, destination))
    forward_s, reverse_s = router.times_from(start, end)[0], router.times_to(end, start)[0]
    assert forward_s == pytest.approx(reverse_s)
    return round(float(forward_s) * 1000 / float(router.graph.free_flow_ms[0]), 6)


@pytest.mark.parametrize("kind", ["no_left_turn", "no_entry", "no_exit", "no_straight_on"])
def test_no_restriction_bans_just_its_own_turn(kit, kind):
    free = router_of(kit, PLUS, PLUS_AT)
    banned = router_of(kit, PLUS, PLUS_AT, Restriction(kind, 10, 30, 0))
    assert arms(kit, free, WEST, NORTH) == 1
    assert arms(kit, banned, WEST, NORTH) == 3  # into another arm, turn at its dead end
    assert arms(kit, banned, NORTH, WEST) == 1
    assert arms(kit, banned, WEST, EAST) == 1
    assert banned.graph.turn_report.applied == 1


def test_only_restriction_leaves_one_turn(kit):
    router = router_of(kit, PLUS, PLUS_AT, Restriction("only_straight_on", 10, 20, 0))
    assert arms(kit, router, WEST, EAST) == 1
    assert arms(kit, router, WEST, NORTH) == 3
    assert arms(kit, router, WEST, SOUTH) == 3
    assert arms(kit, router, SOUTH, NORTH) == 1


def test_two_only_restrictions_leave_their_union(kit):
    router = router_of(
        kit, PLUS, PLUS_AT,
        Restriction("only_straight_on", 10, 20, 0), Restriction("only_right_turn", 10, 40, 0),
    )  # fmt: skip
    assert [arms(kit, router, WEST, arm) for arm in (EAST, SOUTH, NORTH)] == [1, 1, 3]


def test_no_u_turn_bans_turning_at_a_dead_end_but_not_driving_on_along_the_way(kit):
    no_left = Restriction("no_left_turn", 10, 30, 0)
    ends = [Restriction("no_u_turn", way, way, node) for way, node in ((20, 2), (40, 4))]
    one = router_of(kit, PLUS, PLUS_AT, no_left, ends[0])
    assert arms(kit, one, WEST, NORTH) == 3
    both = router_of(kit, PLUS, PLUS_AT, no_left, *ends)
    with pytest.raises(NoRouteError) as caught:
        both.route(kit.place(both.graph, WEST, 0.5), kit.place(both.graph, NORTH, 0.5))
    assert caught.value.reason == "not_connected"
    through = [(1, 0, 0, 10), (0, 2, 0, 10)]
    straight = router_of(kit, through, PLUS_AT, Restriction("no_u_turn", 10, 10, 0))
    assert arms(kit, straight, 0, 1) == 1


def test_u_turns_happen_only_at_dead_ends(kit):
    router = router_of(kit, PLUS, PLUS_AT)
    graph = router.graph
    source = np.repeat(np.arange(graph.n_states), np.diff(graph.successors.start))
    legs_in = graph.state_leg[graph.state_leg_start[:-1]]
    legs_out = graph.state_leg[graph.state_leg_start[1:] - 1]
    turned = legs_out[source] // 2 == legs_in[graph.successors.to] // 2
    # At a dead end there is no choice: the way in and the way out are one state.
    inside = np.flatnonzero(np.diff(graph.place_state) == 0)
    turned_inside = graph.state_leg[inside] // 2 == graph.state_leg[inside + 1] // 2
    assert (turned.sum(), turned_inside.sum()) == (0, 4)
    assert set(graph.state_leg[inside] // 2) == {WEST, EAST, NORTH, SOUTH}


@pytest.mark.parametrize(
    ("profile", "expected"), [(Profile.CAR, 3), (Profile.AMBULANCE, 1), (Profile.WALK, 1)]
)
def test_excepted_modes_are_free(kit, profile, expected):
    restriction = Restriction("no_left_turn", 10, 30, 0, except_modes=("emergency", "psv"))
    router = router_of(kit, PLUS, PLUS_AT, restriction, profile=profile)
    assert arms(kit, router, WEST, NORTH) == expected
    assert router.graph.turn_report.exempt == (expected == 1)


def test_ban_over_a_via_way_holds_only_for_who_came_that_way(kit):
    ban = Restriction("no_u_turn", 10, 21, via_way_ids=(30,))
    free, banned = router_of(kit, DUAL, DUAL_AT), router_of(kit, DUAL, DUAL_AT, ban)
    assert arms(kit, free, FIRST, HOME) == 2
    assert arms(kit, banned, FIRST, HOME) == 4  # on to the turn at 3 > 6
    assert arms(kit, banned, SIDE, HOME) == 2  # the link itself stays open
    assert arms(kit, banned, FIRST, LINK) == 1  # and may be driven into
    assert arms(kit, banned, LINK, HOME) == 1
    assert banned.graph.turn_report.applied == 1
    assert banned.graph.copy_leg.size == 1
    start, end = (kit.place(banned.graph, i, 0.5) for i in (FIRST, LINK))
    assert banned.route(start, end).segment.tolist() == [FIRST, LINK]


def test_only_over_a_via_way_binds_from_the_first_turn(kit):
    only = Restriction("only_u_turn", 10, 21, via_way_ids=(30,))
    router = router_of(kit, DUAL, DUAL_AT, only)
    assert arms(kit, router, FIRST, HOME) == 2
    assert arms(kit, router, FIRST, ONWARD) == np.inf
    assert arms(kit, router, SIDE, ONWARD) == 1


def test_two_bans_over_the_same_via_way_both_hold(kit):
    bans = [Restriction("no_u_turn", 10, 21, via_way_ids=(30,)),
            Restriction("no_left_turn", 40, 21, via_way_ids=(30,))]  # fmt: skip
    router = router_of(kit, DUAL, DUAL_AT, *bans)
    assert arms(kit, router, FIRST, HOME) == 4
    assert arms(kit, router, SIDE, HOME) == 4
    assert router.graph.turn_report.applied == 2


def test_what_cannot_be_enforced_is_counted(kit):
    router = router_of(
        kit, PLUS, PLUS_AT,
        Restriction("give_way", 10, 30, 0),
        Restriction("no_left_turn", 10, 99, 0),
        Restriction("only_straight_on", 10, 99, 0),
        Restriction("no_left_turn", 10, 30, 77),
        Restriction("no_left_turn", 10, 30, via_way_ids=(99,)),
    )  # fmt: skip
    report = router.graph.turn_report
    assert (report.applied, report.unsupported, report.unresolved) == (0, 1, 4)
    assert arms(kit, router, WEST, NORTH) == 1
    through = [(1, 0, 0, 10), (0, 2, 0, 20), (0, 3, 0, 30), (0, 4, 0, 30)]
    two_lefts = PLUS_AT | {4: (-20, 100)}
    unclear = router_of(kit, through, two_lefts, Restriction("no_left_turn", 10, 30, 0))
    assert unclear.graph.turn_report.ambiguous == 1


def test_a_barrier_stops_whom_it_does_not_let_through(kit):
    gate = Barriers(np.array([0]), Coded.of(["emergency"]), Coded.of(["yes"]))
    waits_s = {Profile.CAR: np.inf, Profile.AMBULANCE: 10.0, Profile.WALK: 0.0}
    for profile, wait_s in waits_s.items():
        free = router_of(kit, PLUS, PLUS_AT, profile=profile)
        router = router_of(kit, PLUS, PLUS_AT, profile=profile, barriers=gate)
        start, end = (kit.place(router.graph, i, 0.5) for i in (WEST, EAST))
        free_s = free.times_from(start, end)[0]
        assert router.times_from(start, end)[0] == pytest.approx(free_s + wait_s)
