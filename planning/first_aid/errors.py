"""What the circle of first aid cannot be reckoned from."""

from gis.errors import InvalidInputError


class FirstAidInputError(InvalidInputError):
    """No people, roads on foot or helpers are there to say it from."""

    code = "first_aid_input"
