"""What is wrong with a register beyond what any table can have (`gis.intake.errors`)."""

from collections.abc import Iterable

from gis.errors import InvalidInputError


class UnknownRegisterKindError(InvalidInputError):
    """The register is of no kind that can be loaded."""

    code = "unknown_register_kind"

    def __init__(self, kind: str, *, known: Iterable[str]) -> None:
        self.kind = kind
        super().__init__(f"“{kind}” is no kind of register. Choose one of: {', '.join(known)}.")


class InvalidCapabilityError(InvalidInputError):
    """A capability with a level that is none."""

    code = "invalid_capability"

    def __init__(self, name: str, level: str) -> None:
        super().__init__(
            f"the level “{level[:20]}” of {name[:40]} is not a whole number from 0 to 9; "
            "write for example trauma:2"
        )


class InvalidEntryError(InvalidInputError):
    """Another register's entry that names none."""

    code = "invalid_entry"

    def __init__(self, written: str) -> None:
        super().__init__(
            f"“{written[:40]}” names no entry of another register; write its source and its "
            "reference, for example osm:node/1"
        )
