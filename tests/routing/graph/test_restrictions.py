"""What turn restrictions mean: ways that pass through, priced bans, exceptions, hours."""

import dataclasses

import numpy as np
import pytest

from routing.graph.bearings import leg_bearings_deg
from routing.graph.turns import States, apply_restrictions, free_turns
from routing.roads.model import Profile, Restriction
from routing.roads.plane import LocalPlane
from routing.rules.profiles import PROFILES, allowed_directions, contraflow_legs

CAR, AMBULANCE, LIGHTS, MOTORCYCLE, BICYCLE, WALK = (
    PROFILES[profile]
    for profile in (Profile.CAR, Profile.AMBULANCE, Profile.AMBULANCE_LIGHTS, Profile.MOTORCYCLE,
                    Profile.BICYCLE, Profile.WALK)
)  # fmt: skip
PRICED = dataclasses.replace(LIGHTS, ban_penalty_s=10.0)

# A plus around node 0; way 10 runs through from west to east, way 30 from north to south.
AT = {0: (0, 0), 1: (-100, 0), 2: (100, 0), 3: (0, 100), 4: (0, -100)}
WEST, EAST, NORTH, SOUTH = range(4)
THROUGH = [(1, 0, 0, 10), (0, 2, 0, 10), (0, 3, 0, 30), (0, 4, 0, 30)]
SPLIT = [(1, 0, 0, 10), (0, 2, 0, 20), (0, 3, 0, 30), (0, 4, 0, 40)]


def applied(kit, edges, *restrictions, rules=CAR, at=AT, angles=True):
    """Turns at the crossing as pairs (from arm, to arm), those banned at a price, the report."""
    segments = kit.make_segments(edges, at, length_m=[100.0] * len(edges))
    node_id, ends = np.unique(
        np.concatenate((segments.from_node, segments.to_node)), return_inverse=True
    )
    start, end = ends.reshape(2, -1)
    allowed = np.column_stack(allowed_directions(segments, rules))
    against = contraflow_legs(segments, rules)
    segment, direction = np.nonzero(allowed | against)
    forward = direction == 0
    states = States(
        segment=segment.astype(np.int32),
        forward=forward,
        tail=np.where(forward, start[segment], end[segment]).astype(np.int32),
        head=np.where(forward, end[segment], start[segment]).astype(np.int32),
        way=segments.osm_way_id[segment],
        contraflow=against[segment, direction],
    )
    closed = np.zeros(node_id.size, dtype=np.bool_)
    arcs = free_turns(states, node_part=np.zeros(node_id.size, np.int32), closed_node=closed)
    bearings = leg_bearings_deg(segments, LocalPlane.around(segments.coords))
    found = apply_restrictions(
        states, arcs, restrictions=restrictions, node_id=node_id, rules=rules,
        bearings_deg=bearings if angles else None,
    )  # fmt: skip
    source = np.repeat(np.arange(found.base.size), np.diff(found.start))
    arm_from, arm_to = segment[found.base[source]], segment[found.base[found.to]]
    pairs = list(zip(arm_from.tolist(), arm_to.tolist(), strict=True))
    banned = {pair for pair, is_banned in zip(pairs, found.banned, strict=True) if is_banned}
    return {pair for pair in pairs if pair[0] != pair[1]}, banned, found.report


def missing(kit, edges, *restrictions, **given):
    """Turns that the restrictions take away, and the report."""
    free, _, _ = applied(kit, edges, **given)
    left, _, report = applied(kit, edges, *restrictions, **given)
    return free - left, report


@pytest.mark.parametrize(
    ("kind", "from_way", "to_way", "turns"),
    [
        # From the west, and not from the east, way 30 northwards is to the left.
        ("no_left_turn", 10, 40, {(WEST, NORTH)}),
        ("no_right_turn", 10, 40, {(EAST, NORTH)}),
        ("only_left_turn", 10, 40, {(WEST, EAST), (WEST, SOUTH)}),
        ("no_left_turn", 40, 10, {(NORTH, EAST)}),
        ("no_right_turn", 40, 10, {(NORTH, WEST)}),
        ("only_right_turn", 40, 10, {(NORTH, EAST), (NORTH, SOUTH)}),
    ],
)
def test_the_angle_tells_which_end_of_a_way_that_passes_through(kit, kind, from_way, to_way, turns):
    edges = [(1, 0, 0, 10), (0, 2, 0, 10), (0, 3, 0, 40), (0, 4, 0, 50)]
    gone, report = missing(kit, edges, Restriction(kind, from_way, to_way, 0))
    assert gone == turns
    assert (report.applied, report.by_geometry, report.ambiguous) == (1, 1, 0)
    gone, report = missing(kit, edges, Restriction(kind, from_way, to_way, 0), angles=False)
    assert not gone
    assert (report.applied, report.ambiguous) == (0, 1)


@pytest.mark.parametrize("kind", ["no_left_turn", "no_straight_on", "only_straight_on"])
def test_what_the_angle_leaves_open_is_counted_and_not_enforced(kit, kind):
    # Two ways cross: each left turn from one into the other exists twice.
    to_way = 30 if kind == "no_left_turn" else 10
    gone, report = missing(kit, THROUGH, Restriction(kind, 10, to_way, 0))
    assert not gone
    assert (report.applied, report.ambiguous) == (0, 1)


def test_no_u_turn_between_carriageways_is_told_by_the_angle(kit):
    # Out on way 10, back on way 20 beside it, which comes from further on.
    at = {0: (0, 0), 1: (-100, 0), 2: (-100, 15), 3: (100, 5), 4: (0, 100)}
    edges = [(1, 0, 0, 10), (0, 2, 0, 20), (0, 3, 0, 20), (0, 4, 0, 30)]
    gone, report = missing(kit, edges, Restriction("no_u_turn", 10, 20, 0), at=at)
    assert gone == {(0, 1)}
    assert report.by_geometry == 1


def test_no_entry_holds_from_each_piece_and_no_exit_to_each(kit):
    edges = [(1, 0, 0, 10), (0, 2, 0, 10), (0, 3, 0, 40), (0, 4, 0, 50)]
    gone, report = missing(kit, edges, Restriction("no_entry", 10, 40, 0))
    assert gone == {(WEST, NORTH), (EAST, NORTH)}
    assert (report.applied, report.by_geometry) == (1, 0)
    gone, _ = missing(kit, edges, Restriction("no_exit", 40, 10, 0))
    assert gone == {(NORTH, WEST), (NORTH, EAST)}
    gone, report = missing(kit, THROUGH, Restriction("no_entry", 10, 30, 0))
    assert not gone
    assert report.ambiguous == 1


def test_several_members_of_no_entry_come_as_rows(kit):
    rows = [Restriction("no_entry", way, 30, 0) for way in (10, 20)]
    gone, report = missing(kit, SPLIT, *rows)
    assert gone == {(WEST, NORTH), (EAST, NORTH)}
    assert report.applied == 2


def test_hours_are_counted_and_not_enforced(kit):
    rush = Restriction("no_left_turn @ (Mo-Fr 07:00-09:00)", 10, 30, 0)
    gone, report = missing(kit, SPLIT, rush)
    assert not gone
    assert (report.conditional, report.applied) == (1, 0)


@pytest.mark.parametrize(
    ("excepted", "free"),
    [
        ("bicycle", {Profile.BICYCLE}),
        ("motorcycle", {Profile.MOTORCYCLE}),
        ("emergency", {Profile.AMBULANCE, Profile.AMBULANCE_LIGHTS, Profile.MOTORCYCLE}),
        ("psv", set()),
        ("hgv", set()),
        ("motor_vehicle", {Profile.CAR, Profile.AMBULANCE, Profile.AMBULANCE_LIGHTS,
                           Profile.MOTORCYCLE}),
    ],
)  # fmt: skip
def test_exceptions_by_mode(kit, excepted, free):
    restriction = Restriction("no_left_turn", 10, 30, 0, except_modes=(excepted,))
    for profile, rules in PROFILES.items():
        gone, report = missing(kit, SPLIT, restriction, rules=rules)
        exempt = profile in free | {Profile.WALK}
        assert gone == (set() if exempt else {(WEST, NORTH)}), profile
        assert report.exempt == exempt


def test_a_ban_with_a_price_leaves_the_turn(kit):
    kinds = [Restriction("no_left_turn", 10, 30, 0), Restriction("only_straight_on", 20, 10, 0)]
    turns, banned, report = applied(kit, SPLIT, *kinds, rules=PRICED)
    assert turns == applied(kit, SPLIT, rules=PRICED)[0]
    assert banned == {(WEST, NORTH), (EAST, NORTH), (EAST, SOUTH)}
    assert report.applied == 2
    assert applied(kit, SPLIT, *kinds, rules=LIGHTS)[1] == set()


def test_a_priced_ban_over_a_via_way_is_paid_by_who_came_that_way(kit):
    edges = [(1, 2, 1, 10), (2, 3, 1, 11), (6, 5, 1, 20), (5, 4, 1, 21), (2, 5, 0, 30),
             (7, 2, 0, 40)]  # fmt: skip
    at = {1: (-100, 0), 2: (0, 0), 3: (100, 0), 6: (100, 100), 5: (0, 100), 4: (-100, 100),
          7: (0, -100)}  # fmt: skip
    first, link, home, side = 0, 4, 3, 5
    ban = Restriction("no_u_turn", 10, 21, via_way_ids=(30,))
    turns, banned, report = applied(kit, edges, ban, rules=PRICED, at=at)
    assert {(first, link), (side, link), (link, home)} <= turns
    assert banned == {(link, home)}
    assert report.applied == 1
    only = Restriction("only_u_turn", 10, 21, via_way_ids=(30,))
    _, banned, _ = applied(kit, edges, only, rules=PRICED, at=at)
    assert (first, 1) in banned  # straight on from the first way
    assert (first, link) not in banned


def test_an_earlier_ban_does_not_hide_what_a_later_one_means(kit):
    via = Restriction("no_left_turn", 10, 40, via_way_ids=(20,))
    line = [(1, 0, 0, 10), (0, 2, 0, 20), (2, 3, 0, 40)]
    ban = Restriction("no_left_turn", 20, 40, 2)
    for order in ((ban, via), (via, ban)):
        gone, report = missing(kit, line, *order)
        assert gone == {(1, 2)}
        assert report.applied == 2


def test_contraflow_changes_no_restriction_and_no_dead_end(kit):
    # Way 10 is one-way eastwards through the crossing: its ban speaks of those who come from west.
    edges = [(1, 0, 1, 10), (0, 2, 1, 10), (0, 3, 0, 40), (0, 4, 0, 50)]
    ban = Restriction("no_right_turn", 10, 50, 0)
    gone, report = missing(kit, edges, ban, rules=LIGHTS)
    assert gone == {(WEST, SOUTH)}
    assert (report.applied, report.by_geometry, report.ambiguous) == (1, 0, 0)
    turns, _, _ = applied(kit, edges, rules=LIGHTS)
    assert {(EAST, WEST), (EAST, NORTH), (NORTH, WEST)} <= turns  # once a permit opens them
    assert turns >= applied(kit, edges, rules=AMBULANCE)[0]
