"""What can be wrong with what rooms say of themselves."""

from collections.abc import Sequence

from gis.errors import GoldenHourError


class HouseRefusedError(GoldenHourError):
    """The rooms do not fit together: something unknown, twice the same, or untranslated."""

    code = "house_refused"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"The rooms do not fit together: {' '.join(problems)} Correct their room.py."
        )


class HouseNotOpenError(RuntimeError):
    """The process knows no rooms yet."""

    def __init__(self) -> None:
        super().__init__("Import api before the first unit of work: it says where the rooms are.")


class UndeclaredEventError(LookupError):
    """A use case emits a type that no room declares, or of another kind of subject."""

    def __init__(self, type_: str, subject: str) -> None:
        super().__init__(
            f"No room declares the event {type_!r} of a subject {subject!r}. Declare it in room.py."
        )
