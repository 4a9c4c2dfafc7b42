"""Errors of pseudonyms, their keys and their links."""

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError

SHORTEST_REASON = 10


class PurposeInvalidError(InvalidInputError):
    """A purpose is one short word."""

    code = "purpose_invalid"

    def __init__(self, purpose: str) -> None:
        super().__init__(
            f"“{purpose}” names no purpose: give a word of small letters, e.g. surveillance."
        )


class PseudonymKeyUnknownError(NotFoundError):
    """The key was destroyed, or never stood here."""

    code = "pseudonym_key_unknown"

    def __init__(self, key_id: str) -> None:
        super().__init__(f"There is no key {key_id} here. Restore it, or make the pseudonyms anew.")


class LinkReasonMissingError(InvalidInputError):
    """Who breaks the glass says why."""

    code = "link_reason_missing"

    def __init__(self) -> None:
        super().__init__(
            f"Say in at least {SHORTEST_REASON} characters why these two must be known as one "
            "person; somebody else will read it."
        )


class LinkUnknownError(NotFoundError):
    """No such link."""

    code = "link_unknown"

    def __init__(self, link_id: UUID) -> None:
        super().__init__(f"There is no link {link_id}. Load the list anew.")


class LinkReviewRefusedError(ConflictError):
    """A link is reviewed once, by another person than made it."""

    code = "link_review_refused"

    def __init__(self) -> None:
        super().__init__("A link is reviewed once, and not by who made it. Ask somebody else.")
