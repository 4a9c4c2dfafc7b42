"""What can go wrong when a crew is asked to leave its call."""

from uuid import UUID

from gis.errors import ConflictError, NotFoundError


class DiversionNotFoundError(NotFoundError):
    """No such offer, or its incidents are not the viewer's."""

    code = "diversion_not_found"

    def __init__(self, diversion_id: UUID) -> None:
        super().__init__(f"There is no diversion {diversion_id} for you. Load the incident anew.")


class DiversionOfferedError(ConflictError):
    """The unit is being asked already; the database refuses a second offer."""

    code = "diversion_offered"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"{call_sign} is being asked to divert already. Wait for its answer, or ask another."
        )


class NotDivertibleError(ConflictError):
    """The unit is not on the way to a lesser call (any more). Nothing was offered."""

    code = "unit_not_divertible"

    def __init__(self, call_sign: str, why: str) -> None:
        super().__init__(f"{call_sign} cannot be diverted: {why}. Choose another unit.")


class DiversionGainsNothingError(ConflictError):
    """A unit that is free is there as soon. Nothing was offered."""

    code = "diversion_gains_nothing"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"{call_sign} was not asked: it would be there no sooner than a unit that is free. "
            "Send that one."
        )


class NobodyReplacesError(ConflictError):
    """Nobody can take the unit's place, and the difference in urgency does not allow for that."""

    code = "diversion_unreplaced"

    def __init__(self, call_sign: str, number: str) -> None:
        super().__init__(
            f"{call_sign} was not asked: nobody else can be at {number} in time. Where the matrix "
            "allows it, a C1 may take it all the same: ask again and say that it is to go without "
            "a replacement."
        )


class AlreadyPreemptedError(ConflictError):
    """A unit was taken from this patient once; a second one never is. Nothing was changed."""

    code = "already_preempted"

    def __init__(self, call_sign: str, number: str) -> None:
        super().__init__(
            f"{call_sign} stays with {number}: a unit was taken from that patient before. Choose "
            "another unit."
        )


class ReplacementGoneError(ConflictError):
    """Who was to take the unit's place cannot go any more. The old task stands."""

    code = "replacement_gone"

    def __init__(self, call_sign: str, number: str) -> None:
        super().__init__(
            f"{call_sign} keeps its task: who was to go to {number} in its place is not free any "
            "more. Ask it again; somebody else is named then."
        )


class DiversionExpiredError(ConflictError):
    """The answer came after the time to answer. The old task stands."""

    code = "diversion_expired"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"The answer of {call_sign} came too late: its old task stands. Offer it again if it "
            "is still wanted."
        )


class DiversionEndedError(ConflictError):
    """The offer was answered, withdrawn or ran out already."""

    code = "diversion_ended"

    def __init__(self, call_sign: str, state: str) -> None:
        super().__init__(f"The diversion of {call_sign} is {state} already. Load it anew.")


class DiversionOutdatedError(ConflictError):
    """What the offer was decided on is no longer so. The old task stands."""

    code = "diversion_outdated"

    def __init__(self, call_sign: str, number: str) -> None:
        super().__init__(
            f"{call_sign} keeps its task: incident {number} has changed since it was asked. Look "
            "at both incidents and offer it again if it is still right."
        )
