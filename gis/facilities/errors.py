"""Errors of facilities."""

from gis.errors import InvalidInputError
from gis.facilities.kinds import KINDS


class FacilityKindUnknownError(InvalidInputError):
    """A kind that is none of `KINDS`."""

    code = "facility_kind_unknown"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"The kind of facility “{kind[:40]}” is not known. Known are {', '.join(KINDS)}."
        )
