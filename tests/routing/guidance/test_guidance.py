"""Roundabouts, ramps, ferries and the side of the destination, on networks made by hand."""

import numpy as np
import pytest

from routing.graph.build import build_graph
from routing.roads.model import Manoeuvre, Profile
from routing.roads.plane import LocalPlane
from routing.search.router import DijkstraRouter

PLANE = LocalPlane(114.06, 22.54, 102_800.0, 110_750.0)
EAST, NORTH, WEST, SOUTH_IN, SOUTH_OUT = 5, 6, 7, 8, 9
ARMS = ["East Street", "North Street", "West Street", "South Street", "South Street"]
RING = [(1, 2, 1), (2, 3, 1), (3, 5, 1), (5, 4, 1), (4, 1, 1)]
STREETS = [(1, 11), (2, 12), (3, 13), (14, 4, 1), (5, 15, 1), (15, 14)]
AT = {
    1: (20, 0), 2: (0, 20), 3: (-20, 0), 4: (5, -19), 5: (-5, -19),
    11: (200, 0), 12: (0, 200), 13: (-200, 0), 14: (8, -200), 15: (-8, -200),
    16: (180, 70), 21: (-90, 12), 22: (90, 12),
}  # fmt: skip


def roundabout(kit, *, mirrored=False, streets=STREETS, more=(), profile=Profile.AMBULANCE):
    """Four arms, the southern one divided; mirrored, it is the same where traffic keeps left."""
    edges = [*RING, *streets, *more]
    at = {node: (-x if mirrored else x, y) for node, (x, y) in AT.items()}
    unnamed = [None] * (1 + len(more))
    segments = kit.make_segments(
        edges, at,
        is_roundabout=[i < len(RING) for i in range(len(edges))],
        name=[None] * len(RING) + ARMS + unnamed,
        name_zh=[None] * len(RING) + ["东街", "北街", "西街", "南街", "南街"] + unnamed,
    )  # fmt: skip
    return DijkstraRouter(build_graph(segments, profile))


def steps_between(kit, router, start, end):
    return router.route(kit.place(router.graph, *start), kit.place(router.graph, *end)).steps


@pytest.mark.parametrize("mirrored", [False, True], ids=["keeps right", "keeps left"])
@pytest.mark.parametrize(
    ("arm", "number", "texts"),
    [
        (EAST, 1, ("1st exit onto East Street", "第1出口驶出，进入东街")),
        (NORTH, 2, ("2nd exit onto North Street", "第2出口驶出，进入北街")),
        (WEST, 3, ("3rd exit onto West Street", "第3出口驶出，进入西街")),
        (SOUTH_OUT, 4, ("4th exit onto South Street", "第4出口驶出，进入南街")),
    ],
)
def test_a_roundabout_is_one_step_with_its_exit(kit, mirrored, arm, number, texts):
    router = roundabout(kit, mirrored=mirrored)
    steps = steps_between(kit, router, (SOUTH_IN, 0.5), (arm, 0.5))
    assert [step.manoeuvre for step in steps] == [
        Manoeuvre.DEPART, Manoeuvre.ROUNDABOUT, Manoeuvre.ARRIVE,
    ]  # fmt: skip
    assert steps[1].exit == number
    assert steps[1].text_en == f"At the roundabout take the {texts[0]}"
    assert steps[1].text_zh == f"进入环岛，从{texts[1]}"
    assert steps[1].name == ARMS[arm - EAST]
    assert steps[0].exit is None


def test_an_arm_that_only_leads_in_is_no_exit(kit):
    streets = [(11, 1, 1), *STREETS[1:]]
    steps = steps_between(kit, roundabout(kit, streets=streets), (SOUTH_IN, 0.5), (NORTH, 0.5))
    assert steps[1].exit == 1


def test_a_bridge_across_the_roundabout_is_no_exit(kit):
    router = roundabout(kit, more=[(21, 22)])
    assert steps_between(kit, router, (SOUTH_IN, 0.5), (WEST, 0.5))[1].exit == 3


@pytest.mark.parametrize("mirrored", [False, True])
def test_two_roads_that_leave_at_one_point_are_two_exits(kit, mirrored):
    router = roundabout(kit, more=[(1, 16)], mirrored=mirrored)
    beside = len(RING) + len(STREETS)
    exits = [
        steps_between(kit, router, (SOUTH_IN, 0.5), (arm, 0.5))[1].exit
        for arm in (EAST, beside, NORTH)
    ]
    assert exits == [1, 2, 3]


def test_a_route_that_begins_in_the_roundabout_says_when_to_leave_it(kit):
    steps = steps_between(kit, roundabout(kit), (4, 0.5), (NORTH, 0.5))
    assert [step.text_en for step in steps] == [
        "Set out on the roundabout",
        "Leave the roundabout by the 2nd exit onto North Street",
        "Arrive at the destination on North Street",
    ]
    assert steps[1].text_zh == "从第2出口驶出环岛，进入北街"
    assert (steps[1].manoeuvre, steps[1].exit) == (Manoeuvre.LEAVE_ROUNDABOUT, 2)


def test_a_destination_in_the_roundabout_has_no_exit(kit):
    steps = steps_between(kit, roundabout(kit), (SOUTH_IN, 0.5), (1, 0.5))
    assert [step.text_en for step in steps[1:]] == [
        "Enter the roundabout", "Arrive at the destination on the roundabout",
    ]  # fmt: skip
    assert [step.text_zh for step in steps[1:]] == ["驶入环岛", "到达目的地(环岛)"]
    assert steps[1].exit is None


def test_a_route_within_the_roundabout_has_no_turns(kit):
    steps = steps_between(kit, roundabout(kit), (4, 0.5), (2, 0.5))
    assert [step.manoeuvre for step in steps] == [Manoeuvre.DEPART, Manoeuvre.ARRIVE]


def test_on_foot_there_are_no_roundabouts(kit):
    router = roundabout(kit, profile=Profile.WALK)
    steps = steps_between(kit, router, (SOUTH_IN, 0.5), (NORTH, 0.5))
    assert not {Manoeuvre.ROUNDABOUT, Manoeuvre.LEAVE_ROUNDABOUT} & {s.manoeuvre for s in steps}


def test_two_roundabouts_in_a_row_are_two_steps(kit):
    ring = [(1, 2, 1), (2, 3, 1), (3, 4, 1), (4, 1, 1)]
    edges = [
        *ring, *((a + 10, b + 10, 1) for a, b, _ in ring),
        (1, 13), (3, 20), (2, 21), (12, 22), (11, 23),
    ]  # fmt: skip
    square = {1: (20, 0), 2: (0, 20), 3: (-20, 0), 4: (0, -20)}
    at = square | {node + 10: (x + 100, y) for node, (x, y) in square.items()}
    at |= {20: (-200, 0), 21: (0, 200), 22: (100, 200), 23: (300, 0)}
    segments = kit.make_segments(edges, at, is_roundabout=[i < 8 for i in range(len(edges))])
    router = DijkstraRouter(build_graph(segments, Profile.CAR))
    steps = steps_between(kit, router, (9, 0.5), (11, 0.5))
    assert [(step.manoeuvre, step.exit) for step in steps] == [
        (Manoeuvre.DEPART, None), (Manoeuvre.ROUNDABOUT, 1), (Manoeuvre.ROUNDABOUT, 2),
        (Manoeuvre.ARRIVE, None),
    ]  # fmt: skip
    back = steps_between(kit, router, (12, 0.5), (10, 0.5))
    assert [step.exit for step in back] == [None, 2, 1, None]


INTERCHANGE_AT = {
    0: (0, 0), 1: (500, 0), 2: (1500, 0), 3: (700, -40), 4: (900, -60), 5: (900, 60),
    6: (900, -400), 7: (900, 500), 8: (1400, 100), 9: (1800, 100), 10: (2500, 100),
}  # fmt: skip
INTERCHANGE = [
    (0, 1, 1), (1, 2, 1),  # the motorway, on past its exit
    (1, 3, 1), (3, 4, 1), (3, 5, 1),  # the ramp and its fork
    (6, 4), (5, 7),  # streets behind the fork
    (5, 8, 1), (8, 9, 1), (9, 10, 1), (2, 0, 1), (10, 0, 1), (6, 0), (7, 0),
]  # fmt: skip
MOTORWAY, RAMP, TRUNK = "motorway", "motorway_link", "trunk"


@pytest.fixture
def interchange(kit):
    highway = [
        MOTORWAY, MOTORWAY, RAMP, RAMP, RAMP, "primary", "primary",
        "trunk_link", TRUNK, TRUNK, *["residential"] * 4,
    ]  # fmt: skip
    name = [None, None, None, None, None, "Harbour Road", "Hill Road", None, "Ring Way",
            "Ring Way", *[None] * 4]  # fmt: skip
    segments = kit.make_segments(
        INTERCHANGE, INTERCHANGE_AT, highway=highway, name=name,
        ref=["G4", "G4", *[None] * 12],
    )  # fmt: skip
    return DijkstraRouter(build_graph(segments, Profile.CAR))


def test_a_motorway_is_left_by_a_ramp_whose_fork_is_told(kit, interchange):
    steps = steps_between(kit, interchange, (0, 0.5), (5, 0.5))
    assert [step.text_en for step in steps[:3]] == [
        "Set out on G4",
        "Leave G4 by the ramp on the right onto Harbour Road",
        "Keep right at the fork onto Harbour Road",
    ]
    assert steps[1].text_zh == "从右侧匝道驶出G4，前往Harbour Road"
    assert steps[2].text_zh == "在岔口靠右，前往Harbour Road"
    assert [step.side for step in steps[:3]] == [None, "right", "right"]
    other = steps_between(kit, interchange, (0, 0.5), (6, 0.5))
    assert other[2].text_en == "Keep left at the fork onto Hill Road"


def test_a_ramp_leads_onto_a_main_road(kit, interchange):
    steps = steps_between(kit, interchange, (6, 0.9), (9, 0.5))
    texts = [(step.manoeuvre, step.text_en, step.text_zh) for step in steps]
    assert (Manoeuvre.MERGE, "Merge onto Ring Way", "汇入Ring Way") in texts
    ramp = next(step for step in steps if step.manoeuvre is Manoeuvre.RAMP)
    assert ramp.text_en.startswith("Take the ramp")
    assert ramp.text_en.endswith("onto Ring Way")
    assert "匝道，前往Ring Way" in ramp.text_zh


def test_a_ferry_is_boarded_and_left(kit):
    segments = kit.make_segments(
        [(0, 1), (1, 2), (2, 3), (3, 4)],
        {0: (0, 0), 1: (300, 0), 2: (900, 0), 3: (1500, 0), 4: (1800, 0)},
        highway=["residential", "ferry", "ferry", "residential"],
        name=["Quay", "Star Line", "Star Line", "Pier Road"],
        name_zh=["码头路", "天星线", "天星线", None],
    )
    router = DijkstraRouter(build_graph(segments, Profile.AMBULANCE))
    steps = steps_between(kit, router, (0, 0.5), (3, 0.5))
    assert [step.text_en for step in steps[1:3]] == [
        "Board the ferry (Star Line)", "Leave the ferry onto Pier Road",
    ]  # fmt: skip
    assert [step.text_zh for step in steps[1:3]] == ["乘轮渡(天星线)", "下轮渡，进入Pier Road"]
    np.testing.assert_allclose([s.distance_m for s in steps], [150, 1200, 150, 0])


@pytest.mark.parametrize("drawn", [(0, 1), (1, 0)], ids=["along", "against"])
@pytest.mark.parametrize(("north_m", "side"), [(20, "left"), (-20, "right"), (4, None), (-4, None)])
def test_the_destination_lies_to_the_left_or_right_of_the_road(kit, drawn, north_m, side):
    segments = kit.make_segments([drawn], {0: (0, 0), 1: (400, 0)}, name=["Long Street"])
    router = DijkstraRouter(build_graph(segments, Profile.AMBULANCE))
    ends = router.snap(PLANE.to_lonlat(np.array([(50.0, 0.0), (300.0, north_m)])))
    last = router.route(ends.take(0), ends.take(1)).steps[-1]
    assert last.side == side
    assert last.text_en == "Arrive at the destination on Long Street" + (
        f", on the {side}" if side else ""
    )
    assert last.text_zh == "到达目的地(Long Street)" + {
        "left": "，位于道路左侧", "right": "，位于道路右侧", None: "",
    }[side]  # fmt: skip
    back = router.route(ends.take(1), router.snap(PLANE.to_lonlat(np.array([(50.0, 30.0)]))))
    assert back.steps[-1].side == "right"
    assert [round(step.bearing_deg) for step in back.steps] == [270, 270]


def test_a_destination_beyond_the_end_of_a_road_is_on_neither_side(kit):
    segments = kit.make_segments([(0, 1)], {0: (0, 0), 1: (400, 0)})
    router = DijkstraRouter(build_graph(segments, Profile.AMBULANCE))
    ends = router.snap(PLANE.to_lonlat(np.array([(50.0, 0.0), (440.0, 1.0)])))
    assert router.route(ends.take(0), ends.take(1)).steps[-1].side is None


@pytest.mark.parametrize("seed", range(6))
def test_steps_add_up_to_the_route(kit, seed):
    rng = np.random.default_rng(seed)
    city = kit.make_city(9, 9, seed=seed)
    plain = city.segments
    n = len(plain)
    classes = ["residential", "primary", "trunk", "trunk_link", "motorway_link", "ferry"]
    segments = type(plain).from_columns(
        segment_id=plain.segment_id, from_node=plain.from_node, to_node=plain.to_node,
        length_m=plain.length_m, coords=plain.coords, offsets=plain.offsets, oneway=plain.oneway,
        highway=rng.choice(classes, size=n), is_roundabout=rng.random(n) < 0.15,
        name=[None if rng.random() < 0.4 else f"Street {rng.integers(8)}" for _ in range(n)],
    )  # fmt: skip
    router = DijkstraRouter(build_graph(segments, Profile.AMBULANCE))
    places = kit.place(router.graph, rng.integers(0, n, 40), rng.random(40))
    times_s = [router.times_from(places.take(i), places.take(i + 20))[0] for i in range(20)]
    reached = np.flatnonzero(np.isfinite(times_s))
    assert reached.size > 5
    for i in reached:
        route = router.route(places.take(i), places.take(i + 20))
        steps_ms = [round(step.travel_time_s * 1000) for step in route.steps]
        assert sum(steps_ms) == round(route.travel_time_s * 1000)
        assert sum(step.distance_m for step in route.steps) == pytest.approx(route.distance_m)
        vertices = [step.vertex for step in route.steps]
        assert vertices == sorted(vertices)
        assert vertices[-1] == route.geometry.shape[0] - 1
        assert route.steps[0].manoeuvre is Manoeuvre.DEPART
        assert [s.manoeuvre for s in route.steps].count(Manoeuvre.ARRIVE) == 1
        for step in route.steps:
            assert "None" not in step.text_en + step.text_zh
            assert step.exit is None or step.exit >= 1
