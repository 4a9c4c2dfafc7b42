"""Errors of bed pools and promises."""

from uuid import UUID

from gis.errors import ConflictError, NotFoundError


class BedPoolUnknownError(NotFoundError):
    """The hospital never reported such beds."""

    code = "bed_pool_unknown"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"This hospital never reported beds of the kind “{kind}”. Ask it by telephone, or "
            "choose another hospital."
        )


class BedPoolFullError(ConflictError):
    """No free bed is left to promise."""

    code = "bed_pool_full"

    def __init__(self, kind: str, beds: int) -> None:
        super().__init__(
            f"There are not {beds} free beds of the kind “{kind}” left to promise. Choose another "
            "hospital, or ask this one for more."
        )


class BedsAlreadyPromisedError(ConflictError):
    """One transport holds at most one promise."""

    code = "beds_already_promised"

    def __init__(self) -> None:
        super().__init__("A bed is already promised for this patient. Release that promise first.")


class BedPromiseUnknownError(NotFoundError):
    """No such promise."""

    code = "bed_promise_unknown"

    def __init__(self, promise_id: UUID) -> None:
        super().__init__(f"There is no promise {promise_id}. Load the hospital's list anew.")


class BedPromiseEndedError(ConflictError):
    """A promise that was kept, released or ran out stays so."""

    code = "bed_promise_ended"

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(f"This promise is already {state}. Promise a bed anew if it is needed.")


class PoolBelowPromisesError(ConflictError):
    """More beds are promised than would be there."""

    code = "pool_below_promises"

    def __init__(self, kind: str, capacity: int) -> None:
        super().__init__(
            f"More than {capacity} beds of the kind “{kind}” are promised. Release promises first, "
            "then report fewer beds."
        )
