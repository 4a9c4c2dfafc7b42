"""Areas agree with exact buffers, hold what is reached, nest, and part a city without gaps."""

from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely

from data.osm.pbf import read_pbf
from routing.areas import contour, isochrone
from routing.areas.distance_field import OUTSIDE
from routing.areas.entries import LegTimes, leg_times
from routing.areas.errors import AreaTooLargeError
from routing.areas.isochrone import isochrone_bands, reach_polygon, service_areas
from routing.areas.reach import reach, reach_of_nearest
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.graph.places import Places
from routing.roads.model import Profile, Segments
from routing.roads.plane import LocalPlane
from routing.rules.profiles import PROFILES, allowed_directions, speeds_m_s
from routing.search.router import DijkstraRouter

MINUTE_MS = 60_000


def node_search(segments: Segments, sources, *, towards=False) -> LegTimes:
    """Times of legs by networkx's Dijkstra over junctions; several sources are owners 0, 1, …"""
    rules = PROFILES[Profile.CAR]
    allowed = np.column_stack(allowed_directions(segments, rules))
    speed = np.column_stack(speeds_m_s(segments, rules))
    time_ms = np.maximum(np.rint(segments.length_m[:, None] / speed * 1000), 1).astype(int)
    leg_ms = np.where(allowed, time_ms, INFINITE_MS).astype(np.int32).ravel()
    tail = np.column_stack((segments.from_node, segments.to_node)).ravel()
    head = np.column_stack((segments.to_node, segments.from_node)).ravel()
    graph = nx.DiGraph()
    graph.add_nodes_from(sources)
    for a, b, ms in zip(tail.tolist(), head.tolist(), leg_ms.tolist(), strict=True):
        if ms < INFINITE_MS:
            a, b = (b, a) if towards else (a, b)  # noqa: PLW2901
            graph.add_edge(
                a, b, weight=min(ms, graph.get_edge_data(a, b, {"weight": ms})["weight"])
            )
    label, path = nx.multi_source_dijkstra(graph, set(sources))
    entry = head if towards else tail
    owner_of = {node: i for i, node in enumerate(sources)}
    entry_ms = [label.get(node, INFINITE_MS) for node in entry.tolist()]
    owner = [owner_of[path[node][0]] if node in path else -1 for node in entry.tolist()]
    return LegTimes(
        entry_ms=np.where(leg_ms < INFINITE_MS, entry_ms, INFINITE_MS).astype(np.int32),
        leg_ms=leg_ms,
        owner=np.where(leg_ms < INFINITE_MS, owner, -1).astype(np.int32),
        towards=towards,
    )


def exact(segments, times, limit_ms, plane, buffer_m=isochrone.BUFFER_M):
    """Union of the buffers of all reached pieces, in metres."""
    pieces_m, _, _ = times.within(limit_ms).pieces(segments, plane)
    lines = shapely.linestrings(pieces_m.reshape(-1, 2, 2))
    return shapely.union_all(shapely.buffer(lines, buffer_m, quad_segs=16)), lines


def metres(polygon, plane):
    return shapely.transform(polygon, plane.to_xy)


def check_area(segments, times, limit_ms):
    plane = LocalPlane.around(segments.coords)
    area = reach_polygon(segments, times, limit_ms=limit_ms, plane=plane)
    assert area.is_valid
    area_m = metres(area, plane)
    truth, lines = exact(segments, times, limit_ms, plane)
    assert area_m.area == pytest.approx(truth.area, rel=0.03)
    assert area_m.symmetric_difference(truth).area < 0.04 * truth.area
    assert shapely.covers(area_m, shapely.points(shapely.get_coordinates(lines))).all()
    # Filled holes apart, nothing is further out than the buffer and one cell.
    unfilled = reach_polygon(segments, times, limit_ms=limit_ms, plane=plane, min_hole_m2=0.0)
    road = shapely.STRtree(lines)
    outline = shapely.points(shapely.get_coordinates(metres(unfilled, plane)))
    _, distance_m = road.query_nearest(outline, return_distance=True, all_matches=False)
    assert distance_m.max() <= isochrone.BUFFER_M + isochrone.CELL_M
    return area_m, truth


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("towards", [False, True])
def test_area_is_that_of_exact_buffers(kit, seed, towards):
    segments = kit.make_city(24, 24, seed=seed).segments
    source = int(segments.from_node[len(segments) // 2])
    times = node_search(segments, [source], towards=towards)
    check_area(segments, times, 2 * MINUTE_MS)


def test_area_of_a_real_city(shared_data):
    core = shared_data / "osm" / "shenzhen-core.osm.pbf"
    segments = from_city(read_pbf(core, key="core").segments)
    times = node_search(segments, [int(segments.from_node[np.argmax(segments.length_m)])])
    area_m, truth = check_area(segments, times, 5 * MINUTE_MS)
    holes = sum(len(part.interiors) for part in area_m.geoms)
    kept = [
        hole
        for part in shapely.get_parts(truth)
        for hole in part.interiors
        if shapely.Polygon(hole).area > 2 * isochrone.MIN_HOLE_M2
    ]
    assert holes >= len(kept) > 0


def from_city(frame) -> Segments:
    coords, row = shapely.get_coordinates(frame.geometry.values, return_index=True)
    names = ("from_node", "to_node", "length_m", "oneway", "highway", "drive_access")
    return Segments.from_columns(
        segment_id=np.arange(len(frame)),
        coords=coords,
        offsets=np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(frame))))),
        **{name: frame[name].tolist() for name in names},
    )


def test_a_ring_road_keeps_its_hole(kit):
    corners = {1: (0, 0), 2: (600, 0), 3: (600, 600), 4: (0, 600)}
    segments = kit.make_segments([(1, 2), (2, 3), (3, 4), (4, 1)], corners)
    times = node_search(segments, [1])
    plane = LocalPlane.around(segments.coords)
    (ring,) = metres(
        reach_polygon(segments, times, limit_ms=10 * MINUTE_MS, plane=plane), plane
    ).geoms
    (hole,) = ring.interiors
    # (600 - 2 * 60)^2; the grid takes a little off its sharp corners.
    assert shapely.Polygon(hole).area == pytest.approx(480.0**2, rel=0.02)
    filled = reach_polygon(
        segments, times, limit_ms=10 * MINUTE_MS, plane=plane, min_hole_m2=300_000.0
    )
    assert not filled.geoms[0].interiors


def test_a_last_street_counts_as_far_as_it_is_driven(kit):
    segments = kit.make_segments([(1, 2, 1)], {1: (0, 0), 2: (1_000, 0)})
    times = node_search(segments, [1])
    plane = LocalPlane.around(segments.coords)
    quarter_ms = int(times.leg_ms[0]) // 4
    area = metres(reach_polygon(segments, times, limit_ms=quarter_ms, plane=plane), plane)
    west, _, east, _ = area.bounds
    assert (west, east) == (pytest.approx(-560, abs=2), pytest.approx(-190, abs=2))
    reached = times.within(quarter_ms)
    np.testing.assert_allclose((reached.near, reached.far), [[0.0], [0.25]], atol=1e-3)


def test_both_directions_of_a_street_unite(kit):
    """Driven from both ends: a share from either, and a gap in the middle."""
    segments = kit.make_segments([(1, 2)], {1: (0, 0), 2: (1_000, 0)})
    full_ms = int(node_search(segments, [1]).leg_ms[0])
    times = LegTimes(
        entry_ms=np.array([0, full_ms // 10], np.int32),
        leg_ms=np.full(2, full_ms, np.int32),
        owner=np.zeros(2, np.int32),
    )
    plane = LocalPlane.around(segments.coords)
    two = reach_polygon(segments, times, limit_ms=full_ms * 4 // 10, plane=plane)
    assert len(two.geoms) == 2
    one = reach_polygon(segments, times, limit_ms=full_ms * 6 // 10, plane=plane)
    assert len(one.geoms) == 1


def test_bands_nest_exactly_and_agree_with_single_areas(kit):
    segments = kit.make_city(30, 30, seed=9).segments
    times = node_search(segments, [int(segments.from_node[400])])
    plane = LocalPlane.around(segments.coords)
    limits_ms = [30_000, 60_000, 90_000, 150_000]
    areas = isochrone_bands(segments, times, limits_ms=limits_ms, plane=plane)
    for inner, outer in pairwise(areas):
        assert outer.is_valid
        assert outer.covers(inner)
    for limit_ms, area in zip(limits_ms, areas, strict=True):
        alone = reach_polygon(segments, times, limit_ms=limit_ms, plane=plane)
        assert area.symmetric_difference(alone).area < 0.015 * alone.area
    bands = isochrone_bands(segments, times, limits_ms=limits_ms, plane=plane, cumulative=False)
    assert shapely.coverage_is_valid(bands)
    assert sum(band.area for band in bands) == pytest.approx(areas[-1].area, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_service_areas_part_the_area_reached(kit, seed):
    segments = kit.make_city(30, 30, seed=seed).segments
    rng = np.random.default_rng(seed)
    stations = rng.choice(np.unique(segments.from_node), 9, replace=False).tolist()
    times = node_search(segments, stations)
    plane = LocalPlane.around(segments.coords)
    limit_ms = 2 * MINUTE_MS
    areas = service_areas(segments, times, limit_ms=limit_ms, plane=plane)
    assert set(areas) <= set(range(9))
    assert all(area.is_valid for area in areas.values())
    assert shapely.coverage_is_valid(list(areas.values()))
    whole = reach_polygon(segments, times, limit_ms=limit_ms, plane=plane)
    assert sum(area.area for area in areas.values()) == pytest.approx(whole.area, rel=0.002)
    # A junction lies in the area of the station that reaches it first, borders apart.
    stretches = times.within(limit_ms)
    pieces_m, time_ms, stretch = stretches.pieces(segments, plane)
    inside = 0
    first = {}
    for xy, ms, owner in zip(pieces_m[:, :2], time_ms[:, 0], stretches.owner[stretch], strict=True):
        place = tuple(np.round(xy, 3))
        first[place] = min(first.get(place, (np.inf, -1)), (ms, owner))
    for owner, area in areas.items():
        mine = [place for place, (_, who) in first.items() if who == owner]
        inside += shapely.contains_xy(metres(area, plane), *np.array(mine).T).sum()
    assert inside > 0.97 * len(first)


def test_a_street_between_two_stations_is_parted_where_both_arrive(kit):
    segments = kit.make_segments([(1, 2)], {1: (0, 0), 2: (1_000, 0)})
    times = node_search(segments, [1, 2])
    later = LegTimes(
        entry_ms=times.entry_ms + np.array([0, times.leg_ms[0] // 5], np.int32),
        leg_ms=times.leg_ms,
        owner=times.owner,
    )
    plane = LocalPlane.around(segments.coords)
    areas = service_areas(segments, later, limit_ms=10 * MINUTE_MS, plane=plane)
    west, east = (metres(areas[i], plane).bounds for i in (0, 1))
    assert west[2] == pytest.approx(100, abs=isochrone.CELL_M)
    assert east[0] == pytest.approx(100, abs=isochrone.CELL_M)


def test_nothing_reached_is_an_empty_area(kit):
    segments = kit.make_segments([(1, 2)], {1: (0, 0), 2: (1_000, 0)})
    times = node_search(segments, [1])
    closed = LegTimes(
        entry_ms=np.full(2, INFINITE_MS, np.int32), leg_ms=times.leg_ms, owner=times.owner
    )
    plane = LocalPlane.around(segments.coords)
    assert reach_polygon(segments, closed, limit_ms=MINUTE_MS, plane=plane).is_empty
    assert service_areas(segments, closed, limit_ms=MINUTE_MS, plane=plane) == {}


def test_wrong_sizes_are_refused(kit):
    segments = kit.make_segments([(1, 2)], {1: (0, 0), 2: (1_000, 0)})
    times = node_search(segments, [1])
    plane = LocalPlane.around(segments.coords)
    with pytest.raises(ValueError, match="do not suit"):
        reach_polygon(segments, times, limit_ms=1, plane=plane, buffer_m=20.0, cell_m=20.0)
    with pytest.raises(ValueError, match="growing"):
        isochrone_bands(segments, times, limits_ms=(2, 2), plane=plane)
    with pytest.raises(AreaTooLargeError):
        reach_polygon(segments, times, limit_ms=MINUTE_MS, plane=plane, buffer_m=1e-2, cell_m=1e-4)


@pytest.mark.parametrize("seed", range(30))
def test_random_labels_make_a_valid_coverage_that_keeps_every_node(seed):
    """Noise has every saddle and every meeting of three and four regions, holes in holes too."""
    rng = np.random.default_rng(seed)
    label = np.full((24, 31), OUTSIDE, np.int32)
    label[1:-1, 1:-1] = rng.integers(-1, 1 + seed % 4, (22, 29))
    lines = contour.trace(label)
    crossing, where = np.unique(lines[0] >> 1, return_inverse=True)
    share = rng.uniform(0.01, 0.99, crossing.size)[where]
    region, polygon = contour.polygons(
        label, share, lines=lines, tolerance=0.4, to_lonlat=(np.zeros(2), np.ones(2))
    )
    assert shapely.is_valid(polygon).all()
    areas = [shapely.MultiPolygon(list(polygon[region == i])) for i in np.unique(region)]
    assert shapely.is_valid(areas).all()
    assert shapely.coverage_is_valid(areas)
    y, x = np.indices(label.shape)
    for i, area in zip(np.unique(region), areas, strict=True):
        np.testing.assert_array_equal(shapely.contains_xy(area, x, y), label == i)


# -- from labels of states to times of legs --------------------------------------------------


def plain_leg_times(graph, places, *, leg_ms, towards):
    """Every leg entered at its start (or left at its end), by networkx over rows of states."""
    rows = nx.DiGraph()
    rows.add_nodes_from(range(graph.state_leg.size))
    start = graph.state_leg_start
    for state in range(graph.n_states):
        for row in range(start[state], start[state + 1] - 1):
            rows.add_edge(row, row + 1, wait=int(graph.state_wait_ms[row]))
        arcs = slice(graph.successors.start[state], graph.successors.start[state + 1])
        for to, delay in zip(
            graph.successors.to[arcs], graph.successors.delay_ms[arcs], strict=True
        ):
            rows.add_edge(int(start[state + 1]) - 1, int(start[to]), wait=int(delay))
    ms = leg_ms[graph.state_leg]
    best = np.full(leg_ms.size, INFINITE_MS, np.int64)
    for row, share in zip(places.row.tolist(), places.share, strict=True):
        spent_ms = int(np.floor(share * ms[row] + 0.5))
        seeds = nx.DiGraph()
        if towards:
            seeds.add_weighted_edges_from(
                (b, a, w["wait"] + int(ms[b])) for a, b, w in rows.edges(data=True)
            )
            seeds.add_weighted_edges_from(
                ("seed", a, spent_ms + w["wait"]) for a, _, w in rows.in_edges(row, data=True)
            )
        else:
            seeds.add_weighted_edges_from(
                (a, b, int(ms[a]) + w["wait"]) for a, b, w in rows.edges(data=True)
            )
            seeds.add_weighted_edges_from(
                ("seed", b, int(ms[row]) - spent_ms + w["wait"])
                for _, b, w in rows.out_edges(row, data=True)
            )
        if "seed" in seeds:
            label = nx.single_source_dijkstra_path_length(seeds, "seed")
            for node, at_ms in label.items():
                if node != "seed":
                    leg = graph.state_leg[node]
                    best[leg] = min(best[leg], at_ms)
    return best


def state_labels(graph, places, *, leg_ms, towards):
    """Labels as the searches of the engine give them: at starts of states, `towards` at ends."""
    time_ms = graph.state_times_ms(leg_ms)
    arcs = graph.predecessors if towards else graph.successors
    states = nx.DiGraph()
    states.add_nodes_from(range(graph.n_states))
    for state in range(graph.n_states):
        for arc in range(arcs.start[state], arcs.start[state + 1]):
            weight = int(time_ms[state]) + int(arcs.delay_ms[arc])
            states.add_edge(state, int(arcs.to[arc]), weight=weight)
    driven_ms = places.spent_ms if towards else places.left_ms
    for i, state in enumerate(places.state.tolist()):
        for arc in range(arcs.start[state], arcs.start[state + 1]):
            offset = int(driven_ms[i]) + int(arcs.delay_ms[arc])
            to = int(arcs.to[arc])
            known = states.get_edge_data("seed", to, {"weight": offset})["weight"]
            states.add_edge("seed", to, weight=min(offset, known))
    label = nx.single_source_dijkstra_path_length(states, "seed")
    out = np.full(graph.n_states, INFINITE_MS, np.int32)
    for state, ms in label.items():
        if state != "seed":
            out[state] = min(ms, INFINITE_MS)
    return out


@pytest.mark.parametrize("towards", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_leg_times_agree_with_a_plain_search_over_legs(kit, seed, towards):
    city = kit.make_city(7, 7, seed=seed)
    graph = build_graph(
        city.segments,
        Profile.CAR,
        restrictions=city.restrictions,
        signal_nodes=city.signal_nodes,
    )
    rng = np.random.default_rng(seed)
    leg_ms = graph.free_flow_ms
    points = kit.place(graph, rng.integers(0, len(city.segments), 3), rng.random(3))
    places = Places.of(graph, points, leg_ms)
    if towards:
        places = places.with_copies(graph, leg_ms)
    label_ms = state_labels(graph, places, leg_ms=leg_ms, towards=towards)
    limit_ms = int(np.quantile(label_ms[label_ms < INFINITE_MS], 0.6))
    times = leg_times(
        graph, label_ms, leg_ms=leg_ms, limit_ms=limit_ms, places=places, towards=towards
    )
    expected = plain_leg_times(graph, places, leg_ms=leg_ms, towards=towards)
    expected[expected > limit_ms] = INFINITE_MS
    np.testing.assert_array_equal(times.entry_ms, expected)
    reached = np.flatnonzero(label_ms <= limit_ms).astype(np.int32)
    sparse = leg_times(
        graph,
        label_ms[reached],
        states=reached,
        leg_ms=leg_ms,
        limit_ms=limit_ms,
        places=places,
        towards=towards,
    )
    np.testing.assert_array_equal(sparse.entry_ms, times.entry_ms)


@pytest.mark.parametrize("towards", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_reach_is_what_the_router_says_of_every_leg(kit, seed, towards):
    """With slow and closed legs, so that states are longer than the limit or cut in two."""
    city = kit.make_city(6, 6, seed=seed)
    graph = build_graph(
        city.segments, Profile.CAR, restrictions=city.restrictions, signal_nodes=city.signal_nodes
    )
    rng = np.random.default_rng(seed)
    leg_ms = graph.free_flow_ms.copy()
    legs = np.flatnonzero(leg_ms < INFINITE_MS)
    leg_ms[rng.choice(legs, 10, replace=False)] = 90_000
    leg_ms[rng.choice(legs, 12, replace=False)] = INFINITE_MS
    router = DijkstraRouter(graph).with_times(leg_ms)
    place = kit.place(graph, rng.integers(len(city.segments)), rng.random())
    legs = np.flatnonzero(leg_ms < INFINITE_MS)
    ends = kit.place(graph, legs // 2, np.where((legs % 2 == 0) == towards, 1.0, 0.0))
    open_legs = np.arange(2) == (legs % 2)[:, None]
    ends = replace(ends, open_legs=open_legs)
    time_s = router.times_to(place, ends) if towards else router.times_from(place, ends)
    for limit_s in (20.0, 60.0, 150.0):
        times = reach(router, place, limit_s=limit_s, towards=towards)
        among = reach_of_nearest(router, place, limit_s=limit_s, towards=towards)
        np.testing.assert_array_equal(among.entry_ms, times.entry_ms)
        expected = np.where(time_s <= limit_s, np.rint(time_s * 1000.0), INFINITE_MS)
        others = ~np.isin(legs, times.seed_leg)
        np.testing.assert_array_equal(times.entry_ms[legs][others], expected[others])


@pytest.mark.parametrize("towards", [False, True])
def test_a_place_in_mid_street_is_driven_from_there_on(kit, towards):
    """One-way along x: ahead of the place only; behind it only for the way there."""
    segments = kit.make_segments([(1, 2, 1), (2, 1, 1)], {1: (0, 0), 2: (1_000, 0)})
    graph = build_graph(segments, Profile.CAR)
    leg_ms = graph.free_flow_ms
    places = Places.of(graph, kit.place(graph, 0, 0.6), leg_ms)
    label_ms = np.full(graph.n_states, INFINITE_MS, np.int32)
    times = leg_times(
        graph, label_ms, leg_ms=leg_ms, limit_ms=MINUTE_MS, places=places, towards=towards
    )
    stretches = times.within(int(leg_ms[0]) // 10)
    np.testing.assert_array_equal(stretches.segment, [0])
    assert stretches.near[0] == pytest.approx(0.6)
    assert stretches.far[0] == pytest.approx(0.5 if towards else 0.7, abs=1e-3)
