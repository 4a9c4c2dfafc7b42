"""Hospitals and defibrillators are ranked by what is known, and what is not known is said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.aeds.walking import WALK_SPEED_M_S, open_now, order_aeds, whole_walks
from dispatch.choosing.destination import (
    STATUS_OLD_AFTER_S,
    Hospital,
    missing_capabilities,
    rank_hospitals,
)
from dispatch.triage.rules import BypassRule, BypassRules

INF = float("inf")


def hospital(facility_id, *, can=("pci",), ed=True, diverting=False, age=60.0, inbound=0, beds=5):
    return Hospital(facility_id, frozenset(can), ed, diverting, age, inbound, beds)


def ranked(hospitals, times, wanted=("pci",)):
    return rank_hospitals(hospitals, np.array(times, np.float64), wanted=wanted)


def codes(one):
    return {reason.code for reason in one.reasons}


def test_a_fitting_hospital_further_away_comes_first():
    result = ranked([hospital(1, can=()), hospital(2)], [300, 900])
    assert [one.index for one in result] == [1, 0]
    assert result[0].recommended
    assert result[1].missing_capabilities == ("pci",)


def test_diversion_and_queues_move_a_hospital_back():
    result = ranked([hospital(1, diverting=True), hospital(2), hospital(3, inbound=3)],
                    [100, 500, 200])  # fmt: skip
    assert [one.index for one in result] == [1, 2, 0]
    assert codes(result[2]) >= {"diverting"}
    assert codes(result[1]) == {"inbound"}


def test_an_unknown_status_is_said_and_not_assumed():
    result = ranked([hospital(1, diverting=None, age=None)], [100])
    assert "status_unknown" in codes(result[0])
    assert ranked([hospital(1, age=5 * 3600.0)], [100])[0].reasons[1].en == "Status is 5 h old"


def test_an_emergency_department_nobody_spoke_of_is_neither_there_nor_missing():
    result = ranked([hospital(1, ed=False), hospital(2, ed=None), hospital(3)], [100, 200, 300])
    assert [one.index for one in result] == [2, 1, 0]
    assert codes(result[1]) == {"emergency_department_unknown"}
    assert codes(result[2]) == {"no_emergency_department"}


def test_nothing_is_recommended_that_diverts_or_has_no_road():
    assert not ranked([hospital(1, diverting=True), hospital(2)], [100, 200])[1].recommended
    unreachable = ranked([hospital(1)], [INF])[0]
    assert (unreachable.recommended, unreachable.travel_time_s) == (False, None)


def test_the_only_one_that_fits_is_recommended_though_it_diverts_and_that_is_said():
    result = ranked([hospital(1, diverting=True), hospital(2, can=()), hospital(3, can=())],
                    [100, 300, 200])  # fmt: skip
    assert [(one.index, one.recommended) for one in result] == [(0, True), (2, False), (1, False)]
    assert codes(result[0]) >= {"diverting", "all_divert", "best_fit"}
    assert result[1].missing_capabilities == ("pci",)
    assert [reason.code for reason in result[1].reasons] == ["capability_missing"]


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from([True, False, None]),
                       st.sampled_from([60.0, 600.0, INF])), max_size=6)
)  # fmt: skip
def test_something_is_recommended_while_anything_can_be(rows):
    hospitals = [hospital(i, can=("pci",) if can else (), ed=ed, diverting=diverting)
                 for i, (can, ed, diverting, _) in enumerate(rows)]  # fmt: skip
    result = ranked(hospitals, [time for *_, time in rows])
    possible = {i for i, (_, _, diverting, time) in enumerate(rows)
                if time < INF}  # fmt: skip
    free = {i for i in possible if rows[i][2] is not True}
    chosen = [one.index for one in result if one.recommended]
    assert set(chosen) <= possible
    assert len(chosen) == 1 or not free


def test_when_all_fitting_divert_none_does():
    result = ranked([hospital(1, diverting=True), hospital(2, diverting=True),
                     hospital(3, can=())], [300, 200, 100])  # fmt: skip
    assert [one.index for one in result] == [1, 0, 2]
    assert [one.recommended for one in result] == [True, False, False]
    assert codes(result[0]) == {"best_fit", "diverting", "all_divert"}


def test_diversion_is_advice_for_a_c1():
    both = [hospital(1, diverting=True), hospital(2)]
    times = np.array([100.0, 500.0])
    urgent = rank_hospitals(both, times, wanted=("pci",), category="C1")
    assert (urgent[0].index, urgent[0].recommended) == (0, True)
    assert "diversion_advice" in codes(urgent[0])
    assert rank_hospitals(both, times, wanted=("pci",), category="C2")[0].index == 1


@settings(max_examples=30)
@given(st.sampled_from([None, True, False]), st.floats(STATUS_OLD_AFTER_S + 1, 1e7))
def test_unknown_or_stale_neither_excludes_nor_promotes(diverting, age):
    """Its place is that of a hospital that said, just now, that it takes patients."""
    times = [300.0, 200.0, 400.0]
    said = [hospital(1), hospital(2), hospital(3)]
    silent = [hospital(1), hospital(2, diverting=diverting, age=None if diverting is None else age,
                                    beds=None), hospital(3)]  # fmt: skip
    assert [one.index for one in ranked(silent, times)] == [
        one.index for one in ranked(said, times)
    ]


@pytest.mark.parametrize(("extra_min", "first"), [(29, 1), (30, 1), (31, 0)])
def test_a_thrombectomy_centre_is_worth_thirty_minutes(extra_min, first):
    rules = BypassRules((BypassRule("stroke_primary", "stroke_comprehensive", 30.0),))
    both = [hospital(1, can=()), hospital(2, can=("stroke_comprehensive",))]
    times = np.array([600.0, 600.0 + 60 * extra_min])
    result = rank_hospitals(both, times, wanted=("stroke_primary",), bypass=rules)
    assert result[0].index == first


def test_a_comprehensive_stroke_centre_serves_a_stroke_unit_wish():
    assert missing_capabilities({"stroke_comprehensive"}, ["stroke_primary"]) == ()
    assert missing_capabilities({"stroke_primary"}, ["stroke_comprehensive"]) == (
        "stroke_comprehensive",
    )


@given(st.lists(st.tuples(st.floats(1, 5000), st.booleans(), st.integers(0, 3)), max_size=8))
def test_among_equals_the_sooner_comes_first(rows):
    hospitals = [hospital(i, inbound=inbound) for i, (_, _, inbound) in enumerate(rows)]
    result = ranked(hospitals, [time for time, _, _ in rows])
    costs = [one.travel_time_s + 180 * hospitals[one.index].inbound_count for one in result]
    assert costs == sorted(costs)
    assert sum(one.recommended for one in result) == min(len(rows), 1)


def test_aeds_open_first_then_unknown_then_closed():
    states = [False, None, True, True]
    assert order_aeds(states, np.array([10.0, 20.0, 90.0, 60.0]), limit=9) == [3, 2, 1, 0]
    assert order_aeds(states, np.array([10.0, 20.0, INF, 60.0]), limit=2) == [3, 1]
    assert order_aeds([True], np.array([INF]), limit=5) == [0]
    # Open, but half an hour away: after the one next door whose hours nobody knows.
    assert order_aeds([True, None, False], np.array([1800.0, 60.0, 30.0]), limit=3) == [1, 0, 2]


def test_private_is_never_open_and_unknown_access_is_unknown():
    assert open_now(True, access="public") is True
    assert open_now(True, access="private") is False
    assert open_now(True, access="unknown") is None
    assert open_now(None, access="customers") is None


def test_the_way_off_the_road_is_walked_too():
    # 200 m of road in 150 s, 495 m off it; then roads further away than the device; then no road.
    air = np.array([600.0, 30.0, 100.0])
    walks = whole_walks(np.array([150.0, 20.0, INF]), np.array([495.0, 80.0, 10.0]), air)
    assert walks.time_s[0] == 150.0 + 495.0 / WALK_SPEED_M_S
    assert walks.distance_m(0, road_m=200.0, straight_line_m=600.0) == 695.0
    assert (walks.straight[1], walks.time_s[1]) == (True, 30.0 / WALK_SPEED_M_S)
    assert walks.distance_m(1, road_m=25.0, straight_line_m=30.0) == 30.0
    assert (walks.straight[2], walks.time_s[2]) == (False, INF)


@given(st.floats(0, 3000), st.floats(0, 3000), st.floats(0, 3000))
def test_no_walk_is_shorter_than_the_straight_line(road_m, off_road_m, air_m):
    walks = whole_walks(
        np.array([road_m / 1.4]), np.array([off_road_m]), np.array([air_m])
    )  # faster than one walks
    assert walks.time_s[0] >= air_m / WALK_SPEED_M_S
    assert walks.distance_m(0, road_m=road_m, straight_line_m=air_m) >= air_m
