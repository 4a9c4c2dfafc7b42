"""What cannot be looked at for clusters."""

from gis.errors import InvalidInputError


class CasesUnusableError(InvalidInputError):
    """Places and times of cases do not fit together."""

    code = "cases_unusable"

    def __init__(self, problem: str) -> None:
        super().__init__(f"These cases cannot be looked at for clouds: {problem}.")
