"""What recorded calls and responses cannot tell."""

from gis.errors import NotFoundError


class NothingRecordedError(NotFoundError):
    """Nothing of the kind is recorded of a city."""

    code = "nothing_recorded"
