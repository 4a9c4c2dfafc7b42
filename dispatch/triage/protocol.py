"""The triage protocol: read from YAML, checked at load."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from dispatch.model import LEVEL_RANK
from dispatch.triage import reading as read
from dispatch.triage.errors import ProtocolInvalidError
from dispatch.triage.model import (
    ACTS,
    BRANCHES,
    MODES,
    UNKNOWN,
    ArrestException,
    Complaint,
    ForeignRow,
    Instruction,
    Plan,
    Protocol,
    Question,
    Rule,
    UnitNeed,
    Variant,
    Vital,
)
from dispatch.triage.rules import (
    CATEGORIES,
    HOSPITAL_CAPABILITIES,
    UNIT_CAPABILITIES,
    parse_rules,
)
from gis.words import LANGUAGES

PROTOCOL_FILE = Path(__file__).with_name("protocol.yaml")
MAX_BYTES = 2_000_000


def load_protocol(path: Path = PROTOCOL_FILE) -> Protocol:
    """Read and check the protocol at `path`.

    Raises
    ------
    ProtocolInvalidError
        Something is missing, unknown or contradictory; the sentence names the place.
    """
    try:
        return read_protocol(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ProtocolInvalidError(path.name, "the file is not UTF-8") from error


@lru_cache(maxsize=16)
def read_protocol(text: str) -> Protocol:
    """Check a protocol given as the text of its file; one text is read once."""
    if len(text) > MAX_BYTES:
        raise ProtocolInvalidError("the file", f"it is longer than {MAX_BYTES} characters")
    try:
        document = yaml.load(text, Loader=_OnceLoader)  # noqa: S506 - a SafeLoader
        return parse_protocol(document)
    except (yaml.YAMLError, RecursionError, UnicodeError) as error:
        said = " ".join(str(error).split())[:300]
        raise ProtocolInvalidError("the file", f"it is no YAML that can be read: {said}") from error


class _OnceLoader(yaml.SafeLoader):
    """Refuses a key that stands twice, and aliases: neither shows what is signed."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not read", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key.value, str)]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"“{min(twice)}” stands twice", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


@lru_cache(maxsize=1)
def default_protocol() -> Protocol:
    """Return the bundled protocol; read once."""
    return load_protocol()


_ROOT = (
    "version", "medically_approved", "notice", "matrix", "timers", "volunteers", "bypass", "plans",
    "instructions", "variants", "vital", "foreign", "questions", "complaints",
)  # fmt: skip


def parse_protocol(document: Any) -> Protocol:
    """Check a protocol given as plain YAML data and return it typed."""
    root = read.mapping(document, "the file")
    read.only(root, _ROOT, "the file")
    questions = {
        key: _question(key, raw)
        for key, raw in read.mapping(read.get(root, "questions", "the file"), "questions").items()
    }
    instructions = {
        key: _instruction(key, raw)
        for key, raw in read.mapping(
            read.get(root, "instructions", "the file"), "instructions"
        ).items()
    }
    variants = {
        key: _variant(key, raw, instructions)
        for key, raw in read.mapping(root.get("variants", {}), "variants").items()
    }
    plans = {
        key: _plan(key, raw)
        for key, raw in read.mapping(read.get(root, "plans", "the file"), "plans").items()
    }
    parts = _Parts(questions, plans, frozenset(instructions) | frozenset(variants))
    raw_vital = read.mapping(read.get(root, "vital", "the file"), "vital")
    vital = _vital(raw_vital, parts)
    exceptions = list(read.sequence(raw_vital.get("exceptions", []), "vital: exceptions"))
    complaints: dict[str, Complaint] = {}
    for raw in read.sequence(read.get(root, "complaints", "the file"), "complaints"):
        complaint = _complaint(raw, parts, raw_vital=raw_vital, vital=vital, exceptions=exceptions)
        if complaint.code in complaints:
            raise ProtocolInvalidError(f"complaint {complaint.code}", "the code comes twice")
        complaints[complaint.code] = complaint
    for one in vital.exceptions:
        read.known(complaints, one.complaint, "vital: exceptions: complaint")
    approved = read.get(root, "medically_approved", "the file")
    if not isinstance(approved, bool):
        raise ProtocolInvalidError("medically_approved", "true or false is expected")
    return Protocol(
        version=read.text(read.get(root, "version", "the file"), "version"),
        medically_approved=approved,
        notice=read.words(read.get(root, "notice", "the file"), "notice"),
        complaints=complaints,
        questions=questions,
        plans=plans,
        instructions=instructions,
        variants=variants,
        vital=vital,
        foreign=tuple(
            _foreign(raw, plans, complaints)
            for raw in read.sequence(root.get("foreign", []), "foreign")
        ),
        rules=parse_rules(root, complaints=complaints.keys()),
        sections=section_hashes(root),
        sha256=_sha256(root),
    )


def section_hashes(root: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the SHA-256 of each part of a protocol that a signature names.

    A language's covers every text of it with its place; `triage` covers all that is in no other.
    """
    own = ("matrix", "timers", "volunteers", "bypass")
    hashes = {name: _sha256(root.get(name)) for name in own}
    hashes["triage"] = _sha256({key: root[key] for key in root if key not in own})
    for language in LANGUAGES:
        hashes[language] = _sha256(list(_texts(root, language, "")))
    return MappingProxyType(hashes)


def _texts(node: Any, language: str, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == language and isinstance(value, str):
                yield place, value
            else:
                yield from _texts(value, language, f"{place}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, language, f"{place}/{index}")


def _sha256(node: Any) -> str:
    try:
        text = json.dumps(node, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except (TypeError, ValueError) as error:
        raise ProtocolInvalidError(
            "the file", "keys must be text in quotes, values text, numbers, true or false"
        ) from error


@dataclass(frozen=True, slots=True)
class _Parts:
    questions: Mapping[str, Question]
    plans: Mapping[str, Plan]
    tellable: frozenset[str]


def _vital(raw: Mapping[str, Any], parts: _Parts) -> Vital:
    read.only(
        raw,
        ("questions", "awake", "normal", "arrest", "metronome_per_min", "branches", "unless_own",
         "exceptions"),
        "vital",
    )  # fmt: skip
    asked = tuple(
        read.known(parts.questions, key, "vital: question").id
        for key in read.sequence(read.get(raw, "questions", "vital"), "vital: questions")
    )
    awake, normal = (_one_answer(raw, name, parts, asked) for name in ("awake", "normal"))
    branches = dict(read.mapping(read.get(raw, "branches", "vital"), "vital: branches"))
    question = read.known(
        parts.questions, branches.pop("question", None), "vital: branches: question"
    )
    read.only(branches, BRANCHES, "vital: branches")
    branch_of = {
        read.one_of(question.options, option, "vital: branches"): branch
        for branch, options in branches.items()
        for option in read.sequence(options, "vital: branches")
    }
    if set(branch_of) != set(question.options) or set(branch_of.values()) != set(BRANCHES):
        raise ProtocolInvalidError(
            "vital: branches", "every answer belongs to one branch, and each branch has an answer"
        )
    per_min = read.get(raw, "metronome_per_min", "vital")
    if isinstance(per_min, bool) or not isinstance(per_min, int) or not 100 <= per_min <= 120:
        raise ProtocolInvalidError("vital: metronome_per_min", "100 to 120 pushes are expected")
    exceptions = tuple(
        _exception(one, parts.questions[normal[0]], normal[1])
        for one in read.sequence(raw.get("exceptions", []), "vital: exceptions")
    )
    pairs = [(one.complaint, one.breathing) for one in exceptions]
    if len(set(pairs)) != len(pairs):
        raise ProtocolInvalidError("vital: exceptions", "one exception comes twice")
    return Vital(
        questions=asked, awake=awake, normal=normal, branch_question=question.id,
        branch_of=branch_of, metronome_per_min=per_min, exceptions=exceptions,
    )  # fmt: skip


def _one_answer(
    raw: Mapping[str, Any], name: str, parts: _Parts, asked: Collection[str]
) -> tuple[str, str]:
    fields = read.mapping(read.get(raw, name, "vital"), f"vital: {name}")
    if len(fields) != 1:
        raise ProtocolInvalidError(f"vital: {name}", "one question and its answer are expected")
    ((key, option),) = fields.items()
    question = read.known(parts.questions, key, f"vital: {name}")
    if key not in asked:
        raise ProtocolInvalidError(f"vital: {name}", f"“{key}” is not among vital's questions")
    return key, read.one_of(question.options, option, f"vital: {name}")


def _exception(raw: Any, breathing: Question, normal: str) -> ArrestException:
    where = "vital: exceptions"
    fields = read.mapping(raw, where)
    names = ("complaint", "breathing", "plan", "then", "tell", "reason", "signed_by", "signed_on")
    read.only(fields, names, where)
    option = read.one_of(breathing.options, read.get(fields, "breathing", where), where)
    if option == normal:
        raise ProtocolInvalidError(where, f"“{normal}” is no arrest and needs no exception")
    return ArrestException(
        complaint=read.text(read.get(fields, "complaint", where), where),
        breathing=option,
        reason=read.words(read.get(fields, "reason", where), f"{where}: reason"),
        signed_by=read.text(read.get(fields, "signed_by", where), f"{where}: signed_by"),
        signed_on=read.text(read.get(fields, "signed_on", where), f"{where}: signed_on"),
    )


def _complaint(
    raw: Any, parts: _Parts, *, raw_vital: Mapping[str, Any], vital: Vital,
    exceptions: list[Any],
) -> Complaint:  # fmt: skip
    fields = read.mapping(raw, "a complaint")
    code = read.text(read.get(fields, "code", "a complaint"), "a complaint: code")
    where = f"complaint {code}"
    read.only(fields, ("code", "slug", "name", "patient", "arrest", "questions", "rules"), where)
    own = [
        read.known(parts.questions, key, f"{where}: question")
        for key in read.sequence(fields.get("questions", []), where)
    ]
    patient = fields.get("patient", True)
    if not isinstance(patient, bool | dict):
        raise ProtocolInvalidError(f"{where}: patient", "true, false or answers are expected")
    asked = {one.id: one for one in own}
    patient_if: Mapping[str, frozenset[str]] | None = {}
    if isinstance(patient, dict):
        patient_if = _conditions(patient, asked, f"{where}: patient")
    elif not patient:
        patient_if = None
    vitals = [parts.questions[key] for key in vital.questions if key not in asked]
    # Who may have no patient is asked that first.
    first = [one for one in own if patient_if and one.id in patient_if]
    questions = (*first, *vitals, *(one for one in own if one not in first))
    if len({one.id for one in questions}) != len(questions):
        raise ProtocolInvalidError(where, "a question comes twice")
    _check_order(questions, where)
    by_id = {one.id: one for one in questions}
    slug = read.text(read.get(fields, "slug", where), where)
    own_rules = tuple(
        _rule(rule, slug=slug, where=where, questions=by_id, parts=parts)
        for rule in read.sequence(read.get(fields, "rules", where), where)
    )
    if not own_rules or own_rules[-1].when:
        raise ProtocolInvalidError(where, "the last rule must stand without `when`")
    if any(not rule.when for rule in own_rules[:-1]):
        raise ProtocolInvalidError(where, "a rule without `when` hides those after it")
    if any(rule.cardiac_arrest for rule in own_rules):
        raise ProtocolInvalidError(where, "an arrest follows from `vital` alone; choose a plan")
    before = [
        _exception_rule(one, vital, slug=slug, where=where, questions=by_id, parts=parts)
        for one in exceptions if one["complaint"] == code
    ]  # fmt: skip
    before.append(_arrest_rule(fields, raw_vital, vital, by_id, parts, where=where, slug=slug))
    spoken_of = {key for rule in own_rules for key in rule.when}
    added = (
        _rule(rule, slug=slug, where="vital: unless_own", questions=by_id, parts=parts)
        for rule in read.sequence(raw_vital.get("unless_own", []), "vital: unless_own")
    )
    rules = list(own_rules)
    for rule in added:
        if rule.cardiac_arrest:
            raise ProtocolInvalidError("vital: unless_own", "only `arrest` has an arrest's plan")
        if not spoken_of & set(rule.when) and _urgency(rule) <= _urgency(rules[-1]):
            rules.insert(_place_for(rule, rules, first=vital.awake[0] in rule.when), rule)
    determinants = [rule.determinant for rule in (*before, *rules)]
    if len(set(determinants)) != len(determinants):
        raise ProtocolInvalidError(where, "two rules have the same `then`")
    return Complaint(
        code=code,
        slug=slug,
        name=read.words(read.get(fields, "name", where), where),
        questions=questions,
        rules=(*before, *rules),
        patient_if=patient_if,
        vital=frozenset(vital.questions),
    )


def _place_for(added: Rule, rules: list[Rule], *, first: bool) -> int:
    """Return where a rule of `unless_own` stands: it hides none that asks for more than it."""

    own = _urgency(added)
    lesser = (
        index for index, rule in enumerate(rules)
        if not rule.when or _urgency(rule) > own or (first and _urgency(rule) == own)
    )  # fmt: skip
    return next(lesser)


def _urgency(rule: Rule) -> tuple[int, int]:
    return CATEGORIES.index(rule.category), -sum(need.count for need in rule.plan.units)


def _arrest_rule(
    fields: Mapping[str, Any], raw_vital: Mapping[str, Any], vital: Vital,
    questions: Mapping[str, Question], parts: _Parts, *, where: str, slug: str,
) -> Rule:  # fmt: skip
    """Return the rule that stands before all others: not awake, and breathing is not normal."""
    raw = dict(read.mapping(read.get(raw_vital, "arrest", "vital"), "vital: arrest"))
    own = read.mapping(fields.get("arrest", {}), f"{where}: arrest")
    read.only(own, ("first", "hospital", "breaths"), f"{where}: arrest")
    tell = list(read.sequence(read.get(raw, "tell", "vital: arrest"), "vital: arrest"))
    if "breaths" in own:
        young = [key for key in tell if isinstance(key, str) and "breaths" in key]
        tell = [own["breaths"] if key in young else key for key in tell]
        if own["breaths"] not in tell:
            raise ProtocolInvalidError(f"{where}: arrest", "`vital.arrest` tells of no breaths")
    raw["tell"] = [*read.sequence(own.get("first", []), f"{where}: arrest"), *tell]
    raw["hospital"] = own.get("hospital", raw.get("hospital", []))
    raw["when"] = {
        key: [name for name in questions[key].options if name != answer]
        for key, answer in (vital.awake, vital.normal)
    }
    rule = _rule(raw, slug=slug, where="vital: arrest", questions=questions, parts=parts)
    if not rule.cardiac_arrest or rule.category != CATEGORIES[0]:
        raise ProtocolInvalidError("vital: arrest", "its plan must be C1 with `cardiac_arrest`")
    return rule


def _exception_rule(
    raw: Mapping[str, Any], vital: Vital, *, slug: str, where: str,
    questions: Mapping[str, Question], parts: _Parts,
) -> Rule:  # fmt: skip
    not_awake = [name for name in questions[vital.awake[0]].options if name != vital.awake[1]]
    rule = _rule(
        {
            "when": {vital.awake[0]: not_awake, vital.normal[0]: raw["breathing"]},
            **{name: raw[name] for name in ("then", "plan", "tell") if name in raw},
        },
        slug=slug, where=f"{where}: exception", questions=questions, parts=parts,
    )  # fmt: skip
    if rule.cardiac_arrest or rule.category not in CATEGORIES[:2]:
        raise ProtocolInvalidError(f"{where}: exception", "its plan must be C1 or C2, no arrest")
    return rule


def _check_order(questions: Collection[Question], where: str) -> None:
    """Refuse a question that waits for one that is never asked before it: a dead end or a loop."""
    before: set[str] = set()
    by_id = {one.id: one for one in questions}
    for question in questions:
        for key, options in question.only_if.items():
            if key not in by_id or not options <= by_id[key].options.keys():
                raise ProtocolInvalidError(
                    where,
                    f"“{question.id}” waits for “{key}”, which is never answered so: a dead end",
                )
            if key not in before:
                raise ProtocolInvalidError(
                    where, f"“{question.id}” waits for “{key}”, which comes after it: a loop"
                )
        before.add(question.id)


def _rule(
    raw: Any, *, slug: str, where: str, questions: Mapping[str, Question], parts: _Parts
) -> Rule:
    rule = read.mapping(raw, where)
    read.only(rule, ("when", "then", "plan", "hospital", "tell"), where)
    plan = read.known(parts.plans, read.get(rule, "plan", where), f"{where}: plan")
    return Rule(
        when=_conditions(rule.get("when", {}), questions, where),
        determinant=f"{slug}.{read.text(read.get(rule, 'then', where), where)}",
        plan=plan,
        hospital_capabilities=tuple(
            read.one_of(HOSPITAL_CAPABILITIES, one, f"{where}: hospital")
            for one in read.sequence(rule.get("hospital", []), where)
        ),
        tell=tuple(
            read.one_of(parts.tellable, key, f"{where}: instruction")
            for key in read.sequence(rule.get("tell", []), where)
        ),
    )


def _conditions(
    raw: Any, questions: Mapping[str, Question], where: str
) -> Mapping[str, frozenset[str]]:
    return {
        key: _options(read.known(questions, key, f"{where}: `when` names"), value, where)
        for key, value in read.mapping(raw, where).items()
    }


def _options(question: Question, raw: Any, where: str) -> frozenset[str]:
    if isinstance(raw, str) and raw in question.groups:
        return question.groups[raw]
    values = [raw] if not isinstance(raw, list) else raw
    found = frozenset(
        read.one_of(question.options, value, f"{where}: answer to {question.id}")
        for value in values
    )
    if not found:
        raise ProtocolInvalidError(where, f"no answer to {question.id} is named: a dead end")
    return found


def _plan(name: str, raw: Any) -> Plan:
    where = f"plan {name}"
    plan = read.mapping(raw, where)
    read.only(plan, ("category", "mode", "units", "capabilities", "cardiac_arrest"), where)
    arrest = plan.get("cardiac_arrest", False)
    if not isinstance(arrest, bool):
        raise ProtocolInvalidError(f"{where}: cardiac_arrest", "true or false is expected")
    units = tuple(
        _unit_need(need, where) for need in read.sequence(read.get(plan, "units", where), where)
    )
    if not units:
        raise ProtocolInvalidError(where, "a plan needs at least one unit")
    return Plan(
        category=read.one_of(CATEGORIES, read.get(plan, "category", where), where),
        mode=read.one_of(MODES, read.get(plan, "mode", where), where),
        units=units,
        capabilities=tuple(
            read.one_of(UNIT_CAPABILITIES, one, f"{where}: capability")
            for one in read.sequence(plan.get("capabilities", []), where)
        ),
        cardiac_arrest=arrest,
    )


def _unit_need(raw: Any, where: str) -> UnitNeed:
    fields = read.mapping(raw, where)
    read.only(fields, ("level", "count"), where)
    level = read.one_of(LEVEL_RANK, read.get(fields, "level", where), f"{where}: level")
    count = read.get(fields, "count", where)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 100:
        raise ProtocolInvalidError(where, "a unit count must be 1 or more, at most 100")
    return UnitNeed(level, count)


def _question(key: Any, raw: Any) -> Question:
    where = f"question {key}"
    fields = read.mapping(raw, where)
    read.only(fields, ("text", "options", "unknown_is", "only_if", "groups", "ages"), where)
    given = read.mapping(read.get(fields, "options", where), where)
    for name in given:
        if not isinstance(name, str):
            raise ProtocolInvalidError(
                where, f"option {name} must be quoted (YAML reads yes and no as true and false)"
            )
    options = {name: read.words(text, f"{where}: option {name}") for name, text in given.items()}
    if len(options) < 2:
        raise ProtocolInvalidError(where, "a question needs at least two options")
    if UNKNOWN in options:
        raise ProtocolInvalidError(where, f"“{UNKNOWN}” is an answer to every question already")
    unknown_is = fields.get("unknown_is")
    return Question(
        id=read.text(key, where),
        text=read.words(read.get(fields, "text", where), where),
        options=options,
        unknown_is=None if unknown_is is None else read.one_of(options, unknown_is, where),
        only_if={
            read.text(name, where): frozenset(
                read.text(one, where) for one in (value if isinstance(value, list) else [value])
            )
            for name, value in read.mapping(fields.get("only_if", {}), where).items()
        },
        groups={
            read.text(name, where): frozenset(
                read.one_of(options, one, f"{where}: group {name}")
                for one in read.sequence(value, where)
            )
            for name, value in read.mapping(fields.get("groups", {}), where).items()
        },
        ages=_ages(fields.get("ages", {}), options, where),
    )


def _ages(raw: Any, options: Collection[str], where: str) -> Mapping[str, tuple[int, int]]:
    ages: dict[str, tuple[int, int]] = {}
    for name, span in read.mapping(raw, where).items():
        values = list(read.sequence(span, f"{where}: ages"))
        if len(values) != 2 or not all(type(one) is int for one in values):
            raise ProtocolInvalidError(f"{where}: ages", "two whole numbers are expected")
        low, high = values
        if low < 0:
            raise ProtocolInvalidError(f"{where}: ages", f"{low} is a negative age")
        if high <= low:
            raise ProtocolInvalidError(f"{where}: ages", f"nobody is {low} to below {high}")
        ages[read.one_of(options, name, f"{where}: ages")] = (low, high)
    spans = sorted(ages.values())
    for (_, high), (low, _) in pairwise(spans):
        if high != low:
            raise ProtocolInvalidError(
                f"{where}: ages", f"ages {min(high, low)} to {max(high, low)} are in two or none"
            )
    return ages


def _instruction(key: Any, raw: Any) -> Instruction:
    where = f"instruction {key}"
    fields = read.mapping(raw, where)
    read.only(fields, ("does", *LANGUAGES), where)
    return Instruction(
        read.text(key, where),
        read.words(fields, where),
        frozenset(
            read.one_of(ACTS, act, f"{where}: does")
            for act in read.sequence(fields.get("does", []), where)
        ),
    )


def _variant(key: Any, raw: Any, instructions: Mapping[str, Instruction]) -> Variant:
    where = f"variant {key}"
    fields = read.mapping(raw, where)
    read.only(fields, ("meanwhile", *BRANCHES), where)
    meanwhile = read.one_of(("tell", "ask"), read.get(fields, "meanwhile", where), where)
    own = instructions.get(key)
    by_branch: dict[str, Instruction | None] = {}
    for branch in BRANCHES:
        said = fields.get(branch, key if own else None)
        if said is None:
            raise ProtocolInvalidError(where, f"nothing is said for {branch}; write `none` if so")
        by_branch[branch] = None if said == "none" else read.known(instructions, said, where)
    return Variant(by_branch, waits=meanwhile == "ask")


def _foreign(
    raw: Any, plans: Mapping[str, Plan], complaints: Mapping[str, Complaint]
) -> ForeignRow:
    fields = read.mapping(raw, "foreign")
    read.only(fields, ("system", "determinant", "complaint", "plan"), "foreign")
    return ForeignRow(
        system=read.text(read.get(fields, "system", "foreign"), "foreign: system"),
        determinant=read.text(read.get(fields, "determinant", "foreign"), "foreign: determinant"),
        complaint=read.known(
            complaints, read.get(fields, "complaint", "foreign"), "foreign: complaint"
        ).code,
        plan=read.known(plans, read.get(fields, "plan", "foreign"), "foreign: plan"),
    )
