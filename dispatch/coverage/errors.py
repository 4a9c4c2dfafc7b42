"""Errors of coverage and of its rules."""

from collections.abc import Collection
from uuid import UUID

from gis.errors import InvalidInputError, NotFoundError


class VoidNotFoundError(NotFoundError):
    """No such void, or not for this viewer."""

    code = "void_not_found"

    def __init__(self, void_id: UUID) -> None:
        super().__init__(f"There is no void {void_id} within your areas. Load the coverage anew.")


class CoverageRulesInvalidError(InvalidInputError):
    """The rules contradict themselves or name a standard that is not one of travel by road."""

    code = "coverage_rules_invalid"

    @classmethod
    def standard(cls, given: str, known: Collection[str]) -> "CoverageRulesInvalidError":
        """Return the error of an unknown standard."""
        return cls(f"There is no standard of travel {given!r}. Choose {', '.join(sorted(known))}.")

    @classmethod
    def people(cls) -> "CoverageRulesInvalidError":
        """Return the error of a void that would close before it opens."""
        return cls("A void has to close at no more people than it opens at. Lower the second.")
