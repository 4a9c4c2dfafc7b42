"""What is refused of periods, holds and erasures."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError

SHORTEST_REASON = 10


class ReasonMissingError(InvalidInputError):
    """Who changes what is kept of persons says why."""

    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__(
            f"Say why, in at least {SHORTEST_REASON} characters; somebody else will read it."
        )


class RuleUnknownError(NotFoundError):
    """No rule of retention has this name, or nothing ends by it."""

    code = "rule_unknown"

    def __init__(self, rule: str) -> None:
        super().__init__(f"There is no period to set for “{rule}”. Load the register anew.")


class PersonalSubjectUnknownError(InvalidInputError):
    """Nothing personal is kept under such a kind of thing."""

    code = "personal_subject_unknown"

    def __init__(self, kind: str, known: Collection[str]) -> None:
        super().__init__(f"“{kind}” is none of: {', '.join(sorted(known))}. Choose one of them.")


class PrivacyBeyondError(PermissionDeniedError):
    """It reaches beyond the areas whose personal values the viewer answers for."""

    code = "privacy_beyond"

    def __init__(self) -> None:
        super().__init__(
            "This reaches beyond the areas that you answer for. Ask a data protection officer for "
            "everywhere."
        )


class HeldError(ConflictError):
    """A legal hold keeps the subject from being erased."""

    code = "held"

    def __init__(self, kind: str, subject_id: str, *, placed_by: str, placed_at: datetime) -> None:
        super().__init__(
            f"Nothing was erased: {placed_by} put a legal hold on {kind} {subject_id} on "
            f"{placed_at:%Y-%m-%d}. Have the hold lifted first."
        )


class HoldUnknownError(NotFoundError):
    """No such hold, or it is over."""

    code = "hold_unknown"

    def __init__(self, hold_id: UUID) -> None:
        super().__init__(f"There is no hold {hold_id} in force. Load the list anew.")


class HoldEndInvalidError(InvalidInputError):
    """A hold ends after it begins."""

    code = "hold_end_invalid"

    def __init__(self) -> None:
        super().__init__("The hold would end before it begins. Give a later end, or none.")


class NobodyToForgetError(NotFoundError):
    """Nothing is kept under this number or name."""

    code = "nobody_to_forget"

    def __init__(self) -> None:
        super().__init__("Nothing is kept under this number or name. Check how it was written.")


class NothingToCorrectError(NotFoundError):
    """No such value is kept; what was erased does not come back by a correction."""

    code = "nothing_to_correct"

    def __init__(self, field: str) -> None:
        super().__init__(
            f"Nothing is kept as {field} of this person: it was never given, or it was erased. "
            "Look again at what is kept."
        )


class CorrectionInvalidError(InvalidInputError):
    """A field cannot be corrected to this."""

    code = "correction_invalid"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}.")
