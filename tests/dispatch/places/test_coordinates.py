"""Coordinates as people type and paste them; what is no coordinates; what nobody may guess."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.places.coordinates import Form, read_coordinates
from dispatch.places.service import search_places
from gis.access import SYSTEM
from gis.datum import Datum, from_wgs84

SERENA = (-71.34, -29.95)
LAT, LON = -29.9533, -71.3394
DMS = (-29.953333, -71.339444)


@pytest.mark.parametrize(
    ("text", "lat", "lon", "form"),
    [
        ("-29.9533, -71.3394", LAT, LON, Form.DEGREES),
        ("-29.9533 -71.3394", LAT, LON, Form.DEGREES),
        ("(-29.9533，-71.3394)", LAT, LON, Form.DEGREES),
        ("\u221229.9533, \u221271.3394", LAT, LON, Form.DEGREES),
        ("29.9533S 71.3394W", LAT, LON, Form.DEGREES),
        ("S29.9533 W71.3394", LAT, LON, Form.DEGREES),
        ("W71.3394 S29.9533", LAT, LON, Form.DEGREES),
        ("29.9533° S, 71.3394° O", LAT, LON, Form.DEGREES),
        ("29,9533S 71,3394O", LAT, LON, Form.DEGREES),
        ("-29,9533; -71,3394", LAT, LON, Form.DEGREES),
        ("-29,9533, -71,3394", LAT, LON, Form.DEGREES),
        ("lat: -29.9533 lon: -71.3394", LAT, LON, Form.DEGREES),
        ("lng=-71.3394, lat=-29.9533", LAT, LON, Form.DEGREES),
        ("29°57'12\"S 71°20'22\"W", *DMS, Form.SECONDS),
        ("29º57'12'' S; 71º20'22'' O", *DMS, Form.SECONDS),
        ("29 57 12 S, 71 20 22 W", *DMS, Form.SECONDS),
        ("29d57m12s S 71d20m22s W", *DMS, Form.SECONDS),
        ("-29°57'12\" -71°20'22\"", *DMS, Form.SECONDS),
        ("南纬29度57分12秒 西经71度20分22秒", *DMS, Form.SECONDS),
        ("S 29 57.2 W 71 20.4", -29.953333, -71.34, Form.MINUTES),
        ("北纬22.54度,东经114.05度", 22.54, 114.05, Form.DEGREES),
    ],
)
def test_degrees_in_every_usual_form(text, lat, lon, form):
    reading = read_coordinates(text)[0]
    assert (reading.lat, reading.lon) == pytest.approx((lat, lon), abs=1e-6)
    assert (reading.form, reading.datum) == (form, None)


@pytest.mark.parametrize(
    ("text", "lat", "lon", "form", "datum"),
    [
        ("geo:-29.9533,-71.3394;u=35", LAT, LON, Form.LINK, Datum.WGS84),
        ("geo:0,0?q=-29.9533,-71.3394(Faro)", LAT, LON, Form.LINK, Datum.WGS84),
        ("https://www.openstreetmap.org/?mlat=-29.9533&mlon=-71.3394#map=17/1/2", LAT, LON,
         Form.LINK, Datum.WGS84),
        ("https://www.openstreetmap.org/#map=17/-29.9533/-71.3394", LAT, LON, Form.LINK,
         Datum.WGS84),
        # The pin, not the middle of the map.
        ("https://www.google.com/maps/place/X/@-29.9,-71.3,17z/data=!8m2!3d-29.9533!4d-71.3394",
         LAT, LON, Form.LINK, None),
        ("https://maps.google.com/?q=-29.9533,-71.3394", LAT, LON, Form.LINK, None),
        ("https://maps.apple.com/?ll=-29.9533,-71.3394&q=x", LAT, LON, Form.LINK, None),
        ("https://uri.amap.com/marker?position=114.05,22.54&name=x", 22.54, 114.05, Form.LINK,
         Datum.GCJ02),
        ("https://uri.amap.com/marker?position=114.05,22.54&coordinate=wgs84", 22.54, 114.05,
         Form.LINK, Datum.WGS84),
        ("我在这里 https://apis.map.qq.com/uri/v1/marker?marker=coord:22.54,114.05;title:x",
         22.54, 114.05, Form.LINK, Datum.GCJ02),
        ("http://api.map.baidu.com/marker?location=22.54,114.05&title=x", 22.54, 114.05,
         Form.LINK, Datum.BD09),
        ("百度坐标 114.05,22.54", 22.54, 114.05, Form.DEGREES, Datum.BD09),
        ("高德 22.54,114.05", 22.54, 114.05, Form.DEGREES, Datum.GCJ02),
        ("GPS 22.54,114.05", 22.54, 114.05, Form.DEGREES, Datum.WGS84),
        ("19J 274123 6683456", -29.958973, -71.340672, Form.UTM, Datum.WGS84),
        ("UTM 19J 274123 E 6683456 N", -29.958973, -71.340672, Form.UTM, Datum.WGS84),
        ("19J BG 74123 83456", -29.958973, -71.340672, Form.MGRS, Datum.WGS84),
        ("19JBG7412383456", -29.958973, -71.340672, Form.MGRS, Datum.WGS84),
        # From the specification of Open Location Code.
        ("4VCPPQGP+Q9", -41.273062, 174.785938, Form.PLUS_CODE, Datum.WGS84),
    ],
)  # fmt: skip
def test_links_grids_and_named_datums(text, lat, lon, form, datum):
    found = read_coordinates(text)[0]
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=1e-5)
    assert found.form is form
    assert found.datum is datum


@pytest.mark.parametrize(
    "text",
    [
        "Balmaceda 1234", "深南大道 100", "Av. 4 Norte 12", "4 norte 6 este", "29 71", "5 Sur 12",
        "1234 5678", "S 29 57.2", "12 de Octubre 45, 3", "131", "+56 51 2 334455", "",
        "29°71'12\"S 71°20'22\"W", "29.9S 71.3S", "-29.9 S 71.3 W", "91.5, 181.2", "geo:0,0",
        "geo:1,2;crs=nad27", "https://example.org/?q=-29.95,-71.34", "http://[",
        "19J BG 7412 83456", "20J ZZ 1 1", "8FVC9G8F+6", "x" * 2000, "9" * 400 + ".1, 2.5",
    ],
)  # fmt: skip
def test_what_is_no_coordinates_is_not_read(text):
    assert read_coordinates(text) == ()


def test_a_letter_s_in_utm_is_a_band_or_the_south_and_both_are_offered():
    lats = [round(one.lat) for one in read_coordinates("19S 274123 6683456")]
    assert lats == [60, -30]


def test_a_short_plus_code_is_completed_near_the_city_only():
    assert read_coordinates("2M36+P6 La Serena") == ()
    (found,) = read_coordinates("2M36+P6 La Serena", near=SERENA)
    assert abs(found.lon - SERENA[0]) <= 0.5
    assert abs(found.lat - SERENA[1]) <= 0.5


def test_fewer_digits_are_a_larger_circle():
    radii = [
        read_coordinates(text)[0].radius_m
        for text in ("-29.9533123, -71.3394", "-29.953, -71.339", "-29.95, -71.34")
    ]
    assert radii == sorted(radii)
    assert radii[-1] == pytest.approx(786, abs=1)


ANGLES = st.tuples(
    st.floats(-89.99, 89.99).filter(lambda x: abs(x) > 0.01),
    st.floats(-179.99, 179.99).filter(lambda x: abs(x) > 0.01),
)


def dms(value, *, places):
    degrees, rest = divmod(abs(value), 1)
    minutes, seconds = divmod(rest * 60, 1)
    shown = f"{seconds * 60:.{places}f}"
    return f"{int(degrees)}°{int(minutes)}'{shown}\"" if float(shown) < 60 else None


@given(ANGLES, st.sampled_from([", ", " ", "; ", "\n"]), st.booleans())
def test_what_is_written_is_read_back(point, between, hemisphere_first):
    lat, lon = point
    plain = read_coordinates(f"{lat:.6f}{between}{lon:.6f}")[0]
    assert (plain.lat, plain.lon) == pytest.approx((lat, lon), abs=1e-6)
    parts = [dms(lat, places=3), dms(lon, places=3)]
    if None in parts:
        return
    letters = ("S" if lat < 0 else "N", "W" if lon < 0 else "E")
    said = [
        f"{letter} {part}" if hemisphere_first else f"{part} {letter}"
        for part, letter in zip(parts, letters, strict=True)
    ]
    for order in (said, said[::-1]):
        (reading,) = read_coordinates(between.join(order))
        assert (reading.lat, reading.lon) == pytest.approx((lat, lon), abs=1e-6)


@given(st.text(max_size=60) | st.text("0123456789.,;°'\" NSEWnsewdm+-/:?=&geohtp", max_size=60))
def test_no_text_breaks_the_reader_and_every_reading_is_a_place(text):
    for one in read_coordinates(text, near=SERENA):
        assert math.isfinite(one.lon)
        assert abs(one.lon) <= 180.5
        assert abs(one.lat) <= 90
        assert one.radius_m >= 10


@pytest.mark.database
def test_a_datum_that_nobody_said_is_asked_for_in_china(database, city):
    with database.read(SYSTEM) as uow:
        found = search_places(uow, city.city_id, query="22.5500, 114.0500")
        told = search_places(uow, city.city_id, query="高德 22.5500, 114.0500")
        away = search_places(uow, city.city_id, query="31.23, 121.47")
        name = search_places(uow, city.city_id, query="深南大道")
    assert found.coordinates is not None
    options = found.coordinates.options
    assert [one.datum for one in options] == [Datum.WGS84, Datum.GCJ02, Datum.BD09]
    assert found.ambiguous
    assert not any(one.datum_stated for one in options)
    assert told.coordinates is not None
    (only,) = told.coordinates.options
    assert only.datum_stated
    lon, lat = from_wgs84(only.lon, only.lat, Datum.GCJ02)
    assert (float(lon), float(lat)) == pytest.approx((114.05, 22.55), abs=1e-7)
    assert away.coordinates is not None
    assert away.coordinates.options == ()
    assert name.coordinates is None
