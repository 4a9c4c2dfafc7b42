"""How many null data sets are searched, and by whom: all at once, or until enough is known."""

from collections.abc import Callable, Iterable

import numpy as np

from surveillance.scan.errors import ScanInputError
from surveillance.scan.model import FloatArray
from surveillance.scan.null import Replicates
from surveillance.scan.significance import reached_at

Spread = Callable[[Callable[[Replicates], FloatArray], Iterable[Replicates]], Iterable[FloatArray]]
"""As `map`: gives each part to the function, and the answers back in their order."""
FIRST_ROUND = 4
"""Of a sequential scan: how many times `enough` null data sets its first round has."""


def greatest_ratios(
    search: Callable[[Replicates], FloatArray],
    *,
    replicates: int,
    strongest: float,
    enough: int | None,
    spread: Spread,
    parts: int,
) -> FloatArray:
    """Return the greatest ratio of each null data set, as `search` finds it, in their order.

    With `enough`, only up to the one with which so many have reached the ratio `strongest`. They
    are searched in rounds that double, each in `parts`; the answer does not depend on either.
    """
    if enough is not None and enough < 1:
        raise ScanInputError("A sequential scan needs at least one null data set to end with.")
    maxima = np.zeros(0)
    size = replicates if enough is None else FIRST_ROUND * enough
    while maxima.size < replicates:
        members = np.arange(maxima.size, min(maxima.size + size, replicates))
        found = spread(search, np.array_split(members, parts))
        maxima = np.concatenate([maxima, *found])
        if enough is not None:
            reached = reached_at(strongest, maxima)
            if reached.size >= enough:
                return maxima[: int(reached[enough - 1]) + 1]
            size *= 2
    return maxima
