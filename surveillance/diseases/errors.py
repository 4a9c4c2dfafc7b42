"""What can be wrong with the table of diseases or with a question to it."""

from gis.errors import NotFoundError


class DiseaseUnknownError(NotFoundError):
    """The table has no such code."""

    code = "disease_unknown"

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(
            f"“{given[:40]}” is no disease of the table. Take a code of "
            "GET /v1/surveillance/diseases."
        )


class DiseaseTableRefusedError(ValueError):
    """The data file contradicts itself."""
