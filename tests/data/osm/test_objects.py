"""Hospitals, defibrillators, areas, water and the gazetteer out of small hand-made files."""

from datetime import UTC, datetime

import pytest

from data.model import (
    AED_COLUMNS,
    AREA_COLUMNS,
    FACILITY_COLUMNS,
    PLACE_COLUMNS,
    STATION_COLUMNS,
    WATER_COLUMNS,
)
from data.osm.pbf import read_pbf

ROAD_NODES = [(1, 114.00, 22.50, {}), (2, 114.01, 22.50, {}), (3, 114.02, 22.50, {}),
              (4, 114.01, 22.49, {}), (5, 114.01, 22.51, {})]  # fmt: skip
ROADS = [
    (1, [1, 2, 3], {"highway": "primary", "name": "深南大道", "name:en": "Shennan Blvd"}),
    (2, [4, 2, 5], {"highway": "residential", "name": "科苑路", "name:en": "Keyuan Road"}),
]
SQUARE = [(21, 114.004, 22.502, {}), (22, 114.006, 22.502, {}), (23, 114.006, 22.504, {}),
          (24, 114.004, 22.504, {})]  # fmt: skip
RING = [21, 22, 23, 24, 21]


@pytest.fixture
def read(write_osm):
    def read(nodes=(), ways=(), relations=()):
        path = write_osm([*ROAD_NODES, *nodes], [*ROADS, *ways], list(relations))
        return read_pbf(path, key="hand")

    return read


def test_a_hospital_mapped_as_outline_and_node_is_one(read):
    tags = {"amenity": "hospital", "name": "北大医院", "emergency": "yes", "beds": "1200",
            "phone": "120"}  # fmt: skip
    found = read([*SQUARE, (30, 114.005, 22.503, {"amenity": "hospital", "name": "北大医院"})],
                 [(5, RING, tags)]).facilities  # fmt: skip
    assert tuple(found.columns) == (*FACILITY_COLUMNS, "geometry")
    (row,) = found.to_dict("records")
    assert (row["source_ref"], row["kind"], row["bed_count"]) == ("way/5", "hospital", 1200)
    assert row["has_emergency_department"] is True
    assert row["capabilities"] == [("emergency_department", None)]
    assert row["name_zh"] == "北大医院"
    assert row["name_en"] is None
    assert (row["geometry"].x, row["geometry"].y) == pytest.approx((114.005, 22.503))


def test_kinds_of_care(read):
    tags = [{"amenity": "clinic", "name": "Clinic"}, {"healthcare": "clinic"},
            {"amenity": "clinic", "name": "南山社康中心"}, {"amenity": "doctors", "name": "Dr A"},
            {"healthcare": "hospital", "name": "H"}]  # fmt: skip
    found = read([(30 + i, 114.0 + i / 100, 22.5, t) for i, t in enumerate(tags)]).facilities
    assert dict(zip(found["source_ref"], found["kind"], strict=True)) == {
        "node/30": "clinic", "node/31": "clinic", "node/32": "community_health_centre",
        "node/34": "hospital"}  # fmt: skip


def test_a_defibrillator_with_all_its_tags(read):
    tags = {"emergency": "defibrillator", "access": "customers", "opening_hours": "24/7",
            "indoor": "yes", "level": "-1", "defibrillator:location": "前台", "phone": "1",
            "check_date": "2025-03-04"}  # fmt: skip
    found = read([(30, 114.0, 22.5, tags)]).aeds
    assert tuple(found.columns) == (*AED_COLUMNS, "geometry")
    row = found.iloc[0]
    assert (row["access"], row["opening_hours"], row["floor"]) == ("customers", "24/7", "-1")
    assert (row["indoor"], row["location"]) == (True, "前台")
    assert row["last_checked_at"] == datetime(2025, 3, 4, tzinfo=UTC)


def test_what_nobody_mapped_about_a_defibrillator_is_unknown(read):
    row = read([(30, 114.0, 22.5, {"emergency": "defibrillator", "check_date": "2025-02-31"})])
    row = row.aeds.iloc[0]
    assert row["access"] == "unknown"
    for column in ("opening_hours", "indoor", "floor", "location", "last_checked_at", "name"):
        assert row[column] is None


def test_ambulance_stations(read):
    found = read([(30, 114.0, 22.5, {"emergency": "ambulance_station"}),
                  (31, 114.0, 22.5, {"amenity": "fire_station"})]).stations  # fmt: skip
    assert tuple(found.columns) == (*STATION_COLUMNS, "geometry")
    assert found["source_ref"].tolist() == ["node/30"]
    assert found["name"].tolist() == ["Ambulance station"]


def test_areas_and_water(read):
    found = read(
        SQUARE,
        [(5, RING, {"natural": "water", "name": "荔枝湖"})],
        [(9, ["w5@outer"], {"type": "boundary", "boundary": "administrative", "admin_level": "6",
                            "name": "南山区", "ref": "440305", "population": "1795826"}),
         (10, ["w1@outer"], {"type": "boundary", "boundary": "administrative",
                             "admin_level": "5", "name": "open ring"})],
    )  # fmt: skip
    assert tuple(found.areas.columns) == (*AREA_COLUMNS, "geometry")
    (area,) = found.areas.to_dict("records")
    assert (area["code"], area["level"], area["population"]) == ("440305", "district", 1795826)
    assert area["geometry"].geom_type == "MultiPolygon"
    assert tuple(found.water.columns) == (*WATER_COLUMNS, "geometry")
    assert found.water["name"].tolist() == ["荔枝湖"]


def test_the_same_code_twice_counts_as_none(read):
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "6", "ref": "1"}
    found = read(SQUARE, [(5, RING, {})], [(9, ["w5@outer"], tags), (10, ["w5@outer"], tags)])
    assert sorted(found.areas["code"]) == ["osm-10", "osm-9"]


def place(city, kind):
    return city.places[city.places["kind"] == kind].to_dict("records")


def test_streets_and_their_crossing_are_places(read):
    found = read()
    assert tuple(found.places.columns) == (*PLACE_COLUMNS, "geometry")
    assert sorted(row["name"] for row in place(found, "street")) == ["深南大道", "科苑路"]
    (crossing,) = place(found, "intersection")
    assert crossing["name"] == "深南大道 & 科苑路"
    assert crossing["name_zh"] == "深南大道与科苑路交叉口"
    assert crossing["name_en"] == "Shennan Blvd & Keyuan Road"
    assert "keyuanlu" in crossing["search_text"]
    street = next(row for row in place(found, "street") if row["name"] == "深南大道")
    assert (street["geometry"].x, street["geometry"].y) == (114.01, 22.5)
    assert street["radius_m"] == pytest.approx(1028, rel=0.01)
    assert found.places["source_ref"].is_unique


def test_same_named_streets_far_apart_are_two_places(read):
    far = [(41, 114.3, 22.5, {}), (42, 114.301, 22.5, {})]
    found = read(far, [(5, [41, 42], {"highway": "residential", "name": "科苑路"})])
    radius = sorted(r["radius_m"] for r in place(found, "street") if r["name"] == "科苑路")
    assert len(radius) == 2
    assert radius[0] < 60


def test_addresses_named_places_and_names_in_other_scripts(read):
    found = read([
        (30, 114.0, 22.5, {"addr:street": "科苑路", "addr:housenumber": "15"}),
        (31, 114.0, 22.5, {"addr:street": "Main Street", "addr:housenumber": "7b", "shop": "yes",
                           "name": "Corner", "name:ru": "Угол"}),
        (32, 114.0, 22.5, {"place": "suburb", "name": "华侨城"}),
        (33, 114.0, 22.5, {"railway": "station", "name": "世界之窗"}),
        (34, 114.0, 22.5, {"amenity": "bench"}),
    ])  # fmt: skip
    assert [r["name"] for r in place(found, "address")] == ["科苑路15号", "Main Street 7b"]
    assert "угол" in place(found, "poi")[0]["search_text"]
    assert place(found, "locality")[0]["radius_m"] == 1500
    assert place(found, "station")[0]["search_text"].startswith("世界之窗 shijiezhichuang")
    assert place(found, "address")[0]["name_en"] is None
