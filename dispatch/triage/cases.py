"""Cases that a protocol must pass: what was answered, and what has to come of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dispatch.triage.coding import Coding, code
from dispatch.triage.errors import ProtocolAnswerError, ProtocolCaseInvalidError
from dispatch.triage.model import Protocol

CASES_FILE = Path(__file__).with_name("cases.yaml")

_EXPECTED = (
    "determinant", "category", "cardiac_arrest", "told", "not_told", "to_ask", "assumed",
    "refused",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One case: complaint and answers, and what is expected by name."""

    name: str
    complaint: str
    answers: Mapping[str, str]
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: what differs, empty if nothing does."""

    name: str
    differs: tuple[str, ...]


def read_cases(path: Path = CASES_FILE) -> tuple[Case, ...]:
    """Read cases from a YAML file.

    Raises
    ------
    ProtocolCaseInvalidError
        The file is no list of cases.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise ProtocolCaseInvalidError(path.name, "it is no YAML that can be read") from error
    if not isinstance(raw, list) or not raw:
        raise ProtocolCaseInvalidError(path.name, "a list of cases is expected")
    return tuple(_case(one, index) for index, one in enumerate(raw, 1))


def run_cases(protocol: Protocol, cases: tuple[Case, ...]) -> tuple[Outcome, ...]:
    """Walk the protocol by each case."""
    return tuple(Outcome(case.name, tuple(_differs(protocol, case))) for case in cases)


def _case(raw: Any, index: int) -> Case:
    where = f"case {index}"
    if not isinstance(raw, dict):
        raise ProtocolCaseInvalidError(where, "a mapping is expected")
    answers, expect = raw.get("answers", {}), raw.get("expect")
    if not isinstance(expect, dict) or not expect:
        raise ProtocolCaseInvalidError(where, "`expect` says what has to come of it")
    if unknown := sorted(str(key) for key in expect if key not in _EXPECTED):
        raise ProtocolCaseInvalidError(where, f"“{unknown[0]}” is none of {', '.join(_EXPECTED)}")
    if not isinstance(answers, dict) or not all(
        isinstance(text, str) for pair in answers.items() for text in pair
    ):
        raise ProtocolCaseInvalidError(where, "answers are texts in quotes, by question")
    if not isinstance(raw.get("complaint"), str):
        raise ProtocolCaseInvalidError(where, "`complaint` is a code in quotes")
    return Case(str(raw.get("name", where)), raw["complaint"], answers, expect)


def _differs(protocol: Protocol, case: Case) -> list[str]:
    try:
        coding = code(protocol, case.complaint, answers=case.answers)
    except ProtocolAnswerError as error:
        return [] if case.expect.get("refused") is True else [str(error)]
    found = _found(protocol, coding)
    differs = []
    for key, wanted in case.expect.items():
        if key in {"told", "not_told"}:
            told = set(found["told"])
            lines = wanted if isinstance(wanted, list) else [wanted]
            differs += [f"{key}: {line}" for line in lines if (line in told) != (key == "told")]
        elif found[key] != wanted:
            differs.append(f"{key}: {found[key]} instead of {wanted}")
    return differs


def _found(protocol: Protocol, coding: Coding) -> dict[str, Any]:
    keys = {instruction.words: key for key, instruction in protocol.instructions.items()}
    return {
        "determinant": coding.determinant,
        "category": coding.category,
        "cardiac_arrest": coding.cardiac_arrest,
        "told": [keys[words] for words in coding.instructions],
        "to_ask": [question.id for question in coding.to_ask],
        "assumed": sorted(coding.assumed),
        "refused": False,
    }
