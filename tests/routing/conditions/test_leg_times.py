"""The pure rules of live conditions: what a drawing hits, and what decides the time of a leg."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.week import hour_of_week
from routing.conditions.errors import ConditionsIdInvalidError, ConditionsOutdatedError
from routing.conditions.flood import FLOOD_SPEEDS, flood_speeds
from routing.conditions.leg_times import Decider, leg_times
from routing.conditions.model import (
    DEFAULT_CLASSES,
    ConditionKind,
    Direction,
    Drawing,
    Drawn,
    Legs,
    ProfileRows,
    RoadEdge,
    SpeedRows,
    Structure,
    VehicleClass,
)
from routing.conditions.resolve import resolve_legs
from routing.conditions.snapshot import (
    Condition,
    ConditionsSnapshot,
    ConditionTable,
    to_us,
)
from routing.conditions.versions import ConditionsId, is_at_least
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.roads.model import Profile
from routing.roads.plane import LocalPlane
from routing.rules.profiles import PROFILES

T = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLANE = LocalPlane(114.06, 22.54, 102_800.0, 110_750.0)

# 0 and 1 run west to east in one line, 2 crosses it on a bridge, 3 in a tunnel below 1,
# 4 is one-way against its geometry.
EDGES = [(1, 2), (2, 3), (4, 5), (6, 7), (3, 8, -1)]
NODES = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (150, -100), 5: (150, 100), 6: (110, 2),
         7: (190, 2), 8: (200, 100)}  # fmt: skip


@pytest.fixture(scope="module")
def roads(kit):
    return kit.make_segments(
        EDGES, NODES, layer=[0, 0, 1, -1, 0], is_bridge=[False, False, True, False, False],
        is_tunnel=[False, False, False, True, False], osm_way_id=[7, 7, 8, 9, 10],
    )  # fmt: skip


def box(x0, y0, x1, y1):
    return shapely.transform(shapely.box(x0, y0, x1, y1), PLANE.to_lonlat)


def line(*points):
    return shapely.transform(shapely.LineString(points), PLANE.to_lonlat)


def hit(roads, drawn, geometry, **given):
    legs = resolve_legs(roads, Drawing(drawn, geometry, **given))
    return {
        int(leg): (round(float(low), 2), round(float(high), 2))
        for leg, low, high in zip(legs.leg, legs.from_share, legs.to_share, strict=True)
    }


def test_a_surface_covers_both_directions_and_the_share_within(roads) -> None:
    assert hit(roads, Drawn.POLYGON, box(-10, -10, 50, 10)) == {0: (0, 0.5), 1: (0, 0.5)}


def test_a_surface_around_a_short_piece_covers_it_whole(roads) -> None:
    assert hit(roads, Drawn.POLYGON, box(-10, -10, 105, 1)) == {
        0: (0, 1), 1: (0, 1), 2: (0, 0.05), 3: (0, 0.05),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "segments"),
    [
        ({}, {1, 2, 3}),
        ({"structures": frozenset({Structure.TUNNEL})}, {3}),
        ({"structures": frozenset({Structure.GROUND})}, {1}),
        ({"layer_min": 1}, {2}),
        ({"layer_max": -1}, {3}),
        ({"layer_min": 0, "layer_max": 1}, {1, 2}),
    ],
)
def test_a_flooded_underpass_is_not_the_bridge_above_it(roads, given, segments) -> None:
    found = hit(roads, Drawn.POLYGON, box(140, -20, 160, 20), **given)
    assert {leg // 2 for leg in found} == segments


def test_a_hand_drawn_line_follows_its_road_and_spares_what_it_crosses(roads) -> None:
    found = hit(roads, Drawn.LINE, line((20, 4), (60, -5), (99, 3), (180, -4)), layer_min=0)
    assert {leg // 2 for leg in found} == {0, 1}
    assert found[0] == pytest.approx((0.2, 1.0), abs=0.03)
    assert found[2] == pytest.approx((0.0, 0.8), abs=0.03)


def test_forward_is_the_way_the_line_was_drawn(roads) -> None:
    east = hit(roads, Drawn.LINE, line((10, 0), (90, 0)), direction=Direction.FORWARD)
    west = hit(roads, Drawn.LINE, line((90, 0), (10, 0)), direction=Direction.FORWARD)
    back = hit(roads, Drawn.LINE, line((90, 0), (10, 0)), direction=Direction.BACKWARD)
    assert (set(east), set(west), set(back)) == ({0}, {1}, {0})


def test_edges_are_found_by_way_and_share_and_else_by_where_they_lay(roads) -> None:
    def edge(way, *, segment=-1, shares=(0.25, 0.75), at=((50, 0), (150, 0))):
        edges = (RoadEdge(way, segment, *shares, Direction.FORWARD, line(*at)),)
        return hit(roads, Drawn.EDGES, shapely.Point(), edges=edges)

    # The way is 200 m long in two segments of 100 m.
    assert edge(7) == {0: (0.5, 1.0), 2: (0.0, 0.5)}
    assert edge(None, segment=1_002, shares=(0.1, 0.2)) == {4: (0.1, 0.2)}
    lost = edge(999, at=((10, 1), (95, 1)))
    assert set(lost) == {0}


def test_no_road_is_no_leg(roads) -> None:
    assert hit(roads, Drawn.POLYGON, box(0, 50, 20, 60)) == {}
    assert hit(roads, Drawn.LINE, line((0, 50), (20, 60))) == {}


# Times


def condition(kind, legs, *, starts=T, ends=T + HOUR, number=0, **given):
    legs = Legs.of(
        np.array(list(legs), np.int32),
        np.array([one[0] for one in legs.values()], float),
        np.array([one[1] for one in legs.values()], float),
    )
    classes = given.pop("classes", DEFAULT_CLASSES[kind])
    return Condition(UUID(int=number), 1, kind, starts, ends, classes, legs, **given)


def snapshot(*conditions, **given):
    defaults = {"changed_at": T, "table": ConditionTable.of(conditions)}
    return ConditionsSnapshot("city", 1, "Asia/Shanghai", **(defaults | given))


@cache
def free_flow_ms(roads, profile):
    return build_graph(roads, profile).free_flow_ms


def times(roads, snapshot, *, at=T, profile=Profile.CAR, previous=None, contraflow_ms=None):
    return leg_times(
        roads, PROFILES[profile], free_flow_ms=free_flow_ms(roads, profile), snapshot=snapshot,
        at=at, previous=previous, contraflow_ms=contraflow_ms,
    )  # fmt: skip


def speeds(*rows):
    """Rows (leg, source, km/h, observed s, expires s, confidence) after T."""
    us = to_us(T)
    columns = zip(*rows, strict=True)
    leg, source, kmh, observed, expires, confidence = (np.array(one) for one in columns)
    return SpeedRows.of(
        leg.astype(np.int32), source.astype(np.int64), kmh.astype(np.float32),
        us + observed.astype(np.int64) * 1_000_000, us + expires.astype(np.int64) * 1_000_000,
        confidence.astype(np.float32),
    )  # fmt: skip


def ms(roads, leg, kmh):
    return round(roads.length_m[leg // 2] * 3600 / kmh)


def test_without_conditions_nothing_is_copied(roads) -> None:
    found = times(roads, snapshot())
    assert found.leg_ms is found.without_closures_ms is found.base_ms
    assert found.leg_ms[8] == INFINITE_MS
    assert found.source.tolist() == [0] * 8 + [-1, 0]


def test_live_before_learned_before_class_and_only_while_they_hold(roads) -> None:
    hour = hour_of_week(T, time_zone="Asia/Shanghai")
    learned = ProfileRows(np.array([0, 2], np.int32), np.array([20.0, 25.0], np.float32))
    live = speeds((0, 1, 10.0, 0, 60, 1.0), (0, 2, 12.0, 5, 30, 0.5))
    shot = snapshot(
        speeds=live, speeds_change=1, profiles_change=1,
        profiles={(hour, False): learned, (hour, True): ProfileRows.none()},
    )  # fmt: skip
    assert hour == 20
    for seconds, kmh, source in ((10, 12.0, 2), (30, 10.0, 2), (59, 10.0, 2), (60, 20.0, 1)):
        found = times(roads, shot, at=T + timedelta(seconds=seconds))
        assert (found.leg_ms[0], found.source[0]) == (ms(roads, 0, kmh), source)
        assert (found.leg_ms[2], found.source[2]) == (ms(roads, 2, 25.0), Decider.LEARNED)
        assert found.source[4] == Decider.CLASS_DEFAULT
    lights = times(roads, shot, profile=Profile.AMBULANCE_LIGHTS, at=T + HOUR / 2)
    uplift = PROFILES[Profile.AMBULANCE_LIGHTS].uplift
    assert lights.leg_ms[0] == pytest.approx(ms(roads, 0, 20.0 * uplift), abs=1)
    assert times(roads, shot, profile=Profile.WALK).source[0] == Decider.CLASS_DEFAULT
    with pytest.raises(ConditionsOutdatedError):
        times(roads, shot, at=T + HOUR)


def test_learned_with_the_siren_on_is_not_sped_up_again(roads) -> None:
    hour = hour_of_week(T, time_zone="Asia/Shanghai")
    rows = [ProfileRows(np.array([0], np.int32), np.array([v], np.float32)) for v in (20.0, 30.0)]
    shot = snapshot(profiles_change=1, profiles={(hour, False): rows[0], (hour, True): rows[1]})
    assert times(roads, shot, profile=Profile.AMBULANCE_LIGHTS).leg_ms[0] == ms(roads, 0, 30.0)
    assert times(roads, shot, profile=Profile.AMBULANCE).leg_ms[0] == ms(roads, 0, 20.0)


def test_a_closure_leaves_the_time_beside_it(roads) -> None:
    shot = snapshot(condition(ConditionKind.CLOSURE, {0: (0.2, 0.4), 8: (0, 1)}))
    found = times(roads, shot)
    assert found.leg_ms[0] == INFINITE_MS
    assert found.without_closures_ms[0] == times(roads, snapshot()).leg_ms[0]
    assert found.closed_legs.tolist() == [0]
    assert found.source[8] == Decider.NOT_ALLOWED


def test_a_closure_holds_for_the_vehicles_it_names(roads) -> None:
    only_cars = condition(ConditionKind.CLOSURE, {0: (0, 1)}, classes=frozenset({VehicleClass.CAR}))
    shot = snapshot(only_cars)
    assert times(roads, shot).leg_ms[0] == INFINITE_MS
    assert times(roads, shot, profile=Profile.AMBULANCE).leg_ms[0] < INFINITE_MS


def test_water_slows_and_then_stops_each_vehicle_at_its_own_depth(roads) -> None:
    def at_depth(depth_m, profile):
        water = condition(ConditionKind.FLOOD, {0: (0, 1)}, depth_m=depth_m)
        return times(roads, snapshot(water), profile=profile)

    dry_ms = times(roads, snapshot()).leg_ms[0]
    assert at_depth(0.02, Profile.CAR).leg_ms[0] == dry_ms
    slow = at_depth(0.20, Profile.CAR)
    assert slow.leg_ms[0] == ms(roads, 0, 12.4)
    assert slow.source[0] == Decider.FLOOD
    assert at_depth(0.30, Profile.CAR).leg_ms[0] == INFINITE_MS
    assert dry_ms < at_depth(0.35, Profile.AMBULANCE).leg_ms[0] < INFINITE_MS
    deep = at_depth(0.40, Profile.AMBULANCE)
    assert deep.leg_ms[0] == INFINITE_MS
    assert deep.without_closures_ms[0] < INFINITE_MS


@pytest.mark.parametrize("vehicle", list(VehicleClass))
def test_deeper_water_is_never_faster(vehicle) -> None:
    depth_m = np.linspace(0, 1, 501)
    speed = flood_speeds(depth_m, vehicle)
    assert (np.diff(speed) <= 0).all()
    assert speed[-1] == 0
    assert (speed[depth_m < FLOOD_SPEEDS[vehicle][-1][0]] > 0).all()


def test_roadworks_slow_the_part_they_cover_and_never_speed_up(roads) -> None:
    dry_ms = times(roads, snapshot()).leg_ms[0]

    def at(**given):
        return times(roads, snapshot(condition(ConditionKind.ROADWORKS, **given)))

    half = at(legs={0: (0.0, 0.5)}, speed_factor=0.5)
    assert half.leg_ms[0] == pytest.approx(1.5 * dry_ms, abs=1)
    assert half.source[0] == Decider.ROADWORKS
    assert at(legs={0: (0, 1)}, speed_kmh=10.0).leg_ms[0] == ms(roads, 0, 10.0)
    assert at(legs={0: (0, 1)}, speed_kmh=120.0).leg_ms[0] == dry_ms


def test_a_speed_set_by_hand_goes_before_live_ones(roads) -> None:
    by_hand = condition(ConditionKind.SPEED, {0: (0, 1)}, speed_kmh=50.0)
    later = condition(ConditionKind.SPEED, {0: (0, 1)}, speed_kmh=8.0, number=1)
    live = {"speeds": speeds((0, 1, 10.0, 0, 60, 1.0)), "speeds_change": 1}
    assert times(roads, snapshot(by_hand, **live)).leg_ms[0] == ms(roads, 0, 50.0)
    found = times(roads, snapshot(by_hand, later, **live))
    assert (found.leg_ms[0], found.source[0]) == (ms(roads, 0, 8.0), Decider.SET_BY_HAND)


def test_contraflow_opens_only_under_a_permit_that_runs(roads) -> None:
    against = np.full(10, INFINITE_MS, np.int32)
    against[8] = 30_000
    permit = condition(ConditionKind.CONTRAFLOW_PERMIT, {8: (0, 1)}, starts=T + HOUR / 2)
    part = condition(ConditionKind.CONTRAFLOW_PERMIT, {8: (0, 0.8)})
    given = {"profile": Profile.AMBULANCE_LIGHTS, "contraflow_ms": against}
    for at, open_ in ((T, False), (T + HOUR / 2, True), (T + HOUR, False)):
        found = times(roads, snapshot(permit), at=at, **given)
        assert (found.leg_ms[8] == 30_000) == open_
    assert times(roads, snapshot(part), **given).leg_ms[8] == INFINITE_MS
    held = times(roads, snapshot(permit), at=T + HOUR / 2, profile=Profile.CAR,
                 contraflow_ms=against)  # fmt: skip
    assert held.leg_ms[8] == INFINITE_MS
    closed = condition(ConditionKind.CLOSURE, {8: (0, 1)})
    both = times(roads, snapshot(permit, closed), at=T + HOUR / 2, **given)
    assert (both.leg_ms[8], both.without_closures_ms[8]) == (INFINITE_MS, 30_000)


KINDS = {
    ConditionKind.CLOSURE: {}, ConditionKind.FLOOD: {"depth_m": 0.2},
    ConditionKind.ROADWORKS: {"speed_kmh": 15.0}, ConditionKind.SPEED: {"speed_kmh": 33.0},
}  # fmt: skip


@st.composite
def condition_lists(draw):
    found = []
    for number in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(list(KINDS)))
        legs = draw(st.sets(st.integers(0, 9), min_size=1, max_size=4))
        low, high = sorted((draw(st.floats(0, 1)), draw(st.floats(0, 1))))
        start = draw(st.integers(-10, 10))
        end = start + draw(st.integers(1, 15))
        found.append(
            condition(
                kind, dict.fromkeys(sorted(legs), (low, high)), number=number,
                starts=T + timedelta(minutes=start), ends=T + timedelta(minutes=end),
                **KINDS[kind],
            )
        )  # fmt: skip
    return found


@given(condition_lists(), st.integers(0, 20))
def test_closing_more_never_makes_any_leg_faster(roads, conditions, minutes) -> None:
    at = T + timedelta(minutes=minutes)
    fewer = times(roads, snapshot(*conditions), at=at)
    extra = condition(ConditionKind.CLOSURE, {2: (0, 1), 5: (0, 1)}, number=99)
    more = times(roads, snapshot(*conditions, extra), at=at)
    assert (more.leg_ms >= fewer.leg_ms).all()
    assert (more.without_closures_ms == fewer.without_closures_ms).all()
    assert (fewer.leg_ms >= fewer.without_closures_ms).all()


@given(condition_lists(), condition_lists(), st.integers(0, 20))
def test_starting_from_earlier_times_changes_nothing(roads, before, after, minutes) -> None:
    at = T + timedelta(minutes=minutes)
    known = times(roads, snapshot(*before))
    assert (
        times(roads, snapshot(*after, change=1), at=at, previous=known).leg_ms
        == times(roads, snapshot(*after, change=1), at=at).leg_ms
    ).all()


@given(condition_lists())
def test_equal_names_mean_equal_times_and_names_never_go_back(roads, conditions) -> None:
    shot = snapshot(*conditions)
    seen = {}
    last = None
    for half_minutes in range(-4, 60):
        at = T + timedelta(seconds=30 * half_minutes)
        found = times(roads, shot, at=at)
        assert (seen.setdefault(found.conditions_id, found.leg_ms) == found.leg_ms).all()
        name = shot.conditions_id(at)
        assert last is None or name >= last
        last = name


def test_names_of_conditions_are_read_back_and_ordered() -> None:
    name = ConditionsId("shenzhen-tiled-n2", 5, 3, 17, 2, 494_000)
    assert str(name) == "shenzhen-tiled-n2-e5-n3-c17-t2-h494000"
    assert ConditionsId.parse(str(name)) == name
    assert is_at_least(str(name), "shenzhen-tiled-n2-e5-n3-c16-t9-h494000")
    assert is_at_least(str(name), "shenzhen-tiled-n2-e4-n9-c99-t9-h999999"), "restored"
    assert not is_at_least(str(name), "shenzhen-tiled-n2-e5-n3-c17-t3-h1")
    wrong = ("a-n1-c2-t3-h4", "a-e1-n1-c2-t3", "a-e1-n1-c2-t3-hx", "a-e1-n-1-c2-t3-h4")
    for text in ("", "x", *wrong):
        with pytest.raises(ConditionsIdInvalidError):
            ConditionsId.parse(text)
    with pytest.raises(ConditionsIdInvalidError):
        is_at_least("a-e1-n1-c1-t1-h1", "b-e1-n1-c1-t1-h1")
