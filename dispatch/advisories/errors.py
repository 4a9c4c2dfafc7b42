"""Errors of advisories."""

from uuid import UUID

from gis.errors import NotFoundError


class AdvisoryNotFoundError(NotFoundError):
    """No such advisory, or not for this viewer."""

    code = "advisory_not_found"

    def __init__(self, advisory_id: UUID) -> None:
        super().__init__(f"There is no advisory {advisory_id} within your areas.")
