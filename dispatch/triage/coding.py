"""From a complaint and answers to a determinant, its category and the response plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import NotRequired

from typing_extensions import TypedDict

from dispatch.errors import ProtocolAnswerError
from dispatch.triage.protocol import (
    UNKNOWN,
    Complaint,
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


class ResponsePlan(TypedDict):
    """What an incident asks for, as it is stored and shown.

    `to_ask` stands in place of instructions that hang on its answers; plans made before it was
    stored have none.
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


_ASSUMED = Words(
    en="{question} Not answered; taken as “{answer}”.", zh="{question}未回答，按“{answer}”处理。"
)


def _stored(words: Words) -> Text:
    return {"en": words.en, "zh": words.zh}


@dataclass(frozen=True, slots=True)
class Coding:
    """The outcome of triage.

    `assumed`: decisive answers taken because none was given. `instructions`: what is told whatever
    the answers to the questions of `to_ask` are.
    """

    complaint: Complaint
    rule: Rule
    units: tuple[UnitNeed, ...]
    answers: Mapping[str, str]
    assumed: Mapping[str, str]
    instructions: tuple[Words, ...]
    to_ask: tuple[Question, ...]

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
        return {
            "category": self.rule.category,
            "mode": self.rule.mode,
            "capabilities": list(self.rule.capabilities),
            "hospital_capabilities": list(self.rule.hospital_capabilities),
            "units": [{"level": need.level, "count": need.count} for need in self.units],
            "instructions": [_stored(text) for text in self.instructions],
            "cardiac_arrest": self.rule.cardiac_arrest,
            "assumed": [self._assumption(key, option) for key, option in self.assumed.items()],
            "to_ask": [{"question": one.id, **_stored(one.text)} for one in self.to_ask],
        }

    def _assumption(self, key: str, option: str) -> Assumption:
        question = next(asked for asked in self.complaint.questions if asked.id == key)
        answer = question.options[option]
        said = _ASSUMED.filled(question=question.text, answer=answer)
        return {"question": key, "option": option, **_stored(said)}


def code(
    protocol: Protocol,
    complaint_code: str,
    *,
    answers: Mapping[str, str],
    patient_count: int | None = None,
) -> Coding:
    """Walk the protocol.

    A question without an answer, or answered `unknown`, is taken to have the answer that leads to
    the most urgent rule. Each patient after the first adds one unit of the plan's last level.

    Urgency may be assumed, but no word to the caller: where a question nobody answered decides an
    instruction, the question is to be asked instead. `unknown` is an answer somebody gave, so the
    instructions of the most urgent rule then stand.

    Raises
    ------
    ProtocolAnswerError
        The complaint, a question or an answer is not in the protocol.
    """
    complaint = protocol.complaints.get(complaint_code)
    if complaint is None:
        raise ProtocolAnswerError("complaint", complaint_code, known=protocol.complaints.keys())
    given = _checked(complaint, answers)
    open_questions = [question for question in complaint.questions if question.id not in given]
    outcomes = (
        dict(zip((question.id for question in open_questions), options, strict=True))
        for options in product(*(question.options for question in open_questions))
    )
    best_rank, assumed = min(
        ((_urgency(complaint, {**given, **assumption}), assumption) for assumption in outcomes),
        key=lambda outcome: outcome[0],
    )
    rule = complaint.rules[best_rank[1]]
    instructions, to_ask = _told(complaint, {**assumed, **given}, rule, unasked=[
        question for question in open_questions if question.id not in answers
    ])  # fmt: skip
    return Coding(
        complaint=complaint,
        rule=rule,
        units=_units_for(rule.units, patient_count or 1),
        answers=given,
        assumed={key: option for key, option in assumed.items() if key in rule.when},
        instructions=instructions,
        to_ask=to_ask,
    )


def _told(
    complaint: Complaint, taken: Mapping[str, str], rule: Rule, *, unasked: list[Question]
) -> tuple[tuple[Words, ...], tuple[Question, ...]]:
    """Return the rule's instructions that no answer would change, and the questions that do."""
    told: dict[tuple[str, ...], tuple[Words, ...]] = {}
    for options in product(*(question.options for question in unasked)):
        answers = {**taken, **dict(zip((one.id for one in unasked), options, strict=True))}
        told[options] = complaint.rules[_urgency(complaint, answers)[1]].instructions
    by_others = (
        (place, options[:place] + options[place + 1 :], instructions)
        for options, instructions in told.items()
        for place in range(len(unasked))
    )
    seen: dict[tuple[int, tuple[str, ...]], tuple[Words, ...]] = {}
    deciding = {
        place
        for place, others, instructions in by_others
        if seen.setdefault((place, others), instructions) != instructions
    }
    return (
        tuple(one for one in rule.instructions if all(one in lines for lines in told.values())),
        tuple(question for place, question in enumerate(unasked) if place in deciding),
    )


def _checked(complaint: Complaint, answers: Mapping[str, str]) -> dict[str, str]:
    questions = {question.id: question for question in complaint.questions}
    for key, option in answers.items():
        if key not in questions:
            raise ProtocolAnswerError(
                f"question of {complaint.name.en}", key, known=questions.keys()
            )
        if option != UNKNOWN and option not in questions[key].options:
            raise ProtocolAnswerError(f"answer to {key}", option, known=questions[key].options)
    return {key: option for key, option in answers.items() if option != UNKNOWN}


def _urgency(complaint: Complaint, answers: Mapping[str, str]) -> tuple[int, int]:
    for index, rule in enumerate(complaint.rules):
        if all(answers.get(key) in options for key, options in rule.when.items()):
            return CATEGORIES.index(rule.category), index
    raise AssertionError(complaint.code)  # the last rule has no condition; load checks it


def _units_for(units: tuple[UnitNeed, ...], patient_count: int) -> tuple[UnitNeed, ...]:
    last = units[-1]
    return (*units[:-1], UnitNeed(last.level, last.count + patient_count - 1))
