"""Routes as people read them."""

import numpy as np
import pytest

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.guidance.steps import TURNS, turn_angles_deg, turns_at
from routing.roads.model import Manoeuvre, Profile
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter

AT = {0: (0, 0), 1: (200, 0), 2: (400, 0), 3: (400, 200), 4: (700, 200)}
EDGES = [(0, 1), (2, 1), (2, 3, 1), (3, 4)]
LENGTH_M = [200.0, 200.0, 200.0, 300.0]


@pytest.fixture
def router(kit):
    segments = kit.make_segments(
        EDGES, AT, length_m=LENGTH_M,
        name=["深南大道", "深南大道", None, "Fuhua Road"],
        name_zh=["深南大道", "深南大道", None, "福华路"],
        name_en=["Shennan Avenue", "Shennan Avenue", None, None],
        ref=[None, None, "S33", None],
    )  # fmt: skip
    return DijkstraRouter(build_graph(segments, Profile.AMBULANCE))


def test_steps_merge_streets_and_name_turns_in_two_languages(kit, router):
    route = router.route(kit.place(router.graph, 0, 0.5), kit.place(router.graph, 3, 1 / 3))
    assert [step.manoeuvre for step in route.steps] == [
        Manoeuvre.DEPART, Manoeuvre.LEFT, Manoeuvre.RIGHT, Manoeuvre.ARRIVE,
    ]  # fmt: skip
    assert [step.text_en for step in route.steps] == [
        "Set out on Shennan Avenue", "Turn left onto S33", "Turn right onto Fuhua Road",
        "Arrive at the destination on Fuhua Road",
    ]  # fmt: skip
    assert route.steps[0].text_zh == "从深南大道出发"
    assert route.steps[2].text_zh == "右转进入福华路"
    np.testing.assert_allclose([s.distance_m for s in route.steps], [300, 200, 100, 0])
    assert [round(s.bearing_deg) for s in route.steps] == [90, 0, 90, 90]
    assert route.segment.tolist() == [0, 1, 2, 3]
    assert route.forward.tolist() == [True, False, True, True]
    assert route.distance_m == pytest.approx(600)


def test_geometry_is_clipped_at_both_ends_and_steps_point_into_it(kit, router):
    route = router.route(kit.place(router.graph, 0, 0.75), kit.place(router.graph, 3, 1 / 3))
    line, last = router.graph.segments.line(0), router.graph.segments.line(3)
    np.testing.assert_allclose(route.geometry[0], line[0] * 0.25 + line[2] * 0.75)
    np.testing.assert_allclose(route.geometry[-1], last[0] * 2 / 3 + last[2] / 3)
    corner = route.geometry[route.steps[1].vertex]
    np.testing.assert_allclose(corner, router.graph.segments.line(2)[0])
    assert route.steps[-1].vertex == route.geometry.shape[0] - 1
    assert (np.hypot(*np.diff(route.geometry, axis=0).T) > 0).all()


def test_a_place_is_0_s_from_itself_and_behind_is_reached_backwards(kit, router):
    here, behind = kit.place(router.graph, 0, 0.5), kit.place(router.graph, 0, 0.25)
    route = router.route(here, here)
    assert (route.travel_time_s, route.distance_m) == (0.0, 0.0)
    assert route.geometry.shape == (2, 2)
    back = router.route(here, behind)
    assert back.distance_m == pytest.approx(50)
    assert back.forward.tolist() == [False]


def test_no_route_says_why(kit, router):
    start, end = kit.place(router.graph, 3, 0.5), kit.place(router.graph, 0, 0.5)
    with pytest.raises(NoRouteError, match="one-way") as caught:
        router.route(start, end)
    assert caught.value.reason == "not_connected"
    assert np.isinf(router.times_to(end, start)[0])
    for segment, reason in ((0, "origin_closed"), (3, "destination_closed")):
        shut = router.graph.free_flow_ms.copy()
        shut[[2 * segment, 2 * segment + 1]] = INFINITE_MS
        with pytest.raises(NoRouteError) as caught:
            router.with_times(shut).route(end, start)
        assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("angle_deg", "expected"),
    [
        (0, Manoeuvre.STRAIGHT), (35, Manoeuvre.SLIGHT_RIGHT), (-35, Manoeuvre.SLIGHT_LEFT),
        (90, Manoeuvre.RIGHT), (-90, Manoeuvre.LEFT), (140, Manoeuvre.SHARP_RIGHT),
        (-140, Manoeuvre.SHARP_LEFT), (180, Manoeuvre.U_TURN), (-175, Manoeuvre.U_TURN),
    ],
)  # fmt: skip
@pytest.mark.parametrize("bearing_deg", [0, 200, 355])
def test_turns_by_angle(bearing_deg, angle_deg, expected):
    out, into = np.array([bearing_deg]), np.array([(bearing_deg + angle_deg) % 360])
    assert TURNS[turns_at(turn_angles_deg(out, into))[0]] is expected
