"""When a unit at a hospital will be free: from how long handovers of this city have taken."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FEWEST_HANDOVERS = 30
"""Of fewer on record nothing is said."""

FEWEST_LONGER = 10
"""A unit that has been there longer than all but so few: nothing is said of it."""

QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class Clearing:
    """Seconds from now, all (n,): a tenth are free by `low_s`, half by `middle_s`, nine tenths by
    `high_s`; NaN where nobody can say.
    """

    low_s: FloatArray
    middle_s: FloatArray
    high_s: FloatArray


def expected_clear(handovers_s: FloatArray, elapsed_s: FloatArray) -> Clearing:
    """Return when units will be free that have been at a hospital for `elapsed_s`, (n,).

    handovers_s : (m,) how long handovers took, in any order. Compared are only those that took
    longer than the unit has been there already. NaN in `elapsed_s`: not at a hospital.
    """
    found = np.full((len(QUANTILES), len(elapsed_s)), np.nan)
    lasted = np.sort(handovers_s[np.isfinite(handovers_s)])
    if len(lasted) >= FEWEST_HANDOVERS:
        for index in np.flatnonzero(np.isfinite(elapsed_s)):
            elapsed = float(elapsed_s[index])
            longer = lasted[np.searchsorted(lasted, elapsed, side="right") :]
            if len(longer) >= FEWEST_LONGER:
                found[:, index] = np.quantile(longer - elapsed, QUANTILES)
    return Clearing(*found)
