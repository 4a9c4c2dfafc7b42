"""What can be wrong with a report that is asked for."""

from collections.abc import Collection

from gis.errors import InvalidInputError, NotFoundError


class ReportUnknownError(NotFoundError):
    """No room declares a report of this name, or not for this viewer."""

    code = "report_unknown"

    def __init__(self, name: str, known: Collection[str]) -> None:
        there = ", ".join(known) or "none"
        super().__init__(f"There is no report “{name}”. The reports are: {there}.")


class ReportHasNoPeriodError(InvalidInputError):
    """A report that is of no week or month was asked for of one."""

    code = "report_has_no_period"

    def __init__(self, name: str) -> None:
        super().__init__(f"The report “{name}” is of now, not of a week or month: ask without one.")


class ReportNumberError(InvalidInputError):
    """A report of one thing was asked for without its number, or another one with a number."""

    code = "report_number"

    def __init__(self, name: str, *, of_one: bool) -> None:
        super().__init__(
            f"The report “{name}” is of one thing: say its number." if of_one
            else f"The report “{name}” is of the city, not of one thing: ask without a number."
        )  # fmt: skip


class ReportFormatUnknownError(InvalidInputError):
    """A report was asked for as something it cannot be made as."""

    code = "report_format_unknown"

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(f"A report cannot be made as “{name}”. Formats: {', '.join(known)}.")


class ReportFileMissingError(NotFoundError):
    """There is no such file of a report, not any more, or not for this viewer."""

    code = "report_file_missing"

    def __init__(self) -> None:
        super().__init__(
            "There is no such file. Reports are kept for 30 days; ask for a new one, in the "
            "format you need."
        )
