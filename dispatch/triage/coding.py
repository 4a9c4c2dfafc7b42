"""From a complaint and answers to a determinant, its category and the response plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NotRequired

from typing_extensions import TypedDict

from dispatch.triage.errors import ProtocolAnswerError
from dispatch.triage.model import (
    UNKNOWN,
    Complaint,
    Instruction,
    Plan,
    Protocol,
    Question,
    Rule,
    UnitNeed,
)
from dispatch.triage.rules import CATEGORIES
from gis.words import Words


class NeededUnits(TypedDict):
    """So many units of at least this level."""

    level: str
    count: int


class Text(TypedDict):
    """One text as it is stored."""

    en: str
    zh: str


class Assumption(Text):
    """A decisive answer that was not given, and what was taken instead."""

    question: str
    option: str


class OpenQuestion(Text):
    """A question without an answer that decides what the caller is told."""

    question: str


class ForeignCode(TypedDict):
    """What another centre's system called the case; not `mapped`: this protocol knows it not."""

    system: str
    determinant: str
    mapped: bool


class ResponsePlan(TypedDict):
    """What an incident asks for, as it is stored and shown.

    `cardiac_arrest` follows from answers that were given, never from what is `assumed`; category
    and units do. `answered_category`: the category if whatever nobody answered were harmless.
    `to_ask` stands in place of instructions that hang on its answers; plans made before it was
    stored have none. `metronome_per_min` is there where the caller is told to push.
    """

    category: str
    mode: str
    capabilities: list[str]
    hospital_capabilities: list[str]
    units: list[NeededUnits]
    instructions: list[Text]
    cardiac_arrest: bool
    assumed: list[Assumption]
    to_ask: NotRequired[list[OpenQuestion]]
    answered_category: NotRequired[str]
    metronome_per_min: NotRequired[int]
    foreign: NotRequired[ForeignCode]


_ASSUMED = Words(
    en="{question} Not answered; taken as “{answer}”.", zh="{question}未回答，按“{answer}”处理。"
)


def _stored(words: Words) -> Text:
    return {"en": words.en, "zh": words.zh}


@dataclass(frozen=True, slots=True)
class Coding:
    """The outcome of triage.

    `cardiac_arrest`: as answered. `assumed`: decisive answers taken because none was given.
    `answered_category`: the category if all that was not answered were harmless. `instructions`:
    what is told whatever the answers to the questions of `to_ask` are.
    """

    complaint: Complaint
    rule: Rule
    units: tuple[UnitNeed, ...]
    answers: Mapping[str, str]
    assumed: Mapping[str, str]
    answered_category: str
    cardiac_arrest: bool
    instructions: tuple[Words, ...]
    to_ask: tuple[Question, ...]
    metronome_per_min: int | None

    @property
    def determinant(self) -> str:
        """Return the determinant, e.g. `chest_pain.shock_signs`."""
        return self.rule.determinant

    @property
    def category(self) -> str:
        """Return the category, C1 (most urgent) to C4."""
        return self.rule.category

    def response_plan(self) -> ResponsePlan:
        """Return the plan as it is stored and shown (JSON)."""
        plan: ResponsePlan = {
            "category": self.rule.category,
            "mode": self.rule.plan.mode,
            "capabilities": list(self.rule.plan.capabilities),
            "units": _needed(self.units),
            "hospital_capabilities": list(self.rule.hospital_capabilities),
            "instructions": [_stored(text) for text in self.instructions],
            "cardiac_arrest": self.cardiac_arrest,
            "assumed": [self._assumption(key, option) for key, option in self.assumed.items()],
            "to_ask": [{"question": one.id, **_stored(one.text)} for one in self.to_ask],
            "answered_category": self.answered_category,
        }
        if self.metronome_per_min is not None:
            plan["metronome_per_min"] = self.metronome_per_min
        return plan

    def _assumption(self, key: str, option: str) -> Assumption:
        question = next(asked for asked in self.complaint.questions if asked.id == key)
        answer = question.options[option]
        said = _ASSUMED.filled(question=question.text, answer=answer)
        return {"question": key, "option": option, **_stored(said)}


def _needed(units: tuple[UnitNeed, ...]) -> list[NeededUnits]:
    return [{"level": need.level, "count": need.count} for need in units]


def code(
    protocol: Protocol,
    complaint_code: str,
    *,
    answers: Mapping[str, str],
    patient_count: int | None = None,
) -> Coding:
    """Walk the protocol.

    A question without an answer, or answered `unknown`, is taken to have the answer that leads to
    the most urgent rule, for category and units alone. Each patient after the first adds one unit
    of the plan's last level.

    Urgency may be assumed, but no word to the caller and no arrest: where a question nobody
    answered decides an instruction, the question is to be asked instead. `unknown` is an answer
    somebody gave, so the instructions of the most urgent rule then stand, but not where it is
    about being awake or breathing.

    Raises
    ------
    ProtocolAnswerError
        The complaint, a question or an answer is not in the protocol.
    """
    complaint = protocol.complaints.get(complaint_code)
    if complaint is None:
        raise ProtocolAnswerError("complaint", complaint_code, known=protocol.complaints.keys())
    given = _checked(complaint, answers)
    outcomes = [(_urgency(complaint, whole), whole) for whole in completions(complaint, given)]
    best_rank, taken = min(outcomes, key=lambda outcome: outcome[0])
    rule = complaint.rules[best_rank[1]]
    vital = protocol.vital
    told, open_questions = _told(protocol, complaint, given, taken, heard=answers)
    arrest = rule.cardiac_arrest and {vital.awake[0], vital.normal[0]} <= given.keys()
    instructions, waiting = _for_branch(protocol, told, given)
    if not arrest:
        instructions = tuple(one for one in instructions if not one.does & _ARREST_ACTS)
    pushes = any("compress" in one.does for one in instructions)
    return Coding(
        complaint=complaint,
        rule=rule,
        units=_units_for(rule.plan.units, patient_count or 1),
        answers=given,
        assumed={
            key: option for key, option in taken.items()
            if key not in given and (key in rule.when or key in (complaint.patient_if or ()))
        },
        answered_category=CATEGORIES[max(rank[0] for rank, _ in outcomes)],
        cardiac_arrest=arrest,
        instructions=tuple(one.words for one in instructions),
        to_ask=(*open_questions, *(one for one in waiting if one not in open_questions)),
        metronome_per_min=vital.metronome_per_min if pushes else None,
    )  # fmt: skip


_ARREST_ACTS = frozenset({"compress", "breathe", "fetch_aed"})

_UNMAPPED_AS = "2301051"
"""NEMSIS eDispatch.01: No Other Appropriate Choice."""


def code_foreign(
    protocol: Protocol, *, system: str, determinant: str, patient_count: int | None = None
) -> tuple[str, ResponsePlan]:
    """Return complaint code and plan of another centre's determinant, by the protocol's table.

    What is not in the table is C1 without the arrest bundle, and says so (`foreign.mapped`).
    Nothing is told to a caller: the other centre has them on the line.
    """
    row = next(
        (
            one for one in protocol.foreign
            if one.determinant == determinant and one.system in {system, "*"}
        ),
        None,
    )  # fmt: skip
    plan = row.plan if row else _unmapped_plan(protocol)
    return row.complaint if row else _UNMAPPED_AS, {
        "category": plan.category,
        "mode": plan.mode,
        "capabilities": list(plan.capabilities),
        "units": _needed(_units_for(plan.units, patient_count or 1)),
        "hospital_capabilities": [],
        "instructions": [],
        "cardiac_arrest": row is not None and plan.cardiac_arrest,
        "assumed": [],
        "to_ask": [],
        "answered_category": plan.category if row else CATEGORIES[-1],
        "foreign": {"system": system, "determinant": determinant, "mapped": row is not None},
    }


def _unmapped_plan(protocol: Protocol) -> Plan:
    """Return the C1 plan with the most units that is not an arrest's."""
    urgent = [
        one for one in protocol.plans.values()
        if one.category == CATEGORIES[0] and not one.cardiac_arrest
    ]  # fmt: skip
    most = max(urgent, key=lambda plan: sum(need.count for need in plan.units), default=None)
    return most or Plan(CATEGORIES[0], "lights", (UnitNeed("ALS", 1),), (), cardiac_arrest=False)


def is_asked(complaint: Complaint, question: Question, answers: Mapping[str, str]) -> bool:
    """Return whether a question is asked after these answers."""
    if not _holds(question.only_if, answers):
        return False
    if question.id in complaint.vital:
        # Who answers of somebody says that there is somebody.
        if any(key in answers for key in complaint.vital):
            return True
        return complaint.patient_if is not None and _holds(complaint.patient_if, answers)
    return True


def _holds(conditions: Mapping[str, frozenset[str]], answers: Mapping[str, str]) -> bool:
    return all(answers.get(key) in options for key, options in conditions.items())


def completions(complaint: Complaint, given: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield all ways in which what was not answered may turn out; what decides nothing is left."""
    deciding = _deciding(complaint)
    found: list[dict[str, str]] = [{}]
    for question in complaint.questions:
        grown: list[dict[str, str]] = []
        for so_far in found:
            if question.id in given:
                grown.append({**so_far, question.id: given[question.id]})
            elif question.id in deciding and is_asked(complaint, question, {**given, **so_far}):
                grown += ({**so_far, question.id: option} for option in question.options)
            else:
                grown.append(so_far)
        found = grown
    yield from found


def _deciding(complaint: Complaint) -> frozenset[str]:
    keys = {key for rule in complaint.rules for key in rule.when}
    keys |= {key for question in complaint.questions for key in question.only_if}
    return frozenset(keys | set(complaint.patient_if or ()))


def _told(
    protocol: Protocol,
    complaint: Complaint,
    given: Mapping[str, str],
    taken: Mapping[str, str],
    *,
    heard: Mapping[str, str],
) -> tuple[tuple[str, ...], tuple[Question, ...]]:
    """Return the rule's instructions that no answer would change, and the questions that do.

    given : answers that say something. heard : all that was answered, `unknown` too.
    """
    vital = {protocol.vital.awake[0], protocol.vital.normal[0]}
    known = dict(given) | {
        key: option for key, option in taken.items() if key in heard and key not in vital
    }
    told = {
        tuple(sorted(whole.items())): complaint.rules[_urgency(complaint, whole)[1]].tell
        for whole in completions(complaint, known)
    }
    rule = complaint.rules[_urgency(complaint, taken)[1]]
    deciding: set[str] = set()
    for question in complaint.questions:
        if question.id in known:
            continue
        seen: dict[tuple[tuple[str, str], ...], set[tuple[str, ...]]] = {}
        for items, lines in told.items():
            if any(key == question.id for key, _ in items):
                rest = tuple(item for item in items if item[0] != question.id)
                seen.setdefault(rest, set()).add(lines)
        if any(len(lines) > 1 for lines in seen.values()):
            deciding.add(question.id)
    # What lets a deciding question be asked at all decides too.
    for question in complaint.questions:
        if question.id in deciding:
            gates = dict(question.only_if)
            if question.id in complaint.vital:
                gates |= complaint.patient_if or {}
            deciding |= gates.keys() - known.keys()
    return (
        tuple(key for key in rule.tell if all(key in lines for lines in told.values())),
        tuple(question for question in complaint.questions if question.id in deciding),
    )


def _for_branch(
    protocol: Protocol, keys: tuple[str, ...], given: Mapping[str, str]
) -> tuple[tuple[Instruction, ...], tuple[Question, ...]]:
    """Return what is told of these instructions to this patient, and what is asked for it."""
    vital = protocol.vital
    branch = vital.branch_of.get(given.get(vital.branch_question, ""))
    lines: list[Instruction] = []
    asked: tuple[Question, ...] = ()
    for key in keys:
        variant = protocol.variants.get(key)
        if variant is None:
            lines.append(protocol.instructions[key])
            continue
        if branch is None:
            asked = (protocol.questions[vital.branch_question],)
            if variant.waits:
                continue
        line = variant.by_branch[branch or "adult"]
        if line is not None:
            lines.append(line)
    return tuple(lines), asked


def _checked(complaint: Complaint, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that say something; “not known” as what it means, if anything."""
    questions = {question.id: question for question in complaint.questions}
    given: dict[str, str] = {}
    for key, option in answers.items():
        if key not in questions:
            raise ProtocolAnswerError(
                f"question of {complaint.name.en}", key, known=questions.keys()
            )
        if option != UNKNOWN and option not in questions[key].options:
            raise ProtocolAnswerError(f"answer to {key}", option, known=questions[key].options)
        said = questions[key].unknown_is if option == UNKNOWN else option
        if said is not None:
            given[key] = said
    return given


def _urgency(complaint: Complaint, answers: Mapping[str, str]) -> tuple[int, int]:
    for index, rule in enumerate(complaint.rules):
        if all(answers.get(key) in options for key, options in rule.when.items()):
            return CATEGORIES.index(rule.category), index
    raise AssertionError(complaint.code)  # the last rule has no condition; load checks it


def _units_for(units: tuple[UnitNeed, ...], patient_count: int) -> tuple[UnitNeed, ...]:
    last = units[-1]
    return (*units[:-1], UnitNeed(last.level, last.count + patient_count - 1))
