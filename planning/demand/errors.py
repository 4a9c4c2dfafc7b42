"""What demand cannot be reckoned from."""

from gis.errors import InvalidInputError


class DemandInputError(InvalidInputError):
    """Counts of calls are too few, negative, or do not match the zones or hours they are of."""

    code = "demand_input"
