"""Hours of the week: local, one meaning for one moment and for many."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.week import HOURS_OF_WEEK, hour_of_week, hours_of_week

ZONES = ("Asia/Shanghai", "America/Santiago", "Europe/Helsinki", "Asia/Kolkata", "Asia/Kathmandu")


def test_the_week_begins_on_monday_at_local_midnight() -> None:
    monday = datetime(2026, 5, 3, 16, tzinfo=UTC)
    assert hour_of_week(monday, time_zone="Asia/Shanghai") == 0
    assert hour_of_week(monday - timedelta(seconds=1), time_zone="Asia/Shanghai") == 167


def test_the_hour_that_a_clock_skips_is_skipped() -> None:
    helsinki = ZoneInfo("Europe/Helsinki")  # the clock goes forward on 2026-03-29 at 3:00
    night = datetime(2026, 3, 29, 2, 30, tzinfo=helsinki).timestamp()
    found = hours_of_week([night, night + 3_600], time_zone="Europe/Helsinki")
    assert found.tolist() == [146, 148]


@given(
    st.lists(st.integers(600_000_000, 3_000_000_000)),
    st.sampled_from(ZONES),
)
def test_many_moments_have_the_hours_of_each(moments_s: list[int], zone: str) -> None:
    found = hours_of_week(moments_s, time_zone=zone)
    each = [hour_of_week(datetime.fromtimestamp(one, UTC), time_zone=zone) for one in moments_s]
    assert found.tolist() == each
    assert ((found >= 0) & (found < HOURS_OF_WEEK)).all()


@pytest.mark.parametrize("zone", ZONES)
def test_it_changes_with_the_hour_of_utc_alone(zone: str) -> None:
    start = datetime(2026, 2, 2, tzinfo=UTC)
    for hour in range(HOURS_OF_WEEK):
        begin = start + timedelta(hours=hour)
        within = {
            hour_of_week(begin + timedelta(minutes=minute), time_zone=zone)
            for minute in (0, 14, 29, 30, 59)
        }
        assert len(within) == 1
