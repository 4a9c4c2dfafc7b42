"""Errors of syndromes and their streams."""

from gis.errors import GoldenHourError, InvalidInputError


class SyndromesRefusedError(GoldenHourError):
    """The file of syndromes says something that cannot be; nothing is counted by half of it."""

    code = "syndromes_refused"

    def __init__(self, fault: str) -> None:
        super().__init__(f"The file of syndromes cannot be used: {fault}. Correct it.")


class StreamPeriodInvalidError(InvalidInputError):
    """The days that were asked for are none, or too many."""

    code = "stream_period_invalid"

    def __init__(self, most_days: int) -> None:
        super().__init__(
            f"Ask for a first day before the day after the last, at most {most_days} days apart."
        )
