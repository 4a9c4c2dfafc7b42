"""What becomes of ways, barriers and restrictions, on files small enough to see through."""

import pytest
import shapely
from pyproj import Geod

from data.errors import NoRoadsError, UnreadablePbfError
from data.model import RESTRICTION_COLUMNS, ROAD_NODE_COLUMNS, SEGMENT_COLUMNS
from data.osm.pbf import read_pbf

CROSS = [
    (1, 114.00, 22.50, {}),
    (2, 114.01, 22.50, {}),
    (3, 114.02, 22.50, {}),
    (4, 114.01, 22.49, {}),
    (5, 114.01, 22.51, {}),
]


def city(path, **options):
    return read_pbf(path, key="hand", **options)


def pairs(segments):
    return set(zip(segments["from_node"], segments["to_node"], strict=True))


def test_ways_are_cut_where_they_share_a_node(write_osm):
    found = city(write_osm(CROSS, [(7, [1, 2, 3], {"highway": "primary", "name": "深南大道"}),
                                   (8, [4, 2, 5], {"highway": "residential"})]))  # fmt: skip
    assert pairs(found.segments) == {(1, 2), (2, 3), (4, 2), (2, 5)}
    assert tuple(found.segments.columns) == (*SEGMENT_COLUMNS, "geometry")
    assert found.segments.crs.to_epsg() == 4326
    first = found.segments.iloc[0]
    assert first["osm_way_id"] == 7
    assert first["name_zh"] == "深南大道"
    assert first["name_en"] is None
    assert first["length_m"] == pytest.approx(Geod(ellps="WGS84").inv(114, 22.5, 114.01, 22.5)[2])


def test_a_bridge_that_shares_no_node_stays_unconnected(write_osm):
    nodes = [*CROSS, (6, 114.01, 22.5, {})]
    found = city(write_osm(nodes, [
        (7, [1, 2, 3], {"highway": "primary", "bridge": "yes", "layer": "1"}),
        (8, [4, 6, 5], {"highway": "primary", "tunnel": "yes", "layer": "-1"}),
    ])).segments.set_index("osm_way_id")  # fmt: skip
    assert pairs(found) == {(1, 3), (4, 5)}
    assert (found.loc[7, "layer"], found.loc[7, "is_bridge"], found.loc[7, "is_tunnel"]) == (
        1, True, False)  # fmt: skip
    assert (found.loc[8, "layer"], found.loc[8, "is_tunnel"]) == (-1, True)
    assert shapely.get_num_points(found.loc[7, "geometry"]) == 3


def test_a_closed_roundabout_is_cut_at_its_arms_and_runs_one_way(write_osm):
    found = city(write_osm(CROSS, [
        (7, [2, 3, 5, 2], {"highway": "primary", "junction": "roundabout"}),
        (8, [1, 2], {"highway": "primary"}),
        (9, [4, 3], {"highway": "primary"}),
    ])).segments  # fmt: skip
    ring = found[found["osm_way_id"] == 7]
    assert pairs(ring) == {(2, 3), (3, 2)}
    assert ring["oneway"].tolist() == [1, 1]


def test_minus_one_keeps_the_node_order_and_says_so(write_osm):
    found = city(write_osm(CROSS, [(7, [1, 2], {"highway": "primary", "oneway": "-1"})])).segments
    assert pairs(found) == {(1, 2)}
    assert found["oneway"].tolist() == [-1]


def test_a_missing_node_ends_the_road(write_osm):
    found = city(write_osm(CROSS, [(7, [1, 2, 99, 3, 5], {"highway": "primary"})])).segments
    assert pairs(found) == {(1, 2), (3, 5)}


def test_a_node_written_twice_makes_no_segment(write_osm):
    found = city(write_osm(CROSS, [(7, [1, 2, 2, 3], {"highway": "primary"})])).segments
    assert pairs(found) == {(1, 3)}


def test_two_nodes_on_one_spot_have_a_length_above_zero(write_osm):
    nodes = [*CROSS, (6, 114.00, 22.50, {})]
    found = city(write_osm(nodes, [(7, [1, 6], {"highway": "primary"})])).segments
    assert found["length_m"].tolist() == [0.01]


def test_a_bollard_cuts_the_road_and_says_who_may_pass(write_osm):
    nodes = [(i, x, y, {"barrier": "bollard"} if i == 2 else {}) for i, x, y, _ in CROSS]
    found = city(write_osm(nodes, [(7, [1, 2, 3], {"highway": "residential"})]))
    assert pairs(found.segments) == {(1, 2), (2, 3)}
    assert tuple(found.road_nodes.columns) == ROAD_NODE_COLUMNS
    assert found.road_nodes.to_dict("records") == [
        {
            "node_id": 2,
            "kind": "barrier",
            "tags": {"barrier": "bollard", "drive_access": "no", "walk_access": "yes"},
        }
    ]


def test_signals_are_kept_and_barriers_off_the_road_are_not(write_osm):
    tags = {2: {"highway": "traffic_signals"}, 5: {"barrier": "gate"}}
    nodes = [(i, x, y, tags.get(i, {})) for i, x, y, _ in CROSS]
    found = city(write_osm(nodes, [(7, [1, 2, 3], {"highway": "residential"})])).road_nodes
    assert found[["node_id", "kind"]].to_numpy().tolist() == [[2, "traffic_signals"]]


def test_closed_ways_are_left_out(write_osm):
    found = city(write_osm(CROSS, [(7, [1, 2], {"highway": "primary"}),
                                   (8, [2, 3], {"highway": "service", "access": "no"}),
                                   (9, [2, 5], {"highway": "construction"})])).segments  # fmt: skip
    assert found["osm_way_id"].tolist() == [7]


def test_tags_keep_what_routing_asks_for_and_the_other_names(write_osm):
    tags = {"highway": "service", "service": "driveway", "surface": "gravel", "source": "survey",
            "name": "Calle 1", "name:ja": "一番街", "lanes": "2", "ref": "G4"}  # fmt: skip
    row = city(write_osm(CROSS, [(7, [1, 2], tags)])).segments.iloc[0]
    assert row["tags"] == {"service": "driveway", "surface": "gravel", "names": {"ja": "一番街"}}
    assert (row["lanes"], row["ref"]) == (2, "G4")


ROADS = [(11, [1, 2], {"highway": "primary"}), (12, [2, 3], {"highway": "primary"}),
         (13, [2, 5], {"highway": "primary"}), (14, [4, 2], {"highway": "primary"})]  # fmt: skip


def restrictions(path):
    frame = city(path).restrictions
    assert tuple(frame.columns) == RESTRICTION_COLUMNS
    return frame.to_dict("records")


def test_a_restriction_at_a_node(write_osm):
    tags = {"type": "restriction", "restriction": "no_left_turn", "except": "psv;emergency"}
    assert restrictions(write_osm(CROSS, ROADS, [(1, ["w11@from", "n2@via", "w13@to"], tags)])) == [
        {"kind": "no_left_turn", "from_way_id": 11, "via_node": 2, "via_way_ids": [],
         "to_way_id": 13, "except_modes": ["psv", "emergency"]}
    ]  # fmt: skip


def test_a_restriction_over_a_way(write_osm):
    tags = {"type": "restriction", "restriction": "no_u_turn"}
    found = restrictions(write_osm(CROSS, ROADS, [(1, ["w11@from", "w12@via", "w13@to"], tags)]))
    assert found[0]["via_node"] is None
    assert found[0]["via_way_ids"] == [12]


def test_a_restriction_for_cars_counts_and_one_for_lorries_does_not(write_osm):
    members = ["w11@from", "n2@via", "w12@to"]
    found = restrictions(write_osm(CROSS, ROADS, [
        (1, members, {"type": "restriction", "restriction:motorcar": "only_straight_on"}),
        (2, members, {"type": "restriction", "restriction:hgv": "no_straight_on"}),
        (3, members, {"type": "restriction:hgv", "restriction": "no_straight_on"}),
        (4, ["w11@from", "w12@to"], {"type": "restriction", "restriction": "no_straight_on"}),
        (5, ["w11@from", "n2@via", "w99@to"], {"type": "restriction", "restriction": "no_exit"}),
    ]))  # fmt: skip
    assert [row["kind"] for row in found] == ["only_straight_on"]


def test_no_entry_from_two_ways_makes_two_rows(write_osm):
    tags = {"type": "restriction", "restriction": "no_entry"}
    members = ["w11@from", "w14@from", "n2@via", "w13@to"]
    found = restrictions(write_osm(CROSS, ROADS, [(1, members, tags)]))
    assert [(row["from_way_id"], row["to_way_id"]) for row in found] == [(11, 13), (14, 13)]


@pytest.mark.parametrize("content", [b"", b"\x00\x00\x00\x0dnot a map at all", b"<html></html>"])
def test_a_broken_file_is_refused_with_its_name(tmp_path, content):
    path = tmp_path / "broken.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(UnreadablePbfError, match=r"broken\.osm\.pbf cannot be read"):
        city(path)


def test_a_file_cut_short_is_refused(tmp_path, write_osm):
    path = tmp_path / "short.osm"
    path.write_text('<?xml version="1.0"?><osm version="0.6"><node id="1" lat="1" lon=')
    with pytest.raises(UnreadablePbfError):
        city(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UnreadablePbfError, match="no such file"):
        city(tmp_path / "absent.osm.pbf")


def test_a_file_without_roads(write_osm):
    with pytest.raises(NoRoadsError, match="no roads"):
        city(write_osm(CROSS, [(7, [1, 2], {"waterway": "river"})]))


def test_progress_tells_every_step_from_start_to_end(write_osm):
    steps = []
    city(write_osm(CROSS, ROADS), progress=lambda step, share: steps.append((step, share)))
    names = ("read", "roads", "facilities", "places")
    assert steps == [(name, share) for name in names for share in (0.0, 1.0)]


def test_the_extent_holds_every_road_with_a_margin(write_osm):
    found = city(write_osm(CROSS, ROADS))
    assert found.extent.contains(shapely.union_all(found.segments.geometry.to_numpy()))
    assert found.extent.bounds == pytest.approx((113.995, 22.485, 114.025, 22.515))
