"""Ambulance calls judged as streams, also while the day goes on."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.words import alike
from surveillance.counting.model import AreaCodes
from surveillance.signals.calls import call_signals
from surveillance.signals.model import Kind, Rules
from surveillance.syndromic.model import StreamCount, Streams

DAY = date(2026, 6, 10)
AREAS = AreaCodes(codes=["1", "2"], of_code={"1": "1", "11": "1", "2": "2"})
PLACES = {"1": alike("District 1"), "2": alike("District 2")}


def streams(counts, *, first_day=DAY - timedelta(days=60)):
    """counts: (syndrome, area) → calls of each day up to the day."""
    return Streams(
        city_id=1, version="1", since=first_day, before=DAY + timedelta(days=1),
        first_day=first_day,
        syndromes={"respiratory": alike("breathing"), "injury": alike("injuries")},
        counts=tuple(
            StreamCount(
                syndrome=syndrome, area_code=area, calls=int(calls),
                day=DAY - timedelta(days=len(series) - 1 - place),
            )
            for (syndrome, area), series in counts.items()
            for place, calls in enumerate(series) if calls
        ),
    )  # fmt: skip


def found(made, *, over=True, **more):
    return call_signals(
        made, day=DAY, over=over, areas=AREAS, places=PLACES, rules=Rules(**more)
    )  # fmt: skip


USUAL = [2, 3, 1, 2, 4, 2, 3] * 5


def test_many_more_calls_in_a_district_are_told_with_syndrome_and_district():
    made = streams({("respiratory", "11"): [*USUAL, 15], ("injury", "2"): [*USUAL, 3]})
    (one,) = found(made)
    assert (one.kind, one.key.disease, one.key.area_code) == (Kind.CALLS, "respiratory", "1")
    assert (one.observed, one.told, one.obliged, one.recent[-1]) == (15, True, False, 15)
    assert one.reason.en.startswith("Ambulance calls for breathing, District 1: EARS C2: 15 cases")
    assert {each.detector for each in one.opinions} == {"ears_c1", "ears_c2", "ears_c3", "ewma"}
    assert "not over" not in one.reason.en


def test_a_day_that_is_not_over_is_said_and_few_calls_by_then_are_no_drop():
    (one,) = found(streams({("respiratory", "1"): [*USUAL, 15]}), over=False)
    assert "The day is not over yet." in one.reason.en
    assert "当日尚未结束" in one.reason.zh
    assert found(streams({("respiratory", "1"): [*USUAL, 0]}), over=False) == ()


def test_less_than_five_calls_raise_nothing_whatever_was_before():
    assert found(streams({("respiratory", "1"): [0] * 30 + [4]})) == ()
    assert len(found(streams({("respiratory", "1"): [0] * 30 + [5]}))) == 1
    assert found(streams({("respiratory", "1"): [0] * 30 + [9]}), least_cases=10) == ()


def test_calls_of_no_known_district_count_in_the_whole_city():
    (one,) = found(streams({("respiratory", None): [*USUAL, 15]}))
    assert one.key.area_code == "*"


def test_before_any_call_was_coded_nothing_is_known():
    assert found(streams({("respiratory", "1"): [9]}, first_day=DAY)) == ()
    assert found(streams({("respiratory", "1"): [*[0] * 3, 20]},
                         first_day=DAY - timedelta(days=3))) == ()  # fmt: skip


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(6, 30))
def test_what_alarms_in_the_middle_of_a_day_alarms_in_its_evening(seed, noon):
    counts = np.random.default_rng(seed).poisson(3, 40).tolist()
    early = found(streams({("respiratory", "1"): [*counts, noon]}), over=False)
    late = found(streams({("respiratory", "1"): [*counts, noon + 4]}))
    assert len(early) <= len(late)


@pytest.mark.parametrize("seed", range(3))
def test_a_quiet_month_of_calls_is_quiet(seed):
    chance = np.random.default_rng(seed)
    days = 0
    for _ in range(30):
        made = streams({
            (syndrome, area): chance.poisson(3, 50)
            for syndrome in ("respiratory", "injury") for area in ("1", "2")
        })  # fmt: skip
        days += bool(found(made))
    assert days <= 3
