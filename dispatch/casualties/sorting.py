"""Which colour a patient gets: the published steps of START and of SALT, in words of our own.

START: Benson M, Koenig KL, Schultz CH. Disaster triage: START, then SAVE. Prehosp Disaster Med
1996;11:117-124. SALT: Lerner EB et al. Mass casualty triage: an evaluation of the data and
development of a proposed national guideline. Disaster Med Public Health Prep 2008;2(S1):S25-S34.

Pure functions. A finding that was not made is None: sorting then names the finding that decides,
and gives no colour. Nothing is assumed in either direction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gis.words import Words

START_RAPID_PER_MIN = 30
"""Breathing faster than this is red."""
START_REFILL_S = 2.0
"""A capillary refill slower than this is red."""


class Colour(StrEnum):
    """How urgently a patient of many is treated and taken away."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    GREY = "grey"
    BLACK = "black"


ESCENE_08: Mapping[Colour, str] = {
    Colour.RED: "2708001", Colour.YELLOW: "2708003", Colour.GREEN: "2708005",
    Colour.GREY: "2708007", Colour.BLACK: "2708009",
}  # fmt: skip
"""NEMSIS v3.5.1 eScene.08, triage classification of a patient of a mass casualty incident."""

COLOUR_WORDS: Mapping[Colour, Words] = {
    Colour.RED: Words(en="red: at once", zh="红：立即"),
    Colour.YELLOW: Words(en="yellow: can wait", zh="黄：可延迟"),
    Colour.GREEN: Words(en="green: minor", zh="绿：轻伤"),
    Colour.GREY: Words(en="grey: expectant", zh="灰：期待治疗"),
    Colour.BLACK: Words(en="black: dead", zh="黑：死亡"),
}
URGENCY: Mapping[Colour, int] = {colour: rank for rank, colour in enumerate(Colour)}
"""Who goes first, from 0."""


class Finding(StrEnum):
    """What somebody at the patient looks for."""

    WALKS = "walks"
    BREATHES = "breathes"
    BREATHES_AFTER_OPENING = "breathes_after_opening"
    RATE = "breaths_per_min"
    PULSE = "radial_pulse_or_refill"
    OBEYS = "obeys"
    NO_DISTRESS = "no_respiratory_distress"
    BLEEDING_CONTROLLED = "bleeding_controlled"
    MINOR = "minor_injuries_only"
    LIKELY_TO_SURVIVE = "likely_to_survive"


@dataclass(frozen=True, slots=True)
class Sorted:
    """A colour with the finding that decided, or the finding that is missing and no colour."""

    colour: Colour | None
    by: Finding


@dataclass(frozen=True, slots=True)
class StartFindings:
    """What START looks for; None: not looked for.

    Breathing after the airway was opened counts only where there was none before. Either the pulse
    at the wrist or the capillary refill tells the circulation; the worse of both decides.
    """

    walks: bool | None = None
    breathes: bool | None = None
    breathes_after_opening: bool | None = None
    breaths_per_min: int | None = None
    radial_pulse: bool | None = None
    refill_s: float | None = None
    obeys: bool | None = None


@dataclass(frozen=True, slots=True)
class SaltFindings:
    """What SALT's individual assessment looks for; None: not looked for.

    For a child without breath, `breathes` is meant after the airway was opened and two breaths
    were given; for an adult after the airway was opened.
    """

    breathes: bool | None = None
    obeys_or_moves_with_purpose: bool | None = None
    peripheral_pulse: bool | None = None
    no_respiratory_distress: bool | None = None
    bleeding_controlled: bool | None = None
    minor_injuries_only: bool | None = None
    likely_to_survive: bool | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """One step: what is looked for, whether that is known, and the colour it decides, if any."""

    finding: Finding
    known: bool
    colour: Colour | None = None


def start(found: StartFindings) -> Sorted:
    """Sort a patient by START: walking, breathing, circulation, obeying, in this order."""
    after, rate, refill_s = found.breathes_after_opening, found.breaths_per_min, found.refill_s
    poor = found.radial_pulse is False or (refill_s is not None and refill_s > START_REFILL_S)
    opened = _of(after, yes=Colour.RED, no=Colour.BLACK)
    return _first(
        _Step(Finding.WALKS, found.walks is not None, Colour.GREEN if found.walks else None),
        _Step(Finding.BREATHES, found.breathes is not None),
        _Step(
            Finding.BREATHES_AFTER_OPENING, found.breathes is True or after is not None,
            None if found.breathes else opened,
        ),
        _Step(
            Finding.RATE, rate is not None,
            Colour.RED if rate is not None and rate > START_RAPID_PER_MIN else None,
        ),
        _Step(
            Finding.PULSE, found.radial_pulse is not None or refill_s is not None,
            Colour.RED if poor else None,
        ),
        _Step(
            Finding.OBEYS, found.obeys is not None,
            _of(found.obeys, yes=Colour.YELLOW, no=Colour.RED),
        ),
    )  # fmt: skip


def salt(found: SaltFindings) -> Sorted:
    """Sort a patient by SALT's individual assessment.

    Who does not breathe is dead. Any of the four questions answered no is red if the patient is
    likely to survive with what there is, else grey; all yes is green for minor injuries only, else
    yellow.
    """
    four = (
        (Finding.OBEYS, found.obeys_or_moves_with_purpose),
        (Finding.PULSE, found.peripheral_pulse),
        (Finding.NO_DISTRESS, found.no_respiratory_distress),
        (Finding.BLEEDING_CONTROLLED, found.bleeding_controlled),
    )
    failed = any(answer is False for _, answer in four)
    likely = found.likely_to_survive
    return _first(
        _Step(
            Finding.BREATHES, found.breathes is not None,
            Colour.BLACK if found.breathes is False else None,
        ),
        _Step(
            Finding.LIKELY_TO_SURVIVE, not failed or likely is not None,
            _of(likely, yes=Colour.RED, no=Colour.GREY) if failed else None,
        ),
        *(_Step(finding, answer is not None) for finding, answer in four),
        _Step(
            Finding.MINOR, found.minor_injuries_only is not None,
            _of(found.minor_injuries_only, yes=Colour.GREEN, no=Colour.YELLOW),
        ),
    )  # fmt: skip


def _of(answer: bool | None, *, yes: Colour, no: Colour) -> Colour | None:
    return None if answer is None else yes if answer else no


def _first(*steps: _Step) -> Sorted:
    """Return the first step that decides a colour, or whose finding is missing."""
    step = next(one for one in steps if one.colour is not None or not one.known)
    return Sorted(step.colour, step.finding)
