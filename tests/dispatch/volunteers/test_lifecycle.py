"""The table of an alert's states, floors, and which AEDs can be fetched."""

from itertools import product

import pytest

from dispatch.aeds.fetchable import Apart, pick_up_s, storeys_from_street, why_apart
from dispatch.volunteers.errors import AlertStepError, LoneRescuerError
from dispatch.volunteers.lifecycle import (
    ENDED,
    STEPS,
    TRANSITIONS,
    AlertState,
    Step,
    check_change,
    check_step,
)
from gis.tables.volunteers import OPEN_ALERT_STATES


def test_every_state_is_in_the_table_and_ends() -> None:
    assert set(TRANSITIONS) == set(AlertState)
    assert {AlertState.REJECTED, AlertState.EXPIRED, AlertState.STOOD_DOWN} == ENDED
    assert set(OPEN_ALERT_STATES) == {
        state.value for state in AlertState if state not in ENDED | {AlertState.CANDIDATE}
    }
    for start in AlertState:
        reached = {start}
        for _ in AlertState:
            reached |= {after for state in reached for after in TRANSITIONS[state]}
        assert AlertState.STOOD_DOWN in reached or start in ENDED


def test_a_step_leads_where_the_table_says_or_is_refused() -> None:
    for state, step in product(AlertState, Step):
        if STEPS[step] not in TRANSITIONS[state]:
            with pytest.raises(AlertStepError, match=step.value):
                check_step(state, step)
        elif step not in {Step.RECALL_HEARD, Step.AED_NOT_THERE}:
            assert check_step(state, step) is STEPS[step]
    assert check_step(AlertState.RECALLED, Step.RECALL_HEARD) is AlertState.STOOD_DOWN
    assert set(STEPS) == set(Step)


def test_the_lone_rescuer_is_not_sent_away() -> None:
    change = (AlertState.WITH_PATIENT, AlertState.ROUTED_VIA_AED)
    with pytest.raises(LoneRescuerError):
        check_change(*change, others_with_patient=0)
    check_change(*change, others_with_patient=1)


@pytest.mark.parametrize(
    ("floor", "storeys"),
    [("1", 0), ("3", 2), ("B1", 1), ("-2", 2), ("负1层", 1), ("5F", 4), ("G", 0), ("首层", 0),
     ("3楼", 2), ("roof", None), ("", None), (None, None), ("\ud800", None), ("9" * 40, None)],
)  # fmt: skip
def test_floors(floor, storeys) -> None:
    assert storeys_from_street(floor) == storeys


def test_a_floor_not_known_costs_time() -> None:
    assert pick_up_s(None, indoor=False) < pick_up_s(None, indoor=None)
    assert pick_up_s("1", indoor=True) < pick_up_s("2", indoor=True) < pick_up_s("9", indoor=True)


def test_open_only_when_access_and_hours_are_known_and_in_service() -> None:
    good = {
        "state": "in_service", "claimed_until_at": None, "reported": False, "access": "public",
        "open_by_hours": True,
    }  # fmt: skip
    assert why_apart(**good) is None
    for change, why in (
        ({"state": None}, Apart.SERVICE_UNKNOWN),
        ({"state": "unknown"}, Apart.SERVICE_UNKNOWN),
        ({"state": "missing"}, Apart.OUT),
        ({"state": "in_use"}, Apart.OUT),
        ({"open_by_hours": None}, Apart.HOURS_UNKNOWN),
        ({"open_by_hours": False}, Apart.CLOSED),
        ({"access": "unknown"}, Apart.ACCESS_UNKNOWN),
        ({"access": "private"}, Apart.PRIVATE),
        ({"reported": True}, Apart.REPORTED),
    ):
        assert why_apart(**(good | change)) is why
