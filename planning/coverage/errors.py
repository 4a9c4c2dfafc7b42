"""What coverage cannot be reckoned from."""

from gis.errors import InvalidInputError


class CoverageInputError(InvalidInputError):
    """People, stations, units or times do not fit together, or are no numbers."""

    code = "coverage_input"
