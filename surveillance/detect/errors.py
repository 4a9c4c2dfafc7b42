"""What detectors cannot work with."""

from gis.errors import InvalidInputError


class BudgetUnusableError(InvalidInputError):
    """A number of alarms a day has no threshold."""

    code = "alarm_budget_unusable"

    def __init__(self) -> None:
        super().__init__(
            "No threshold can be chosen: state how many alarms a day can be verified, above 0, and "
            "give a history in which something was judged."
        )
