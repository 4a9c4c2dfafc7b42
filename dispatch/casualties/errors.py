"""Errors of mass casualties."""

from collections.abc import Sequence
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError


class MassCasualtyUnknownError(NotFoundError):
    """The incident was not declared one, or is not the viewer's."""

    code = "mass_casualty_unknown"

    def __init__(self) -> None:
        super().__init__(
            "This incident was not declared a mass casualty incident. Declare it first."
        )


class MassCasualtyEndedError(ConflictError):
    """It was ended."""

    code = "mass_casualty_ended"

    def __init__(self) -> None:
        super().__init__(
            "This mass casualty incident was ended. Declare it again if there is more."
        )


class CasualtyUnknownError(NotFoundError):
    """No such casualty, or not the viewer's."""

    code = "casualty_unknown"

    def __init__(self, casualty_id: UUID) -> None:
        super().__init__(f"There is no casualty {casualty_id} for you. Load the list anew.")


class CasualtyTagTakenError(ConflictError):
    """Two casualties cannot carry one tag."""

    code = "casualty_tag_taken"

    def __init__(self, tag: str) -> None:
        super().__init__(
            f"Another casualty carries the tag {tag} already. Read the tag again, or leave it out "
            "to get the next number."
        )


class SortingOpenError(InvalidInputError):
    """A finding is missing that decides the colour."""

    code = "sorting_open"

    def __init__(self, finding: str) -> None:
        super().__init__(
            f"The colour depends on a finding that was not made: {finding}. Look for it, or give "
            "the colour itself."
        )


class SortingAmbiguousError(InvalidInputError):
    """A colour or the findings of one method, not both and not neither."""

    code = "sorting_ambiguous"

    def __init__(self) -> None:
        super().__init__("Give either a colour, or the findings of START, or those of SALT.")


class CasualtyUnsortedError(ConflictError):
    """Beds are promised by colour."""

    code = "casualty_unsorted"

    def __init__(self, tag: str) -> None:
        super().__init__(f"Casualty {tag} has no colour yet. Sort it, then name its hospital.")


class CasualtyDeadError(ConflictError):
    """The dead are promised no bed."""

    code = "casualty_dead"

    def __init__(self, tag: str) -> None:
        super().__init__(
            f"Casualty {tag} is sorted as dead and gets no bed. Sort it anew if that is wrong."
        )


class HospitalFullError(ConflictError):
    """No free bed of this colour: choose another, or override by name where that is allowed."""

    code = "hospital_full"

    def __init__(self, name: str, colour: str, *, others: Sequence[str], override: bool) -> None:
        other = f" Free: {', '.join(others)}." if others else " No other hospital says it has one."
        over = " Or send it all the same with an override, under your name." if override else ""
        super().__init__(
            f"{name} has no bed left for {colour} casualties.{other} Choose another hospital.{over}"
        )


class AidUnknownError(NotFoundError):
    """No such request for help, or not the viewer's."""

    code = "aid_unknown"

    def __init__(self, request_id: UUID) -> None:
        super().__init__(f"There is no request {request_id} for you. Load the list anew.")


class AidStepError(ConflictError):
    """A request cannot become that."""

    code = "aid_step"

    def __init__(self, now: str, wanted: str) -> None:
        super().__init__(f"A request that is “{now}” cannot become “{wanted}”. Ask anew.")


class CasualtyStepError(ConflictError):
    """A casualty cannot take that step now."""

    code = "casualty_step"

    def __init__(self, now: str, step: str) -> None:
        super().__init__(
            f"A casualty that is “{now}” cannot “{step}”. Load the list anew, and see where it is."
        )
