"""Dangers of a scene and what follows from them. No I/O.

*Danger known?* has three answers. Unknown is the first one, and is never read as none.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.scene_safety.errors import DangerAnswerError, StagingError
from gis.words import Words


class Danger(StrEnum):
    """What endangers whoever comes. A fixed list: words of one's own could name a person."""

    VIOLENCE = "violence"
    WEAPON = "weapon"
    SELF_HARM = "self_harm"
    HAZARDOUS_MATERIAL = "hazardous_material"
    ELECTRICITY = "electricity"
    WATER = "water"
    FIRE = "fire"
    TRAFFIC = "traffic"
    COLLAPSE = "collapse"
    INFECTION = "infection"
    ANIMAL = "animal"
    CHILD_PROTECTION = "child_protection"
    OTHER = "other"


DANGER_WORDS: Mapping[Danger, Words] = {
    Danger.VIOLENCE: Words(en="violence", zh="暴力"),
    Danger.WEAPON: Words(en="weapon", zh="武器"),
    Danger.SELF_HARM: Words(en="self-harm", zh="自伤"),
    Danger.HAZARDOUS_MATERIAL: Words(en="hazardous material", zh="危险品"),
    Danger.ELECTRICITY: Words(en="electricity", zh="触电危险"),
    Danger.WATER: Words(en="water", zh="水域"),
    Danger.FIRE: Words(en="fire", zh="火灾"),
    Danger.TRAFFIC: Words(en="traffic", zh="车流"),
    Danger.COLLAPSE: Words(en="collapse", zh="坍塌"),
    Danger.INFECTION: Words(en="infection", zh="传染"),
    Danger.ANIMAL: Words(en="animal", zh="动物"),
    Danger.CHILD_PROTECTION: Words(en="child protection", zh="儿童保护"),
    Danger.OTHER: Words(en="another danger", zh="其他危险"),
}


class DangerAnswer(StrEnum):
    """How *danger known?* stands."""

    UNKNOWN = "unknown"
    NONE = "none"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class DangerState:
    """Whether a danger is known at an incident, and which; kinds only where one is known."""

    answer: DangerAnswer
    kinds: tuple[Danger, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Return whether somebody asked and no danger is known: unknown is not clear."""
        return self.answer is DangerAnswer.NONE


def checked(answer: DangerAnswer, kinds: Collection[Danger]) -> DangerState:
    """Return an answer with its kinds in the order of the list, each once.

    Raises
    ------
    DangerAnswerError
        A danger that is known without a kind, or kinds of one that is not.
    """
    if (answer is DangerAnswer.KNOWN) != bool(kinds):
        raise DangerAnswerError
    return DangerState(answer, tuple(kind for kind in Danger if kind in kinds))


def combined(answered: DangerState, of_place: Collection[Danger]) -> DangerState:
    """Return how an incident stands: what was answered, and the hazards known of its place.

    A hazard of the place is a known danger whatever a caller answered.
    """
    if not of_place:
        return answered
    kinds = {*answered.kinds, *of_place}
    return DangerState(DangerAnswer.KNOWN, tuple(kind for kind in Danger if kind in kinds))


class Staging(StrEnum):
    """Whether crews wait at a distance until somebody releases the scene."""

    NOT_ASKED = "not_asked"
    WAIT = "wait"
    RELEASED = "released"


class StagingStep(StrEnum):
    """What a desk may order."""

    STAGE = "stage"
    RELEASE = "release"


STAGING_STEPS: Mapping[tuple[Staging, StagingStep], Staging] = {
    (Staging.NOT_ASKED, StagingStep.STAGE): Staging.WAIT,
    (Staging.WAIT, StagingStep.RELEASE): Staging.RELEASED,
    (Staging.RELEASED, StagingStep.STAGE): Staging.WAIT,
}
"""Each state table of this package stands in `docs/dispatch/scene_safety.md` as a diagram."""


def next_staging(now: Staging, step: StagingStep) -> Staging:
    """Return the state after a step; one that changes nothing stays (a repeat is no error).

    Raises
    ------
    StagingError
        A scene is released that nobody was told to wait for.
    """
    after = STAGING_STEPS.get((now, step))
    if after is not None:
        return after
    if (now, step) == (Staging.NOT_ASKED, StagingStep.RELEASE):
        raise StagingError
    return now


def staging_of(staged_at: datetime | None, released_at: datetime | None) -> Staging:
    """Return the state from its two times; the later one holds."""
    if staged_at is None:
        return Staging.NOT_ASKED
    released = released_at is not None and released_at >= staged_at
    return Staging.RELEASED if released else Staging.WAIT


class Order(StrEnum):
    """What each crew of an incident has to confirm that it heard."""

    STAGE = "stage"
    RELEASE = "release"
    DANGER = "danger"


def orders_at(
    *,
    staged_at: datetime | None,
    released_at: datetime | None,
    danger_at: datetime | None,
    danger: DangerState,
) -> Sequence[tuple[Order, datetime]]:
    """Return the orders that hold now, each with since when: a newer one is to be heard anew."""
    found: list[tuple[Order, datetime]] = []
    staging = staging_of(staged_at, released_at)
    if staging is Staging.WAIT and staged_at is not None:
        found.append((Order.STAGE, staged_at))
    if staging is Staging.RELEASED and released_at is not None:
        found.append((Order.RELEASE, released_at))
    if danger.answer is DangerAnswer.KNOWN and danger_at is not None:
        found.append((Order.DANGER, danger_at))
    return found


class Agency(StrEnum):
    """Who else is told of a scene."""

    POLICE = "police"
    FIRE = "fire"
    ELECTRICITY = "electricity"
    GAS = "gas"
    WATER_RESCUE = "water_rescue"
    PUBLIC_HEALTH = "public_health"
    OTHER = "other"
