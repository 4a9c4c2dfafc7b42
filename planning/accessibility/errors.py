"""What accessibility cannot be reckoned from."""

from gis.errors import InvalidInputError


class AccessibilityInputError(InvalidInputError):
    """Travel times, amounts, weights or shares do not fit together, or are no numbers."""

    code = "accessibility_input"
