"""What can go wrong with a protocol and the answers given to it."""

from collections.abc import Collection

from gis.errors import GoldenHourError, InvalidInputError


class ProtocolInvalidError(GoldenHourError):
    """The protocol file contradicts itself or lacks something."""

    code = "protocol_invalid"

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"The protocol cannot be used: {where}: {what}. Correct the file.")


class ProtocolCaseInvalidError(InvalidInputError):
    """A case for the test of a protocol cannot be read."""

    code = "protocol_case_invalid"

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"The cases cannot be used: {where}: {what}. Correct the file.")


class ProtocolAnswerError(InvalidInputError):
    """An answer that the protocol does not know."""

    code = "protocol_answer"

    def __init__(self, what: str, given: str, *, known: Collection[str]) -> None:
        super().__init__(
            f"The protocol knows no {what} “{given}”. Choose one of: {', '.join(known) or 'none'}."
        )
