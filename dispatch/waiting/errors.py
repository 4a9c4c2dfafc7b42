"""What can be wrong with a call-back."""

from gis.errors import ConflictError


class OnlyUpgradesError(ConflictError):
    """A call-back without a clinician only makes a category more urgent. Nothing was written."""

    code = "call_back_only_upgrades"

    def __init__(self, number: str, category: str) -> None:
        super().__init__(
            f"{number} stays {category}: without a clinician a call-back only makes it more "
            "urgent, nobody who was not reached becomes less urgent, and who is worse becomes more "
            "urgent. Ask a clinician, or choose a more urgent category."
        )


class CodeFirstError(ConflictError):
    """The incident has no category yet that a call-back could change."""

    code = "code_first"

    def __init__(self, number: str) -> None:
        super().__init__(f"{number} is not coded. Ask the questions of triage instead.")


class NotWaitingError(ConflictError):
    """A crew has said that it comes: there is nobody to call back."""

    code = "not_waiting"

    def __init__(self, number: str) -> None:
        super().__init__(f"{number} has a crew on its way or has ended. Load it anew.")
