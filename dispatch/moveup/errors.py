"""Errors of move-ups."""

from uuid import UUID

from gis.errors import ConflictError, NotFoundError


class MoveUpNotFoundError(NotFoundError):
    """No such move, or not for this viewer."""

    code = "moveup_not_found"

    def __init__(self, move_id: UUID) -> None:
        super().__init__(f"There is no move {move_id} within your areas. Load the list anew.")


class MoveUpOutdatedError(ConflictError):
    """The move is not worth making any more, or cannot be made."""

    code = "moveup_outdated"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"Moving {call_sign} there is not suggested any more. Look at the plan as it is now."
        )


class MoveUpTakenError(ConflictError):
    """The unit is being moved already, or has a task."""

    code = "moveup_taken"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"{call_sign} has a task or is being moved already. Look at the plan as it is now."
        )


class MoveUpBudgetError(ConflictError):
    """So many units were moved within the hour as the rules allow."""

    code = "moveup_budget_spent"

    def __init__(self, moves: int) -> None:
        super().__init__(
            f"{moves} units were moved within the last hour, which is all that the rules allow. "
            "Wait, or have a supervisor raise the number."
        )


class MoveUpEndedError(ConflictError):
    """The move is over."""

    code = "moveup_ended"

    def __init__(self, call_sign: str) -> None:
        super().__init__(f"The move of {call_sign} is over already. Look at the list anew.")
