"""Points find their roads: the grid against shapely, headings, refusals."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from routing.graph.build import build_graph
from routing.roads.errors import InvalidNetworkError, NoRoadNearbyError
from routing.roads.model import Profile
from routing.search.router import DijkstraRouter
from routing.snap.errors import InvalidPointError
from routing.snap.index import SnapIndex, build_snap_index
from routing.snap.snapper import Snapper

STREET = {0: (0, 0), 1: (400, 0)}


def every_leg(segments):
    return np.ones(2 * len(segments), dtype=bool)


def plain_snap(snapper, segments, usable_legs, point, *, max_distance_m, slack_m):
    """Nearest distance and {segment: (distance, fraction)} by shapely, one line after the other."""
    xy = shapely.Point(snapper.plane.to_xy(np.asarray(point)))
    lines = [
        shapely.LineString(snapper.plane.to_xy(segments.line(i))) for i in range(len(segments))
    ]
    usable = np.flatnonzero(usable_legs.reshape(-1, 2).any(axis=1))
    away_m = shapely.distance(xy, np.array(lines)[usable])
    limit_m = min(away_m.min() + slack_m, max_distance_m)
    near = usable[away_m <= limit_m] if away_m.min() <= max_distance_m else []
    return away_m.min(), {
        int(i): (xy.distance(lines[i]), lines[i].project(xy, normalized=True)) for i in near
    }


@given(data=st.data())
def test_the_grid_agrees_with_shapely(kit, data):
    seed = data.draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    segments = kit.make_city(6, 7, seed=seed).segments
    usable = rng.random(2 * len(segments)) < data.draw(st.sampled_from([0.3, 0.9]))
    usable[0] = True
    cell_m = data.draw(st.sampled_from([40.0, 125.0, 1_000.0]))
    snapper = Snapper(segments, usable, index=build_snap_index(segments, cell_m=cell_m))
    low, high = segments.coords.min(axis=0), segments.coords.max(axis=0)
    spread = data.draw(st.sampled_from([0.1, 3.0]))
    points = rng.uniform(low - spread * (high - low), high + spread * (high - low), (20, 2))
    # Junctions and places on the road: many nearest at once.
    points = np.concatenate((points, segments.coords[rng.integers(0, len(segments.coords), 10)]))
    max_distance_m = data.draw(st.sampled_from([30.0, 300.0]))
    slack_m = data.draw(st.sampled_from([0.0, 2.0, 40.0]))
    found = snapper.snap(points, max_distance_m=max_distance_m, slack_m=slack_m)
    assert found.start[-1] == found.segment.size
    for i, point in enumerate(points):
        nearest_m, near = plain_snap(
            snapper, segments, usable, point, max_distance_m=max_distance_m, slack_m=slack_m
        )
        assert found.distance_m[i] == pytest.approx(nearest_m, abs=0.01)
        assert found.found[i] == (nearest_m <= max_distance_m)
        mine = slice(found.start[i], found.start[i + 1])
        away_m = found.candidate_distance_m[mine]
        assert (np.diff(away_m) >= 0).all()
        # Rounding may tip a road exactly at the limit, nothing else.
        listed = dict(zip(found.segment[mine].tolist(), range(away_m.size), strict=True))
        for segment in listed.keys() ^ near.keys():
            line = shapely.LineString(snapper.plane.to_xy(segments.line(segment)))
            limit_m = min(nearest_m + slack_m, max_distance_m)
            at_m = line.distance(shapely.Point(snapper.plane.to_xy(point)))
            assert at_m == pytest.approx(limit_m, abs=1e-6)
        for segment in listed.keys() & near.keys():
            row = found.start[i] + listed[segment]
            distance_m, fraction = near[segment]
            assert found.candidate_distance_m[row] == pytest.approx(distance_m, abs=0.01)
            line = shapely.LineString(snapper.plane.to_xy(segments.line(segment)))
            on_road = snapper.plane.to_xy(found.snapped[row])
            at = line.interpolate(found.fraction[row], normalized=True)
            assert at.distance(shapely.Point(on_road)) < 0.01
            assert at.distance(line.interpolate(fraction, normalized=True)) < 0.01
            assert found.open_legs[row].tolist() == usable[2 * segment : 2 * segment + 2].tolist()


@given(data=st.data())
def test_a_point_is_snapped_alike_alone_and_among_others(kit, data):
    segments = kit.make_city(6, 6, seed=data.draw(st.integers(0, 50))).segments
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    snapper = Snapper(segments, every_leg(segments))
    points = segments.coords[rng.integers(0, len(segments.coords), 8)]
    points += rng.normal(0, 3e-4, points.shape)
    heading = np.where(rng.random(8) < 0.3, np.nan, rng.uniform(0, 360, 8))
    together = snapper.snap(points, heading_deg=heading)
    rows = rng.permutation(8)
    taken = together.take(rows)
    for place, row in enumerate(rows):
        alone = snapper.snap(points[row], heading_deg=heading[row])
        for one in (together.take(int(row)), taken.take(place)):
            assert len(one) == 1
            for name in ("start", "segment", "fraction", "open_legs", "distance_m", "snapped"):
                np.testing.assert_array_equal(getattr(one, name), getattr(alone, name))
    np.testing.assert_array_equal(
        together.point_of_candidate(), np.repeat(range(8), np.diff(together.start))
    )


def test_fraction_counts_along_the_geometry(kit):
    segments = kit.make_segments([(0, 1), (1, 2)], STREET | {2: (400, 400)})
    quarter = segments.line(0)[0] * 0.75 + segments.line(0)[2] * 0.25 + (0.0, 0.0001)
    found = Snapper(segments, every_leg(segments)).snap(quarter)
    assert (len(found), found.segment.tolist()) == (1, [0])
    assert found.fraction[0] == pytest.approx(0.25, abs=1e-6)
    assert found.distance_m[0] == pytest.approx(11.08, abs=0.02)  # 0.0001 degrees of latitude


def test_stubs_that_lead_nowhere_are_not_offered(kit):
    positions = STREET | {2: (400, 400), 3: (0, 300), 4: (50, 300)}
    segments = kit.make_segments([(0, 1), (1, 2), (3, 4, 1)], positions)
    graph = build_graph(segments, Profile.CAR)
    found = Snapper(segments, graph.usable_legs).snap(segments.line(2)[0])
    assert found.segment.tolist() == [0]
    assert found.distance_m[0] == pytest.approx(300, rel=0.01)


def test_what_was_not_snapped_has_no_times(kit):
    segments = kit.make_segments([(0, 1)], STREET)
    router = DijkstraRouter(build_graph(segments, Profile.CAR))
    near, far = segments.line(0)[0], segments.line(0)[0] + (0.0, 0.01)
    found = router.snap([near, far], max_distance_m=100.0)
    np.testing.assert_array_equal(router.times_to(found.take(0), found), [0.0, np.inf])
    with pytest.raises(NoRoadNearbyError):
        router.times_to(found.take(1), found)


def test_a_street_drawn_twice_is_offered_twice(kit):
    segments = kit.make_segments([(0, 1), (1, 0)], STREET)
    found = Snapper(segments, every_leg(segments)).snap(segments.line(0)[1])
    assert found.segment.tolist() == [0, 1]
    assert found.open_legs.all()


def test_a_junction_offers_all_its_arms(kit):
    ends = {0: (0, 0), 1: (200, 0), 2: (0, 200), 3: (-200, 0), 4: (0, -200)}
    segments = kit.make_segments([(0, 1), (2, 0), (0, 3), (4, 0)], ends)
    snapper = Snapper(segments, every_leg(segments))
    found = snapper.snap(segments.line(0)[0])
    assert sorted(found.segment.tolist()) == [0, 1, 2, 3]
    assert dict(zip(found.segment.tolist(), found.fraction.round(9).tolist(), strict=True)) == {
        0: 0.0,
        1: 1.0,
        2: 0.0,
        3: 1.0,
    }


def test_only_usable_directions_are_open(kit):
    segments = kit.make_segments([(0, 1), (2, 3)], STREET | {2: (0, 50), 3: (400, 50)})
    usable = np.array([True, False, False, False])
    found = Snapper(segments, usable).snap(segments.line(1)[1])
    assert found.segment.tolist() == [0]
    assert found.open_legs.tolist() == [[True, False]]
    assert found.distance_m[0] == pytest.approx(50, abs=0.1)


def carriageways(kit):
    """Eastbound at y = 0, westbound at y = 16, a street crossing both 100 m before their ends."""
    ends = {0: (0, 0), 1: (400, 0), 2: (400, 16), 3: (0, 16), 4: (300, -200), 5: (300, 200)}
    segments = kit.make_segments([(0, 1, 1), (2, 3, 1), (4, 5)], ends)
    usable = np.array([True, False, True, False, True, True])
    return segments, Snapper(segments, usable)


@pytest.mark.parametrize(
    ("heading_deg", "segment", "distance_m"),
    [(np.nan, 1, 6.0), (265.0, 1, 6.0), (80.0, 0, 10.0), (100.0, 0, 10.0)],
)
def test_a_heading_chooses_the_carriageway(kit, heading_deg, segment, distance_m):
    segments, snapper = carriageways(kit)
    point = segments.line(0)[1] + (0.0, 10.0 / snapper.plane.m_per_deg_lat)
    found = snapper.snap(point, heading_deg=[heading_deg])
    assert found.segment.tolist() == [segment]
    assert found.distance_m[0] == pytest.approx(distance_m, abs=0.05)
    assert not found.heading_ignored[0]


def test_a_heading_that_fits_nothing_near_is_ignored_and_said_so(kit):
    segments, snapper = carriageways(kit)
    found = snapper.snap(segments.line(1)[1], heading_deg=[0.0])  # the crossing street is 100 m off
    assert found.segment.tolist() == [1]
    assert found.heading_ignored[0]


def test_a_heading_closes_the_direction_against_it(kit):
    segments = kit.make_segments([(0, 1)], STREET)
    snapper = Snapper(segments, every_leg(segments))
    for heading_deg, is_open in ((90.0, [True, False]), (-80.0, [False, True])):
        found = snapper.snap(segments.line(0)[1], heading_deg=[heading_deg])
        assert found.open_legs.tolist() == [is_open]


def test_too_far_keeps_its_row_and_is_refused_on_demand(kit):
    segments = kit.make_segments([(0, 1)], STREET)
    snapper = Snapper(segments, every_leg(segments))
    near, far = segments.line(0)[0], segments.line(0)[0] + (0.0, 0.01)
    found = snapper.snap([near, far], max_distance_m=100.0)
    assert (found.found.tolist(), found.start.tolist()) == ([True, False], [0, 1, 1])
    assert found.distance_m[1] == pytest.approx(1_108, abs=2)
    assert found.take(0).require().segment.tolist() == [0]
    with pytest.raises(NoRoadNearbyError, match=r"110[78] m") as caught:
        found.require()
    assert caught.value.index == 1
    assert len(snapper.snap(np.empty((0, 2)))) == 0


def test_without_a_usable_leg_every_point_is_refused(kit):
    segments = kit.make_segments([(0, 1)], STREET)
    found = Snapper(segments, np.zeros(2, dtype=bool)).snap(segments.line(0)[0])
    assert not found.found[0]
    assert np.isinf(found.distance_m[0])


@pytest.mark.parametrize("point", [(np.nan, 22.5), (22.5, 114.1), (np.inf, 0.0), (-181.0, 0.0)])
def test_what_is_no_place_on_earth_is_refused(kit, point):
    segments = kit.make_segments([(0, 1)], STREET)
    with pytest.raises(InvalidPointError):
        Snapper(segments, every_leg(segments)).snap([(114.0, 22.5), point])


@pytest.mark.parametrize("heading_deg", [[0.0, 1.0], [np.inf]])
def test_headings_that_belong_to_no_point_are_refused(kit, heading_deg):
    segments = kit.make_segments([(0, 1)], STREET)
    with pytest.raises(InvalidPointError, match="1 headings"):
        Snapper(segments, every_leg(segments)).snap((114.0, 22.5), heading_deg=heading_deg)


def test_more_roads_at_one_place_than_expected_are_all_found(kit):
    segments = kit.make_segments([(0, 1)] * 300, STREET)
    found = Snapper(segments, every_leg(segments)).snap(segments.line(0)[0])
    assert found.segment.tolist() == list(range(300))


def test_a_stored_index_answers_like_a_new_one(kit, tmp_path):
    segments = kit.make_city(8, 8, seed=4).segments
    index = build_snap_index(segments)
    for name, array in index.to_arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    loaded = {name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in index.to_arrays()}
    points = segments.coords[::7] + 1e-4
    usable = every_leg(segments)
    ours = Snapper(segments, usable, index=index).snap(points)
    theirs = Snapper(segments, usable, index=SnapIndex.from_arrays(loaded)).snap(points)
    np.testing.assert_array_equal(ours.fraction, theirs.fraction)
    with pytest.raises(InvalidNetworkError, match="other road segments"):
        Snapper(segments, usable[:-2], index=index)


def test_a_line_across_a_vast_area_is_found_from_everywhere_along_it(kit):
    segments = kit.make_segments([(0, 1), (2, 3)], STREET | {2: (-60_000, 0), 3: (90_000, 70_000)})
    snapper = Snapper(segments, np.array([False, False, True, True]))
    ends = snapper.plane.to_xy(segments.line(1)[[0, 2]])
    share = np.random.default_rng(5).random(200)
    on_line = ends[0] + share[:, None] * (ends[1] - ends[0])
    found = snapper.snap(snapper.plane.to_lonlat(on_line)).require()
    np.testing.assert_allclose(found.fraction, share, atol=1e-6)
    np.testing.assert_allclose(found.distance_m, 0.0, atol=1e-3)
