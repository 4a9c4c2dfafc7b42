"""What a scan cannot be reckoned with."""

from gis.errors import InvalidInputError


class ScanInputError(InvalidInputError):
    """The cases, populations, zones or rules of a scan do not fit together."""

    code = "scan_input"
