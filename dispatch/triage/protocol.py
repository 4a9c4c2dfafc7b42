"""The triage protocol: read from YAML, checked at load, held as plain data."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from dispatch.errors import ProtocolInvalidError
from dispatch.model import LEVEL_RANK
from dispatch.triage.rules import CATEGORIES, Rules, parse_rules
from gis.words import LANGUAGES, Words

PROTOCOL_FILE = Path(__file__).with_name("protocol.yaml")

UNKNOWN = "unknown"
"""The answer every question takes; the same as no answer."""

UNKNOWN_WORDS = Words(en="Not known", zh="不清楚")

_Value = TypeVar("_Value")

MODES = ("lights", "normal")


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its options by id, in the order they are shown."""

    id: str
    text: Words
    options: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """So many units of at least this level."""

    level: str
    count: int


@dataclass(frozen=True, slots=True)
class Rule:
    """Answers that lead to a determinant, and what it asks for."""

    when: Mapping[str, frozenset[str]]
    determinant: str
    category: str
    mode: str
    units: tuple[UnitNeed, ...]
    capabilities: tuple[str, ...]
    hospital_capabilities: tuple[str, ...]
    cardiac_arrest: bool
    instructions: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One chief complaint: NEMSIS eDispatch.01 code, questions, rules in order."""

    code: str
    slug: str
    name: Words
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Protocol:
    """The whole protocol, complaints by code; `rules`: what is signed besides triage."""

    version: str
    medically_approved: bool
    notice: Words
    complaints: Mapping[str, Complaint]
    rules: Rules


def load_protocol(path: Path = PROTOCOL_FILE) -> Protocol:
    """Read and check the protocol at `path`.

    Raises
    ------
    ProtocolInvalidError
        Something is missing, unknown or contradictory; the sentence names the place.
    """
    return parse_protocol(yaml.safe_load(path.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def default_protocol() -> Protocol:
    """Return the bundled protocol; read once."""
    return load_protocol()


def parse_protocol(document: Any) -> Protocol:
    """Check a protocol given as plain YAML data and return it typed."""
    root = _mapping(document, "the file")
    questions = {
        key: _question(key, raw) for key, raw in _mapping(_get(root, "questions", "the file"),
                                                          "questions").items()
    }  # fmt: skip
    parts = _Parts(
        questions=questions,
        plans=_mapping(_get(root, "plans", "the file"), "plans"),
        instructions={
            key: _words(raw, f"instruction {key}")
            for key, raw in _mapping(_get(root, "instructions", "the file"), "instructions").items()
        },
    )
    complaints: dict[str, Complaint] = {}
    for raw in _sequence(_get(root, "complaints", "the file"), "complaints"):
        complaint = _complaint(raw, parts)
        if complaint.code in complaints:
            raise ProtocolInvalidError(f"complaint {complaint.code}", "the code comes twice")
        complaints[complaint.code] = complaint
    return Protocol(
        version=str(_get(root, "version", "the file")),
        medically_approved=bool(_get(root, "medically_approved", "the file")),
        notice=_words(_get(root, "notice", "the file"), "notice"),
        complaints=complaints,
        rules=parse_rules(root, complaints=complaints.keys()),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    questions: Mapping[str, Question]
    plans: Mapping[str, Any]
    instructions: Mapping[str, Words]


def _complaint(raw: Any, parts: _Parts) -> Complaint:
    fields = _mapping(raw, "a complaint")
    code = str(_get(fields, "code", "a complaint"))
    where = f"complaint {code}"
    questions = tuple(
        _known(parts.questions, key, f"{where}: question") for key in fields.get("questions", ())
    )
    rules = tuple(
        _rule(rule, fields=fields, questions=questions, parts=parts)
        for rule in _sequence(_get(fields, "rules", where), where)
    )
    if not rules or rules[-1].when:
        raise ProtocolInvalidError(where, "the last rule must stand without `when`")
    if any(not rule.when for rule in rules[:-1]):
        raise ProtocolInvalidError(where, "a rule without `when` hides those after it")
    return Complaint(
        code=code,
        slug=str(_get(fields, "slug", where)),
        name=_words(_get(fields, "name", where), where),
        questions=questions,
        rules=rules,
    )


def _rule(
    raw: Any, *, fields: Mapping[str, Any], questions: tuple[Question, ...], parts: _Parts
) -> Rule:
    where = f"complaint {fields['code']}"
    rule = _mapping(raw, where)
    plan_name = str(_get(rule, "plan", where))
    plan = _mapping(_known(parts.plans, plan_name, f"{where}: plan"), f"plan {plan_name}")
    asked = {question.id: question for question in questions}
    when = {
        key: _options(_known(asked, key, f"{where}: `when` names"), value, where)
        for key, value in _mapping(rule.get("when", {}), where).items()
    }
    return Rule(
        when=when,
        determinant=f"{_get(fields, 'slug', where)}.{_get(rule, 'then', where)}",
        category=_one_of(CATEGORIES, _get(plan, "category", plan_name), f"plan {plan_name}"),
        mode=_one_of(MODES, _get(plan, "mode", plan_name), f"plan {plan_name}"),
        units=tuple(_unit_need(need, plan_name) for need in _get(plan, "units", plan_name)),
        capabilities=tuple(plan.get("capabilities", ())),
        hospital_capabilities=tuple(rule.get("hospital", ())),
        cardiac_arrest=bool(plan.get("cardiac_arrest", False)),
        instructions=tuple(
            _known(parts.instructions, key, f"{where}: instruction") for key in rule.get("tell", ())
        ),
    )


def _options(question: Question, raw: Any, where: str) -> frozenset[str]:
    values = [raw] if isinstance(raw, str) else _sequence(raw, where)
    return frozenset(
        _one_of(question.options, value, f"{where}: answer to {question.id}") for value in values
    )


def _unit_need(raw: Any, plan_name: str) -> UnitNeed:
    fields = _mapping(raw, f"plan {plan_name}")
    level = _one_of(LEVEL_RANK, _get(fields, "level", plan_name), f"plan {plan_name}: level")
    count = _get(fields, "count", plan_name)
    if not isinstance(count, int) or count < 1:
        raise ProtocolInvalidError(f"plan {plan_name}", "a unit count must be 1 or more")
    return UnitNeed(level, count)


def _question(key: str, raw: Any) -> Question:
    where = f"question {key}"
    fields = _mapping(raw, where)
    options = {
        name: _words(text, f"{where}: option {name}")
        for name, text in _mapping(_get(fields, "options", where), where).items()
    }
    if len(options) < 2:
        raise ProtocolInvalidError(where, "a question needs at least two options")
    for name in options:
        if not isinstance(name, str):
            raise ProtocolInvalidError(
                where, f"option {name} must be quoted (YAML reads yes and no as true and false)"
            )
    return Question(key, _words(_get(fields, "text", where), where), options)


def _words(raw: Any, where: str) -> Words:
    fields = _mapping(raw, where)
    for language in LANGUAGES:
        text = fields.get(language)
        if not isinstance(text, str) or not text.strip():
            raise ProtocolInvalidError(where, f"the text in `{language}` is missing")
    return Words(**{language: str(fields[language]) for language in LANGUAGES})


def _get(fields: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in fields:
        raise ProtocolInvalidError(where, f"`{key}` is missing")
    return fields[key]


def _known(table: Mapping[str, _Value], key: str, where: str) -> _Value:
    if key not in table:
        raise ProtocolInvalidError(where, f"“{key}” is not defined")
    return table[key]


def _one_of(known: Collection[str], value: Any, where: str) -> str:
    if value not in known:
        raise ProtocolInvalidError(where, f"“{value}” is none of {', '.join(known)}")
    return str(value)


def _mapping(raw: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise ProtocolInvalidError(where, "a mapping is expected here")
    return raw


def _sequence(raw: Any, where: str) -> Iterator[Any]:
    if not isinstance(raw, list):
        raise ProtocolInvalidError(where, "a list is expected here")
    return iter(raw)
