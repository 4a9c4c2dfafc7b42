import pytest

from data.osm import tags as osm_tags


@pytest.mark.parametrize(
    ("tags", "oneway"),
    [
        ({"highway": "residential"}, 0),
        ({"highway": "residential", "oneway": "yes"}, 1),
        ({"highway": "residential", "oneway": "-1"}, -1),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"highway": "primary", "junction": "roundabout"}, 1),
        ({"highway": "residential", "oneway": "alternating"}, 0),
        ({"highway": "residential", "oneway:bicycle": "yes"}, 0),
    ],
)
def test_oneway(tags, oneway):
    assert osm_tags.oneway(tags) == oneway


@pytest.mark.parametrize(
    ("tags", "drive"),
    [
        ({"highway": "primary"}, "yes"),
        ({"highway": "service", "access": "private"}, "private"),
        ({"highway": "service", "access": "no", "motor_vehicle": "yes"}, "yes"),
        ({"highway": "residential", "motor_vehicle": "destination"}, "destination"),
        ({"highway": "residential", "access": "yes", "motorcar": "no"}, "no"),
        ({"highway": "service", "access": "no", "emergency": "yes"}, "emergency"),
        ({"highway": "service", "access": "no", "bus": "yes"}, "bus"),
        ({"highway": "service", "motor_vehicle": "no", "psv": "designated"}, "bus"),
        ({"highway": "busway"}, "bus"),
        ({"highway": "footway"}, "no"),
        ({"highway": "footway", "access": "yes"}, "no"),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, "destination"),
        ({"highway": "pedestrian", "emergency": "designated"}, "emergency"),
        ({"highway": "primary", "oneway": "reversible"}, "no"),
    ],
)
def test_drive_access(tags, drive):
    assert osm_tags.drive_access(tags) == drive


@pytest.mark.parametrize(
    ("tags", "walk"),
    [
        ({"highway": "footway"}, "yes"),
        ({"highway": "residential"}, "yes"),
        ({"highway": "motorway"}, "no"),
        ({"highway": "trunk"}, "no"),
        ({"highway": "trunk", "sidewalk": "both"}, "yes"),
        ({"highway": "primary", "foot": "no"}, "no"),
        ({"highway": "primary", "motorroad": "yes"}, "no"),
        ({"highway": "service", "access": "private"}, "no"),
        ({"highway": "service", "access": "private", "foot": "yes"}, "yes"),
    ],
)
def test_walk_access(tags, walk):
    assert osm_tags.walk_access(tags) == walk


def test_barriers_stop_cars_and_let_people_through():
    assert osm_tags.barrier_access({"barrier": "bollard"}) == ("no", "yes")
    assert osm_tags.barrier_access({"barrier": "gate"}) == ("yes", "yes")
    assert osm_tags.barrier_access({"barrier": "gate", "access": "private"}) == ("private", "no")
    assert osm_tags.barrier_access({"barrier": "bollard", "emergency": "yes"}) == (
        "emergency",
        "yes",
    )


def test_names_in_three_columns_and_the_rest_by_language():
    tags = {
        "name": "深南大道",
        "name:en": "Shennan Boulevard",
        "name:ja": "深南大道",
        "alt_name": "深南路",
    }
    assert osm_tags.names(tags) == ("深南大道", "深南大道", "Shennan Boulevard")
    assert osm_tags.other_names(tags) == {"ja": "深南大道", "alt_name": "深南路"}
    assert osm_tags.names({"name": "Main", "name:zh-Hans": "主街"}) == ("Main", "主街", None)
    assert osm_tags.names({}) == (None, None, None)


def test_numbers_that_are_no_numbers():
    assert osm_tags.lanes({"lanes": "2.5"}) == 2
    assert osm_tags.lanes({"lanes": "many"}) is None
    assert osm_tags.lanes({"lanes": "0"}) is None
    assert osm_tags.layer({"layer": "-1"}) == -1
    assert osm_tags.layer({"layer": "bridge"}) == 0
    assert osm_tags.layer({"layer": "99999"}) == 0


def test_only_roads_are_roads():
    assert osm_tags.is_road({"highway": "steps"})
    assert not osm_tags.is_road({"highway": "construction"})
    assert not osm_tags.is_road({"highway": "service", "area": "yes"})
    assert osm_tags.is_road({"highway": "pedestrian", "area": "yes"})
