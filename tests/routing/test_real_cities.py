"""0 ms apart from Dijkstra on real cities, with their turn restrictions, at any times."""

from pathlib import Path

import numpy as np
import pytest

from api.frames.roads import road_graph
from data.osm.pbf import read_pbf
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import RoadGraph
from routing.live.loading import hierarchy_of
from routing.roads.model import Profile, SnapResult
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter
from tests.routing.scipy_router import ScipyRouter

HELSINKI = Path(__file__).parents[1] / "golden/roads/helsinki-centre.osm.pbf"
CITIES = {"bayreuth": "osm/north-bayreuth.osm.gz", "baltimore": "osm_pbf/baltimore.osm.pbf",
          "shenzhen core": "osm/shenzhen-core.osm.pbf"}  # fmt: skip
"""Of the bulk test data. The core of Shenzhen has no turn restrictions in its file."""
RESTRICTED = {"bayreuth", "baltimore", "helsinki"}
QUICK, WHOLE = (8, 25), (60, 60)
"""Origins by destinations, for each city and each of two sets of times."""


@pytest.fixture(scope="module", params=["helsinki", *CITIES])
def city(request):
    if request.param == "helsinki":
        return request.param, read_pbf(HELSINKI, key="city")
    shared_data: Path = request.getfixturevalue("shared_data")
    return request.param, read_pbf(shared_data / CITIES[request.param], key="city")


def random_places(graph: RoadGraph, rng, n: int) -> SnapResult:
    """Places anywhere on the network, also where there is no way back."""
    segments = graph.segments
    row = rng.choice(np.unique(graph.state_leg) // 2, n)
    share = rng.random(n)
    return SnapResult(
        point=segments.coords[segments.offsets[row]], start=np.arange(n + 1, dtype=np.int32),
        distance_m=np.zeros(n), segment=row.astype(np.int32), candidate_distance_m=np.zeros(n),
        fraction=share, snapped=segments.coords[segments.offsets[row]],
        open_legs=graph.leg_place.reshape(-1, 2)[row] >= 0,
        heading_ignored=np.zeros(n, np.bool_), max_distance_m=0.0,
    )  # fmt: skip


def compare(city, profile: Profile, *, size: tuple[int, int], seed: int) -> int:
    """Ask every engine at free flow and re-weighted with closures; return how many were equal."""
    name, data = city
    graph = road_graph(data, profile=profile)
    if name in RESTRICTED and profile not in {Profile.WALK, Profile.BICYCLE}:
        assert graph.turn_report.applied > 0
    hierarchy = hierarchy_of(graph)
    rng = np.random.default_rng(seed)
    open_ = graph.free_flow_ms < INFINITE_MS
    slower = np.maximum(graph.free_flow_ms * rng.uniform(0.4, 4.0, open_.size), 1)
    slower[~open_ | (rng.random(open_.size) < 0.03)] = INFINITE_MS
    equal = joined = 0
    for leg_ms in (graph.free_flow_ms, slower.astype(np.int32)):
        oracle = ScipyRouter(graph).with_times(leg_ms)
        plain = DijkstraRouter(graph).with_times(leg_ms)
        fast = HierarchyRouter(plain, FastTimes.of(graph, hierarchy, plain.times, metric_id="test"))
        origins, destinations = (random_places(graph, rng, n) for n in size)
        table = np.concatenate(list(fast.matrix(origins, destinations)))
        for i in range(size[0]):
            one = origins.take(i)
            expected = oracle.times_from(one, destinations)
            np.testing.assert_array_equal(plain.times_from(one, destinations), expected)
            np.testing.assert_array_equal(table[i], expected.astype(np.float32))
            each = fast.times_between(origins.take(np.full(size[1], i)), destinations)
            np.testing.assert_array_equal(each, expected)
            equal += expected.size
            joined += int(np.isfinite(expected).sum())
    assert joined > equal / 4
    return equal


@pytest.mark.parametrize("profile", [Profile.CAR, Profile.AMBULANCE_LIGHTS])
def test_a_sample_of_questions(city, profile):
    assert compare(city, profile, size=QUICK, seed=1) == 2 * QUICK[0] * QUICK[1]


@pytest.mark.acceptance
@pytest.mark.parametrize("profile", list(Profile))
def test_ten_thousand_questions_of_each_profile(city, profile):
    """Four cities by 3,600 questions by two sets of times: 21,600 for each profile."""
    assert compare(city, profile, size=WHOLE, seed=2) == 2 * WHOLE[0] * WHOLE[1]
