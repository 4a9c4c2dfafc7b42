"""Upper quantiles and tails of counts that vary phi times as much as their mean."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc, ndtri

Floats = NDArray[np.float64]


def counts_above(count: Floats, mean: Floats, phi: Floats) -> Floats:
    """Return P(X > count) of a count with `mean` and variance phi * mean; phi 1 = Poisson.

    For phi > 1 negative binomial with size mean / (phi - 1). Below 0 it is 1.
    """
    count, mean, phi = np.broadcast_arrays(count, mean, phi)
    above = np.where(np.isnan(mean), np.nan, 1.0)
    known = (count >= 0) & np.isfinite(mean)
    poisson = known & (phi == 1)
    above[poisson] = gammainc(count[poisson] + 1, mean[poisson])
    wide = known & (phi > 1)
    size = mean[wide] / (phi[wide] - 1)
    above[wide] = betainc(count[wide] + 1, size, 1 - 1 / phi[wide])
    return above


def upper_count(mean: Floats, phi: Floats, alpha: float) -> Floats:
    """Return the least count whose tail above it is at most `alpha`; NaN where `mean` is infinite.

    The first guess is normal; it is then put right by single steps, all at once.
    """
    fuzz = 64 * np.finfo(np.float64).eps
    limit = alpha * (1 + fuzz)
    spread = np.sqrt(mean * phi)
    finite = np.isfinite(mean)
    guess = np.where(finite, np.floor(np.maximum(mean - ndtri(alpha) * spread, 0)), 0)
    while (high := finite & (guess > 0) & (counts_above(guess - 1, mean, phi) <= limit)).any():
        guess = np.where(high, guess - 1, guess)
    while (low := finite & (counts_above(guess, mean, phi) > limit)).any():
        guess = np.where(low, guess + 1, guess)
    return np.where(finite, guess, np.nan)
