"""Errors of crews' safety."""

from uuid import UUID

from gis.errors import ConflictError, NotFoundError, PermissionDeniedError


class NotOwnUnitError(PermissionDeniedError):
    """A crew's account speaks for its own unit."""

    code = "not_own_unit"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"This account speaks for another unit than {call_sign}, or for none. Sign in with "
            f"the account of {call_sign}, or ask an administrator to bind this one to it."
        )


class DistressUnknownError(NotFoundError):
    """No such distress call, or not of the viewer's city."""

    code = "distress_unknown"

    def __init__(self, distress_id: UUID) -> None:
        super().__init__(f"There is no distress call {distress_id} for you. Load the list anew.")


class DistressStepError(ConflictError):
    """A distress call that nobody has acknowledged is not ended."""

    code = "distress_step"

    def __init__(self, now: str, step: str) -> None:
        super().__init__(
            f"A distress call that is “{now}” cannot be “{step}”. Acknowledge it, reach the crew, "
            "then end it."
        )


class WelfareUnknownError(NotFoundError):
    """No welfare timer runs for the unit."""

    code = "welfare_unknown"

    def __init__(self, call_sign: str) -> None:
        super().__init__(f"No welfare timer runs for {call_sign}. Start one first.")
