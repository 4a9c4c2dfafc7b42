"""What can be wrong with what is said of an institution."""

from gis.errors import InvalidInputError


class InstitutionUnknownError(InvalidInputError):
    """No report of the city names this institution."""

    code = "institution_unknown"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"No reported case names “{key[:80]}”. Choose a school or worksite of the list."
        )


class InstitutionMergedInCircleError(InvalidInputError):
    """The other institution was said to be this one."""

    code = "institution_merged_in_circle"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"“{key[:80]}” already counts as this institution. Part the two first, then merge them "
            "the other way round."
        )
