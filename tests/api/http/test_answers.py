"""JSON as it leaves the house."""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.answers import Answer, json_text, plain


@dataclass(frozen=True)
class Row:
    """Something a service returns."""

    at: datetime
    time_s: float


def test_times_are_utc_with_z() -> None:
    at = datetime(2026, 3, 1, 16, tzinfo=timezone(timedelta(hours=8)))
    assert plain(Row(at, float("inf"))) == {"at": "2026-03-01T08:00:00Z", "time_s": None}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("cdc", "cdc"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (np.float64(1.5), 1.5),
        (np.array([1, 2]), [1, 2]),
        (float("nan"), None),
        ((1, None, True), [1, None, True]),
        ({1: {"a"}}, {"1": ["a"]}),
        (datetime(2026, 1, 1, tzinfo=UTC).date(), "2026-01-01"),
    ],
)
def test_values_become_plain(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_chinese_is_written_as_it_is() -> None:
    assert json_text({"name": "深圳"}) == '{"name":"深圳"}'


def test_a_version_becomes_the_etag() -> None:
    assert Answer({}, version=3).headers["ETag"] == '"3"'


class Colour(Enum):
    """A value by name."""

    RED = "red"
    AT = datetime(2026, 1, 1, tzinfo=UTC)


class Rank(IntEnum):
    """A number by name."""

    FIRST = 1


class Word(StrEnum):
    """A text by name."""

    EMS = "ems"


@dataclass(frozen=True, slots=True)
class Slotted:
    """A view without a dictionary."""

    inner: object


@dataclass(frozen=True, slots=True)
class Fuller(Slotted):
    """A view made fuller by inheritance."""

    more: object = None


@dataclass
class Bare:
    """A view of nothing."""


_OFFSETS = st.sampled_from([
    UTC, ZoneInfo("UTC"), ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London"),
    timezone(timedelta(hours=-3, minutes=-30)),
])  # fmt: skip
_MOMENTS = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01"))
_TIMES = st.builds(lambda at, zone: at.replace(tzinfo=zone), _MOMENTS, _OFFSETS)
_NUMPY = st.one_of(
    st.floats(width=32).map(np.float32), st.floats().map(np.float64), st.booleans().map(np.bool),
    st.integers(-(2**63), 2**63 - 1).map(np.int64),
    st.lists(st.floats()).map(np.array),
    st.lists(_MOMENTS, max_size=2).map(lambda found: np.array(found, dtype=object)),
)  # fmt: skip
_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.uuids(), st.dates(),
    _TIMES, _MOMENTS, st.sampled_from([*Colour, *Rank, *Word]), _NUMPY, st.builds(Bare),
)  # fmt: skip
_KEYS = st.one_of(
    st.text(), st.integers(), st.uuids(), st.none(), st.booleans(), st.floats(), st.dates(),
    st.sampled_from([*Colour, *Rank, *Word]),
)  # fmt: skip
_MAPPINGS = (dict, MappingProxyType, OrderedDict)
_NESTED = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.frozensets(st.text() | st.integers()),
        st.builds(Slotted, inner), st.builds(Fuller, inner, inner), st.builds(Row, _TIMES, inner),
        st.builds(
            lambda kind, found: kind(found),
            st.sampled_from(_MAPPINGS), st.dictionaries(_KEYS, inner, max_size=4),
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@given(_NESTED)
def test_what_is_written_is_what_is_plain(value: object) -> None:
    assert json.loads(json_text(value)) == plain(value)


def test_what_is_computed_while_it_is_read_is_written() -> None:
    assert json_text({"rows": (n for n in (1, 2))}) == '{"rows":[1,2]}'


@pytest.mark.parametrize(
    "value",
    [
        b"ab",
        bytearray(b"ab"),
        memoryview(b"ab"),
        timedelta(1),
        np.timedelta64(1, "s"),
        1j,
        np.array([b"ab"], dtype=object),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        lambda value: value, lambda value: [1, (value,)], Slotted,
        lambda value: {"a": {"b": value}}, lambda value: MappingProxyType({"a": value}),
    ],
)  # fmt: skip
def test_what_json_has_nothing_for_is_refused(
    value: object, around: Callable[[object], object]
) -> None:
    with pytest.raises(TypeError):
        plain(around(value))
    with pytest.raises(TypeError):
        json_text(around(value))
