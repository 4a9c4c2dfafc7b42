"""What makes a table of counts unusable."""

from gis.errors import InvalidInputError


class CountsUnusableError(InvalidInputError):
    """The table of counts cannot be read as series of periods."""

    code = "counts_unusable"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"These counts cannot be used: {problem}. A period without a report is left empty, "
            "never written as zero."
        )
