"""Published payloads of trackers are read; a bad field costs a field, a bad row a row."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.avl.formats import (
    NO_DEVICE,
    NO_PLACE,
    NOT_VALID,
    Fix,
    Refused,
    read_all,
    read_osmand,
    read_owntracks,
    read_traccar,
)

# https://owntracks.org/booklet/features/traccar, "HTTP Payloads".
OWNTRACKS = {"lon": 2.29513, "lat": 48.85833, "_type": "location", "tst": 1497476456, "tid": "JJ"}
# https://www.traccar.org/osmand/, JSON.
TRACCAR: dict[str, Any] = {
    "location": {
        "timestamp": "2000-01-01T00:00:00.000Z",
        "coords": {
            "latitude": 0.0, "longitude": 0.0, "accuracy": 0, "speed": 0, "heading": 0,
            "altitude": 0,
        },
        "is_moving": False, "odometer": 0, "event": "motionchange",
        "battery": {"level": 1, "is_charging": False}, "activity": {"type": "still"}, "extras": {},
    },
    "device_id": "48241179",
}  # fmt: skip
# Traccar's own tests (OsmAndProtocolDecoderTest).
OSMAND = (
    (
        "id=902064&lat=42.06288&lon=-88.23412&timestamp=2016-01-27T18%3A55%3A47Z&hdop=6.0"
        "&altitude=224.0&speed=0.0"
    ),
    (
        "id=902064&lat=42.06288&lon=-88.23412&timestamp=1442068686579&hdop=6.0"
        "&altitude=224.0&speed=0.0"
    ),
    (
        "lat=49.60688&lon=6.15788&timestamp=2014-06-04+09%3A10%3A11&altitude=384.7&speed=0.0"
        "&id=353861053849681"
    ),
    "id=123456&timestamp=1377177267&lat=60.0&lon=30.0",
    "lat=60.0&lon=30.0&speed=0.0&heading=0.0&vacc=0&hacc=0&altitude=0&deviceid=123456",
)


def _osmand(query: str) -> Fix:
    fix = read_osmand(dict(parse_qsl(query)))
    assert isinstance(fix, Fix)
    return fix


def test_published_payloads() -> None:
    one = read_owntracks(OWNTRACKS)
    assert isinstance(one, Fix)
    assert (one.device, one.lon, one.lat) == ("JJ", 2.29513, 48.85833)
    assert one.device_at == datetime(2017, 6, 14, 21, 40, 56, tzinfo=UTC)
    two = read_traccar(TRACCAR)
    assert isinstance(two, Fix)
    assert (two.device, two.lon, two.device_at) == (
        "48241179", 0.0, datetime(2000, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    read = [_osmand(query) for query in OSMAND]
    assert [one.device for one in read] == [
        "902064", "902064", "353861053849681", "123456", "123456",
    ]  # fmt: skip
    assert [one.device_at for one in read] == [
        datetime(2016, 1, 27, 18, 55, 47, tzinfo=UTC),
        datetime(2015, 9, 12, 14, 38, 6, 579_000, tzinfo=UTC),
        datetime(2014, 6, 4, 9, 10, 11, tzinfo=UTC),
        datetime(2013, 8, 22, 13, 14, 27, tzinfo=UTC),
        None,
    ]
    assert not any(one.faults for one in read)


def test_units() -> None:
    knots = _osmand("id=1&lat=1&lon=2&speed=10&bearing=90&accuracy=8")
    assert (knots.speed_kmh, knots.heading_deg, knots.accuracy_m) == (
        pytest.approx(18.52), 90.0, 8.0,
    )  # fmt: skip
    TRACCAR["location"]["coords"]["speed"] = 10
    metres = read_traccar(TRACCAR)
    TRACCAR["location"]["coords"]["speed"] = 0
    assert isinstance(metres, Fix)
    assert metres.speed_kmh == pytest.approx(36.0)
    kilometres = read_owntracks(OWNTRACKS | {"vel": 54, "cog": 270, "acc": 75})
    assert isinstance(kilometres, Fix)
    assert (kilometres.speed_kmh, kilometres.heading_deg) == (54.0, 270.0)


def test_a_bad_field_costs_a_field_and_a_bad_row_a_row() -> None:
    rows: list[object] = [
        OWNTRACKS | {"vel": "fast", "cog": 400, "acc": -1}, OWNTRACKS | {"lat": 1e400},
        {"_type": "lwt"}, 7, OWNTRACKS | {"tid": None}, OWNTRACKS | {"tst": [1]}, OWNTRACKS,
    ]  # fmt: skip
    found, refused = read_all(rows, read_owntracks)
    assert [index for index, _ in found] == [0, 5, 6]
    assert found[0][1].faults == ("cog", "vel", "acc")
    assert found[1][1].faults == ("tst",)
    assert [index for index, _ in refused] == [1, 3, 4]
    assert refused[2][1] == NO_DEVICE
    assert read_osmand({"id": "1", "lat": "1", "lon": "nan"}) == NO_PLACE
    assert read_osmand({"id": "1", "lat": "1", "lon": "2", "valid": "0"}) == NOT_VALID


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["_type", "lon", "lat", "tst", "tid", "location", "coords", "latitude", "longitude",
             "timestamp", "device_id"]
        ), inner, max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=30)
@given(ANYTHING)
def test_anything_is_read_or_refused(message: object) -> None:
    for one in (read_owntracks(message), read_traccar(message)):
        assert one is None or isinstance(one, Fix | Refused)
    if isinstance(message, dict):
        read_owntracks(message | {"_type": "location"})
