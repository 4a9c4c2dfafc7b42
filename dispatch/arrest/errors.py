"""What can go wrong when volunteers are asked for a cardiac arrest."""

from collections.abc import Collection

from gis.errors import ConflictError, NotFoundError


class ArrestNotReleasedError(ConflictError):
    """Something stands against asking volunteers."""

    code = "arrest_not_released"

    def __init__(self, sentences: Collection[str]) -> None:
        super().__init__(" ".join(sentences))


class ArrestNotBegunError(NotFoundError):
    """No volunteers were asked for this incident."""

    code = "arrest_not_begun"

    def __init__(self) -> None:
        super().__init__("No volunteers were asked for this incident. Begin the arrest first.")


class RecallNotOpenError(ConflictError):
    """The volunteer is not being called back."""

    code = "recall_not_open"

    def __init__(self) -> None:
        super().__init__("This volunteer is not being called back. Load the incident anew.")
