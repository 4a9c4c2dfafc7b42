"""Points find their road."""

import numpy as np
import pytest
import shapely

from routing.errors import InvalidPointError, NoRoadNearbyError
from routing.graph import build_graph
from routing.model import Profile
from routing.plane import LocalPlane
from routing.search import DijkstraRouter
from routing.snap import Snapper


def snapper_of(segments):
    return Snapper(segments, build_graph(segments, Profile.CAR).usable_legs)


def test_snapping_finds_the_nearest_segment_of_all(city):
    graph = build_graph(city.segments, Profile.CAR)
    snapper = Snapper(graph.segments, graph.usable_legs)
    points = np.random.default_rng(3).uniform((114.06, 22.54), (114.09, 22.57), (200, 2))
    found = snapper.snap(points, max_distance_m=500.0).require()
    usable = np.unique(np.flatnonzero(graph.usable_legs) // 2)
    plane = LocalPlane.around(city.segments.coords)
    lines = [shapely.LineString(plane.to_xy(city.segments.line(i))) for i in usable]
    xy = shapely.points(plane.to_xy(points))
    nearest_m = shapely.distance(xy[:, None], np.array(lines)[None, :]).min(axis=1)
    np.testing.assert_allclose(found.distance_m, nearest_m, atol=1e-6)
    assert ((found.fraction >= 0) & (found.fraction <= 1)).all()
    assert np.isin(found.segment, usable).all()


def test_fraction_counts_along_the_geometry_and_states_follow_one_ways(kit):
    segments = kit.make_segments([(0, 1, 0), (1, 2, 0)], {0: (0, 0), 1: (400, 0), 2: (400, 400)})
    snapper = snapper_of(segments)
    quarter = segments.line(0)[0] * 0.75 + segments.line(0)[2] * 0.25 + (0.0, 0.0001)
    found = snapper.snap(quarter)
    assert (len(found), found.segment[0]) == (1, 0)
    assert found.fraction[0] == pytest.approx(0.25, abs=1e-6)
    assert found.distance_m[0] == pytest.approx(11.08, abs=0.02)  # 0.0001 degrees of latitude
    assert found.open_legs.tolist() == [[True, True]]


def test_stubs_that_lead_nowhere_are_not_offered(kit):
    positions = {0: (0, 0), 1: (400, 0), 2: (400, 400), 3: (0, 300), 4: (50, 300)}
    segments = kit.make_segments([(0, 1), (1, 2), (3, 4, 1)], positions)
    found = snapper_of(segments).snap(segments.line(2)[0])
    assert found.segment.tolist() == [0]
    assert found.distance_m[0] == pytest.approx(300, rel=0.01)


def test_too_far_keeps_its_row_and_is_refused_on_demand(kit):
    segments = kit.make_segments([(0, 1)], {0: (0, 0), 1: (400, 0)})
    router = DijkstraRouter(build_graph(segments, Profile.CAR))
    near, far = segments.line(0)[0], segments.line(0)[0] + (0.0, 0.01)
    found = router.snap([near, far], max_distance_m=100.0)
    assert found.found.tolist() == [True, False]
    assert found.segment.tolist() == [0]
    assert found.distance_m[1] == pytest.approx(1_108, abs=2)
    np.testing.assert_array_equal(router.times_to(found.take(0), found), [0.0, np.inf])
    with pytest.raises(NoRoadNearbyError, match=r"110[78] m") as caught:
        found.require()
    assert caught.value.index == 1
    with pytest.raises(NoRoadNearbyError):
        router.times_to(found.take(1), found)
    assert len(router.snap(np.empty((0, 2)))) == 0


@pytest.mark.parametrize("point", [(np.nan, 22.5), (22.5, 114.1), (np.inf, 0.0)])
def test_what_is_no_place_on_earth_is_refused(kit, point):
    segments = kit.make_segments([(0, 1)], {0: (0, 0), 1: (400, 0)})
    with pytest.raises(InvalidPointError):
        snapper_of(segments).snap([point])
