"""JSON as it leaves the house."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import numpy as np
import pytest

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
