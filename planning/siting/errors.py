"""What no plan can be made of."""

from collections.abc import Sequence

from gis.errors import InvalidInputError

_NAMED = 5


def named(keys: Sequence[str]) -> str:
    """Return the first few of `keys` for a sentence, and how many more there are."""
    shown = ", ".join(keys[:_NAMED])
    more = len(keys) - _NAMED
    return f"{shown} and {more} more" if more > 0 else shown


class SitingInputError(InvalidInputError):
    """Numbers of a siting study that cannot be used as they are."""

    code = "siting_input"


class SitingKeysError(SitingInputError):
    """Travel, demand and sites do not name the same things."""

    code = "siting_keys"


class SitingDemandError(SitingInputError):
    """Demand that is no positive number."""

    code = "siting_demand"


class TooManySitesError(SitingInputError):
    """More sites are asked for than there are, or more are fixed than asked for."""

    code = "siting_too_many_sites"


class CoverInfeasibleError(SitingInputError):
    """No choice of sites serves every place; `unreached` are the keys of those without."""

    code = "siting_cover_infeasible"

    def __init__(self, unreached: Sequence[str], why: str) -> None:
        self.unreached = tuple(unreached)
        super().__init__(f"{why}: {named(self.unreached)}.")


class BudgetTooSmallError(SitingInputError):
    """The budget does not pay for what must be built, or for the cheapest choice."""

    code = "siting_budget"
