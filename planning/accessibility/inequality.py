"""How unevenly something is shared among people: weighted by how many live in each place.

A place of 3 people counts as 3 places of one. Sources: Gini 1912; H. Theil 1967 (index T);
J. G. Palma, Development & Change 42 (2011) 87; concentration index: A. Wagstaff, P. Paci &
E. van Doorslaer, Soc. Sci. Med. 33 (1991) 545, ranks in fractions, those alike sharing one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.model import FloatArray


@dataclass(frozen=True, slots=True)
class Inequality:
    """gini : 0 even … 1; theil : 0 even … ln of the people.

    palma : what the best-off tenth has over what the worst-off four tenths have; None if these
    have nothing
    """

    gini: float
    theil: float
    palma: float | None


def inequality(value: npt.ArrayLike, people: npt.ArrayLike) -> Inequality:
    """Return how unevenly (n,) values are shared among (n,) people.

    Raises
    ------
    AccessibilityInputError
        A value or number of people is negative or no number, or all are nothing.
    """
    values, weights = _checked(value, people)
    mean = float(values @ weights / weights.sum())
    ratio = values / mean
    logs = np.log(ratio, out=np.zeros_like(ratio), where=ratio > 0.0)
    return Inequality(
        concentration_index(values, weights, rank_by=values),
        float(weights @ (ratio * logs) / weights.sum()),
        _palma(values, weights),
    )


def concentration_index(
    value: npt.ArrayLike, people: npt.ArrayLike, *, rank_by: npt.ArrayLike
) -> float:
    """Return whether those who rank low have less (above 0) or more (below 0): -1 … 1.

    rank_by : (n,) the standing of each place, for example its income; the worst-off is the least

    Raises
    ------
    AccessibilityInputError
        As `inequality`, or a standing is no number.
    """
    values, weights = _checked(value, people)
    standing = np.asarray(rank_by, dtype=np.float64)
    if standing.shape != values.shape or not np.isfinite(standing).all():
        raise AccessibilityInputError("Every place needs one standing, a number, to be ranked by.")
    _, group = np.unique(standing, return_inverse=True)
    share = weights / weights.sum()
    of_group = np.bincount(group, weights=share)
    rank = (np.cumsum(of_group) - 0.5 * of_group)[group]
    return float(2.0 * (share @ (values * rank)) / (share @ values) - 1.0)


def _palma(values: FloatArray, weights: FloatArray) -> float | None:
    """A place on the border of a tenth is parted by its people."""
    order = np.argsort(values, kind="stable")
    share = weights[order] / weights.sum()
    ends = np.cumsum(share)
    low = np.clip(0.4 - (ends - share), 0.0, share)
    high = np.clip(ends - 0.9, 0.0, share)
    poorest = float(low @ values[order])
    return float(high @ values[order]) / poorest if poorest > 0.0 else None


def _checked(value: npt.ArrayLike, people: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    values, weights = np.asarray(value, np.float64), np.asarray(people, np.float64)
    if values.shape != weights.shape or values.ndim != 1:
        raise AccessibilityInputError(
            f"{values.size} values and {weights.size} numbers of people: each place needs both."
        )
    for one, what in ((values, "values"), (weights, "numbers of people")):
        wrong = int(np.count_nonzero(~(np.isfinite(one) & (one >= 0.0))))
        if wrong:
            raise AccessibilityInputError(f"{wrong} {what} are negative or no number.")
    if not values @ weights > 0.0:
        raise AccessibilityInputError(
            "Nobody has anything of it, or nobody lives there: how it is shared cannot be said."
        )
    return values, weights
