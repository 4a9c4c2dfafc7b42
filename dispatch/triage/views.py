"""The protocol as the console needs it: complaints, questions, options."""

from dataclasses import dataclass

from dispatch.triage.protocol import UNKNOWN, UNKNOWN_WORDS, Protocol, Question
from gis.words import Words


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer to a question."""

    id: str
    text: Words


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question; its last option is that nobody knows."""

    id: str
    text: Words
    options: tuple[OptionView, ...]


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """One chief complaint by its NEMSIS eDispatch.01 code."""

    code: str
    name: Words
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True, slots=True)
class ProtocolView:
    """The protocol with its notice."""

    version: str
    medically_approved: bool
    notice: Words
    complaints: tuple[ComplaintView, ...]


def protocol_view(protocol: Protocol) -> ProtocolView:
    """Return what the console shows of a protocol."""
    return ProtocolView(
        version=protocol.version,
        medically_approved=protocol.medically_approved,
        notice=protocol.notice,
        complaints=tuple(
            ComplaintView(one.code, one.name, tuple(map(_question, one.questions)))
            for one in protocol.complaints.values()
        ),
    )


def _question(question: Question) -> QuestionView:
    options = {**question.options, UNKNOWN: UNKNOWN_WORDS}
    return QuestionView(
        question.id, question.text, tuple(OptionView(key, text) for key, text in options.items())
    )
