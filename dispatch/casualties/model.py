"""The course of a casualty and of a mass casualty incident: tables and pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatch.casualties.errors import AidStepError, CasualtyStepError
from dispatch.casualties.sorting import URGENCY, Colour
from gis.words import Words


class CasualtyState(StrEnum):
    """Where a casualty is on the way from the scene to a hospital."""

    FOUND = "found"
    PROMISED = "promised"
    LEFT = "left"
    ARRIVED = "arrived"
    RELEASED = "released"


class CasualtyStep(StrEnum):
    """What may happen to a casualty."""

    PROMISE = "promise"
    UNPROMISE = "unpromise"
    LEAVE = "leave"
    ARRIVE = "arrive"
    RELEASE = "release"


CASUALTY_STEPS: Mapping[tuple[CasualtyState, CasualtyStep], CasualtyState] = {
    (CasualtyState.FOUND, CasualtyStep.PROMISE): CasualtyState.PROMISED,
    (CasualtyState.PROMISED, CasualtyStep.PROMISE): CasualtyState.PROMISED,
    (CasualtyState.PROMISED, CasualtyStep.UNPROMISE): CasualtyState.FOUND,
    (CasualtyState.PROMISED, CasualtyStep.LEAVE): CasualtyState.LEFT,
    (CasualtyState.LEFT, CasualtyStep.PROMISE): CasualtyState.LEFT,
    (CasualtyState.LEFT, CasualtyStep.ARRIVE): CasualtyState.ARRIVED,
    (CasualtyState.FOUND, CasualtyStep.RELEASE): CasualtyState.RELEASED,
}
"""A casualty is bound for a hospital before it leaves; on the way it may be bound for another.
`docs/dispatch/casualties.md` has the table as a diagram."""


def next_state(now: CasualtyState, step: CasualtyStep) -> CasualtyState:
    """Return the state after a step.

    Raises
    ------
    CasualtyStepError
        It cannot follow.
    """
    after = CASUALTY_STEPS.get((now, step))
    if after is None:
        raise CasualtyStepError(now.value, step.value)
    return after


class Sector(StrEnum):
    """Where on the ground a casualty or a crew is."""

    HOT = "hot"
    COLLECTION = "collection"
    TREATMENT = "treatment"
    LOADING = "loading"
    STAGING = "staging"


SECTOR_WORDS: Mapping[Sector, Words] = {
    Sector.HOT: Words(en="danger zone", zh="危险区"),
    Sector.COLLECTION: Words(en="collection point", zh="伤员集中点"),
    Sector.TREATMENT: Words(en="treatment", zh="救治区"),
    Sector.LOADING: Words(en="loading", zh="转运区"),
    Sector.STAGING: Words(en="staging", zh="待命区"),
}


def pool_kind(colour: Colour) -> str:
    """Return the kind of a hospital's bed pool that takes casualties of a colour."""
    return f"mci_{colour.value}"


TAKEN_TO_HOSPITAL = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.GREY)
"""The dead are promised no bed."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a hospital has for one colour. free None: it never said, which is neither 0 nor open.

    distance_m: from the scene in a straight line; None where the scene has no place.
    """

    facility_id: int
    free: int | None
    diverting: bool | None
    distance_m: float | None


def ranked(offers: Sequence[Offer]) -> Sequence[Offer]:
    """Return hospitals in the order to offer: a free bed first, then unknown, then full.

    Within each those that do not divert come before those that do: advice, never an exclusion;
    then by distance, unknown ones last, then by id.
    """

    def order(one: Offer) -> tuple[object, ...]:
        room = 1 if one.free is None else 0 if one.free > 0 else 2
        away_m = float("inf") if one.distance_m is None else one.distance_m
        return (room, one.diverting is True, away_m, one.facility_id)

    return sorted(offers, key=order)


def may_overload(colour: Colour, *, room_elsewhere: bool) -> bool:
    """Return whether a full hospital takes a casualty all the same, by a named override.

    A red one always: it is never refused. Another where no hospital has or may have room: else it
    would stay at the scene for ever.
    """
    return colour is Colour.RED or not room_elsewhere


class Aid(StrEnum):
    """How a request for another service's units stands."""

    ASKED = "asked"
    PROMISED = "promised"
    REFUSED = "refused"
    ARRIVED = "arrived"


AID_STEPS: Mapping[Aid, tuple[Aid, ...]] = {
    Aid.ASKED: (Aid.PROMISED, Aid.REFUSED, Aid.ARRIVED),
    Aid.PROMISED: (Aid.REFUSED, Aid.ARRIVED),
    Aid.REFUSED: (),
    Aid.ARRIVED: (),
}


def next_aid(now: Aid, wanted: Aid) -> Aid:
    """Return how a request stands after an answer; the same again changes nothing.

    Raises
    ------
    AidStepError
        It cannot follow.
    """
    if wanted is not now and wanted not in AID_STEPS[now]:
        raise AidStepError(now.value, wanted.value)
    return wanted


def departure_order(waiting: Sequence[tuple[Colour | None, int]]) -> Sequence[int]:
    """Return the places in `waiting` (colour, number) in the order of departure; dead ones last.

    One without a colour stands with the yellow ones, before them: nobody has looked yet.
    """
    unsorted = URGENCY[Colour.YELLOW] - 0.5

    def order(at: int) -> tuple[float, int]:
        colour, number = waiting[at]
        return (unsorted if colour is None else float(URGENCY[colour]), number)

    return sorted(range(len(waiting)), key=order)
