"""Cities by name: osmnx's graph becomes the same segments as the file it came from."""

from itertools import pairwise

import osmnx
import pytest
import shapely
from geopandas import GeoDataFrame
from pandas import MultiIndex

from data.errors import NoInternetError, NoRoadsError, PlaceNotFoundError
from data.osm.download import _settings, raw_from_graph, read_place
from data.osm.pbf import read_pbf

OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="1" lat="22.50" lon="114.00" version="1"/>
<node id="2" lat="22.50" lon="114.01" version="1"><tag k="highway" v="traffic_signals"/></node>
<node id="3" lat="22.50" lon="114.02" version="1"/>
<node id="4" lat="22.49" lon="114.01" version="1"/>
<node id="5" lat="22.51" lon="114.01" version="1"/>
<node id="6" lat="22.51" lon="114.02" version="1"><tag k="barrier" v="bollard"/></node>
<way id="11" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
 <tag k="highway" v="primary"/><tag k="name" v="深南大道"/><tag k="maxspeed" v="60"/></way>
<way id="12" version="1"><nd ref="4"/><nd ref="2"/><nd ref="5"/>
 <tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
<way id="13" version="1"><nd ref="5"/><nd ref="6"/><nd ref="3"/>
 <tag k="highway" v="service"/><tag k="access" v="private"/><tag k="foot" v="yes"/></way>
<way id="14" version="1"><nd ref="5"/><nd ref="1"/>
 <tag k="highway" v="residential"/><tag k="oneway" v="-1"/></way>
</osm>
"""


@pytest.fixture
def graph_and_file(tmp_path):
    path = tmp_path / "small.osm"
    path.write_text(OSM, encoding="utf-8")
    with _settings(osmnx.settings, cache_folder=tmp_path):
        graph = osmnx.graph_from_xml(path, simplify=False, retain_all=True)
    return graph, path


def features():
    index = MultiIndex.from_tuples([("node", 77), ("way", 78)], names=["element", "id"])
    tags = {
        "amenity": ["hospital", None],
        "natural": [None, "water"],
        "name": ["南山医院", "湖"],
    }
    shapes = [shapely.Point(114.0, 22.5), shapely.box(114.0, 22.5, 114.001, 22.501)]
    return GeoDataFrame(tags, index=index, geometry=shapes, crs=4326)


@pytest.fixture
def online(monkeypatch, graph_and_file):
    graph, path = graph_and_file
    area = GeoDataFrame(geometry=[shapely.box(113.9, 22.4, 114.1, 22.6)], crs=4326)
    monkeypatch.setattr(osmnx, "geocode_to_gdf", lambda query: area)
    monkeypatch.setattr(osmnx, "graph_from_polygon", lambda polygon, **options: graph)
    monkeypatch.setattr(osmnx, "features_from_polygon", lambda polygon, tags: features())
    return path


def comparable(segments):
    columns = ["osm_way_id", "highway", "drive_access", "walk_access", "maxspeed_kmh", "name"]
    rows = []
    for row in segments.to_dict("records"):
        # Against the node order in the file is along it in osmnx's graph: same road.
        ends = (row["from_node"], row["to_node"])
        if row["oneway"] == -1:
            ends = ends[::-1]
        way = (*ends, abs(row["oneway"]), round(row["length_m"], 3))
        rows.append((*way, *(row[c] for c in columns)))
    return sorted(rows, key=str)


def test_the_download_gives_the_same_roads_as_the_file(online, tmp_path):
    by_name = read_place("Nanshan, China", cache_folder=tmp_path)
    by_file = read_pbf(online, key="small")
    assert comparable(by_name.segments) == comparable(by_file.segments)
    assert by_name.road_nodes.to_dict("records") == by_file.road_nodes.to_dict("records")
    assert (by_name.key, by_name.name) == ("nanshan", "Nanshan")
    assert by_name.facilities["name"].tolist() == ["南山医院"]
    assert by_name.water["name"].tolist() == ["湖"]


def test_osmnx_settings_are_put_back(online, tmp_path):
    before = osmnx.settings.all_oneway, osmnx.settings.cache_folder
    read_place("Nanshan, China", cache_folder=tmp_path)
    assert (osmnx.settings.all_oneway, osmnx.settings.cache_folder) == before


def test_a_way_that_meets_itself_keeps_every_edge(graph_and_file):
    graph, _ = graph_and_file
    graph.remove_edges_from(list(graph.edges))
    for start, end in [(1, 2), (2, 3), (3, 4), (4, 2), (2, 5)]:
        graph.add_edge(start, end, osmid=9, highway="service")
    raw = raw_from_graph(graph)
    refs, sizes, edges = list(raw.refs), list(raw.way_sizes), set()
    for size in sizes:
        run, refs = refs[:size], refs[size:]
        edges |= set(pairwise(run))
    assert edges == {(1, 2), (2, 3), (3, 4), (4, 2), (2, 5)}


def test_without_internet_the_error_says_what_to_do(monkeypatch, tmp_path):
    def no_network(*args, **options):
        raise ConnectionError("Name or service not known")

    monkeypatch.setattr(osmnx, "geocode_to_gdf", no_network)
    with pytest.raises(NoInternetError, match="needs the internet; use --pbf with an extract"):
        read_place("Shenzhen, China", cache_folder=tmp_path)


def test_lost_in_the_middle_of_the_download(monkeypatch, online, tmp_path):
    def no_network(*args, **options):
        raise ConnectionError("reset")

    monkeypatch.setattr(osmnx, "graph_from_polygon", no_network)
    with pytest.raises(NoInternetError):
        read_place("Shenzhen, China", cache_folder=tmp_path)


def test_a_name_that_nobody_knows_and_a_place_without_roads(monkeypatch, online, tmp_path):
    def nothing(*args, **options):
        raise osmnx._errors.InsufficientResponseError("no results")

    monkeypatch.setattr(osmnx, "graph_from_polygon", nothing)
    with pytest.raises(NoRoadsError):
        read_place("Nowhere", cache_folder=tmp_path)
    monkeypatch.setattr(osmnx, "geocode_to_gdf", nothing)
    with pytest.raises(PlaceNotFoundError, match="Nowhere"):
        read_place("Nowhere", cache_folder=tmp_path)
