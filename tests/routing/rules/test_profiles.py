"""Who may drive where and how fast, on segments made by hand."""

import dataclasses

import numpy as np
import pytest

from routing.roads.model import Barriers, Coded, Profile
from routing.rules.profiles import (
    PROFILES,
    allowed_directions,
    barrier_wait_s,
    contraflow_legs,
    passable,
    snappable,
    speeds_m_s,
)

CAR, AMBULANCE, LIGHTS, MOTORCYCLE, BICYCLE, WALK = (
    PROFILES[profile]
    for profile in (Profile.CAR, Profile.AMBULANCE, Profile.AMBULANCE_LIGHTS, Profile.MOTORCYCLE,
                    Profile.BICYCLE, Profile.WALK)
)  # fmt: skip


def row(kit, **columns):
    """One segment of 100 m with the given columns."""
    given = {"length_m": [100.0]} | {name: [value] for name, value in columns.items()}
    return kit.make_segments([(1, 2)], {1: (0, 0), 2: (100, 0)}, **given)


def ways(kit, rules, **columns):
    along, against = allowed_directions(row(kit, **columns), rules)
    return bool(along[0]), bool(against[0])


BOTH, NONE, ALONG, AGAINST = (True, True), (False, False), (True, False), (False, True)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, (BOTH, BOTH, BOTH, BOTH)),
        ({"drive_access": "private"}, (NONE, BOTH, BOTH, BOTH)),
        ({"drive_access": "emergency"}, (NONE, BOTH, BOTH, BOTH)),
        ({"drive_access": "bus"}, (NONE, BOTH, BOTH, BOTH)),
        ({"drive_access": "no"}, (NONE, NONE, NONE, BOTH)),
        ({"drive_access": "no", "emergency_access": "yes"}, (NONE, BOTH, BOTH, BOTH)),
        ({"emergency_access": "no"}, (BOTH, NONE, NONE, BOTH)),
        ({"motorcycle_access": "no"}, (BOTH, BOTH, NONE, BOTH)),
        ({"drive_access": "no", "motorcycle_access": "yes"}, (NONE, NONE, BOTH, BOTH)),
        ({"bicycle_access": "no"}, (BOTH, BOTH, BOTH, NONE)),
        ({"highway": "motorway"}, (BOTH, BOTH, BOTH, NONE)),
        ({"highway": "motorway", "bicycle_access": "yes"}, (BOTH, BOTH, BOTH, BOTH)),
        ({"oneway": 1}, (ALONG, ALONG, ALONG, ALONG)),
        ({"oneway": 1, "oneway_bus": 0}, (ALONG, BOTH, BOTH, ALONG)),
        ({"oneway": 1, "oneway_bus": -1}, (ALONG, BOTH, BOTH, ALONG)),
        ({"oneway": 1, "oneway_emergency": 0}, (ALONG, BOTH, BOTH, ALONG)),
        ({"oneway": 1, "oneway_bicycle": 0}, (ALONG, ALONG, ALONG, BOTH)),
        ({"oneway": -1}, (AGAINST, AGAINST, AGAINST, AGAINST)),
        ({"highway": "footway", "drive_access": "no", "oneway": 1}, (NONE, NONE, NONE, BOTH)),
    ],
)  # fmt: skip
def test_access_and_direction(kit, columns, expected):
    car, ambulance, motorcycle, bicycle = expected
    pairs = [(CAR, car), (AMBULANCE, ambulance), (LIGHTS, ambulance), (MOTORCYCLE, motorcycle),
             (BICYCLE, bicycle), (WALK, BOTH)]  # fmt: skip
    for rules, allowed in pairs:
        assert ways(kit, rules, **columns) == allowed, rules.profile


@pytest.mark.parametrize("bad", [0.0, -30.0, 1.0, np.nan, np.inf, 900.0])
def test_speeds_that_are_none_count_as_untagged(kit, bad):
    plain = speeds_m_s(row(kit), CAR)
    forward, backward = speeds_m_s(row(kit, maxspeed_kmh=bad, maxspeed_backward_kmh=bad), CAR)
    assert (forward, backward) == plain
    one_sided = speeds_m_s(row(kit, maxspeed_kmh=50.0, maxspeed_backward_kmh=bad), CAR)
    assert one_sided[0] == one_sided[1]


@pytest.mark.parametrize("profile", list(Profile))
def test_every_class_has_a_positive_speed_for_every_profile(kit, profile):
    classes = [*PROFILES[Profile.CAR].class_speed_kmh, "steps", "never_heard_of"]
    for highway in classes:
        for speed in speeds_m_s(row(kit, highway=highway), PROFILES[profile]):
            assert 0.1 < speed[0] < 56


def test_a_bicycle_rides_no_faster_than_its_rider_and_pushes_where_told(kit):
    assert speeds_m_s(row(kit, maxspeed_kmh=70.0), BICYCLE)[0] == pytest.approx(15 / 3.6)
    assert speeds_m_s(row(kit, maxspeed_kmh=7.0), BICYCLE)[0] == pytest.approx(7 / 3.6)
    for pushed in ({"bicycle_access": "dismount"}, {"highway": "pedestrian"}):
        assert speeds_m_s(row(kit, **pushed), BICYCLE)[0] == pytest.approx(1.33)
    ridden = row(kit, highway="pedestrian", bicycle_access="yes")
    assert speeds_m_s(ridden, BICYCLE)[0] == pytest.approx(15 / 3.6)


@pytest.mark.parametrize("rules", [CAR, LIGHTS, BICYCLE, WALK])
def test_a_ferry_keeps_its_timetable_for_everybody(kit, rules):
    ferry = row(kit, highway="ferry", maxspeed_kmh=18.0)
    assert speeds_m_s(ferry, rules)[0] == pytest.approx(5.0)
    assert speeds_m_s(row(kit, highway="ferry"), rules)[1] == pytest.approx(10 / 3.6)
    cable = row(kit, highway="ferry", maxspeed_kmh=1.8)
    assert speeds_m_s(cable, rules)[0] == pytest.approx(0.5)
    assert not snappable(ferry)[0]
    assert snappable(row(kit))[0]


def test_a_ford_slows_wheels_down(kit):
    assert speeds_m_s(row(kit, is_ford=True), CAR)[0] == pytest.approx(10 * 0.65 / 3.6)
    assert speeds_m_s(row(kit, is_ford=True), WALK)[0] == pytest.approx(1.33)


def barriers(kinds, drive, **columns):
    none = [None] * len(kinds)
    return Barriers(
        np.arange(len(kinds)),
        Coded.of(drive),
        Coded.of(["yes"] * len(kinds)),
        Coded.of(kinds),
        *(Coded.of(columns.get(name, none))
          for name in ("bicycle_access", "motorcycle_access", "emergency_access")),
    )  # fmt: skip


def test_barriers_let_through_at_a_price():
    met = barriers(
        ["gate", "gate", "lift_gate", "toll_booth", "bollard", "rising_bollard", "cattle_grid"],
        ["yes", "private", "yes", "yes", "no", "emergency", "yes"],
    )
    inf = np.inf
    assert barrier_wait_s(met, CAR).tolist() == [15, inf, 5, 15, inf, inf, 0]
    assert barrier_wait_s(met, AMBULANCE).tolist() == [15, 25, 5, 5, inf, 20, 0]
    assert barrier_wait_s(met, LIGHTS).tolist() == [10, 20, 5, 5, inf, 20, 0]
    assert barrier_wait_s(met, BICYCLE).tolist() == [10, 10, 3, 0, 0, 0, 0]
    assert barrier_wait_s(met, WALK).tolist() == [5, 5, 0, 0, 0, 0, 0]
    for rules in (CAR, LIGHTS, WALK):
        np.testing.assert_array_equal(passable(met, rules), np.isfinite(barrier_wait_s(met, rules)))


def test_tags_of_a_barrier_go_before_its_kind():
    met = barriers(
        ["stile", "stile", "gate", "gate"],
        ["no", "no", "yes", "no"],
        bicycle_access=[None, "yes", "no", None],
        emergency_access=[None, None, "no", "yes"],
    )
    assert barrier_wait_s(met, BICYCLE).tolist() == [np.inf, 0, np.inf, 10]
    assert barrier_wait_s(met, LIGHTS).tolist() == [np.inf, np.inf, np.inf, 10]


def test_barriers_of_which_only_access_is_known():
    old = Barriers(np.arange(3), Coded.of(["yes", "no", "private"]), Coded.of(["yes"] * 3))
    assert barrier_wait_s(old, LIGHTS).tolist() == [0, np.inf, 10]
    assert passable(old, BICYCLE).all()


# A one-way street 1 > 2 > 3 > 4 with a side street at 3; 2 is a mere bend.
STREET = [(1, 2, 1), (2, 3, 1), (3, 4, 1), (3, 5, 0)]
STREET_AT = {1: (0, 0), 2: (150, 0), 3: (280, 0), 4: (580, 0), 5: (280, 90)}


def street(kit, **columns):
    return kit.make_segments(STREET, STREET_AT, **columns)


def against(kit, rules=LIGHTS, **columns):
    legs = contraflow_legs(street(kit, **columns), rules)
    assert not legs[:, 0].any()
    return legs[:, 1].tolist()


def test_contraflow_is_for_short_blocks_of_streets_and_lights_only(kit):
    length_m = [150.0, 130.0, 301.0, 90.0]
    assert against(kit, length_m=length_m) == [True, True, False, False]
    # 150 and 151 m are one block of 301 m: nobody can leave it in between.
    assert against(kit, length_m=[150.0, 151.0, 300.0, 90.0]) == [False, False, True, False]
    for rules in (CAR, AMBULANCE, MOTORCYCLE, BICYCLE, WALK):
        assert against(kit, rules, length_m=length_m) == [False] * 4


@pytest.mark.parametrize(
    ("highway", "open_"),
    [("residential", True), ("secondary", True), ("service", True), ("primary", False),
     ("trunk", False), ("motorway", False), ("secondary_link", False), ("ferry", False),
     ("footway", False)],
)  # fmt: skip
def test_contraflow_by_class(kit, highway, open_):
    assert against(kit, highway=[highway] * 4, length_m=[50.0] * 4)[0] is open_


@pytest.mark.parametrize(
    "columns",
    [{"is_tunnel": [True] * 4}, {"is_roundabout": [True] * 4}, {"drive_access": ["no"] * 4},
     {"oneway_bus": [0] * 4}, {"oneway": [0] * 4}],
)  # fmt: skip
def test_contraflow_is_not_where_it_is_dangerous_closed_or_open_anyway(kit, columns):
    assert not any(against(kit, length_m=[50.0] * 4, **columns))


def test_contraflow_is_slower_and_not_among_the_allowed_directions(kit):
    segments = street(kit, length_m=[50.0] * 4)
    forward, backward = speeds_m_s(segments, LIGHTS)
    np.testing.assert_allclose(backward[:3], forward[:3] / 3)
    assert backward[3] == forward[3]
    assert not allowed_directions(segments, LIGHTS)[1][:3].any()
    mirrored = street(kit, length_m=[50.0] * 4, oneway=[-1, -1, -1, 0])
    assert contraflow_legs(mirrored, LIGHTS).tolist() == [[True, False]] * 3 + [[False, False]]


def test_the_fingerprint_knows_every_rule():
    base = LIGHTS.fingerprint()
    changed = {
        "uplift": 1.2, "signal_delay_s": 4.0, "ban_penalty_s": 5.0, "contraflow": None,
        "turn": dataclasses.replace(LIGHTS.turn, far_s=9.0), "ferry_wait_s": 1.0,
        "class_speed_kmh": {**LIGHTS.class_speed_kmh, "primary": 61}, "driving_side": "left",
        "barrier_wait_s": {}, "access": frozenset({"yes"}), "max_speed_kmh": 100.0,
        "closed_classes": frozenset({"track"}), "oneway_columns": ("oneway",),
    }  # fmt: skip
    digests = {dataclasses.replace(LIGHTS, **{k: v}).fingerprint() for k, v in changed.items()}
    assert len(digests | {base}) == len(changed) + 1
    assert dataclasses.replace(LIGHTS, uplift=LIGHTS.uplift).fingerprint() == base
