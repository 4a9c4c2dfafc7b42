"""The protocol is whole; known answers lead where they must; silence counts as the worst."""

import copy
from itertools import product

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import ProtocolAnswerError, ProtocolInvalidError
from dispatch.triage.coding import code
from dispatch.triage.protocol import (
    CATEGORIES,
    PROTOCOL_FILE,
    UNKNOWN,
    default_protocol,
    parse_protocol,
)
from dispatch.triage.views import protocol_view

PROTOCOL = default_protocol()
DOCUMENT = yaml.safe_load(PROTOCOL_FILE.read_text(encoding="utf-8"))


def test_complaints_are_the_nemsis_list():
    # NEMSIS v3.5.1, eDispatch.01: fifty odd codes 2301001 to 2301099.
    assert set(PROTOCOL.complaints) == {str(number) for number in range(2301001, 2301100, 2)}
    assert PROTOCOL.complaints["2301019"].name.en == "Cardiac Arrest/Death"
    assert PROTOCOL.complaints["2301067"].name.zh == "脑卒中"
    assert not PROTOCOL.medically_approved


@pytest.mark.parametrize(
    ("complaint", "answers", "determinant", "category"),
    [
        ("2301019", {"conscious": "no", "breathing": "no"}, "cardiac_arrest.not_breathing", "C1"),
        ("2301021", {"conscious": "yes", "breathing": "normal", "sweating": "no",
                     "age_band": "older"}, "chest_pain.older", "C2"),
        ("2301021", {"conscious": "yes", "breathing": "normal", "sweating": "no",
                     "age_band": "child"}, "chest_pain.stable", "C3"),
        ("2301067", {"conscious": "yes", "stroke_sign": "yes", "onset": "recent"},
         "stroke.recent", "C2"),
        ("2301033", {"conscious": "yes", "fall_height": "low", "body_part": "limb"},
         "falls.limb", "C3"),
        ("2301075", {}, "well_person.check", "C4"),
    ],
)  # fmt: skip
def test_known_answers(complaint, answers, determinant, category):
    coding = code(PROTOCOL, complaint, answers=answers)
    assert (coding.determinant, coding.category, dict(coding.assumed)) == (
        determinant, category, {},
    )  # fmt: skip


def test_an_arrest_asks_for_defibrillator_two_units_and_instructions():
    plan = code(PROTOCOL, "2301019", answers={"conscious": "no", "breathing": "no"}).response_plan()
    assert plan["cardiac_arrest"]
    assert plan["mode"] == "lights"
    assert plan["capabilities"] == ["defibrillator"]
    assert plan["units"] == [{"level": "ALS", "count": 1}, {"level": "BLS", "count": 1}]
    assert all(line["en"] and line["zh"] for line in plan["instructions"])
    assert len(plan["instructions"]) >= 4


def test_silence_counts_as_the_worst_and_is_said():
    coding = code(PROTOCOL, "2301021", answers={"breathing": UNKNOWN, "sweating": "no"})
    assert (coding.category, coding.rule.cardiac_arrest) == ("C1", True)
    assert dict(coding.assumed) == {"conscious": "no", "breathing": "no"}
    assert "Not answered; taken as “No”" in coding.response_plan()["assumed"][0]["en"]


@pytest.mark.parametrize("answers", [{}, {"conscious": "yes"}, {"conscious": "no"}])
def test_no_instruction_hangs_on_a_question_nobody_answered(answers):
    """Whatever the open questions turn out to be, what was told before still holds."""
    for complaint in PROTOCOL.complaints.values():
        given = {
            key: option for key, option in answers.items()
            if any(question.id == key for question in complaint.questions)
        }  # fmt: skip
        told = code(PROTOCOL, complaint.code, answers=given)
        unasked = [one for one in complaint.questions if one.id not in given]
        outcomes = [
            code(PROTOCOL, complaint.code, answers={
                **given, **dict(zip((one.id for one in unasked), options, strict=True)),
            })
            for options in product(*(one.options for one in unasked))
        ]  # fmt: skip
        for outcome in outcomes:
            assert set(told.instructions) <= set(outcome.instructions)
            assert outcome.to_ask == ()
        assert bool(told.to_ask) == (len({one.instructions for one in outcomes}) > 1)


def test_an_arrest_with_unanswered_questions_is_asked_and_not_told_to_rest():
    plan = code(PROTOCOL, "2301019", answers={}).response_plan()
    assert (plan["category"], plan["instructions"]) == ("C1", [])
    assert [one["question"] for one in plan["to_ask"]] == ["conscious", "breathing"]
    known = code(PROTOCOL, "2301019", answers={"conscious": "no"}).response_plan()
    assert [one["question"] for one in known["to_ask"]] == ["breathing"]
    unsure = code(PROTOCOL, "2301019", answers={"conscious": "no", "breathing": UNKNOWN})
    assert unsure.to_ask == ()
    assert len(unsure.instructions) == 4


def test_further_patients_add_units():
    coding = code(PROTOCOL, "2301069", answers={"conscious": "no"}, patient_count=3)
    assert [(need.level, need.count) for need in coding.units] == [("ALS", 1), ("BLS", 3)]


@given(st.data())
def test_answering_never_makes_it_more_urgent_than_silence(data):
    complaint = data.draw(st.sampled_from(list(PROTOCOL.complaints.values())))
    answers = {
        question.id: data.draw(st.sampled_from([*question.options, UNKNOWN]))
        for question in complaint.questions
    }
    silent = code(PROTOCOL, complaint.code, answers={})
    answered = code(PROTOCOL, complaint.code, answers=answers)
    rank = CATEGORIES.index
    assert rank(silent.category) <= rank(answered.category)


@pytest.mark.parametrize("complaint", PROTOCOL.complaints.values(), ids=lambda c: c.slug)
def test_every_rule_can_be_reached(complaint):
    names = [question.id for question in complaint.questions]
    reached = {
        code(PROTOCOL, complaint.code, answers=dict(zip(names, options, strict=True))).determinant
        for options in product(*(question.options for question in complaint.questions))
    }
    assert reached == {rule.determinant for rule in complaint.rules}


def test_unknown_answers_are_refused_with_the_known_ones():
    with pytest.raises(ProtocolAnswerError, match="complaint “1”"):
        code(PROTOCOL, "1", answers={})
    with pytest.raises(ProtocolAnswerError, match="conscious"):
        code(PROTOCOL, "2301021", answers={"mood": "good"})
    with pytest.raises(ProtocolAnswerError, match="yes, no"):
        code(PROTOCOL, "2301021", answers={"conscious": "perhaps"})


def test_the_console_gets_every_question_with_unknown():
    shown = protocol_view(PROTOCOL)
    question = shown.complaints[0].questions[0]
    assert [option.id for option in question.options] == ["yes", "no", "unknown"]
    assert shown.notice.zh


def _without(document, *path):
    broken = copy.deepcopy(document)
    place = broken
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return broken


def _with(document, value, *path):
    broken = copy.deepcopy(document)
    place = broken
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return broken


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ([], "a mapping is expected"),
        (_without(DOCUMENT, "version"), "`version` is missing"),
        (_without(DOCUMENT, "notice", "zh"), "`zh` is missing"),
        (_with(DOCUMENT, ["mood"], "complaints", 0, "questions"), "“mood” is not defined"),
        (_with(DOCUMENT, "C9", "plans", "arrest", "category"), "“C9” is none of C1"),
        (_with(DOCUMENT, 0, "plans", "arrest", "units", 0, "count"), "1 or more"),
        (_with(DOCUMENT, "teleport", "complaints", 0, "rules", 0, "plan"), "“teleport”"),
        (_with(DOCUMENT, {"conscious": "dead"}, "complaints", 0, "rules", 0, "when"), "“dead”"),
        (_without(DOCUMENT, "complaints", 0, "rules", 3), "must stand without `when`"),
        (_without(DOCUMENT, "complaints", 0, "rules", 0, "when"), "hides those after it"),
        (_with(DOCUMENT, "2301001", "complaints", 1, "code"), "comes twice"),
        (_with(DOCUMENT, {True: {"en": "Yes", "zh": "是"}, False: {"en": "No", "zh": "否"}},
               "questions", "conscious", "options"), "must be quoted"),
    ],
)  # fmt: skip
def test_a_broken_protocol_is_refused_with_its_place(broken, sentence):
    with pytest.raises(ProtocolInvalidError, match=sentence):
        parse_protocol(broken)
