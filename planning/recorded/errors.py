"""What recorded responses cannot be compared by."""

from gis.errors import InvalidInputError


class RecordedInputError(InvalidInputError):
    """Records and modelled times do not fit together."""

    code = "recorded_input"


class TooFewRecordsError(RecordedInputError):
    """Too few responses have both a recorded and a modelled time."""

    code = "too_few_records"
