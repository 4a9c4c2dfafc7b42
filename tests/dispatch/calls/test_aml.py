"""Published location messages are read as their publishers mean them; a bad field costs one."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.calls.aml import (
    RADIUS_UNSAID_M,
    Method,
    NoLocationMessageError,
    is_authentic,
    radius_at,
    read_form,
    read_sms,
)

# https://developers.google.com/android/els/reference/sms-spec, "Examples".
GOOGLE_NONE = (
    'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20220131173734;lc=0;pm=N;'
    "si=234159000000000;ei=123456789012345;mcc=234;mnc=15;ml=127"
)
GOOGLE_COMPUTED = (
    'A"ML=1;lt=+51.53321;lg=-0.12601;rd=14;top=20220131171748;lc=68;pm=W;'
    "si=234159000000000;ei=123456789012345;mcc=234;mnc=15;ml=126"
)
# EENA's AML specification and ETSI TS 103 625; also in the tests of public parsers of AML.
EENA = (
    'A"ML=1;lt=+54.76397;lg=-0.18305;rd=50;top=20130717141935;lc=90;pm=W;'
    "si=123456789012345;ei=1234567890123456;mcc=234;mnc=30;ml=128"
)
EENA_GNSS = (
    'A"ML=1;lt=+55.74297;lg=-4.26880;rd=10;top=20130717175329;lc=95;pm=G;'
    "si=234302543446355;ei=356708041746734;mcc=234;mnc=30;ml=127"
)
# ETSI TS 103 625 (HTTPS), as quoted in the tests of github.com/cpilatre/aml-lib.
ETSI_FORM = (
    "v=1&device_number=%2B447477593102&location_latitude=55.85732&location_longitude=-4.26325"
    "&location_time=1476189444435&location_accuracy=10.4&location_source=GPS"
    "&location_certainty=83&location_altitude=0.0&location_floor=5&device_model=ABC+ABC+Detente+530"
    "&device_imei=354773072099116&device_imsi=234159176307582&device_os=AOS&cell_carrier="
    "&cell_home_mcc=234&cell_home_mnc=15&cell_network_mcc=234&cell_network_mnc=15&cell_id=0213454321"
)
# github.com/cpilatre/aml-lib, README: signed with the key "AML".
SIGNED_FORM = (
    "v=1&device_number=%2B33611223344&location_latitude=0.85732&location_longitude=-4.26325"
    "&location_time=1604912121000&location_accuracy=10.4&location_source=GPS"
    "&location_certainty=83&hmac=f64c70eb238bb239e00e8ac8c023bf2b5d3c41dd"
)


def test_published_sms() -> None:
    fix = read_sms(EENA)
    assert (fix.lat, fix.lon, fix.radius_m, fix.confidence) == (54.76397, -0.18305, 50.0, 0.9)
    assert fix.positioned_at == datetime(2013, 7, 17, 14, 19, 35, tzinfo=UTC)
    assert fix.method == Method.WIFI
    assert fix.whole
    assert not fix.faults
    gnss = read_sms(EENA_GNSS)
    assert (gnss.method, gnss.confidence, gnss.whole) == (Method.GNSS, 0.95, True)
    assert gnss.shown_radius_m == 10.0


def test_google_samples() -> None:
    none = read_sms(GOOGLE_NONE)
    assert not none.has_place
    assert none.whole
    assert not none.faults
    found = read_sms(GOOGLE_COMPUTED)  # its own `ml` is one less than its length
    assert (found.lat, found.lon, found.radius_m) == (51.53321, -0.12601, 14.0)
    assert found.whole
    assert found.shown_radius_m == pytest.approx(14 * 1.6215, rel=1e-4)


def test_published_forms() -> None:
    fix = read_form(ETSI_FORM)
    assert (fix.lat, fix.lon, fix.radius_m, fix.confidence) == (55.85732, -4.26325, 10.4, 0.83)
    assert fix.positioned_at == datetime(2016, 10, 11, 12, 37, 24, 435_000, tzinfo=UTC)
    assert (fix.floor, fix.altitude_m, fix.number) == ("5", 0.0, "+447477593102")
    assert not fix.faults
    assert is_authentic(SIGNED_FORM, b"AML")
    assert not is_authentic(SIGNED_FORM.replace("0.85732", "0.85733"), b"AML")
    assert not is_authentic("v=1", b"AML")


def test_google_fields_of_the_form() -> None:
    # https://developers.google.com/android/els/reference/http-spec, column "Example".
    form = urlencode({
        "v": 1, "emergency_number": 911, "source": "CALL", "thunderbird_version": 2800,
        "time": 1438101600123, "location_latitude": 37.4217845,
        "location_longitude": -122.0847413, "location_time": 1438102600123,
        "location_floor": 2, "location_source": "gps", "location_accuracy": 20,
        "location_confidence": 0.6827,
    })  # fmt: skip
    fix = read_form(form)
    assert (fix.lat, fix.lon, fix.radius_m) == (37.4217845, -122.0847413, 20.0)
    assert (fix.confidence, fix.method, fix.faults) == (0.6827, Method.GNSS, ())


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ("rd=-5", "rd"), ("rd=1e3", "rd"), ("rd=NaN", "rd"), ("lt=+91.0", "lt"),
        ("top=20131317141935", "top"), ("lc=101", "lc"), ("pm=X", "pm"), ("ml=40", "ml"),
        ("top=１２３４５６７８９０１２３４", "top"), ("lg=\ud800", "lg"),
    ],
)  # fmt: skip
def test_one_bad_field_costs_one_field(bad: str, field: str) -> None:
    parts = [bad if one.startswith(f"{field}=") else one for one in EENA.split(";")]
    fix = read_sms(";".join(parts))
    named = {fault.field for fault in fix.faults} - {"ml"}
    assert named == {field} - {"ml"}
    assert fix.positioned_at is None if field == "top" else fix.positioned_at is not None
    assert fix.has_place == (field not in ("lt", "lg"))


def test_a_place_without_a_radius_is_drawn_wide() -> None:
    fix = read_sms(EENA.replace("rd=50;", ""))
    assert fix.has_place
    assert fix.shown_radius_m == RADIUS_UNSAID_M
    assert not fix.whole


@pytest.mark.parametrize("text", ["", "hello", 'A"ML=2;lt=1', 'A"ML', "A" * 20_000])
def test_what_is_no_message(text: str) -> None:
    with pytest.raises(NoLocationMessageError):
        read_sms(text)
    with pytest.raises(NoLocationMessageError):
        read_form(text)


@settings(max_examples=30)
@given(st.floats(1, 1e4), st.floats(0.01, 0.999))
def test_no_circle_is_drawn_smaller_than_said(radius_m: float, confidence: float) -> None:
    assert radius_at(radius_m, confidence) >= radius_m
    assert radius_at(radius_m, None) == pytest.approx(radius_at(radius_m, 0.68))


@settings(max_examples=30)
@given(st.text(max_size=200))
def test_anything_behind_the_header_is_read_or_refused(text: str) -> None:
    fix = read_sms(f'A"ML=1;{text}')
    assert fix.shown_radius_m > 0
    read_form(f"location_latitude={text}&device_number=1")
