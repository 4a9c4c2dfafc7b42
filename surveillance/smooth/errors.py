"""What makes a map that cannot be smoothed."""

from gis.errors import InvalidInputError


class AreasUnusableError(InvalidInputError):
    """Cases, populations and neighbours of areas do not fit together."""

    code = "areas_unusable"

    def __init__(self, problem: str) -> None:
        super().__init__(f"These areas cannot be put on a map of risk: {problem}.")
