"""What keeps intervals from being measured or judged."""

from collections.abc import Iterable

from gis.errors import InvalidInputError, NotFoundError


class KpiProfileInvalidError(InvalidInputError):
    """A profile of standards cannot be read."""

    code = "kpi_profile_invalid"

    def __init__(self, where: str, problem: str) -> None:
        # What was sent may hold characters that no answer can carry.
        super().__init__(f"{where}: {problem}".encode("utf-8", "replace").decode())


class KpiProfileUnknownError(NotFoundError):
    """There is no such profile."""

    code = "kpi_profile_unknown"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        given = name.encode("utf-8", "replace").decode()
        super().__init__(f"There is no profile “{given}”. Choose of {', '.join(sorted(known))}.")


class KpiFormUnknownError(InvalidInputError):
    """A file of a form that is not written."""

    code = "kpi_form_unknown"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: end the name of the file in .csv or .parquet.")
