"""What is wrong with a protocol that can be read: found by walking every way through it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from dispatch.triage.coding import code, completions
from dispatch.triage.model import (
    BRANCHES,
    CONTRADICTIONS,
    UNKNOWN,
    Complaint,
    Instruction,
    Protocol,
)
from dispatch.triage.rules import CATEGORIES

NEMSIS_REASONS = frozenset(str(number) for number in range(2301001, 2301100, 2))
"""NEMSIS v3.5.1, eDispatch.01."""

FLOOR = CATEGORIES.index("C2")
"""A patient who is not awake, or awake and hardly breathing, is at least this urgent."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; an `error` keeps the protocol from being stored."""

    level: Literal["error", "warning"]
    where: str
    what: str


def lint(protocol: Protocol) -> tuple[Finding, ...]:
    """Return all findings of a protocol, errors first."""
    found = [
        *_codes(protocol),
        *(one for complaint in protocol.complaints.values() for one in _walk(protocol, complaint)),
        *_unused(protocol),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.level != "error"))


def contradictions(lines: tuple[Instruction, ...]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of instructions that no caller can follow both."""
    for one, other in combinations(lines, 2):
        for pair in CONTRADICTIONS:
            first, second = pair
            if (first in one.does and second in other.does) or (
                second in one.does and first in other.does
            ):
                yield one.key, other.key
    for line in lines:
        if any(pair <= line.does for pair in CONTRADICTIONS):
            yield line.key, line.key


def _codes(protocol: Protocol) -> Iterator[Finding]:
    for missing in sorted(NEMSIS_REASONS - protocol.complaints.keys()):
        yield Finding("error", f"complaint {missing}", "this NEMSIS eDispatch.01 code is missing")
    for other in sorted(protocol.complaints.keys() - NEMSIS_REASONS):
        yield Finding("error", f"complaint {other}", "this is no code of NEMSIS eDispatch.01")


def _walk(protocol: Protocol, complaint: Complaint) -> Iterator[Finding]:
    where = f"complaint {complaint.code}"
    (awake, yes), (breathing, normal) = protocol.vital.awake, protocol.vital.normal
    excused = {
        one.breathing for one in protocol.vital.exceptions if one.complaint == complaint.code
    }
    reached: set[str] = set()
    # Everything about a patient is answered, also where nobody would ask.
    given = {breathing: normal, awake: yes} if complaint.patient_if is None else {}
    for answers in [*completions(complaint, {}), *completions(complaint, given)]:
        reached.add(code(protocol, complaint.code, answers=answers).determinant)
    vital = {question.id: question for question in complaint.questions}
    for option in (*vital[breathing].options, UNKNOWN):
        for awake_option in vital[awake].options:
            for rest in completions(complaint, {awake: awake_option, breathing: option}):
                coding = code(protocol, complaint.code, answers=rest)
                reached.add(coding.determinant)
                said = vital[breathing].unknown_is if option == UNKNOWN else option
                arrest = awake_option != yes and said is not None and said != normal
                if arrest and said not in excused and not coding.cardiac_arrest:
                    yield Finding("error", where, f"not awake, breathing {option}: no arrest")
                if coding.cardiac_arrest and not arrest:
                    yield Finding("error", where, f"awake {awake_option}, {option}: arrest")
                failing = said in vital[breathing].groups.get("failing", frozenset())
                if (awake_option != yes or failing) and CATEGORIES.index(coding.category) > FLOOR:
                    yield Finding(
                        "error", where,
                        f"awake {awake_option}, breathing {option} comes to {coding.category}",
                    )  # fmt: skip
    for rule in complaint.rules:
        if rule.determinant not in reached:
            yield Finding("error", f"{where}: {rule.determinant}", "no answers lead here")
        for branch in BRANCHES:
            yield from _words_for(protocol, rule.tell, branch, rule.cardiac_arrest,
                                  where=f"{where}: {rule.determinant}, {branch}")  # fmt: skip


def _words_for(
    protocol: Protocol, tell: tuple[str, ...], branch: str, arrest: bool, *, where: str
) -> Iterator[Finding]:
    told = (
        protocol.variants[key].by_branch[branch] if key in protocol.variants
        else protocol.instructions[key]
        for key in tell
    )  # fmt: skip
    lines = tuple(line for line in told if line is not None)
    for one, other in contradictions(lines):
        yield Finding("error", where, f"“{one}” and “{other}” contradict each other")
    acts = {act for line in lines for act in line.does}
    if arrest and "compress" not in acts:
        yield Finding("error", where, "an arrest in which nobody is told to push")
    if arrest and branch in {"infant", "child"} and "breathe" not in acts:
        yield Finding("error", where, "an arrest of a child without breaths")
    if not arrest and acts & {"compress", "breathe", "fetch_aed"}:
        yield Finding("error", where, "the words of an arrest where there is none")
    if branch in {"infant", "pregnant"} and "belly_thrusts" in acts:
        yield Finding("error", where, "thrusts on the belly; choose those on the chest")


def _unused(protocol: Protocol) -> Iterator[Finding]:
    told = {
        key for one in protocol.complaints.values() for rule in one.rules for key in rule.tell
    } | {
        line.key for one in protocol.variants.values() for line in one.by_branch.values() if line
    }  # fmt: skip
    asked = {question.id for one in protocol.complaints.values() for question in one.questions}
    for key in sorted(protocol.instructions.keys() - told):
        yield Finding("warning", f"instruction {key}", "nobody is ever told")
    for key in sorted(protocol.questions.keys() - asked):
        yield Finding("warning", f"question {key}", "nobody is ever asked")
