"""Hints that two calls are one: what counts, in which direction, and in words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.merging.similarity import HINT_SCORE, CallFacts, likeness
from gis.geometry import Wgs84Point

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
PLACES = st.none() | st.builds(
    Wgs84Point, st.floats(114.0, 114.02), st.floats(22.5, 22.52), st.floats(0, 2000)
)
CALLS = st.builds(
    CallFacts, place=PLACES,
    received_at=st.integers(0, 7200).map(lambda s: NOW + timedelta(seconds=s)),
    complaint_code=st.none() | st.sampled_from(["2301013", "2301067"]),
)  # fmt: skip


def call(east_m=0.0, *, minutes=0, radius_m=30.0, complaint=None):
    return CallFacts(
        place=Wgs84Point(114.05 + east_m / 102_700, 22.55, radius_m),
        received_at=NOW + timedelta(minutes=minutes), complaint_code=complaint,
    )  # fmt: skip


@given(CALLS, CALLS)
def test_it_is_the_same_both_ways_and_between_none_and_all(one, other):
    there, back = likeness(one, other), likeness(other, one)
    if one.place is None or other.place is None:
        assert there is None
        assert back is None
        return
    assert there.score == pytest.approx(back.score)
    assert 0 <= there.score <= 1
    assert there.reasons


@given(st.floats(0, 3000), st.floats(0, 3000), st.integers(0, 200), st.integers(0, 200))
def test_farther_and_later_is_never_liker(near, far, soon, late):
    near, far = sorted((near, far))
    soon, late = sorted((soon, late))
    base = call()
    assert likeness(base, call(far)).score <= likeness(base, call(near)).score + 1e-9
    assert (
        likeness(base, call(minutes=late)).score <= likeness(base, call(minutes=soon)).score + 1e-9
    )


@pytest.mark.parametrize(
    ("one", "other", "hinted"),
    [
        (call(), call(40), True),
        (call(), call(150, minutes=10), True),
        (call(complaint="2301067"), call(20, complaint="2301067", minutes=20), True),
        (call(), call(900), False),
        (call(), call(minutes=80), False),
        # A telephone mast says little: half of the city's calls lie within its circle.
        (call(radius_m=2000), call(500, radius_m=2000), False),
        # A vague caller beside a sure place is a hint.
        (call(radius_m=400), call(300), True),
    ],
)
def test_what_is_hinted_at(one, other, hinted):
    assert (likeness(one, other).score >= HINT_SCORE) is hinted


def test_reasons_are_said_in_both_languages():
    like = likeness(call(complaint="a"), call(40, minutes=3, complaint="a"))
    said = [one.en for one in like.reasons]
    assert said == ["perhaps the same place (40 m apart, ± 60 m)", "3 min apart", "same complaint"]
    assert "主诉相同" in [one.zh for one in like.reasons]
