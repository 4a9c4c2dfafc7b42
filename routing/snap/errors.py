"""What can go wrong with places that are laid on roads."""

from gis.errors import InvalidInputError


class InvalidPointError(InvalidInputError):
    """A place is not a longitude and latitude in degrees."""

    code = "point_invalid"
