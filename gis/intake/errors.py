"""Why a file is refused as a whole. Bad rows and bad fields are no errors but rejects."""

from collections.abc import Iterable
from pathlib import Path

from gis.errors import InvalidInputError


class EmptyFileError(InvalidInputError):
    """The file has no rows."""

    code = "empty_file"

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path.name} holds no rows. Nothing was loaded; check that the export was complete."
        )


class UnreadableFileError(InvalidInputError):
    """The file is absent or cannot be read as what its name says."""

    code = "unreadable_file"

    def __init__(self, path: Path, *, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path.name} cannot be read: {reason}. Nothing was loaded.")


class UnsupportedFormatError(InvalidInputError):
    """No reader for this kind of file."""

    code = "unsupported_format"

    def __init__(self, path: Path, *, supported: Iterable[str]) -> None:
        self.path = path
        super().__init__(
            f"{path.name} has a format that is not read for this kind of register. "
            f"Give one of: {', '.join(sorted(supported))}."
        )


class ColumnMissingError(InvalidInputError):
    """A column that is needed, or that the mapping names, is not in the file."""

    code = "column_missing"

    def __init__(self, path: Path, wanted: str, *, columns: Iterable[str]) -> None:
        self.path = path
        self.wanted = wanted
        super().__init__(
            f"{path.name} has no column for {wanted}. It has: {', '.join(columns) or 'none'}. "
            "Rename the column or say in the mapping which one it is."
        )


class UnknownTimeZoneError(InvalidInputError):
    """The named time zone is none."""

    code = "unknown_time_zone"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"“{name}” is no time zone. Write its IANA name, for example Asia/Shanghai."
        )


class UnknownFieldError(InvalidInputError):
    """The mapping names a field that this kind of table does not have."""

    code = "unknown_field"

    def __init__(self, field: str, *, known: Iterable[str]) -> None:
        self.field = field
        super().__init__(f"“{field}” is no field of this table. It has: {', '.join(known)}.")
