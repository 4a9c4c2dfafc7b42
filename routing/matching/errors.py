"""What can go wrong with traces that are laid on roads."""

from gis.errors import InvalidInputError


class InvalidTraceError(InvalidInputError):
    """The observations of a trace contradict themselves."""

    code = "trace_invalid"
