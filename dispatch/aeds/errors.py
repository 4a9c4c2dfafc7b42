"""What can go wrong with defibrillators and what is reported of them."""

from uuid import UUID

from gis.errors import ConflictError, GoldenHourError, InvalidInputError, NotFoundError
from gis.identity_errors import TooManyAttemptsError


class AedNotFoundError(NotFoundError):
    """No such defibrillator."""

    code = "aed_not_found"

    def __init__(self, aed_id: int) -> None:
        super().__init__(f"There is no AED {aed_id}. Load the list anew.")


class AedReportNotFoundError(NotFoundError):
    """No such report, not within the viewer's jurisdiction, or not one that can be taken back."""

    code = "aed_report_not_found"

    def __init__(self, report_id: UUID) -> None:
        super().__init__(f"There is no report {report_id} for you. Load the list anew.")


class AedReportDecidedError(ConflictError):
    """Somebody has decided about the report already."""

    code = "aed_report_decided"

    def __init__(self, decision: str) -> None:
        super().__init__(f"This report was {decision} already. Load the list anew.")


class AedPhotoNotFoundError(NotFoundError):
    """There is no picture of this defibrillator."""

    code = "aed_photo_not_found"

    def __init__(self, aed_id: int) -> None:
        super().__init__(f"There is no picture of AED {aed_id}.")


class InvalidPhotoError(InvalidInputError):
    """A file that is to be the picture of a defibrillator's place cannot be used."""

    code = "photo_invalid"

    def __init__(self, what: str) -> None:
        super().__init__(f"The picture cannot be used: {what}")


class InvalidEmergencyNumbersError(InvalidInputError):
    """The file of an installation's emergency numbers cannot be used."""

    code = "emergency_numbers_invalid"

    def __init__(self, what: str) -> None:
        super().__init__(f"The file of emergency numbers cannot be used: {what}")


class AedAlreadyReportedError(ConflictError):
    """The same was reported of the device from here today, or often enough by others."""

    code = "aed_already_reported"

    def __init__(self) -> None:
        super().__init__(
            "This was reported of this AED already, and is being looked at. Nothing more is needed."
        )


class TooManyReportsError(TooManyAttemptsError):
    """As many reports as a day allows came from this address (HTTP 429)."""

    code = "too_many_reports"

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        GoldenHourError.__init__(
            self,
            "No more reports can be taken today from this connection. What was reported is being "
            "looked at; call the keeper if it is urgent.",
        )


class AedNotOutError(ConflictError):
    """An AED is restocked that is not out."""

    code = "aed_not_out"

    def __init__(self, aed_id: int) -> None:
        super().__init__(f"AED {aed_id} is not out. Load the list anew.")
