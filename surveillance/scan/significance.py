"""How surely a ratio is not by chance, from the greatest ratios of null data sets."""

import math

import numpy as np

from surveillance.scan.model import FloatArray

EQUAL = 1e-9
"""Ratios nearer than this share are equal: the same counts summed in another order."""
EULER = 0.5772156649015329


def rank_p(ratio: float, maxima: FloatArray) -> float | None:
    """Return the p-value by rank among `maxima` and the data themselves; None without maxima."""
    if not maxima.size:
        return None
    reached = int(np.count_nonzero(maxima >= ratio * (1.0 - EQUAL)))
    return (reached + 1) / (maxima.size + 1)


def gumbel_p(ratio: float, maxima: FloatArray) -> float | None:
    """Return the p-value by a Gumbel distribution with the mean and variance of `maxima`.

    Abrams, Kleinman & Kulldorff 2010, doi 10.1186/1476-072X-9-61. None if it cannot be fitted.
    """
    if maxima.size < 2 or not (spread := float(np.std(maxima, ddof=1))):
        return None
    scale = spread * math.sqrt(6.0) / math.pi
    centre = float(np.mean(maxima)) - EULER * scale
    return -math.expm1(-math.exp(-(ratio - centre) / scale))
