"""Opening hours: open, closed, not known; public holidays; speed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.kernels.opening_hours import (
    InvalidOpeningHoursError,
    is_open,
    next_change,
    open_states,
    validate,
)

SHANGHAI = "Asia/Shanghai"
WEDNESDAY_10 = datetime(2024, 10, 9, 10, tzinfo=ZoneInfo(SHANGHAI))
NATIONAL_DAY_10 = datetime(2024, 10, 1, 10, tzinfo=ZoneInfo(SHANGHAI))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("24/7", True),
        ("Mo-Fr 08:00-18:00", True),
        ("Sa-Su 08:00-18:00", False),
        ("Mo-Su 22:00-06:00", False),
        ("Mo-Fr 08:00-18:00 unknown", None),
        ("whenever", None),
        ("", None),
        (None, None),
    ],
)
def test_state_on_a_wednesday_morning(expression, expected):
    assert is_open(expression, WEDNESDAY_10, time_zone=SHANGHAI) is expected


def test_the_place_s_zone_counts_not_the_clock_s():
    two_utc = datetime(2024, 10, 9, 2, tzinfo=UTC)
    assert is_open("09:00-11:00", two_utc, time_zone=SHANGHAI) is True
    assert is_open("09:00-11:00", two_utc, time_zone="UTC") is False


def test_chinese_public_holidays_close():
    hours = "Mo-Su 08:00-18:00; PH off"
    assert is_open(hours, WEDNESDAY_10, time_zone=SHANGHAI) is True
    assert is_open(hours, NATIONAL_DAY_10, time_zone=SHANGHAI) is False
    assert is_open(hours, NATIONAL_DAY_10, time_zone=SHANGHAI, country="DE") is True


def test_a_country_without_a_calendar_has_no_holidays():
    hours = "Mo-Su 08:00-18:00; PH off"
    assert is_open(hours, NATIONAL_DAY_10, time_zone=SHANGHAI, country="ZZ") is True


def test_next_change_is_in_the_place_s_zone():
    change = next_change("Mo-Fr 08:00-18:00", WEDNESDAY_10, time_zone=SHANGHAI)
    assert change == datetime(2024, 10, 9, 18, tzinfo=ZoneInfo(SHANGHAI))
    assert next_change("24/7", WEDNESDAY_10, time_zone=SHANGHAI) is None
    assert next_change("whenever", WEDNESDAY_10, time_zone=SHANGHAI) is None
    assert next_change(None, WEDNESDAY_10, time_zone=SHANGHAI) is None


def test_validate_strips_or_says_what_to_write():
    assert validate(" 24/7 ") == "24/7"
    with pytest.raises(InvalidOpeningHoursError, match="24/7"):
        validate("Mo-Fr 9 bis 17 Uhr")


@given(
    start=st.integers(0, 22),
    length=st.integers(1, 23),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_daily_hours_match_the_clock(start, length, at):
    end = min(start + length, 24)
    hour = at.astimezone(ZoneInfo(SHANGHAI)).hour
    expected = start <= hour < end
    assert is_open(f"{start:02d}:00-{end:02d}:00", at, time_zone=SHANGHAI) is expected


def test_many_at_once_are_what_they_are_one_by_one():
    expressions = [f"Mo-Fr {8 + i % 3:02d}:{i % 60:02d}-20:00; PH off" for i in range(300)]
    assert open_states(expressions, WEDNESDAY_10, time_zone=SHANGHAI) == [
        is_open(expression, WEDNESDAY_10, time_zone=SHANGHAI) for expression in expressions
    ]
