"""The protocol as the console needs it: complaints, questions, options."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.triage.model import (
    UNKNOWN,
    UNKNOWN_WORDS,
    Protocol,
    Question,
)
from gis.words import Words

ARREST_COMPLAINT = "2301019"
"""NEMSIS eDispatch.01: Cardiac Arrest/Death."""


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer to a question."""

    id: str
    text: Words


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question; its last option is that nobody knows. `only_if`: asked after these answers."""

    id: str
    text: Words
    options: tuple[OptionView, ...]
    only_if: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """One chief complaint by its NEMSIS eDispatch.01 code.

    patient_if: answers after which there is a patient to ask about; None = there is none.
    """

    code: str
    name: Words
    questions: tuple[QuestionView, ...]
    patient_if: Mapping[str, tuple[str, ...]] | None


@dataclass(frozen=True, slots=True)
class VitalView:
    """What is asked before the complaint, and which answers are none of an arrest."""

    questions: tuple[QuestionView, ...]
    awake: str
    awake_option: str
    breathing: str
    normal_option: str
    metronome_per_min: int
    arrest_complaint: str


@dataclass(frozen=True, slots=True)
class ProtocolView:
    """The protocol with its notice."""

    version: str
    medically_approved: bool
    notice: Words
    vital: VitalView
    complaints: tuple[ComplaintView, ...]


def protocol_view(protocol: Protocol) -> ProtocolView:
    """Return what the console shows of a protocol."""
    return ProtocolView(
        version=protocol.version,
        medically_approved=protocol.medically_approved,
        notice=protocol.notice,
        vital=VitalView(
            questions=tuple(_question(protocol.questions[key]) for key in protocol.vital.questions),
            awake=protocol.vital.awake[0],
            awake_option=protocol.vital.awake[1],
            breathing=protocol.vital.normal[0],
            normal_option=protocol.vital.normal[1],
            metronome_per_min=protocol.vital.metronome_per_min,
            arrest_complaint=ARREST_COMPLAINT,
        ),
        complaints=tuple(
            ComplaintView(
                one.code,
                one.name,
                tuple(map(_question, one.questions)),
                None if one.patient_if is None else _options(one.patient_if),
            )
            for one in protocol.complaints.values()
        ),
    )


def _question(question: Question) -> QuestionView:
    options = dict(question.options)
    if question.unknown_is is None:
        options[UNKNOWN] = UNKNOWN_WORDS
    return QuestionView(
        question.id, question.text, tuple(OptionView(key, text) for key, text in options.items()),
        _options(question.only_if),
    )  # fmt: skip


def _options(conditions: Mapping[str, frozenset[str]]) -> Mapping[str, tuple[str, ...]]:
    return {key: tuple(sorted(options)) for key, options in conditions.items()}
