"""What can go wrong with dangers of scenes and places."""

from datetime import datetime
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError


class DangerAnswerError(InvalidInputError):
    """A danger that is known without its kind, or kinds of one that is not known."""

    code = "danger_answer"

    def __init__(self) -> None:
        super().__init__(
            "Name the kinds of danger with the answer “known”, and none with “none” or “unknown”."
        )


class StagingError(ConflictError):
    """A scene is released that nobody waits for."""

    code = "not_staged"

    def __init__(self) -> None:
        super().__init__("No crew was told to wait for this scene, so there is nothing to release.")


class OrderUnknownError(ConflictError):
    """An order that is not, or no longer, to be acknowledged."""

    code = "order_outdated"

    def __init__(self, order: str) -> None:
        super().__init__(
            f"The order “{order}” is another one meanwhile, or none. Load the incident anew and "
            "tell the crew what holds now."
        )


class HazardNotFoundError(NotFoundError):
    """No such hazard, or not within the viewer's jurisdiction."""

    code = "hazard_not_found"

    def __init__(self, hazard_id: UUID) -> None:
        super().__init__(f"There is no hazard {hazard_id} for you. Load the list anew.")


class HazardExpiryError(InvalidInputError):
    """A hazard ends, and within a year: what nobody looks at any more warns of nothing."""

    code = "hazard_expiry"

    def __init__(self, expires_at: datetime) -> None:
        super().__init__(
            f"{expires_at.isoformat(timespec='minutes')} is no end of a hazard: give a time from "
            "now to one year ahead, and write it down anew if it still holds then."
        )
