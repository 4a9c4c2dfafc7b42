"""What cannot be looked at for clusters."""

from gis.errors import InvalidInputError


class CasesUnusableError(InvalidInputError):
    """Places and times of cases do not fit together."""

    code = "cases_unusable"

    def __init__(self, problem: str) -> None:
        super().__init__(f"These cases cannot be looked at for clouds: {problem}.")


class ValuesUnusableError(InvalidInputError):
    """Values of areas cannot be compared with those of their neighbours."""

    code = "area_values_unusable"

    def __init__(self, problem: str) -> None:
        super().__init__(f"These values cannot be compared with their neighbours': {problem}.")
