"""The sample city: what it holds, what is modelled, and that it loads fast."""

import time
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.coquimbo.city import SAMPLE, coquimbo
from data.coquimbo.sites import greedy_p_median
from gis.kernels.opening_hours import is_open
from gis.text_fold import fold


@pytest.fixture(scope="module")
def city():
    return coquimbo()


def test_streets_are_those_of_the_source_without_virtual_links(city):
    with np.load(SAMPLE / "coquimbo.npz") as stored:
        in_source, streets = stored["links_in_source"].tolist()
    assert in_source == 19_983
    assert streets == len(city.segments) == 19_983 - 137
    nodes = np.union1d(city.segments["from_node"], city.segments["to_node"])
    assert len(nodes) == 15_724 - 133  # the others are the zones' virtual centres
    assert "centroid_connector" not in set(city.segments["highway"])
    assert (city.segments["length_m"] > 0).all()


def test_nearly_every_street_node_can_be_reached_from_every_other(city):
    s = city.segments
    nodes, index = np.unique(np.r_[s["from_node"], s["to_node"]], return_inverse=True)
    a, b = index[: len(s)], index[len(s) :]
    both = s["oneway"].to_numpy() == 0
    start, end = np.r_[a, b[both]], np.r_[b, a[both]]
    graph = coo_array((np.ones(len(start)), (start, end)), shape=(len(nodes), len(nodes)))
    _, part = connected_components(graph, directed=True, connection="strong")
    assert np.bincount(part).max() / len(nodes) > 0.99


def test_people_by_zone_and_by_comuna(city):
    assert len(city.population) == 133
    assert int(city.population["population"].sum()) == 451_898
    comunas = city.areas[city.areas["level"] == "district"].set_index("code")
    assert comunas["name"].to_dict() == {"04101": "La Serena", "04102": "Coquimbo"}
    assert comunas["modelled"].all()
    assert comunas["population"].sum() == pytest.approx(451_898, abs=2)
    assert (city.areas["level"] == "zone").sum() == 133


def test_known_hospitals_lie_in_their_comuna(city):
    comunas = dict(zip(city.areas["code"], city.areas.geometry, strict=True))
    where = dict(zip(city.facilities["source_ref"], city.facilities.geometry, strict=True))
    assert comunas["04101"].contains(where["hospital-la-serena"])
    assert comunas["04102"].contains(where["hospital-coquimbo"])
    real = city.facilities[~city.facilities["modelled"]]
    assert set(real["source"]) == {"known"}
    assert all("approximate" in tags["note"] for tags in real["tags"])


def test_what_is_sited_by_rule_says_so(city):
    assert city.stations["modelled"].sum() == 14
    assert len(city.aeds) >= 150
    assert city.aeds["modelled"].all()
    assert not city.modelled
    assert city.water["modelled"].all()


def test_hours_are_read_by_the_library_and_some_never_close(city):
    night = datetime(2026, 5, 6, 7, 0, tzinfo=UTC)  # 03:00 in Santiago
    hours = city.aeds["opening_hours"].dropna()
    states = [is_open(h, night, time_zone="America/Santiago") for h in hours]
    assert None not in states
    assert any(states)
    assert not all(states)


def test_the_sea_touches_no_street_and_no_zone(city):
    (sea,) = city.water.geometry
    assert sea.is_valid
    assert not city.segments.geometry.intersects(sea).any()
    zones = shapely.union_all(city.population.geometry.to_numpy())
    assert zones.intersection(sea).area / zones.area < 0.002
    assert sea.area > 0.05


def test_places_are_found_by_name_with_and_without_accents(city):
    texts = city.places["search_text"]
    assert texts.str.contains(fold("Cuatro Esquinas")).any()
    assert texts.str.contains(fold("José Manuel Balmaceda")).any()
    assert (
        texts.str.contains("laserailina|la sai lei na", regex=True).any()
        or (city.places["name_zh"] == "拉塞雷纳").any()
    )
    assert city.places["source_ref"].is_unique
    assert (city.places["kind"] == "intersection").sum() > 1000


def test_names_and_zone(city):
    assert (city.key, city.time_zone) == ("coquimbo", "America/Santiago")
    assert city.name_zh == "拉塞雷纳–科金博"
    assert "ODbL" in city.attribution
    assert all(city.extent.contains(point) for point in city.facilities.geometry)


def test_it_loads_in_a_moment():
    began = time.process_time()
    coquimbo()
    assert time.process_time() - began < 5.0
    assert sum(f.stat().st_size for f in SAMPLE.glob("coquimbo*")) < 3_000_000


def test_greedy_p_median_takes_the_crowd_first():
    homes = np.array([[0.0, 0.0], [1000.0, 0.0], [5000.0, 0.0]])
    chosen = greedy_p_median(homes, homes, count=2, weight=np.array([1.0, 10.0, 5.0]),
                             fixed=np.array([[0.0, 0.0]]))  # fmt: skip
    assert chosen == [2, 1]
