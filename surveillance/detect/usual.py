"""What is usual in a series by its first periods: a mean, or a yearly wave."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveillance.detect.model import Outcome
from surveillance.series.model import Panel

Floats = NDArray[np.float64]

LEAST_SHARE = 0.5
"""Of the reference periods that must be reported."""
MOST_STEPS = 25
EPSILON = 1e-10
LEAST_MEAN = float(np.finfo(np.float64).eps)
"""A fitted mean is no smaller, as in R's log link: nothing is divided by 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Expected counts (n, t) float64, and `Outcome` (n, t) int8: why there is none."""

    expected: Floats
    outcome: NDArray[np.int8]


def usual_counts(panel: Panel, *, reference: int, seasonal: bool) -> Usual:
    """Return what the first `reference` periods lead to expect of each period.

    `seasonal`: a Poisson regression on one wave of a year's length, else their mean. The reference
    periods themselves are not judged. A series without a case in them has no answer.
    """
    base = panel.baseline()[:, :reference]
    known = ~np.isnan(base)
    outcome = np.full(panel.counts.shape, Outcome.JUDGED, np.int8)
    reports = known.sum(axis=1)
    cases = np.nansum(base, axis=1)
    outcome[reports < LEAST_SHARE * reference] = Outcome.TOO_FEW_REPORTS
    outcome[(reports > 0) & (cases == 0)] = Outcome.NOT_FITTED
    outcome[:, :reference] = Outcome.TOO_SHORT
    if not seasonal:
        with np.errstate(invalid="ignore"):
            mean = cases / reports
        return Usual(expected=np.repeat(mean[:, None], panel.n_periods, axis=1), outcome=outcome)
    angle = 2 * np.pi / panel.step.per_year * np.arange(panel.n_periods)
    design = np.column_stack([np.ones_like(angle), np.cos(angle), np.sin(angle)])
    expected = np.full(panel.counts.shape, np.nan)
    for row in np.flatnonzero((reports > design.shape[1]) & (cases > 0)):
        kept = np.flatnonzero(known[row])
        expected[row] = np.exp(design @ _fit(design[kept], base[row, kept]))
    return Usual(expected=expected, outcome=outcome)


def _fit(design: Floats, count: Floats) -> Floats:
    """Return the coefficients (p,) of a Poisson regression with log link of counts (k,)."""
    mean: Floats = count + 0.1
    linear: Floats = np.log(mean)
    before = np.inf
    coefficients: Floats = np.zeros(design.shape[1])
    for _ in range(MOST_STEPS):
        weighed = design * mean[:, None]
        working = linear + (count - mean) / mean
        solved = np.linalg.solve(weighed.T @ design, weighed.T @ working)
        coefficients = np.asarray(solved, np.float64)
        linear = design @ coefficients
        mean = np.maximum(np.exp(linear), LEAST_MEAN)
        fit = float(np.sum(mean - count * linear))
        if abs(fit - before) < EPSILON * (abs(fit) + 0.1):
            break
        before = fit
    return coefficients
