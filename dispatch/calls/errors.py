"""Errors of telephone calls, positions of phones and the links that ask for one."""

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.identity_errors import TooManyAttemptsError


class TelephoneCallUnknownError(NotFoundError):
    """No such call, or its incident is not the viewer's."""

    code = "telephone_call_unknown"

    def __init__(self, call_id: UUID) -> None:
        super().__init__(f"There is no call {call_id} for you. Load the list of calls anew.")


class CallStepRefusedError(ConflictError):
    """What the exchange says cannot follow what it said before."""

    code = "call_step_refused"

    def __init__(self, exchange_ref: str, state: str, said: str) -> None:
        super().__init__(
            f"Call {exchange_ref} is {state}, so it cannot be {said} now. Check the order in "
            "which the exchange reports; a new call needs a new id."
        )


class NoCallBackDueError(ConflictError):
    """Nobody has to be called back."""

    code = "no_call_back_due"

    def __init__(self) -> None:
        super().__init__(
            "This call needs no call-back, or somebody was reached. Load the incident anew."
        )


class LocationMessageInvalidError(InvalidInputError):
    """It is no location message of a phone."""

    code = "location_message_invalid"

    def __init__(self) -> None:
        super().__init__(
            'It is no location message: AML by SMS begins with A"ML=1, by HTTPS it holds '
            "location_latitude and location_longitude."
        )


class LocationLinkInvalidError(NotFoundError):
    """No link, used before, or past its time: the same answer, so that nobody learns which."""

    code = "location_link_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This link does not work any more: it works once and for a short time. Stay on the "
            "line and say where you are, or ask for a new link."
        )


class TooManyLinksError(TooManyAttemptsError):
    """So many links were made for a call within a short time."""

    code = "too_many_links"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        wait = f"or wait {retry_after_s} s."
        said = f"Enough links were sent for this call. Ask the caller to open one, {wait}"
        self.args = (said,)


class FiguresPeriodInvalidError(InvalidInputError):
    """The period of the figures ends before it begins, or is too long."""

    code = "figures_period_invalid"

    def __init__(self) -> None:
        super().__init__("Give a beginning before the end, at most 400 days apart.")
