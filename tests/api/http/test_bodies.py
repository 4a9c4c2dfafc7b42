"""JSON is read strictly, and reads as any reader would read it."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.bodies import UnreadableBodyError, read_json, says_json

FLOATS = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_what_a_writer_of_json_writes_is_read_back(value: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b"{}{}", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'[{"b": {"a": 1, "\\u0061": 2}}]', "twice"),
        (b"NaN", "not a number"),
        (b"[-Infinity]", "not a number"),
        (b"1e400", "too large"),
        (b"[-1e309]", "too large"),
        (b"5e-324", "close to 0"),
        (b"[1e-400]", "close to 0"),
        (b"9" * 5_000, "more than 40 characters"),
        (b"-" + b"9" * 41, "more than 40 characters"),
        (b"0." + b"0" * 5_000 + b"1", "more than 40 characters"),
        (b"1e" + b"9" * 50, "more than 40 characters"),
        (b"[" * 100_000, "too deeply"),
        (b'{"a":' * 100_000, "too deeply"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\uDFFF": 1}', "surrogate"),
        (b'[[{"a": ["\\ude00\\ud83d"]}]]', "surrogate"),
        (b'"a\\u0000b"', "NUL"),
        (b'{"a\\u0000": 1}', "NUL"),
    ],
)
def test_junk_is_refused_with_a_sentence(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableBodyError, match=says) as refused:
        read_json(body)
    assert refused.value.status_code == 400
    assert refused.value.detail.endswith("Correct it.")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'"\\ud83d\\ude91"', "🚑"),
        (b'"\\\\u0000 \\\\ud800"', "\\u0000 \\ud800"),
        (b"[0e999, -0.0e-999, 0.000]", [0.0, -0.0, 0.0]),
        (b"1e308", 1e308),
        (b"2.2250738585072014e-308", 2.2250738585072014e-308),
        (str(2**63 - 1).encode(), 2**63 - 1),
        (b'{"a": {"b": 1}, "b": {"a": 1}}', {"a": {"b": 1}, "b": {"a": 1}}),
    ],
)
def test_what_only_looks_like_junk_is_read(body: bytes, value: Any) -> None:
    assert read_json(body) == value


def test_minus_zero_stays_minus_zero() -> None:
    assert math.copysign(1, read_json(b"-0.0")) == -1


@pytest.mark.parametrize(
    ("content_type", "json_said"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/geo+json", True),
        ("application/jsonx", False),
        ("text/json", False),
        ("text/plain; application/json", False),
        ("", False),
        (None, False),
    ],
)
def test_content_types(content_type: str | None, json_said: bool) -> None:
    assert says_json(content_type) is json_said
