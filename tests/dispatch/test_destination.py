"""Hospitals and defibrillators are ranked by what is known, and what is not known is said."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.aed import open_now, order_aeds
from dispatch.destination import Hospital, missing_capabilities, rank_hospitals

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


def test_nothing_is_recommended_that_diverts_or_has_no_road():
    assert not ranked([hospital(1, diverting=True)], [100])[0].recommended
    unreachable = ranked([hospital(1)], [INF])[0]
    assert (unreachable.recommended, unreachable.travel_time_s) == (False, None)


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


def test_private_is_never_open_and_unknown_access_is_unknown():
    assert open_now(True, access="public") is True
    assert open_now(True, access="private") is False
    assert open_now(True, access="unknown") is None
    assert open_now(None, access="customers") is None
