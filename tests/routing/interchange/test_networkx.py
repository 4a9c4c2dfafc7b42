"""Roads keep their times through networkx, osmnx and GraphML; what is unclear is said."""

import warnings

import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.interchange.networkx import (
    InterchangeWarning,
    from_networkx,
    read_graphml,
    to_networkx,
    write_graphml,
)
from routing.interchange.tags import lowest_class, lowest_speed_kmh
from routing.roads.errors import InvalidNetworkError
from routing.roads.model import Profile


def car_times_ms(segments):
    return build_graph(segments, Profile.CAR).free_flow_ms


def shortest_ms(segments, leg_ms):
    """All pairs of junctions, in order of their ids, over legs without turn rules."""
    node, ends = np.unique(
        np.concatenate((segments.from_node, segments.to_node)), return_inverse=True
    )
    start, end = ends.reshape(2, -1)
    tail = np.column_stack((start, end)).ravel()
    head = np.column_stack((end, start)).ravel()
    best = {}
    for a, b, ms in zip(tail.tolist(), head.tolist(), leg_ms.tolist(), strict=True):
        if ms < INFINITE_MS:
            best[a, b] = min(ms, best.get((a, b), INFINITE_MS))
    ends = np.array(list(best)).T
    matrix = coo_array((np.array(list(best.values()), float), ends), shape=(node.size,) * 2)
    return node, dijkstra(matrix.tocsr())


def assert_same_shortest_times(segments, leg_ms, again, leg_ms_again):
    node, before = shortest_ms(segments, leg_ms)
    node_again, after = shortest_ms(again, leg_ms_again)
    kept = np.isin(node, node_again)
    np.testing.assert_array_equal(node[kept], node_again)
    np.testing.assert_array_equal(before[np.ix_(kept, kept)], after)
    # Junctions that are gone led nowhere.
    assert np.isinf(before[~kept] + np.where(np.eye(node.size)[~kept], np.inf, 0)).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), with_times=st.booleans(), data=st.data())
def test_round_trip_keeps_every_shortest_time(kit, seed, with_times, data):
    segments = kit.make_city(6, 6, seed=seed).segments
    leg_ms = car_times_ms(segments)
    if with_times:
        closed = data.draw(st.lists(st.integers(0, leg_ms.size - 1), max_size=6))
        leg_ms = leg_ms.copy()
        leg_ms[closed] = INFINITE_MS
    imported = from_networkx(to_networkx(segments, leg_ms=leg_ms if with_times else None))
    assert set(imported.segments.segment_id) <= set(segments.segment_id)
    assert_same_shortest_times(segments, leg_ms, imported.segments, car_times_ms(imported.segments))
    if with_times:
        assert_same_shortest_times(segments, leg_ms, imported.segments, imported.leg_ms)


def test_columns_survive(kit):
    corners = {1: (0, 0), 2: (500, 0), 3: (500, 400), 4: (900, 0)}
    segments = kit.make_segments(
        [(1, 2, 0, 70), (2, 3, 1, 71), (2, 4, -1, 72), (3, 3, 0, 73)],
        corners,
        highway=["primary", "residential", "footway", "service"],
        maxspeed_kmh=[62.5, np.nan, 10, 20],
        maxspeed_backward_kmh=[40, np.nan, np.nan, np.nan],
        drive_access=["yes", "private", "no", "destination"],
        walk_access=["no", "yes", None, "yes"],
        name=["深南大道", None, "x", None],
        name_zh=["深南大道", None, None, None],
        name_en=["Shennan Blvd", None, None, None],
        ref=["G4", None, None, None],
        layer=[1, 0, 0, -1],
        is_bridge=[1, 0, 0, 0],
        is_tunnel=[0, 0, 0, 1],
        is_roundabout=[0, 0, 0, 1],
    )
    again = from_networkx(to_networkx(segments)).segments
    np.testing.assert_array_equal(np.sort(again.segment_id), segments.segment_id)
    for old, row in enumerate(segments.segment_id):
        new = int(np.flatnonzero(again.segment_id == row)[0])
        flipped = segments.oneway[old] < 0
        for column in ("highway", "drive_access", "walk_access", "name", "name_zh", "name_en"):
            assert getattr(again, column).text(new) == getattr(segments, column).text(old)
        for column in ("osm_way_id", "length_m", "maxspeed_kmh", "layer", "is_bridge"):
            np.testing.assert_array_equal(
                getattr(again, column)[new], getattr(segments, column)[old]
            )
        for column in ("is_tunnel", "is_roundabout"):
            assert getattr(again, column)[new] == getattr(segments, column)[old]
        assert again.oneway[new] == abs(segments.oneway[old])
        line = segments.line(old)[:: -1 if flipped else 1]
        np.testing.assert_array_equal(again.line(new), line)
    assert again.maxspeed_backward_kmh[0] == 40


def test_shape_is_osmnx_s(kit):
    segments = kit.make_segments(
        [(1, 2, 0, 7), (2, 3, -1, 8)], {1: (0, 0), 2: (500, 0), 3: (9, 400)}
    )
    graph = to_networkx(segments, leg_ms=car_times_ms(segments))
    assert graph.graph["crs"] == "epsg:4326"
    assert sorted(graph.edges(keys=True)) == [(1, 2, 0), (2, 1, 0), (3, 2, 0)]
    back = graph.edges[2, 1, 0]
    assert (back["osmid"], back["oneway"], back["reversed"]) == (7, False, True)
    assert graph.edges[3, 2, 0]["oneway"] is True
    assert back["travel_time"] == car_times_ms(segments)[1] / 1000
    assert shapely.get_coordinates(back["geometry"])[0] == pytest.approx(
        (graph.nodes[2]["x"], graph.nodes[2]["y"])
    )
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert (len(nodes), len(edges)) == (3, 3)
    route = osmnx.shortest_path(graph, 1, 2, weight="travel_time")
    assert route == [1, 2]


def test_graphml_round_trip(kit, tmp_path):
    segments = kit.make_city(8, 8, seed=5).segments
    leg_ms = car_times_ms(segments)
    path = tmp_path / "roads.graphml"
    write_graphml(path, to_networkx(segments, leg_ms=leg_ms))
    imported = read_graphml(path)
    assert_same_shortest_times(segments, leg_ms, imported.segments, imported.leg_ms)
    assert_same_shortest_times(segments, leg_ms, imported.segments, car_times_ms(imported.segments))
    assert imported.segments.name_zh.text(0).endswith("号路")


def raw_osmnx_graph():
    """As osmnx downloads it: a two-way street of three parts with two speeds, and a one-way."""
    graph = nx.MultiDiGraph(crs="epsg:4326", simplified=False)
    for node, x in ((1, 114.00), (2, 114.01), (3, 114.02), (4, 114.10)):
        graph.add_node(node, x=x, y=22.5, street_count=2)
    parts = [(1, 2, 10, "100", 1_000.0), (2, 3, 11, "20", 9_000.0), (3, 4, 11, "20", 50.0)]
    for u, v, way, maxspeed, length in parts:
        shared = {"osmid": way, "highway": "primary", "oneway": False, "length": length}
        graph.add_edge(u, v, maxspeed=maxspeed, reversed=False, **shared)
        graph.add_edge(v, u, maxspeed=maxspeed, reversed=True, **shared)
    graph.add_edge(
        4, 1, osmid=12, highway="residential", oneway=True, reversed=False, length=9_000.0
    )
    return graph


def test_unsimplified_osmnx_graph():
    imported = from_networkx(raw_osmnx_graph())
    segments = imported.segments
    assert imported.leg_ms is None
    np.testing.assert_array_equal(segments.oneway, [0, 0, 0, 1])
    np.testing.assert_array_equal(segments.maxspeed_kmh, [100, 20, 20, np.nan])
    np.testing.assert_array_equal(segments.osm_way_id, [10, 11, 11, 12])
    np.testing.assert_array_equal(segments.from_node, [1, 2, 3, 4])
    assert np.diff(segments.offsets).tolist() == [2, 2, 2, 2]


def test_simplified_graph_takes_the_lowest_speed_and_says_so():
    simple = osmnx.simplify_graph(raw_osmnx_graph())
    with pytest.warns(InterchangeWarning) as told:
        segments = from_networkx(simple).segments
    assert {"'maxspeed'" in str(w.message) for w in told} == {True, False}
    long = int(segments.length_m.argmax())
    assert segments.length_m[long] == 10_050
    assert segments.maxspeed_kmh[long] == 20  # a mean would promise 60
    assert segments.osm_way_id[long] == -1
    assert segments.oneway[long] == 0


def test_travel_times_summed_before_simplification_are_kept():
    """osmnx issue 717: 1 km at 100 and 9.05 km at 20 km/h."""
    raw = raw_osmnx_graph()
    for _, _, data in raw.edges(data=True):
        data["travel_time"] = data["length"] / float(data.get("maxspeed", 30)) * 3.6
    with pytest.warns(InterchangeWarning):
        imported = from_networkx(osmnx.simplify_graph(raw))
    long = int(imported.segments.length_m.argmax())
    expected_ms = 1_000 * 36 + 9_050 * 180
    assert imported.leg_ms[2 * long] == imported.leg_ms[2 * long + 1] == expected_ms


def test_parallel_streets_and_loops_stay_apart():
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=114.0, y=22.5)
    graph.add_node(2, x=114.1, y=22.5)
    bow = shapely.LineString([(114.0, 22.5), (114.05, 22.6), (114.1, 22.5)])
    ring = shapely.LineString([(114.0, 22.5), (113.9, 22.5), (113.9, 22.6), (114.0, 22.5)])
    for u, v, way, line in ((1, 2, 5, None), (1, 2, 6, bow), (1, 1, 7, ring)):
        for a, b, back in ((u, v, False), (v, u, True)):
            shape = {} if line is None else {"geometry": line.reverse() if back else line}
            graph.add_edge(a, b, osmid=way, highway="road", length=9.0, reversed=back, **shape)
    segments = from_networkx(graph).segments
    assert sorted(segments.osm_way_id.tolist()) == [5, 6, 7]
    assert not segments.oneway.any()


def test_plain_graphs_are_read_too():
    """No multigraph, names for nodes, undirected."""
    graph = nx.Graph()
    graph.add_node("a", x=114.0, y=22.5)
    graph.add_node("b", x=114.1, y=22.5)
    graph.add_edge("a", "b", length=0)
    segments = from_networkx(graph).segments
    assert segments.oneway.tolist() == [0]
    assert segments.length_m.tolist() == [0.01]


def test_footpaths_of_a_walking_graph_are_not_for_cars():
    graph = raw_osmnx_graph()
    for u, v in ((2, 3), (3, 2)):
        graph.edges[u, v, 0]["highway"] = "footway"
    for u, v in ((1, 2), (2, 1)):
        graph.edges[u, v, 0]["access"] = "private"
    segments = from_networkx(graph).segments
    access = [segments.drive_access.text(i) for i in range(4)]
    assert access == ["private", "no", "yes", "yes"]


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda g: g.edges[1, 2, 0].pop("length"), "add_edge_lengths"),
        (lambda g: g.edges[1, 2, 0].update(length=np.nan), "'length'"),
        (lambda g: g.edges[1, 2, 0].update(length="far"), "'far'"),
        (lambda g: g.nodes[3].pop("x"), "Node 3 has no place"),
        (lambda g: g.nodes[3].update(x=500_000.0), "no degrees"),
        (lambda g: g.graph.update(crs="epsg:32650"), "to_latlong"),
        (lambda g: g.clear_edges(), "no edge"),
    ],
)
def test_what_is_missing_is_named(break_it, sentence):
    graph = raw_osmnx_graph()
    break_it(graph)
    with pytest.raises(InvalidNetworkError, match=sentence):
        from_networkx(graph)


def test_some_travel_times_are_none():
    graph = raw_osmnx_graph()
    graph.edges[1, 2, 0]["travel_time"] = 3.0
    with pytest.warns(InterchangeWarning, match="Only 1 of 7"):
        assert from_networkx(graph).leg_ms is None


@pytest.mark.parametrize("content", ["<graphml", "<html/>", ""])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "roads.graphml"
    path.write_text(content)
    with pytest.raises(InvalidNetworkError, match="GraphML"):
        read_graphml(path)


def test_foreign_graphml_is_refused(tmp_path):
    path = tmp_path / "roads.graphml"
    nx.write_graphml(nx.MultiDiGraph([("a", "b", {"length": 3.0})]), path)
    with pytest.raises(InvalidNetworkError, match="osmnx"):
        read_graphml(path)


@pytest.mark.parametrize(
    ("tag", "kmh"),
    [
        ("50", 50), ("30 mph", 48.28032), (["60", "40"], 40), ("50;30", 30), (62.5, 62.5),
        (None, np.nan), ("signals", np.nan), (["none", "80"], 80), (float("nan"), np.nan),
        ("100 km/h", 100),
    ],
)  # fmt: skip
def test_lowest_speed(tag, kmh):
    assert lowest_speed_kmh(tag) == pytest.approx(kmh, nan_ok=True)


def test_lowest_class():
    assert lowest_class(["residential", "motorway", "primary"]) == "residential"
    assert lowest_class(None) == ""


def test_no_warning_without_a_reason(kit):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        from_networkx(to_networkx(kit.make_city(4, 4, seed=1).segments))
