"""Which units will be free at a moment of the next hour: chances, from how long tasks last."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FEWEST_TASKS = 30
"""Of fewer tasks on record nobody says when one ends: the unit then counts as not back."""

MOST_AHEAD_S = 3_600.0


def chance_ended(deciles_s: npt.ArrayLike, *, after_s: float) -> float:
    """Return the share of tasks that end within so many seconds of their stamp.

    deciles_s : (9,) seconds, rising; straight between them, none before 0, and the last tenth ends
    evenly within the span of the tenth before: a stated rule, since its length is not known.
    """
    deciles = np.maximum.accumulate(np.asarray(deciles_s, np.float64))
    end = 2.0 * deciles[-1] - deciles[-2]
    at = np.concatenate([[0.0], deciles, [max(end, deciles[-1])]])
    return float(np.interp(after_s, at, np.linspace(0.0, 1.0, 11)))


def chance_back(deciles_s: npt.ArrayLike, *, age_s: float, ahead_s: float) -> float | None:
    """Return the chance that a task stamped `age_s` ago has ended `ahead_s` from now.

    None where it goes on for longer than any on record.
    """
    still = 1.0 - chance_ended(deciles_s, after_s=age_s)
    if still <= 0.0:
        return None
    return (chance_ended(deciles_s, after_s=age_s + ahead_s) - (1.0 - still)) / still
