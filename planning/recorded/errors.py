"""What recorded responses cannot be compared by."""

from gis.errors import InvalidInputError


class RecordedInputError(InvalidInputError):
    """Records and modelled times do not fit together, or too few are left to say anything."""

    code = "recorded_input"
