"""Prices that nothing can be reckoned from."""

from gis.errors import InvalidInputError


class CostsInputError(InvalidInputError):
    """A price, a number of years or of units that cannot be reckoned with."""

    code = "costs_input"
