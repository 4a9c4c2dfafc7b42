"""What can go wrong with volunteers and their alerts."""

from uuid import UUID

from gis.errors import ConflictError, NotFoundError


class AlertStepError(ConflictError):
    """A volunteer's step leads nowhere from where the alert stands."""

    code = "alert_step_impossible"

    def __init__(self, state: str, step: str) -> None:
        super().__init__(
            f"“{step}” is not possible now: the alert is “{state}”. Load the page anew; if nobody "
            "asks you any more, you are not needed."
        )


class LoneRescuerError(ConflictError):
    """The only rescuer with a patient is never sent away."""

    code = "lone_rescuer"

    def __init__(self) -> None:
        super().__init__(
            "Nobody else is with the patient: whoever is there stays and presses. Send somebody "
            "else for the AED."
        )


class AlertNotFoundError(NotFoundError):
    """No such alert, or it is another's."""

    code = "alert_not_found"

    def __init__(self, alert_id: UUID) -> None:
        super().__init__(f"There is no alert {alert_id} for you. Load the page anew.")


class VolunteerNotFoundError(NotFoundError):
    """No such volunteer, or the account is none."""

    code = "volunteer_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is no such volunteer for you. A supervisor enrols an account as a volunteer "
            "first."
        )


class VolunteerEnrolledError(ConflictError):
    """The account is a volunteer already."""

    code = "volunteer_enrolled"

    def __init__(self) -> None:
        super().__init__("This account is a volunteer already. Load the list anew.")


class VolunteerAccountUnknownError(NotFoundError):
    """There is no open account of that name."""

    code = "volunteer_account_unknown"

    def __init__(self) -> None:
        super().__init__(
            "There is no open account of this name. An administrator makes it first, with the role "
            "volunteer."
        )


class VolunteerNotVerifiedError(ConflictError):
    """Only verified adults may be alerted."""

    code = "volunteer_not_verified"

    def __init__(self) -> None:
        super().__init__(
            "Only adults whom a supervisor has verified may be on duty. Ask the centre to verify "
            "you."
        )


class VolunteerBusyError(ConflictError):
    """A volunteer with an open alert stays on duty until it has ended."""

    code = "volunteer_busy"

    def __init__(self) -> None:
        super().__init__("You have an open alert: answer it first, then go off duty.")
