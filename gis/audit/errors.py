"""What is refused of reviews and of break-glass."""

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError


class AccessUnknownError(NotFoundError):
    """No such read of personal values."""

    code = "access_unknown"

    def __init__(self, access_id: int) -> None:
        super().__init__(f"There is no read {access_id} of personal values. Load the list anew.")


class OwnReviewError(PermissionDeniedError):
    """Nobody reviews what he or she did."""

    code = "own_review"

    def __init__(self) -> None:
        super().__init__("You did this yourself, so somebody else reviews it. Ask a colleague.")


class ReviewedAlreadyError(ConflictError):
    """Somebody reviewed it before."""

    code = "reviewed_already"

    def __init__(self) -> None:
        super().__init__("Somebody has reviewed this already. Load the list anew.")


class BreakGlassUnknownError(NotFoundError):
    """No such break-glass, or it is not yours to end, or over."""

    code = "break_glass_unknown"

    def __init__(self, break_glass_id: UUID) -> None:
        super().__init__(f"There is no break-glass {break_glass_id} here. Load the list anew.")


class NotForBreakGlassError(InvalidInputError):
    """The permission cannot be had by breaking the glass."""

    code = "not_for_break_glass"

    def __init__(self, permission: str) -> None:
        super().__init__(
            f"“{permission}” cannot be had by breaking the glass. Ask an administrator for a role."
        )
