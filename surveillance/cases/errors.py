"""What can be wrong with sources, imports and cases."""

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError


class CaseSourceKindError(ConflictError):
    """A source gives either cases one by one or counts, and keeps to it."""

    code = "case_source_kind"

    def __init__(self, name: str, kind: str) -> None:
        told = "counts" if kind == "counts" else "single cases"
        super().__init__(
            f"“{name}” has given {told} so far. Give the other kind under a source of its own."
        )


class CaseImportUnknownError(NotFoundError):
    """No such import."""

    code = "case_import_unknown"

    def __init__(self, import_id: UUID) -> None:
        super().__init__(f"There is no import {import_id}. Load the list anew.")


class CaseNotFoundError(NotFoundError):
    """No such case, or not for this viewer."""

    code = "case_not_found"

    def __init__(self, case_id: UUID | str) -> None:
        super().__init__(f"There is no case {case_id}. Load the list anew.")


class CaseDecidedError(ConflictError):
    """Somebody has decided meanwhile."""

    code = "case_decided"

    def __init__(self) -> None:
        super().__init__("This has been decided already, or is gone. Load the list anew.")


class AsOfInFutureError(InvalidInputError):
    """A file cannot say what is known tomorrow."""

    code = "as_of_in_future"

    def __init__(self) -> None:
        super().__init__("The file is said to be of a time to come. Give when it was exported.")
