"""When a city's night of learning is due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.learning.nightly import learning_due

SHENZHEN, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
RETENTION = timedelta(days=30)
THREE = datetime(2026, 11, 24, 19, tzinfo=UTC)
"""Three o'clock of the 25th in Shenzhen."""


def due(now, *, until=None, zone=SHENZHEN, hour=3):
    return learning_due(now, zone=zone, hour=hour, learned_until=until, retention=RETENTION)


@pytest.mark.parametrize(
    ("after_three", "until", "expected"),
    [
        (timedelta(minutes=29), None, None),
        (timedelta(minutes=30), None, THREE),
        (timedelta(hours=3, minutes=29), None, THREE),
        (timedelta(hours=3, minutes=31), None, None),
        (timedelta(hours=1), THREE, None),
        (timedelta(hours=1), THREE - timedelta(days=1), THREE),
        (timedelta(hours=9), THREE - timedelta(days=3), None),
        (timedelta(hours=9), THREE - timedelta(days=16), THREE),
        (timedelta(hours=23), THREE - timedelta(days=1), None),
        (timedelta(hours=24, minutes=30), THREE, THREE + timedelta(days=1)),
    ],
)
def test_once_a_night_and_by_day_only_what_would_be_lost(after_three, until, expected):
    assert due(THREE + after_three, until=until) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Clocks go from 2 to 3: half past two does not exist, three does once.
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # They go from 3 back to 2: two o'clock comes twice, the first counts.
        (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_nights_on_which_clocks_change(now, expected):
    assert due(now, zone=BERLIN) == expected


@given(
    minutes=st.integers(0, 366 * 24 * 60),
    hour=st.integers(0, 23),
    zone=st.sampled_from([SHENZHEN, BERLIN, ZoneInfo("America/St_Johns")]),
)
def test_whoever_asks_in_one_night_hears_the_same_and_nothing_once_it_is_done(minutes, hour, zone):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    to_at = due(now, zone=zone, hour=hour)
    if to_at is None:
        return
    assert to_at + timedelta(minutes=30) <= now
    assert to_at.astimezone(zone).minute == 0
    assert due(now + timedelta(seconds=30), zone=zone, hour=hour) in (to_at, None)
    assert due(now, until=to_at, zone=zone, hour=hour) is None
