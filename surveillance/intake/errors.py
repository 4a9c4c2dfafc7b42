"""Why a file of cases is refused as a whole; bad rows and values are rejects, no errors."""

from pathlib import Path

from gis.errors import InvalidInputError


class MappingRefusedError(InvalidInputError):
    """The mapping of a source's columns cannot be read."""

    code = "mapping_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"The mapping cannot be used: {why}. GET a source to see one that can.")


class BundleRefusedError(InvalidInputError):
    """The file is no bundle of FHIR R4 with reports of cases."""

    code = "bundle_refused"

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(
            f"{path.name} is no bundle of FHIR R4 with cases: {why}. Nothing was loaded."
        )


class PointsWithoutDatumError(InvalidInputError):
    """Coordinates came without a datum."""

    code = "points_without_datum"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} has coordinates and names no datum. Say which it is (wgs84, gcj02, bd09,"
            " cgcs2000) in the mapping or in a column of its own, or map the columns of coordinates"
            " to nothing."
        )
