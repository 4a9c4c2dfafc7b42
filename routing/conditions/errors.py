"""What can go wrong with what is said of roads."""

from collections.abc import Sequence
from datetime import datetime

from gis.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    UnavailableError,
)

_SHOWN = 20


def _listed(things: Sequence[object]) -> str:
    """Return the first things, and how many more there are."""
    shown = ", ".join(str(thing) for thing in things[:_SHOWN])
    return shown if len(things) <= _SHOWN else f"{shown} and {len(things) - _SHOWN} more"


class ConditionsIdInvalidError(InvalidInputError):
    """A text is not the name of road conditions, or names those of another city."""

    code = "conditions_id_invalid"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text[:100]}' does not name this city's road conditions. Send back a conditions_id "
            "as an answer gave it, or leave it out."
        )


class ConditionsOutdatedError(UnavailableError):
    """Road conditions were read too long ago for the moment asked for."""

    code = "conditions_outdated"

    def __init__(self) -> None:
        super().__init__(
            "The road conditions in memory are older than asked for; repeat the question in a "
            "second."
        )


class RoadConditionNotFoundError(NotFoundError):
    """There is no such closure, flood, roadworks, set speed or permit."""

    code = "road_condition_not_found"

    def __init__(self, condition_id: object) -> None:
        super().__init__(
            f"There is no road condition {condition_id}. Read the list of conditions again."
        )


class RoadConditionOverError(ConflictError):
    """It has already been ended, or has expired."""

    code = "road_condition_over"

    def __init__(self, *, ended_by: str | None, over_at: datetime) -> None:
        self.ended_by, self.over_at = ended_by, over_at
        how = "expired" if ended_by is None else f"was ended by {ended_by}"
        super().__init__(
            f"This {how} at {over_at:%Y-%m-%d %H:%M:%S}Z. Nothing is left to change; set a new "
            "one where it is needed."
        )


class RoadConditionStaleError(ConflictError):
    """Somebody changed it since it was read (HTTP 412)."""

    code = "road_condition_stale"

    def __init__(self, given: int, current: int) -> None:
        self.given, self.current = given, current
        super().__init__(
            f"This was changed meanwhile: you hold version {given}, the current one is {current}. "
            "Look at the newer state and decide again."
        )


class RoadCityUnknownError(NotFoundError):
    """Road conditions were asked of a city that is not loaded."""

    code = "road_city_unknown"

    def __init__(self, city_id: int) -> None:
        super().__init__(f"There is no city {city_id}. Ask for the list of cities.")


class RoadAuthorityError(PermissionDeniedError):
    """The viewer's right does not reach every area that the roads lie in."""

    code = "road_authority_missing"

    def __init__(self, permission: str, areas: Sequence[str]) -> None:
        self.areas = tuple(areas)
        super().__init__(
            f"You do not hold '{permission}' in {_listed(areas)}. Draw only within your "
            "jurisdiction, or ask who is responsible there."
        )


class DrawingInvalidError(InvalidInputError):
    """What was drawn is empty, crosses itself, lies elsewhere or is of the wrong kind."""

    code = "drawing_invalid"


class NoRoadHitError(InvalidInputError):
    """No road lies within or along what was drawn."""

    code = "no_road_hit"

    def __init__(self) -> None:
        super().__init__(
            "No road lies within or along what you drew, with the layers and structures you "
            "chose. Draw it again, or confirm that it shall hold for roads mapped later."
        )


class ConditionTooLargeError(InvalidInputError):
    """What was drawn is so large that it may be a slip of the hand."""

    code = "condition_too_large"

    def __init__(self, *, area_km2: float, roads: int, share: float) -> None:
        self.area_km2, self.roads, self.share = area_km2, roads, share
        super().__init__(
            f"This covers {area_km2:.1f} km² and {roads} roads, {100 * share:.0f} % of the city's. "
            "Draw a smaller one, or confirm that it is meant."
        )


class UnknownRoadsError(InvalidInputError):
    """Edges are named that the road network does not have. `ids` are all of them."""

    code = "roads_unknown"

    def __init__(self, ids: Sequence[int], *, network_version: int) -> None:
        self.ids = tuple(ids)
        super().__init__(
            f"{len(ids)} roads are not in network version {network_version}: {_listed(ids)}. "
            "Read the roads of this version and send the request again; nothing was stored."
        )


class ConditionTimesError(InvalidInputError):
    """Start and end of a condition are missing, past, exchanged or too far apart."""

    code = "condition_times_invalid"


class SpeedInvalidError(InvalidInputError):
    """A speed, factor, depth or confidence is not a number in its range. `rows` are all such."""

    code = "speed_invalid"

    def __init__(self, sentence: str, *, rows: Sequence[int] = ()) -> None:
        self.rows = tuple(rows)
        super().__init__(sentence)


class ConditionWordInvalidError(InvalidInputError):
    """A vehicle class, direction, structure, kind or filter is none of those there are."""

    code = "condition_word_invalid"

    def __init__(self, what: str, given: str, *, known: Sequence[str]) -> None:
        super().__init__(f"'{given[:50]}' is no {what}. Use one of: {', '.join(known)}.")


class ReasonMissingError(InvalidInputError):
    """A condition came without a reason."""

    code = "condition_reason_missing"

    def __init__(self) -> None:
        super().__init__("Give the reason in Chinese or English: the next dispatcher relies on it.")


class LegalBasisMissingError(InvalidInputError):
    """A contraflow permit came without what it is based on."""

    code = "legal_basis_missing"

    def __init__(self) -> None:
        super().__init__(
            "Name the law, order or agreement under which driving against one-way roads is "
            "permitted here."
        )


class SpeedsRejectedError(InvalidInputError):
    """Rows of a batch of speeds cannot be used; none was stored. `rejected`: (row, sentence)."""

    code = "speeds_rejected"

    def __init__(self, rejected: Sequence[tuple[int, str]]) -> None:
        self.rejected = tuple(rejected)
        first = "; ".join(f"row {row}: {sentence}" for row, sentence in self.rejected[:_SHOWN])
        more = len(self.rejected) - _SHOWN
        super().__init__(
            f"{len(self.rejected)} rows cannot be used, and nothing was stored. {first}"
            + (f" And {more} more." if more > 0 else "")
        )


class SpeedBatchShapeError(InvalidInputError):
    """The columns of a batch of speeds differ in length, or the batch is too long."""

    code = "speed_batch_shape"
