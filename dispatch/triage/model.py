"""A triage protocol as plain data: questions, plans, instructions, complaints with their rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.triage.rules import Rules
from gis.words import Words

UNKNOWN = "unknown"
"""The answer every question takes; the same as no answer, but where `unknown_is` says else."""

UNKNOWN_WORDS = Words(en="Not known", zh="不清楚")


MODES = ("lights", "normal")
BRANCHES = ("infant", "child", "adult", "pregnant")

ACTS = frozenset({
    "lie_flat", "compress", "breathe", "fetch_aed", "on_side", "sit", "rest", "hold_still",
    "back_blows", "belly_thrusts", "chest_thrusts", "press_wound", "cool", "warm", "drink",
    "nothing_by_mouth",
})  # fmt: skip
"""What an instruction may make a caller do."""

CONTRADICTIONS = tuple(
    frozenset(pair)
    for pair in (
        ("lie_flat", "on_side"), ("lie_flat", "sit"), ("on_side", "sit"), ("compress", "on_side"),
        ("compress", "sit"), ("compress", "rest"), ("compress", "hold_still"),
        ("compress", "back_blows"), ("compress", "drink"), ("breathe", "on_side"),
        ("hold_still", "on_side"), ("hold_still", "sit"), ("cool", "warm"),
        ("drink", "nothing_by_mouth"), ("drink", "on_side"), ("belly_thrusts", "chest_thrusts"),
        ("back_blows", "rest"), ("fetch_aed", "rest"),
    )
)  # fmt: skip
"""Acts that no caller can do of one patient at once."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its options by id, in the order they are shown.

    unknown_is : the option that “not known” means; None = it stays open
    only_if : earlier questions and the answers to them after which this one is asked
    ages : options by age in years, `[from, below)`
    """

    id: str
    text: Words
    options: Mapping[str, Words]
    unknown_is: str | None
    only_if: Mapping[str, frozenset[str]]
    groups: Mapping[str, frozenset[str]]
    ages: Mapping[str, tuple[int, int]]

    def by_age(self, age_years: int) -> str | None:
        """Return the option of an age, if the question goes by age."""
        return next(
            (key for key, (low, high) in self.ages.items() if low <= age_years < high), None
        )


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """So many units of at least this level."""

    level: str
    count: int


@dataclass(frozen=True, slots=True)
class Instruction:
    """What is read out, and what it makes the caller do."""

    key: str
    words: Words
    does: frozenset[str]


@dataclass(frozen=True, slots=True)
class Variant:
    """An instruction by branch; a branch that is not named has the instruction itself.

    by_branch : None = nothing is told. waits : not told before the branch is known.
    """

    by_branch: Mapping[str, Instruction | None]
    waits: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rule asks for."""

    category: str
    mode: str
    units: tuple[UnitNeed, ...]
    capabilities: tuple[str, ...]
    cardiac_arrest: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """Answers that lead to a determinant, and what it asks for; `tell` are keys."""

    when: Mapping[str, frozenset[str]]
    determinant: str
    plan: Plan
    hospital_capabilities: tuple[str, ...]
    tell: tuple[str, ...]

    @property
    def category(self) -> str:
        """Return the category, C1 (most urgent) to C4."""
        return self.plan.category

    @property
    def cardiac_arrest(self) -> bool:
        """Return whether the rule is that of an arrest."""
        return self.plan.cardiac_arrest


@dataclass(frozen=True, slots=True)
class Complaint:
    """One chief complaint: NEMSIS eDispatch.01 code, questions, rules in order.

    patient_if : answers after which there is a patient to ask about; None = nobody is asked about
    """

    code: str
    slug: str
    name: Words
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    patient_if: Mapping[str, frozenset[str]] | None
    vital: frozenset[str]
    """Ids of the questions that are asked of every patient."""


@dataclass(frozen=True, slots=True)
class ArrestException:
    """Where “not awake” and this breathing is no arrest: who signed it, when, and why."""

    complaint: str
    breathing: str
    reason: Words
    signed_by: str
    signed_on: str


@dataclass(frozen=True, slots=True)
class Vital:
    """What is asked before the complaint.

    questions : ids, in order. awake, normal : question and the answer that is none of an arrest.
    branch_question, branch_of : whose answer tells the branch. metronome_per_min : pushes.
    """

    questions: tuple[str, ...]
    awake: tuple[str, str]
    normal: tuple[str, str]
    branch_question: str
    branch_of: Mapping[str, str]
    metronome_per_min: int
    exceptions: tuple[ArrestException, ...]


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """What another system's determinant comes to here."""

    system: str
    determinant: str
    complaint: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Protocol:
    """The whole protocol, complaints by code; `rules`: what is signed besides triage."""

    version: str
    medically_approved: bool
    notice: Words
    complaints: Mapping[str, Complaint]
    questions: Mapping[str, Question]
    plans: Mapping[str, Plan]
    instructions: Mapping[str, Instruction]
    variants: Mapping[str, Variant]
    vital: Vital
    foreign: tuple[ForeignRow, ...]
    rules: Rules
    sections: Mapping[str, str]
    """SHA-256 by what a signature names: each language, triage, matrix, timers and so on."""
    sha256: str
