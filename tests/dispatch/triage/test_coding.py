"""The protocol is whole; known answers lead where they must; silence counts as the worst."""

import copy

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dispatch.triage.coding import code, code_foreign, completions
from dispatch.triage.errors import ProtocolAnswerError, ProtocolInvalidError
from dispatch.triage.model import UNKNOWN
from dispatch.triage.protocol import PROTOCOL_FILE, default_protocol, parse_protocol
from dispatch.triage.rules import CATEGORIES
from dispatch.triage.views import protocol_view

PROTOCOL = default_protocol()
WELL = {"conscious": "yes", "breathing": "normal"}
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
        ("2301067", {**WELL, "stroke_sign": "yes", "onset": "recent"},
         "stroke.recent", "C2"),
        ("2301033", {**WELL, "fall_height": "low", "body_part": "limb"},
         "falls.limb", "C3"),
        ("2301075", {"seen": "yes", **WELL}, "well_person.check", "C4"),
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
    coding = code(PROTOCOL, "2301021", answers={"conscious": UNKNOWN, "sweating": "no"})
    assert (coding.category, coding.rule.cardiac_arrest) == ("C1", True)
    assert dict(coding.assumed) == {"conscious": "no", "breathing": "no"}
    assert not coding.cardiac_arrest
    assert not coding.response_plan()["cardiac_arrest"]
    assert "metronome_per_min" not in coding.response_plan()
    assert "Not answered; taken as “No”" in coding.response_plan()["assumed"][0]["en"]


@pytest.mark.parametrize("answers", [{}, {"conscious": "yes"}, {"conscious": "no"}])
def test_no_instruction_hangs_on_a_question_nobody_answered(answers):
    """Whatever the open questions turn out to be, what was told before still holds."""
    for complaint in PROTOCOL.complaints.values():
        told = code(PROTOCOL, complaint.code, answers=answers)
        outcomes = [
            code(PROTOCOL, complaint.code, answers=whole)
            for whole in completions(complaint, answers)
        ]
        for outcome in outcomes:
            assert set(told.instructions) <= set(outcome.instructions)
        open_ids = {one.id for one in told.to_ask} - {"age_band"}
        assert open_ids or len({one.instructions for one in outcomes}) == 1


BREATHING = (*PROTOCOL.questions["breathing"].options, UNKNOWN)


@pytest.mark.parametrize("complaint", PROTOCOL.complaints)
def test_not_awake_and_any_breathing_but_normal_is_arrest_whatever_the_complaint(complaint):
    assert set(BREATHING) >= {"normal", "no", "difficult", "gasping", "fitting", "unsure"}
    for breathing in BREATHING:
        coding = code(PROTOCOL, complaint, answers={"conscious": "no", "breathing": breathing})
        assert coding.cardiac_arrest == (breathing != "normal")
        told = {one["en"] for one in coding.response_plan()["instructions"]}
        pushes = PROTOCOL.instructions["cpr_push"].words.en in told
        assert pushes == coding.cardiac_arrest
        assert (PROTOCOL.instructions["airway"].words.en in told) <= (breathing == "normal")
        assert (coding.metronome_per_min == 110) == coding.cardiac_arrest
        assert coding.category == "C1" or breathing == "normal"
        # Awake, not known or not asked: never the words of an arrest.
        for other in ({"conscious": "yes"}, {"conscious": UNKNOWN}, {}):
            plan = code(PROTOCOL, complaint, answers={**other, "breathing": breathing})
            assert not plan.cardiac_arrest
            assert plan.metronome_per_min is None
    unasked = code(PROTOCOL, complaint, answers={"conscious": "no"})
    assert not unasked.cardiac_arrest
    assert "breathing" in {one.id for one in unasked.to_ask}


@pytest.mark.parametrize("complaint", PROTOCOL.complaints.values(), ids=lambda c: c.slug)
def test_awake_and_breathing_come_first_for_every_patient(complaint):
    asked = [one.id for one in complaint.questions]
    if complaint.patient_if == {}:
        assert asked[:2] == ["conscious", "breathing"]
    elif complaint.patient_if:
        assert asked[1:3] == ["conscious", "breathing"]


ARREST = {"conscious": "no", "breathing": "gasping"}


@pytest.mark.parametrize(
    ("complaint", "age", "told", "not_told"),
    [
        ("2301019", "infant", ["cpr_push_infant", "cpr_breaths_infant"], ["cpr_push"]),
        ("2301019", "child", ["cpr_push_child", "cpr_breaths_child"], ["cpr_push"]),
        ("2301019", "adult", ["cpr_push"], ["cpr_breaths", "cpr_breaths_child"]),
        ("2301019", "pregnant", ["cpr_push", "cpr_start_pregnant"], ["cpr_start"]),
        ("2301019", None, ["cpr_push"], ["cpr_breaths"]),
        ("2301081", "adult", ["cpr_push", "cpr_breaths_drowned", "safe_first"], []),
        ("2301081", "child", ["cpr_push_child", "cpr_breaths_child"], ["cpr_breaths_drowned"]),
        ("2301093", "older", ["cpr_push", "cpr_breaths"], []),
    ],
)
def test_an_arrest_is_told_by_the_patients_branch(complaint, age, told, not_told):
    answers = ARREST | ({"age_band": age} if age else {})
    coding = code(PROTOCOL, complaint, answers=answers)
    words = {one.words: key for key, one in PROTOCOL.instructions.items()}
    keys = {words[one] for one in coding.instructions}
    assert keys >= set(told)
    assert not keys & set(not_told)
    assert [one.id for one in coding.to_ask] == ([] if age else ["age_band"])


@pytest.mark.parametrize(
    ("age", "told"),
    [("infant", "choke_blows_infant"), ("child", "choke_blows"), ("pregnant", "choke_blows_chest"),
     ("older", "choke_blows"), (None, None)],
)  # fmt: skip
@pytest.mark.parametrize("breathing", ["normal", "no"])
def test_a_choking_infant_gets_chest_thrusts_and_nobody_blows_for_an_unknown_age(
    age, told, breathing
):
    answers = {"conscious": "yes", "breathing": breathing, "airway_clear": "no"}
    coding = code(PROTOCOL, "2301023", answers=answers | ({"age_band": age} if age else {}))
    said = {one.en for one in coding.instructions}
    blows = {key for key in PROTOCOL.instructions if key.startswith("choke_")}
    assert {key for key in blows if PROTOCOL.instructions[key].words.en in said} == (
        {told} if told else set()
    )
    assert [one.id for one in coding.to_ask] == ([] if age else ["age_band"])


def test_anothers_determinant_by_the_table_and_without_it():
    complaint, plan = code_foreign(
        PROTOCOL, system="goldenhour", determinant="cardiac_arrest.not_breathing"
    )
    assert (complaint, plan["category"], plan["cardiac_arrest"]) == ("2301019", "C1", True)
    assert plan["foreign"]["mapped"]
    complaint, plan = code_foreign(PROTOCOL, system="other", determinant="9-E-1")
    assert (complaint, plan["category"], plan["cardiac_arrest"]) == ("2301051", "C1", False)
    assert not plan["foreign"]["mapped"]
    assert plan["instructions"] == []


def test_an_arrest_with_unanswered_questions_is_asked_and_not_told_to_rest():
    plan = code(PROTOCOL, "2301019", answers={}).response_plan()
    assert (plan["category"], plan["instructions"]) == ("C1", [])
    assert [one["question"] for one in plan["to_ask"]] == ["conscious", "breathing"]
    known = code(PROTOCOL, "2301019", answers={"conscious": "no"}).response_plan()
    assert [one["question"] for one in known["to_ask"]] == ["breathing"]
    unsure = code(PROTOCOL, "2301019", answers={"conscious": "no", "breathing": UNKNOWN})
    assert unsure.cardiac_arrest
    assert len(unsure.instructions) == 4


def test_further_patients_add_units():
    answers = {"conscious": "no", "breathing": "normal"}
    coding = code(PROTOCOL, "2301069", answers=answers, patient_count=3)
    assert [(need.level, need.count) for need in coding.units] == [("ALS", 1), ("BLS", 3)]


@given(st.data())
def test_answering_never_makes_it_more_urgent_than_silence(data):
    asked_about = [one for one in PROTOCOL.complaints.values() if one.patient_if is not None]
    complaint = data.draw(st.sampled_from(asked_about))
    answers = {
        question.id: data.draw(st.sampled_from([*question.options, UNKNOWN]))
        for question in complaint.questions
    }
    silent = code(PROTOCOL, complaint.code, answers={})
    answered = code(PROTOCOL, complaint.code, answers=answers)
    rank = CATEGORIES.index
    assert rank(silent.category) <= rank(answered.category)


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
    # “Not known” is an option of its own there: a caller who is not sure.
    breathing = shown.complaints[0].questions[1]
    assert [option.id for option in breathing.options][-1] == "unsure"
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
        (_with(DOCUMENT, "nobody", "complaints", 0, "rules", 0, "tell", 0), "“nobody” is none of"),
        (_with(DOCUMENT, ["flying"], "plans", "arrest", "capabilities"), "“flying” is none of"),
        (_with(DOCUMENT, ["flying"], "complaints", 0, "rules", 0, "hospital"), "“flying”"),
        (_with(DOCUMENT, [-1, 1], "questions", "age_band", "ages", "infant"), "negative age"),
        (_with(DOCUMENT, [0, 5], "questions", "age_band", "ages", "infant"), "in two or none"),
        (_with(DOCUMENT, {"stroke_sign": "perhaps"}, "questions", "onset", "only_if"), "dead end"),
        (_with(DOCUMENT, {"onset": "recent"}, "questions", "onset", "only_if"), "a loop"),
        (_with(DOCUMENT, {"weapon": "yes"}, "questions", "onset", "only_if"), "a dead end"),
        (_with(DOCUMENT, [], "complaints", 0, "rules", 0, "when", "conscious"), "a dead end"),
        (_with(DOCUMENT, "arrest", "complaints", 0, "rules", 0, "plan"), "from `vital` alone"),
        (_with(DOCUMENT, "immediate", "vital", "arrest", "plan"), "must be C1 with"),
        (_with(DOCUMENT, 80, "vital", "metronome_per_min"), "100 to 120"),
        (_with(DOCUMENT, "always", "matrix", "C1", "C1"), "not less urgent"),
        (_with(DOCUMENT, float("nan"), "timers", "next_unit_s"), "above 0"),
        (_with(DOCUMENT, 5, "timers", "answer_s", "C4"), "may not wait longer"),
        (_with(DOCUMENT, ["magic"], "volunteers", "excluded"), "kind of danger"),
        (_with(DOCUMENT, "magic", "bypass", 0, "capability"), "no known capability"),
        (_with(DOCUMENT, {"en": "x"}, "surprise"), "“surprise” is none of"),
        (_with(DOCUMENT, {True: {"en": "Yes", "zh": "是"}, False: {"en": "No", "zh": "否"}},
               "questions", "conscious", "options"), "must be quoted"),
    ],
)  # fmt: skip
def test_a_broken_protocol_is_refused_with_its_place(broken, sentence):
    with pytest.raises(ProtocolInvalidError, match=sentence):
        parse_protocol(broken)
