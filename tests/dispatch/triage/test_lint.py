"""The linter passes the bundled protocol and names each fault that can be read but not used."""

import copy

import pytest
import yaml

from dispatch.triage.cases import read_cases, run_cases
from dispatch.triage.coding import code
from dispatch.triage.errors import ProtocolCaseInvalidError, ProtocolInvalidError
from dispatch.triage.lint import lint
from dispatch.triage.protocol import (
    PROTOCOL_FILE,
    default_protocol,
    parse_protocol,
    read_protocol,
)

TEXT = PROTOCOL_FILE.read_text(encoding="utf-8")
DOCUMENT = yaml.safe_load(TEXT)


def changed(change):
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return parse_protocol(document)


def complaint(document, slug):
    return next(one for one in document["complaints"] if one["slug"] == slug)


def test_the_bundled_protocol_has_no_fault():
    assert lint(default_protocol()) == ()


def heat_and_cold(document):
    complaint(document, "heat_cold")["rules"][0]["tell"] = ["cool_body", "warm_body"]


def roll_the_injured(document):
    complaint(document, "falls")["rules"][0]["tell"] = ["keep_still", "airway"]


def belly(document):
    document["variants"]["choke_blows"]["infant"] = "choke_blows"


def no_breaths(document):
    document["variants"]["cpr_breaths_young"]["child"] = "none"


def no_pushing(document):
    document["instructions"]["cpr_push_infant"]["does"] = []
    document["instructions"]["cpr_on"]["does"] = []


def arrest_words(document):
    complaint(document, "nausea")["rules"][-1]["tell"] = ["cpr_push"]


def hidden(document):
    rules = complaint(document, "stroke")["rules"]
    rules.insert(1, {"when": {"conscious": "no"}, "then": "again", "plan": "soon", "tell": []})


def too_low(document):
    complaint(document, "stroke")["rules"][0]["plan"] = "later"


def gone(document):
    document["complaints"] = [one for one in document["complaints"] if one["slug"] != "nausea"]


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (heat_and_cold, "“cool_body” and “warm_body” contradict"),
        (roll_the_injured, "“keep_still” and “airway” contradict"),
        (belly, "thrusts on the belly"),
        (no_breaths, "without breaths"),
        (no_pushing, "nobody is told to push"),
        (arrest_words, "the words of an arrest"),
        (hidden, "no answers lead here"),
        (too_low, "comes to C4"),
        (gone, "is missing"),
    ],
)
def test_a_fault_is_found(fault, what):
    errors = [one.what for one in lint(changed(fault)) if one.level == "error"]
    assert any(what in one for one in errors), errors


SIGNED = {
    "complaint": "2301025", "breathing": "fitting", "plan": "immediate", "then": "fitting",
    "tell": ["seizure"], "reason": {"en": "A fit, seen before", "zh": "既往癫痫发作"},
    "signed_by": "Dr Chen", "signed_on": "2026-11-30",
}  # fmt: skip


def test_an_exception_is_signed_and_holds_for_its_one_complaint_and_answer():
    protocol = changed(lambda document: document["vital"].update(exceptions=[SIGNED]))
    assert not [one for one in lint(protocol) if one.level == "error"]
    for one in protocol.complaints:
        for breathing in ("no", "gasping", "difficult", "fitting", "unsure"):
            coding = code(protocol, one, answers={"conscious": "no", "breathing": breathing})
            excused = (one, breathing) == ("2301025", "fitting")
            assert coding.cardiac_arrest == (not excused)
    unsigned = {key: value for key, value in SIGNED.items() if key != "signed_by"}
    with pytest.raises(ProtocolInvalidError, match="signed_by"):
        changed(lambda document: document["vital"].update(exceptions=[unsigned]))
    with pytest.raises(ProtocolInvalidError, match="no arrest"):
        changed(lambda document: document["vital"].update(exceptions=[SIGNED | {"plan": "arrest"}]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "a: &x [*x]",
        "a: 1\na: 2",
        "? [1]\n: 2",
        "\ud800: 1",
        "version: !!python/name:os.system x",
    ],
)
def test_what_is_no_protocol_is_refused_in_a_sentence(text):
    with pytest.raises(ProtocolInvalidError, match="cannot be used"):
        read_protocol(text)


def test_each_section_has_its_hash():
    before = default_protocol()
    after = changed(lambda document: document["timers"].update(next_unit_s=40))
    assert {key for key in before.sections if before.sections[key] != after.sections[key]} == {
        "timers"
    }
    zh = changed(lambda document: document["instructions"]["rest"].update(zh="休息"))
    assert {key for key in before.sections if before.sections[key] != zh.sections[key]} == {
        "zh", "triage",
    }  # fmt: skip
    assert len({before.sha256, after.sha256, zh.sha256}) == 3


def test_the_bundled_cases_pass_and_a_wrong_one_is_named(tmp_path):
    outcomes = run_cases(default_protocol(), read_cases())
    assert [one for one in outcomes if one.differs] == []
    wrong = tmp_path / "cases.yaml"
    wrong.write_text('[{complaint: "2301019", expect: {category: C4, told: [rest]}}]')
    (outcome,) = run_cases(default_protocol(), read_cases(wrong))
    assert outcome.differs == ("category: C1 instead of C4", "told: rest")


@pytest.mark.parametrize("text", ["", "[1]", "[{complaint: 1}]", "[{expect: {mood: good}}]", "{"])
def test_what_are_no_cases_is_refused(tmp_path, text):
    file = tmp_path / "cases.yaml"
    file.write_text(text)
    with pytest.raises(ProtocolCaseInvalidError, match="cases cannot be used"):
        read_cases(file)
