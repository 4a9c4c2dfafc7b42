"""What a re-triage is said to change is what saving it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.calls import code_triage, preview_triage
from dispatch.triage.changes import plan_changes
from dispatch.triage.coding import ResponsePlan, code
from dispatch.triage.protocol import default_protocol

PROTOCOL = default_protocol()


@st.composite
def plans(draw: st.DrawFn) -> ResponsePlan:
    complaint = draw(st.sampled_from(list(PROTOCOL.complaints.values())))
    answers = {
        question.id: draw(st.sampled_from(list(question.options)))
        for question in complaint.questions if draw(st.booleans())
    }  # fmt: skip
    count = draw(st.integers(1, 5))
    return code(PROTOCOL, complaint.code, answers=answers, patient_count=count).response_plan()


LEVELS = st.lists(st.sampled_from(["ALS", "BLS"]), max_size=4)


def by_level(units):
    return {one["level"]: one["count"] for one in units}


def total(units):
    return sum(one["count"] for one in units)


@given(plans(), plans(), LEVELS)
def test_changes_lead_from_one_plan_to_the_other_and_back(before, after, levels):
    there = plan_changes(before, after, levels_at_work=levels)
    back = plan_changes(after, before, levels_at_work=levels)
    assert by_level(there.more_units) == by_level(back.fewer_units)
    assert by_level(there.fewer_units) == by_level(back.more_units)
    assert there.new_instructions == back.dropped_instructions
    assert total(before["units"]) + total(there.more_units) - total(there.fewer_units) == total(
        after["units"]
    )
    kept = [one for one in before["instructions"] if one not in there.dropped_instructions]
    assert {one["en"] for one in (*kept, *there.new_instructions)} == {
        one["en"] for one in after["instructions"]
    }


@given(plans(), LEVELS)
def test_the_same_plan_changes_nothing(plan, levels):
    same = plan_changes(plan, plan, levels_at_work=levels)
    assert not same.more_units + same.fewer_units
    assert not same.new_instructions + same.dropped_instructions


@pytest.mark.database
def test_the_preview_is_what_saving_stores_and_stores_nothing(database, dispatcher, take):
    incident_id = take().incident_id
    calm = {"complaint_code": "2301021", "answers": {}, "patient_count": 2}
    with database.unit_of_work(dispatcher) as uow:
        first = code_triage(uow, incident_id, expected_version=None, **calm)
    # The number of patients stays where it is not said anew, and so do their units.
    worse = {"complaint_code": "2301019", "answers": {"conscious": "no", "breathing": "no"}}
    with database.read(dispatcher) as uow:
        seen = preview_triage(uow, incident_id, **worse)
    assert seen.before == first.response_plan
    with database.unit_of_work(dispatcher) as uow:
        saved = code_triage(uow, incident_id, expected_version=first.version, **worse)
    assert saved.version == first.version + 1
    assert saved.response_plan == seen.after
    assert saved.missing == seen.missing
    assert saved.patient_count == 2
    assert saved.triage_answers == worse["answers"]
