"""The Shenzhen model: sums, connection, determinism, everything inside and flagged."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.model import (
    AED_COLUMNS,
    AREA_COLUMNS,
    FACILITY_COLUMNS,
    PLACE_COLUMNS,
    POPULATION_COLUMNS,
    ROAD_NODE_COLUMNS,
    SEGMENT_COLUMNS,
    STATION_COLUMNS,
    WATER_COLUMNS,
)
from data.shenzhen.city import shenzhen
from data.shenzhen.classes import HIGHWAYS
from data.shenzhen.names import base_names, ordinal_en, ordinal_zh
from data.shenzhen.population import apportion
from gis.kernels.opening_hours import validate

COLUMNS = {
    "segments": SEGMENT_COLUMNS,
    "areas": AREA_COLUMNS,
    "water": WATER_COLUMNS,
    "population": POPULATION_COLUMNS,
    "places": PLACE_COLUMNS,
    "facilities": FACILITY_COLUMNS,
    "aeds": AED_COLUMNS,
    "stations": STATION_COLUMNS,
}
# National Bureau of Statistics, Tabulation on the 2020 Census by County.
CENSUS_TOTAL = 17_494_398
CENSUS = {"440303": 1_143_801, "440306": 4_476_554, "440308": 214_225, "440311": 1_095_289}


@pytest.fixture(scope="module")
def city():
    return shenzhen(scale=0.02)


def drive_graph(segments):
    graph = nx.DiGraph()
    forward = segments["oneway"] >= 0
    both = segments["oneway"] == 0
    graph.add_edges_from(zip(segments["from_node"], segments["to_node"], strict=True))
    assert forward.all()
    graph.add_edges_from(
        zip(segments.loc[both, "to_node"], segments.loc[both, "from_node"], strict=True)
    )
    return graph


@pytest.mark.parametrize("table", COLUMNS)
def test_frames_have_the_columns_of_the_tables(city, table):
    frame = getattr(city, table)
    assert tuple(frame.columns) == (*COLUMNS[table], "geometry")
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert len(frame) > 0


def test_every_generated_row_says_it_is_modelled(city):
    assert city.modelled
    assert "modelled, not real" in city.attribution
    for table in COLUMNS.keys() - {"areas"}:
        assert getattr(city, table)["modelled"].all(), table
    assert not city.areas["modelled"].any()


def test_areas_are_the_city_and_its_nine_districts(city):
    areas = city.areas.set_index("code")
    assert list(areas["level"]) == ["city"] + ["district"] * 9
    assert set(areas.geometry.geom_type) == {"MultiPolygon"}
    assert areas.loc["440300", "population"] == CENSUS_TOTAL
    assert {code: areas.loc[code, "population"] for code in CENSUS} == CENSUS
    districts = areas[areas["level"] == "district"]
    assert districts["population"].sum() == CENSUS_TOTAL
    assert shapely.union_all(districts.geometry).equals(areas.loc["440300"].geometry)


def test_cells_sum_to_the_census_of_every_district(city):
    cells = city.population
    by_district = cells.groupby(cells["source_ref"].str[:6])["population"].sum()
    areas = city.areas.set_index("code")["population"].drop("440300").astype(float)
    pd.testing.assert_series_equal(
        by_district, areas, check_names=False, check_index_type=False, check_dtype=False
    )
    assert [sum(bands.values()) for bands in cells["age_bands"]] == cells["population"].tolist()
    assert set(cells.geometry.geom_type) == {"Polygon"}
    assert cells["source_ref"].is_unique


def test_cells_do_not_overlap(city):
    cells = city.population.geometry.to_numpy()
    assert shapely.union_all(cells).area == pytest.approx(shapely.area(cells).sum(), rel=1e-6)


def test_every_street_can_be_reached_from_every_other(city):
    graph = drive_graph(city.segments)
    assert nx.is_strongly_connected(graph)


def test_segments_are_as_the_tables_want_them(city):
    segments = city.segments
    assert (segments["length_m"] > 0).all()
    assert set(segments["highway"]) == set(HIGHWAYS)
    assert (segments["from_node"] != segments["to_node"]).all()
    fast = segments["highway"].isin(["motorway", "motorway_link"])
    assert (segments.loc[fast, "oneway"] == 1).all()
    assert (segments.loc[fast, "walk_access"] == "no").all()
    assert (segments.loc[~fast, "walk_access"] == "yes").all()
    assert (segments["is_tunnel"] == (segments["layer"] == -1)).all()
    assert (segments["is_bridge"] == (segments["layer"] > 0)).all()
    local = segments["highway"].isin(["residential", "living_street", "unclassified"])
    assert not segments.loc[local, "is_tunnel"].any()
    assert segments.loc[segments["highway"] == "primary", "name_en"].notna().all()


def test_a_node_has_one_place(city):
    ends = shapely.get_coordinates(city.segments.geometry.to_numpy()).reshape(-1, 2, 2)
    nodes = pd.concat(
        [
            pd.DataFrame(
                {"node": city.segments[column], "lon": ends[:, side, 0], "lat": ends[:, side, 1]}
            )
            for side, column in enumerate(["from_node", "to_node"])
        ]
    ).drop_duplicates()
    assert nodes["node"].is_unique
    assert set(city.road_nodes["node_id"]) <= set(nodes["node"])
    assert tuple(city.road_nodes.columns) == ROAD_NODE_COLUMNS


def test_everything_lies_within_the_city(city):
    # A long straight edge bends by up to a metre between degrees and the local plane.
    land = city.areas.geometry.iloc[0].buffer(2e-5)
    shapely.prepare(land)
    for table in ("segments", "population", "places", "facilities", "aeds", "stations"):
        assert shapely.contains(land, getattr(city, table).geometry.to_numpy()).all(), table
    assert city.extent.geom_type == "Polygon"
    assert city.extent.contains(land)
    assert not city.extent.contains(shapely.Point(114.17, 22.32)), "Kowloon is not in Shenzhen"


def test_references_are_unique_and_hours_readable(city):
    for table in ("places", "facilities", "aeds", "stations", "population"):
        assert getattr(city, table)["source_ref"].is_unique, table
    for hours in city.aeds["opening_hours"].dropna().unique():
        validate(hours)
    for tags in city.facilities["tags"]:
        if "opening_hours" in tags:
            validate(tags["opening_hours"])


def test_hospitals_have_levels(city):
    hospitals = city.facilities[city.facilities["kind"] == "hospital"]
    capabilities = {pair for row in hospitals["capabilities"] for pair in row}
    assert {("trauma", 1), ("trauma", 3), ("pci", None), ("stroke_comprehensive", None)} <= (
        capabilities
    )
    has = [("emergency_department", None) in row for row in hospitals["capabilities"]]
    assert hospitals["has_emergency_department"].tolist() == has


def test_the_same_seed_gives_the_same_city_and_another_another(city):
    again, other = shenzhen(scale=0.02), shenzhen(scale=0.02, seed=1)
    for table in COLUMNS:
        frame = getattr(city, table)
        pd.testing.assert_frame_equal(
            pd.DataFrame(frame.drop(columns="geometry")),
            pd.DataFrame(getattr(again, table).drop(columns="geometry")),
        )
        assert frame.geometry.to_wkb().equals(getattr(again, table).geometry.to_wkb())
    assert len(other.segments) != len(city.segments)
    assert other.population["population"].sum() == CENSUS_TOTAL


def test_progress_rises_to_one():
    seen = []
    shenzhen(scale=0.01, progress=lambda step, share: seen.append((step, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0


@pytest.mark.parametrize("scale", [0.0, -1.0, 1.5, float("nan")])
def test_an_impossible_scale_is_refused(scale):
    with pytest.raises(ValueError, match="scale"):
        shenzhen(scale=scale)


@given(
    total=st.integers(0, 10_000_000),
    weights=st.lists(st.floats(0, 1e6), min_size=1, max_size=50).filter(lambda w: sum(w) > 1e-3),
)
def test_apportion_sums_exactly_and_stays_near(total, weights):
    parts = apportion(np.array([total]), np.array([weights]))[0]
    assert parts.sum() == total
    exact = total * np.array(weights) / sum(weights)
    assert (np.abs(parts - exact) < 1.0 + 1e-6 * total).all()


def test_names_are_distinct_and_count_right():
    bases = base_names(np.random.default_rng(1))
    assert len({zh for zh, _ in bases}) == len(bases) > 3000
    assert [ordinal_zh(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]
    assert [ordinal_en(n) for n in (1, 2, 3, 4, 11, 12, 13, 21)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st",
    ]  # fmt: skip


ARTERIAL = ["primary", "secondary"]
LOCAL = ["residential", "living_street", "unclassified"]


def test_arterials_are_dual_carriageways_with_traffic_on_the_right(city):
    """Some 24 to 32 m to the left of each runs the other one, the other way; none to the right."""
    segments = city.segments
    arterial = segments[segments["highway"].isin(ARTERIAL)]
    one_way = arterial["oneway"] == 1
    assert arterial.loc[one_way, "length_m"].sum() > 0.99 * arterial["length_m"].sum()
    metres = 111_195.0 * np.array([np.cos(np.radians(22.6)), 1.0])
    ends = shapely.get_coordinates(arterial.geometry.to_numpy()).reshape(-1, 2, 2) * metres
    along = np.diff(ends, axis=1)[:, 0]
    length_m = np.linalg.norm(along, axis=1)
    tree = shapely.STRtree(shapely.linestrings(ends))
    left = np.column_stack([-along[:, 1], along[:, 0]]) / length_m[:, None]
    long = np.flatnonzero(length_m > 150)
    found = {}
    for side in (28.0, -28.0):
        beside = shapely.points(ends[long].mean(axis=1) + side * left[long])
        which, other = tree.query(beside, predicate="dwithin", distance=12.0)
        against = (along[long[which]] * along[other]).sum(axis=1) < 0
        found[side] = len(np.unique(which[against])) / len(long)
    assert found[28.0] > 0.95
    assert found[-28.0] < 0.05


def test_a_local_street_meets_the_near_carriageway_alone(city):
    """At a gate of an arterial there are one carriageway and a local street, nothing to cross."""
    segments = city.segments
    arterial = segments[segments["highway"].isin(ARTERIAL)]
    local = segments[segments["highway"].isin(LOCAL)]
    ends = np.concatenate([arterial["from_node"], arterial["to_node"]]).astype(np.int64)
    arms = np.bincount(ends)
    gates = np.intersect1d(
        ends, np.concatenate([local["from_node"], local["to_node"]]).astype(np.int64)
    )
    assert len(gates) > 50
    assert (arms[gates] <= 2).all()


def test_streets_cross_only_at_nodes_or_on_different_layers(city):
    streets = city.segments[~city.segments["highway"].str.startswith("motorway")]
    lines = streets.geometry.to_numpy()
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    nodes = streets[["from_node", "to_node"]].to_numpy(np.int64)
    shared = (nodes[one][:, :, None] == nodes[other][:, None, :]).any(axis=(1, 2))
    layer = streets["layer"].to_numpy(np.int64)
    assert not (~shared & (layer[one] == layer[other])).any()


def test_a_crossing_of_two_dual_roads_has_four_nodes_with_signals_at_all_or_none(city):
    segments = city.segments
    short = segments[
        segments["highway"].isin([*ARTERIAL, "tertiary"])
        & (segments["oneway"] == 1)
        & (segments["length_m"] < 45)
    ]
    after = short.groupby("from_node")["to_node"].agg(set).to_dict()
    rings = {
        frozenset((a, b, c, d))
        for a in after
        for b in after[a]
        for c in after.get(b, ())
        for d in after.get(c, ())
        if a in after.get(d, ()) and len({a, b, c, d}) == 4
    }
    signals = set(city.road_nodes["node_id"])
    with_signals = [len(ring & signals) for ring in rings]
    assert set(with_signals) <= {0, 4}
    assert with_signals.count(4) > 50


@pytest.mark.acceptance
def test_full_size():
    city = shenzhen()
    segments = city.segments
    nodes = np.union1d(segments["from_node"], segments["to_node"])
    directed = len(segments) + int((segments["oneway"] == 0).sum())
    assert len(nodes) >= 200_000
    assert directed >= 400_000
    assert nx.is_strongly_connected(drive_graph(segments))
    kinds = city.facilities["kind"].value_counts()
    assert kinds["hospital"] >= 80
    assert kinds["community_health_centre"] >= 600
    assert len(city.aeds) >= 5000
    assert len(city.stations) >= 100
    assert city.stations["unit_count_planned"].sum() == 1000
    assert (city.stations["unit_count_planned"] >= 1).all()
    assert len(city.places) >= 20_000
    assert city.population["population"].sum() == CENSUS_TOTAL
