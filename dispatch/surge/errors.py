"""What can be wrong with a surge mode."""

from uuid import UUID

from gis.errors import ConflictError, NotFoundError


class SurgeLastsError(ConflictError):
    """The city is in surge mode already."""

    code = "surge_lasts"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The city is in surge mode already ({reason}). End it first to begin one for another "
            "reason."
        )


class SurgeNotFoundError(NotFoundError):
    """There is no such surge mode for the viewer."""

    code = "surge_not_found"

    def __init__(self, surge_id: UUID) -> None:
        super().__init__(f"There is no surge mode {surge_id} for you. Load the list anew.")
