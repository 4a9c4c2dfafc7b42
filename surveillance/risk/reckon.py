"""One period reckoned: standings, rates, and risks that lean on the neighbours'."""

import numpy as np
from numpy.typing import NDArray

from surveillance.risk.model import PER, Bools, Floats, Reckoned, Standing
from surveillance.smooth import icar
from surveillance.smooth.areas import Areas
from surveillance.smooth.empirical_bayes import global_rates


def reckon(cases: Floats, hidden: Bools, residents: Floats, borders: NDArray[np.int64]) -> Reckoned:
    """Return what a map of n areas shows of one period.

    cases, residents : (n,), NaN where not known; borders : (pairs, 2) rows that touch.

    Every number follows from the cases that are given: a hidden count enters nothing, so that no
    rate, risk or probability, of its area or another, says anything about it.
    """
    size = cases.size
    told = np.isfinite(cases) & ~hidden
    peopled = np.isfinite(residents) & (residents > 0)
    used = told & peopled
    blank = np.full(size, np.nan)
    rate, smoothed, risk, over = blank.copy(), blank.copy(), blank.copy(), blank.copy()
    apart = 0
    if used.any():
        rate[used] = PER * cases[used] / residents[used]
    # One area is the whole map: there is nothing to compare it with.
    if used.sum() > 1 and cases[used].sum() > 0:
        areas = _areas(cases, residents, borders, used)
        smoothed[used] = PER * global_rates(areas).rate
        found = icar.smooth(areas)
        risk[used], over[used] = found.risk, found.exceedance
        apart = int(found.apart.sum())
    return Reckoned(
        standing=tuple(
            _standing(float(count), is_hidden=bool(covered), has_people=bool(people))
            for count, covered, people in zip(cases, hidden, peopled, strict=True)
        ),
        rate=rate, smoothed_rate=smoothed, relative_risk=risk, exceedance=over, apart=apart,
    )  # fmt: skip


def _areas(cases: Floats, residents: Floats, borders: NDArray[np.int64], used: Bools) -> Areas:
    row = np.cumsum(used) - 1
    pairs = borders.reshape(-1, 2)
    both = used[pairs[:, 0]] & used[pairs[:, 1]]
    return Areas(cases=cases[used], expected=residents[used], borders=row[pairs[both]])


def _standing(count: float, *, is_hidden: bool, has_people: bool) -> Standing:
    if is_hidden:
        return Standing.HIDDEN
    if np.isnan(count):
        return Standing.MISSING
    if count == 0:
        return Standing.ZERO
    return Standing.COUNTED if has_people else Standing.NO_PEOPLE
