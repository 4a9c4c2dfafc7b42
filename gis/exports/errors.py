"""What is refused of exports."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError


class ExportKindUnknownError(InvalidInputError):
    """There is no such export, or it is asked for in another way."""

    code = "export_kind_unknown"

    def __init__(self, kind: str, known: Collection[str]) -> None:
        super().__init__(
            f"“{kind}” is none of these exports: {', '.join(sorted(known))}. Choose one, and say "
            "whom it is about where it asks."
        )


class ExportUnknownError(NotFoundError):
    """No such export, or not for this viewer."""

    code = "export_unknown"

    def __init__(self, export_id: UUID) -> None:
        super().__init__(f"There is no export {export_id} for you. Load the list anew.")


class ExportTooLargeError(InvalidInputError):
    """There are more rows than one file may hold."""

    code = "export_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"There are more than {limit} rows. Ask for less, or have the owner of the database "
            "copy them."
        )


class ExportsTooManyError(ConflictError):
    """One person asked for too many files in a day."""

    code = "exports_too_many"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"You asked for {limit} files within 24 hours, and nobody takes away more. Wait, or ask"
            " a colleague who needs them as well."
        )


class ExportWaitsError(ConflictError):
    """Another person has not approved it yet."""

    code = "export_waits"

    def __init__(self) -> None:
        super().__init__("It is about persons and waits for a second person. Ask a colleague.")


class ExportRefusedError(ConflictError):
    """Another person refused it; the file is gone."""

    code = "export_refused"

    def __init__(self) -> None:
        super().__init__("A second person refused this export. Its note says why.")


class ExportDecidedError(ConflictError):
    """It was decided before, or needs no decision."""

    code = "export_decided"

    def __init__(self) -> None:
        super().__init__("This export is decided already, or needs nobody. Load the list anew.")


class OwnExportError(PermissionDeniedError):
    """Nobody approves what he or she asked for."""

    code = "own_export"

    def __init__(self) -> None:
        super().__init__("You asked for this export, so somebody else decides. Ask a colleague.")


class ExportBeyondError(PermissionDeniedError):
    """The asker's areas reach beyond those of who decides."""

    code = "export_beyond"

    def __init__(self) -> None:
        super().__init__(
            "Whoever asked sees areas in which you do not decide about exports. Ask somebody who "
            "decides for all of them."
        )


class ExportExpiredError(NotFoundError):
    """The file has expired and is gone (HTTP 410)."""

    code = "export_expired"

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(
            f"The file expired on {expired_at:%Y-%m-%d %H:%M} UTC and is gone. Ask for it anew."
        )
