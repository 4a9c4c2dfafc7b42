"""Empirical Bayes: rates drawn to a mean, the more the fewer people they are of.

R. J. Marshall, Mapping disease and mortality rates using empirical Bayes estimators, J. R. Stat.
Soc. C 40 (1991) 283; D. Clayton & J. Kaldor, Biometrics 43 (1987) 671, for the gamma distribution
that the same mean and variance give.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.stats import gamma

from surveillance.smooth.areas import Areas, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothed:
    """Rates (n,) in cases by expected cases, the mean they are drawn to and its variance (n,)."""

    rate: FloatArray
    mean: FloatArray
    variance: FloatArray


def global_rates(areas: Areas) -> Smoothed:
    """Return each rate drawn to that of the whole map (`spdep::EBest`).

    The variance is that of the rates beyond what chance gives, 0 where they vary by less.
    """
    mean = areas.cases.sum() / areas.expected.sum()
    rate = areas.cases / areas.expected
    spread = (areas.expected * (rate - mean) ** 2).sum() / areas.expected.sum()
    variance = max(spread - mean / areas.expected.mean(), 0.0)
    everywhere = np.ones_like(rate)
    return _drawn(areas, mean * everywhere, variance * everywhere)


def local_rates(areas: Areas) -> Smoothed:
    """Return each rate drawn to that of its neighbourhood, itself among it (`spdep::EBlocal`).

    An area without a neighbour is drawn to the mean of the whole map.
    """
    near = csr_array(areas.adjacency() + eye_array(areas.cases.size, format="csr"))
    rate = areas.cases / areas.expected
    people = np.asarray(near @ areas.expected)
    mean = np.asarray(near @ areas.cases) / people
    # each member's square is from the mean of its own neighbourhood, as in spdep
    squares = np.asarray(near @ (areas.expected * (rate - mean) ** 2))
    members = np.asarray(near.sum(axis=1), np.float64)
    variance = np.maximum(squares / people - mean / (people / members), 0.0)
    alone, whole = areas.islands(), global_rates(areas)
    return _drawn(
        areas, np.where(alone, whole.mean, mean), np.where(alone, whole.variance, variance)
    )


def exceedance(areas: Areas, smoothed: Smoothed, *, above: float = 1.0) -> FloatArray:
    """Return the probability (n,) that a risk is over `above` times that of the whole map.

    By the gamma distribution of each risk that its mean and variance give; where the variance is 0
    the risk is the mean, and so over it or not.
    """
    level = above * areas.cases.sum() / areas.expected.sum()
    varies = smoothed.variance > 0
    variance = np.where(varies, smoothed.variance, 1.0)
    shape = smoothed.mean**2 / variance + areas.cases
    rate = smoothed.mean / variance + areas.expected
    surely = (smoothed.mean > level * (1 + 1e-12)).astype(np.float64)
    return np.asarray(np.where(varies, gamma.sf(level, shape, scale=1 / rate), surely))


def _drawn(areas: Areas, mean: FloatArray, variance: FloatArray) -> Smoothed:
    rate = areas.cases / areas.expected
    noise = mean / areas.expected
    share = np.divide(variance, variance + noise, out=np.zeros_like(mean), where=noise > 0)
    return Smoothed(rate=mean + share * (rate - mean), mean=mean, variance=variance)
