"""Who crosses a junction with signals waits for them once."""

import pytest

from routing.graph.build import build_graph
from routing.roads.model import Profile
from routing.search.router import DijkstraRouter

SIGNAL_S = 8.0

# Two streets of two one-way carriageways, 20 m apart: four crossing points with signals.
CROSSINGS = [(1, 2, 1), (2, 3, 1), (3, 4, 1), (8, 7, 1), (7, 6, 1), (6, 5, 1),
             (9, 2, 1), (2, 7, 1), (7, 10, 1), (12, 6, 1), (6, 3, 1), (3, 11, 1)]  # fmt: skip
CROSSINGS_AT = {1: (-200, 0), 2: (0, 0), 3: (20, 0), 4: (220, 0), 5: (-200, 20), 6: (20, 20),
                7: (0, 20), 8: (220, 20), 9: (0, -200), 10: (0, 220), 11: (20, -200),
                12: (20, 220)}  # fmt: skip


def waited_s(kit, edges, at, signals, *, origin, destination):
    """Seconds that signals add to the way between the middles of two segments."""
    segments = kit.make_segments(edges, at)
    times = []
    for nodes in ((), signals):
        router = DijkstraRouter(build_graph(segments, Profile.CAR, signal_nodes=nodes))
        start, end = (kit.place(router.graph, i, 0.5) for i in (origin, destination))
        times.append(router.times_from(start, end)[0])
    return times[1] - times[0]


def test_a_crossing_of_two_carriageways_is_one_junction(kit):
    # West to east passes two signals, the left turn into the north carriageway three.
    for origin, destination in ((0, 2), (0, 8)):
        found = waited_s(
            kit, CROSSINGS, CROSSINGS_AT, [2, 3, 6, 7], origin=origin, destination=destination
        )
        assert found == pytest.approx(SIGNAL_S)


def test_stop_lines_on_the_arms_are_one_junction_and_are_waited_for_when_entering(kit):
    edges = [(1, 2), (2, 0), (0, 3), (3, 4), (0, 5), (5, 6)]
    at = {0: (0, 0), 1: (-200, 0), 2: (-15, 0), 3: (15, 0), 4: (200, 0), 5: (0, 15), 6: (0, 200)}
    for origin, destination in ((0, 3), (3, 0), (5, 3)):
        found = waited_s(kit, edges, at, [2, 3, 5], origin=origin, destination=destination)
        assert found == pytest.approx(SIGNAL_S)


def test_the_next_junction_down_the_road_has_its_own_wait(kit):
    edges = [(0, 1), (1, 2), (2, 3)]
    at = {0: (0, 0), 1: (200, 0), 2: (400, 0), 3: (600, 0)}
    found = waited_s(kit, edges, at, [1, 2], origin=0, destination=2)
    assert found == pytest.approx(2 * SIGNAL_S)
