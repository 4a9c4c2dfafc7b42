"""The ranking kernel: agrees with a plain sort, eligible first, monotone; words fit the codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dispatch.choosing.recommend import (
    HINDRANCES,
    ReasonCode,
    UnitColumns,
    capability_bits,
    rank,
    travel_time_interval,
)
from dispatch.choosing.words import UnitFacts, age_words, clock_words, shortfalls, unit_reasons
from dispatch.triage.model import UnitNeed
from dispatch.triage.needs import still_needed

NEEDS = (UnitNeed("ALS", 1), UnitNeed("BLS", 1))


def fleet(times, *, level=None, assigned=None, on_shift=None, age=None, capabilities=None,
          remaining=None, cut_off=None, divertible=None):  # fmt: skip
    n = len(times)
    return UnitColumns(
        travel_time_s=np.asarray(times, np.float64),
        cut_off=np.zeros(n, bool) if cut_off is None else np.asarray(cut_off, bool),
        level=np.full(n, 2, np.int64) if level is None else np.asarray(level, np.int64),
        assigned=np.zeros(n, bool) if assigned is None else np.asarray(assigned, bool),
        divertible=np.zeros(n, bool) if divertible is None else np.asarray(divertible, bool),
        on_shift=np.ones(n, bool) if on_shift is None else np.asarray(on_shift, bool),
        in_service=np.ones(n, bool),
        capabilities=np.zeros(n, np.int64)
        if capabilities is None
        else np.asarray(capabilities, np.int64),
        position_age_s=np.zeros(n) if age is None else np.asarray(age, np.float64),
        shift_remaining_s=np.full(n, np.inf)
        if remaining is None
        else np.asarray(remaining, np.float64),
    )


@st.composite
def fleets(draw):
    n = draw(st.integers(0, 25))
    times = st.one_of(st.floats(0, 5000), st.just(float("inf")))
    return fleet(
        draw(st.lists(times, min_size=n, max_size=n)),
        level=draw(hnp.arrays(np.int64, n, elements=st.integers(0, 3))),
        assigned=draw(hnp.arrays(bool, n)),
        on_shift=draw(hnp.arrays(bool, n)),
        capabilities=draw(hnp.arrays(np.int64, n, elements=st.integers(0, 3))),
    )


@given(fleets(), st.integers(0, 3))
def test_order_is_a_plain_sort_with_eligible_first(units, needed):
    ranking = rank(units, NEEDS, needed_capabilities=needed)
    plain = sorted(
        range(len(units.travel_time_s)),
        key=lambda i: (not ranking.eligible[i], units.travel_time_s[i], i),
    )
    assert ranking.order.tolist() == plain
    for i in range(len(plain)):
        allowed = (
            np.isfinite(units.travel_time_s[i]) and not units.assigned[i] and units.on_shift[i]
            and units.level[i] >= 1 and units.capabilities[i] & needed == needed
        )  # fmt: skip
        assert ranking.eligible[i] == allowed
        assert bool(ranking.reasons[i] & HINDRANCES) != allowed


@given(fleets(), st.data())
def test_coming_nearer_never_costs_a_place(units, data):
    if not len(units.travel_time_s):
        return
    who = data.draw(st.integers(0, len(units.travel_time_s) - 1))
    before = rank(units, NEEDS).order.tolist().index(who)
    if np.isfinite(units.travel_time_s[who]):
        units.travel_time_s[who] *= 0.5
    assert rank(units, NEEDS).order.tolist().index(who) <= before


@given(fleets())
def test_needs_are_filled_by_distinct_eligible_units_of_the_level(units):
    ranking = rank(units, NEEDS)
    chosen = [index for group in ranking.filled for index in group]
    assert len(chosen) == len(set(chosen))
    assert all(ranking.eligible[index] for index in chosen)
    for need, group, lowest in zip(NEEDS, ranking.filled, (2, 1), strict=True):
        assert len(group) <= need.count
        assert all(units.level[index] >= lowest for index in group)
    short = shortfalls(NEEDS, ranking.filled)
    assert len(short) == sum(len(group) < 1 for group in ranking.filled)


def test_the_nearest_als_is_kept_for_the_als_need():
    ranking = rank(fleet([100, 200, 300], level=[2, 1, 2]), NEEDS)
    assert ranking.filled == ((0,), (1,))
    assert ranking.reasons[0] & ReasonCode.FASTEST


@pytest.mark.parametrize(
    ("at_work", "left"),
    [
        ([], (1, 1)),
        (["ALS"], (0, 1)),
        (["BLS"], (1, 0)),
        (["ALS", "ALS"], (0, 0)),
        (["first_responder"], (1, 1)),
        (["BLS", "critical_care", "ALS"], (0, 0)),
    ],
)
def test_units_at_work_are_taken_off_what_is_needed(at_work, left):
    assert tuple(need.count for need in still_needed(NEEDS, at_work)) == left
    turned = still_needed(NEEDS[::-1], at_work)
    assert tuple(need.count for need in turned) == left[::-1]


def test_what_is_met_is_neither_suggested_nor_short():
    needs = still_needed(NEEDS, ["ALS"])
    ranking = rank(fleet([100, 200], level=[2, 1]), needs)
    assert ranking.filled == ((), (0,))
    assert shortfalls(needs, ranking.filled) == ()
    assert ranking.eligible.all()


def test_stale_and_missing_positions_are_used_but_flagged():
    ranking = rank(fleet([10, 20, 30], age=[119, 121, np.nan]), NEEDS)
    assert ranking.eligible.all()
    flags = [ReasonCode(int(bits)) for bits in ranking.reasons]
    assert ReasonCode.POSITION_STALE not in flags[0]
    assert ReasonCode.POSITION_STALE in flags[1]
    assert ReasonCode.STATION_POSITION in flags[2]


def test_an_ending_shift_is_flagged_not_refused():
    ranking = rank(fleet([600, 600], remaining=[2399, 2401]), ())
    assert ranking.eligible.all()
    assert [bool(bits & ReasonCode.SHIFT_ENDS_SOON) for bits in ranking.reasons] == [True, False]


@given(st.floats(0, 5000), st.floats(0, 5000), st.booleans())
def test_the_interval_holds_the_time(time_s, age_s, straight_line):
    low, high = travel_time_interval(
        np.array([time_s]), position_age_s=np.array([age_s]), straight_line=straight_line
    )
    assert 0 <= low[0] <= time_s <= high[0]


def test_words_say_what_a_dispatcher_must_know():
    bits = int(ReasonCode.FASTEST | ReasonCode.POSITION_STALE | ReasonCode.LEVEL_TOO_LOW
               | ReasonCode.ASSIGNED | ReasonCode.NO_ROAD)  # fmt: skip
    facts = UnitFacts(250.0, 360.0, level_needed="ALS", assigned_to="20260504-0007")
    by_code = {reason.code: reason for reason in unit_reasons(bits, facts)}
    assert by_code["fastest"].en == "Fastest by road: 4:10"
    assert by_code["fastest"].zh == "按道路最快：4:10"
    assert by_code["position_stale"].en == "Position 6 min old"
    assert by_code["level_too_low"].en == "No ALS"
    assert by_code["assigned"].en == "Assigned to 20260504-0007"
    assert by_code["no_road"].en == "No road from its position"


def test_every_reason_has_words():
    everything = sum(ReasonCode)
    reasons = unit_reasons(everything, UnitFacts(None, None), straight_line=True)
    assert len({reason.code for reason in reasons}) == len(ReasonCode)
    assert all(reason.en and reason.zh for reason in reasons)


def test_durations_and_ages():
    assert [clock_words(s) for s in (0, 59.6, 250, 3725)] == ["0:00", "1:00", "4:10", "1:02:05"]
    assert [age_words(s).en for s in (45, 360, 7200)] == ["45 s", "6 min", "2 h"]


def test_capability_bits():
    assert capability_bits(["b", "b", "a"], {"a": 0, "b": 3}) == 0b1001
