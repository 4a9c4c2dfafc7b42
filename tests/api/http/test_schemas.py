"""What the shapes of requests take and refuse, each with a sentence."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from api.http.schemas import DAWN, DUSK, Code, DeviceInstant, DrawingIn, Instant, Moment, Name

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
DEVICE: TypeAdapter[datetime] = TypeAdapter(DeviceInstant)
DRAWING: TypeAdapter[Any] = TypeAdapter(DrawingIn)

ENDS_OF_TIME = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-14:00",
    "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999-23:59", "9999-12-31T23:59:59+14:00",
    "1900-06-01T00:00:00Z", "2199-12-31T23:59:59Z",
)  # fmt: skip


@pytest.mark.parametrize("at", ENDS_OF_TIME)
@pytest.mark.parametrize("kind", [Instant, Moment])
def test_the_ends_of_time_are_refused(kind: Any, at: str) -> None:
    adapter: TypeAdapter[datetime] = TypeAdapter(kind)
    with pytest.raises(ValidationError, match="must lie between 1901 and 2198; check the year"):
        adapter.validate_python(at)


@pytest.mark.parametrize("at", ENDS_OF_TIME)
def test_a_device_s_clock_may_say_anything(at: str) -> None:
    given_at = DEVICE.validate_python(at)
    assert given_at in {DAWN, DUSK}


@given(
    st.datetimes(datetime(1902, 1, 1), datetime(2198, 12, 30)),  # noqa: DTZ001
    st.integers(-18 * 60, 18 * 60),
)
def test_any_other_time_is_the_same_in_utc(local: datetime, offset_min: int) -> None:
    at = local.replace(tzinfo=timezone(timedelta(minutes=offset_min)))
    for adapter in (INSTANT, DEVICE):
        taken = adapter.validate_python(at.isoformat())
        assert taken == at
        assert taken.tzinfo is UTC


SQUARE = [[114.0, 22.5], [114.1, 22.5], [114.1, 22.6], [114.0, 22.5]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "Polygon", "coordinates": [SQUARE, SQUARE]},
        {"type": "Polygon", "coordinates": [[[*at, 3.5] for at in SQUARE]]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]},
        {"type": "LineString", "coordinates": SQUARE[:2]},
        {"type": "MultiLineString", "coordinates": [SQUARE, SQUARE[1:]]},
    ],
)
def test_what_can_be_drawn_is_taken_as_it_is(geometry: dict[str, Any]) -> None:
    assert DRAWING.validate_python(geometry).model_dump() == geometry


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        ({}, "type"),
        ({"type": "Point", "coordinates": [114.0, 22.5]}, "type"),
        ({"type": "Polygon"}, "required"),
        ({"type": "Polygon", "coordinates": []}, "at least 1"),
        ({"type": "Polygon", "coordinates": [[]]}, "at least 4"),
        ({"type": "Polygon", "coordinates": [SQUARE[:2]]}, "at least 4"),
        ({"type": "Polygon", "coordinates": [[*SQUARE[:3], [114.2, 22.7]]]}, "does not close"),
        ({"type": "Polygon", "coordinates": [[[1.0, 1.0]] * 4]}, "three different"),
        ({"type": "Polygon", "coordinates": [[[1.0, 1.0], [2.0, 2.0], [2.0, 2.0], [1.0, 1.0]]]},
         "three different"),
        ({"type": "Polygon", "coordinates": [SQUARE * 6_000]}, "at most 20000"),
        ({"type": "Polygon", "coordinates": [[[1e308, 0.0]] * 4]}, "no place on Earth"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), 0.0]] * 4]}, "finite"),
        ({"type": "Polygon", "coordinates": [[[10**400, 0.0]] * 4]}, "number"),
        ({"type": "Polygon", "coordinates": [[[114.0]] * 4]}, "at least 2"),
        ({"type": "Polygon", "coordinates": [[[1.0, 1.0, 1.0, 1.0]] * 4]}, "at most 3"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}, "number"),
        ({"type": "Polygon", "coordinates": [[[[[[[1.0]]]]]]]}, "valid number"),
        ({"type": "LineString", "coordinates": [[1.0, 1.0]]}, "at least 2"),
        ({"type": "LineString", "coordinates": [[1.0, 1.0, 0.0], [1.0, 1.0, 9.0]]}, "one position"),
        ({"type": "LineString", "coordinates": SQUARE, "crs": {}}, "not permitted"),
        ({"type": "MultiPolygon", "coordinates": []}, "at least 1"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "at least 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(geometry: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        DRAWING.validate_python(geometry)


@pytest.mark.parametrize("text", ["x" * 41, "a\0", "\ud800"])
def test_names_of_known_things_are_short_and_storable(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Code).validate_python(text)


@pytest.mark.parametrize(
    "name", ["a\r\nb", "a\tb", "a\x1b[2Jb", "a\u202egpj.b", "a\u2066b", "a\u2028b"]
)
def test_a_name_is_one_line_that_reads_as_it_is_written(name: str) -> None:
    names: TypeAdapter[str] = TypeAdapter(Name)
    with pytest.raises(ValidationError, match="another control character; take it out"):
        names.validate_python(name)
    assert names.validate_python(" 王芳 · Wang Fang ") == "王芳 · Wang Fang"
