"""Bicycles, motorcycles, buses, ambulances and ferries in OpenStreetMap tags."""

import pytest

from data.osm import modes as osm_modes
from data.osm import tags as osm_tags
from data.osm.pbf import read_pbf

STREET = {"highway": "residential"}
ONE_WAY = STREET | {"oneway": "yes"}
NODES = [(1, 114.00, 22.50, {}), (2, 114.01, 22.50, {}), (3, 114.02, 22.50, {})]


@pytest.mark.parametrize(
    ("tags", "facts"),
    [
        (STREET, {}),
        (ONE_WAY, {}),
        (STREET | {"bicycle": "use_sidepath"}, {"bicycle": "no"}),
        (STREET | {"bicycle": "dismount"}, {"bicycle": "dismount"}),
        (STREET | {"vehicle": "no"}, {"bicycle": "no"}),
        (STREET | {"access": "yes"}, {}),
        ({"highway": "trunk", "motorroad": "yes"}, {"bicycle": "no"}),
        ({"highway": "trunk", "motorroad": "yes", "bicycle": "yes"}, {"bicycle": "yes"}),
        (STREET | {"motorcycle": "no"}, {"motorcycle": "no"}),
        (STREET | {"motorcar": "no"}, {"motorcycle": "yes"}),
        (STREET | {"motorcar": "no", "motor_vehicle": "no"}, {}),
        (STREET | {"emergency": "no"}, {"emergency": "no"}),
        (STREET | {"access": "no", "emergency": "designated"},
         {"bicycle": "no", "emergency": "yes"}),
        (STREET | {"emergency": "phone"}, {}),
        (ONE_WAY | {"oneway:emergency": "no"}, {"oneway_emergency": 0}),
        (ONE_WAY | {"oneway:bicycle": "no"}, {"oneway_bicycle": 0}),
        (ONE_WAY | {"oneway:bicycle": "yes"}, {}),
        (ONE_WAY | {"cycleway": "opposite_lane"}, {"oneway_bicycle": 0}),
        (ONE_WAY | {"cycleway:left": "track", "cycleway:left:oneway": "no"},
         {"oneway_bicycle": 0}),
        (ONE_WAY | {"busway:left": "opposite_lane"}, {"oneway_bus": 0}),
        (ONE_WAY | {"busway": "opposite_lane"}, {"oneway_bus": 0}),
        (ONE_WAY | {"busway:right": "lane"}, {}),
        (ONE_WAY | {"oneway:psv": "no"}, {"oneway_bus": 0}),
        (ONE_WAY | {"oneway:bus": "-1"}, {"oneway_bus": -1}),
        (ONE_WAY | {"lanes:psv:backward": "1"}, {"oneway_bus": 0}),
        (ONE_WAY | {"bus:lanes:backward": "designated"}, {"oneway_bus": 0}),
        (ONE_WAY | {"lanes:bus": "1", "bus:lanes": "no|designated"}, {}),
        (STREET | {"busway": "opposite_lane"}, {}),
        (STREET | {"junction": "roundabout"}, {"roundabout": True}),
        (STREET | {"ford": "yes"}, {"ford": True}),
    ],
)  # fmt: skip
def test_what_is_said_of_other_modes(tags, facts):
    assert osm_modes.mode_facts(tags) == facts


@pytest.mark.parametrize(
    ("tags", "drive", "walk"),
    [
        ({"route": "ferry"}, "no", "yes"),
        ({"route": "ferry", "motor_vehicle": "yes"}, "yes", "yes"),
        ({"route": "ferry", "motorcar": "designated", "foot": "no"}, "yes", "no"),
        ({"route": "ferry", "access": "private"}, "no", "no"),
    ],
)
def test_a_ferry_carries_cars_only_where_that_is_tagged(tags, drive, walk):
    assert osm_tags.is_road(tags)
    assert (osm_tags.drive_access(tags), osm_tags.walk_access(tags)) == (drive, walk)


@pytest.mark.parametrize(
    ("tags", "drive"),
    [
        ({"service": "emergency_access"}, "emergency"),
        ({"service": "emergency_access", "access": "no"}, "emergency"),
        ({"service": "emergency_access", "access": "no", "emergency": "no"}, "no"),
        ({"service": "emergency_access", "motor_vehicle": "yes"}, "yes"),
        ({"ford": "stepping_stones"}, "no"),
        ({"ford": "yes"}, "yes"),
    ],
)
def test_access_of_emergency_lanes_and_fords(tags, drive):
    assert osm_tags.drive_access({"highway": "service"} | tags) == drive


@pytest.mark.parametrize(
    ("tags", "oneway"),
    [
        ({"motor_vehicle:backward": "no"}, 1),
        ({"vehicle:forward": "no"}, -1),
        ({"access:backward": "private"}, 0),
        ({"oneway": "no", "motor_vehicle:backward": "no"}, 1),
        ({"oneway": "-1", "motor_vehicle:backward": "no"}, -1),
    ],
)
def test_access_by_direction_is_a_one_way(tags, oneway):
    assert osm_tags.oneway(STREET | tags) == oneway


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("20", 1200), ("01:10", 4200), ("00:05:30", 330), ("PT1H5M", 3900), ("PT45S", 45),
     ("0", None), ("soon", None), ("", None), (None, None), ("-5", None)],
)  # fmt: skip
def test_durations(value, seconds):
    assert osm_modes.duration_s(value) == seconds


def test_the_speed_of_a_ferry_keeps_its_timetable(write_osm):
    ferry = {"route": "ferry", "duration": "00:10", "motor_vehicle": "yes", "name": "Harbour"}
    nodes = [*NODES[:1], (2, 114.01, 22.50, {"barrier": "gate"}), NODES[2]]
    city = read_pbf(write_osm(nodes, [(7, [1, 2, 3], ferry), (8, [1, 3], STREET)]), key="hand")
    line = city.segments[city.segments["highway"] == "ferry"]
    assert len(line) == 2
    time_s = (line["length_m"] / (line["maxspeed_kmh"].astype(float) / 3.6)).sum()
    assert time_s == pytest.approx(600)
    assert "Harbour" not in set(city.places["name"])


def test_facts_stand_in_the_tags_of_segments_and_barriers(write_osm):
    nodes = [*NODES[:1], (2, 114.01, 22.50, {"barrier": "bollard", "bicycle": "yes"}), NODES[2]]
    tags = ONE_WAY | {"oneway:psv": "no"}
    city = read_pbf(write_osm(nodes, [(7, [1, 2, 3], tags)]), key="hand")
    assert city.segments["tags"].iloc[0][osm_modes.MODES_KEY] == {"oneway_bus": 0}
    assert city.road_nodes["tags"].iloc[0]["bicycle_access"] == "yes"


def test_a_way_open_to_bicycles_only_is_kept(write_osm):
    ways = [(7, [1, 2], {"highway": "cycleway", "foot": "no"}),
            (8, [2, 3], {"highway": "path", "foot": "no", "bicycle": "designated"}),
            (9, [1, 3], {"highway": "path", "foot": "no"})]  # fmt: skip
    city = read_pbf(write_osm(NODES, ways), key="hand")
    assert city.segments["osm_way_id"].tolist() == [7, 8]


def test_restrictions_by_mode_and_hour(write_osm):
    ways = [(11, [1, 2], STREET), (12, [2, 3], STREET)]
    members = ["w11@from", "n2@via", "w12@to"]

    def rows(**tags):
        tags = {"type": "restriction"} | {k.replace("__", ":"): v for k, v in tags.items()}
        found = read_pbf(write_osm(NODES, ways, [(1, members, tags)]), key="hand").restrictions
        return [(row["kind"], row["except_modes"]) for row in found.to_dict("records")]

    assert rows(restriction="no_left_turn") == [("no_left_turn", [])]
    assert rows(restriction__motor_vehicle="no_left_turn") == [("no_left_turn", ["bicycle"])]
    assert rows(restriction__motorcar="no_exit") == [("no_exit", ["motorcycle", "bicycle"])]
    assert rows(restriction__bicycle="no_exit") == [("no_exit", ["motor_vehicle"])]
    assert rows(restriction__hgv="no_left_turn") == []
    hours = "no_left_turn @ (Mo-Fr 07:00-09:00)"
    assert rows(restriction__conditional=hours) == [(hours, [])]
    assert rows(restriction="no_exit", hour_on="07:00", hour_off="09:00") == [
        ("no_exit @ (hour_on=07:00 hour_off=09:00)", [])
    ]
