"""What a vehicle can have done is believed, what it cannot is doubted, and three in a row win."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.avl.plausible import (
    CONSISTENT,
    FASTEST_KMH,
    Flag,
    Seen,
    TimeTaken,
    Track,
    judge,
    reachable,
    taken_time,
)
from gis.geometry import Wgs84Point

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)


def seen(lon: float, seconds: float) -> Seen:
    return Seen(Wgs84Point(lon, 22.5, 10.0), AT + timedelta(seconds=seconds))


def test_a_jump_is_doubted_and_three_that_fit_begin_anew() -> None:
    track = judge(Track(), seen(114.0, 0)).track
    flags = []
    for second in (10, 20, 30):
        judged = judge(track, seen(114.5 + second * 1e-5, second))
        track = judged.track
        flags.append(judged.flags)
    assert flags == [(Flag.DOUBTFUL,), (Flag.DOUBTFUL,), (Flag.NEW_ANCHOR,)]
    assert track.anchor == seen(114.5 + 30e-5, 30)
    assert CONSISTENT == 3


def test_one_stray_position_changes_nothing() -> None:
    track = judge(Track(), seen(114.0, 0)).track
    stray = judge(track, seen(115.0, 10))
    assert not stray.counts
    back = judge(stray.track, seen(114.001, 20))
    assert back.counts
    assert back.track.doubtful == ()


def test_scattered_strays_never_win() -> None:
    track = judge(Track(), seen(114.0, 0)).track
    for second, lon in enumerate((115.0, 116.0, 113.0, 117.0, 112.0), start=1):
        judged = judge(track, seen(lon, second))
        assert Flag.DOUBTFUL in judged.flags
        track = judged.track
    assert track.anchor == seen(114.0, 0)


def test_clocks() -> None:
    ahead = taken_time(AT + timedelta(minutes=3), now=AT)
    assert ahead == TimeTaken(AT, (Flag.CLOCK_AHEAD,))
    assert taken_time(AT + timedelta(days=2), now=AT) == "time_in_future"
    # A count of GPS weeks that rolled over: 1,024 weeks behind (IS-GPS-200).
    assert taken_time(AT - timedelta(weeks=1024), now=AT) == "time_too_old"
    assert taken_time(None, now=AT) == TimeTaken(AT, (Flag.CLOCK_MISSING,))
    assert taken_time(AT - timedelta(minutes=5), now=AT) == TimeTaken(AT - timedelta(minutes=5))


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.floats(113.0, 115.0), st.floats(0, 3600)), min_size=1, max_size=20
    )
)  # fmt: skip
def test_the_anchor_never_goes_back_nor_further_than_it_can(
    path: list[tuple[float, float]],
) -> None:
    track = Track()
    for lon, second in path:
        before = track.anchor
        judged = judge(track, seen(lon, second))
        track = judged.track
        assert track.anchor is not None
        if before is not None:
            assert track.anchor.at >= before.at
            moved = track.anchor != before
            assert not moved or reachable(before, track.anchor) or Flag.NEW_ANCHOR in judged.flags
        assert len(track.doubtful) < CONSISTENT
    assert FASTEST_KMH > 0
