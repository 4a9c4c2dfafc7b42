"""Root of all domain errors. An error says what went wrong and what to do about it."""


class GoldenHourError(Exception):
    """Base of every error the software raises on purpose.

    `code` is stable, documented in docs/reference/errors.md, and reaches HTTP as problem+json;
    `str(error)` is a sentence for a person.
    """

    code = "goldenhour_error"


class InvalidInputError(GoldenHourError):
    """The input cannot be used as it is; the sentence says what to change."""

    code = "invalid_input"


class NotFoundError(GoldenHourError):
    """What was asked for does not exist, or not for this viewer."""

    code = "not_found"


class ConflictError(GoldenHourError):
    """The stored state forbids the step; read it again and decide anew."""

    code = "conflict"


class PermissionDeniedError(GoldenHourError):
    """The viewer's role or jurisdiction does not allow this."""

    code = "permission_denied"


class UnavailableError(GoldenHourError):
    """Something needed is away for now; nothing was lost, try again."""

    code = "unavailable"


class FacilityUnknownError(NotFoundError):
    """No such hospital or clinic."""

    code = "facility_unknown"

    def __init__(self, facility_id: int) -> None:
        super().__init__(f"There is no facility {facility_id} in this city. Load the list anew.")
