"""Real extracts, where they lie beside the checkout."""

from pathlib import Path

import numpy as np
import pytest

from data.errors import UnreadablePbfError
from data.osm.pbf import read_pbf


@pytest.fixture
def extract(shared_data: Path):
    def find(name: str) -> Path:
        path = shared_data / name
        if not path.is_file():
            pytest.skip(f"needs {name} in ../shared/data, which is not part of the project")
        return path

    return find


def check(city):
    """What holds for every city."""
    segments = city.segments
    assert (segments["length_m"] > 0).all()
    assert not segments.geometry.is_empty.any()
    assert city.places["source_ref"].is_unique
    assert city.places["search_text"].str.len().min() > 0
    assert set(segments["oneway"]) <= {-1, 0, 1}
    ends = np.union1d(segments["from_node"], segments["to_node"])
    assert np.isin(city.road_nodes["node_id"].to_numpy(np.int64), ends).all()
    ways = set(segments["osm_way_id"])
    assert set(city.restrictions["from_way_id"]) <= ways
    assert city.areas["code"].is_unique
    assert city.areas.is_valid.all()
    assert city.water.is_valid.all()


def test_liechtenstein(extract):
    city = read_pbf(extract("osm_pbf/liechtenstein-latest.osm.pbf"), key="li")
    check(city)
    # 4,660 ways carry `highway`; a few are closed to everybody or no road.
    assert 4_600 < city.segments["osm_way_id"].nunique() <= 4_660
    assert len(city.restrictions) == 2
    assert "Liechtensteinisches Landesspital" in set(city.facilities["name"])
    assert (city.places["kind"] == "address").sum() > 900
    assert {"country", "street"} <= set(city.areas["level"])


def test_baltimore(extract):
    city = read_pbf(extract("osm_pbf/baltimore.osm.pbf"), key="baltimore")
    check(city)
    assert len(city.restrictions) == 3
    assert city.facilities["has_emergency_department"].any()
    limits = set(city.segments["maxspeed_kmh"].dropna())
    assert 40.234 in limits  # 25 mph


def test_shenzhen_core(extract):
    city = read_pbf(extract("osm/shenzhen-core.osm.pbf"), key="shenzhen")
    check(city)
    names = set(city.segments["name_zh"].dropna())
    assert "深南大道" in names
    assert (city.road_nodes["kind"] == "traffic_signals").sum() > 500
    street = city.places[city.places["name"] == "深南大道"]
    assert street["search_text"].str.contains("shennandadao").all()


def test_bayreuth_has_its_turn_restrictions(extract):
    city = read_pbf(extract("osm/north-bayreuth.osm.gz"), key="bayreuth")
    check(city)
    assert len(city.restrictions) >= 30


def test_an_extract_cut_in_half_is_refused(extract, tmp_path):
    whole = extract("osm_pbf/baltimore.osm.pbf").read_bytes()
    half = tmp_path / "half.osm.pbf"
    half.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadablePbfError, match=r"half\.osm\.pbf"):
        read_pbf(half, key="half")
