"""How surely a ratio is not by chance, from the greatest ratios of null data sets."""

import math

import numpy as np
import numpy.typing as npt

from surveillance.scan.model import FloatArray

EQUAL = 1e-9
"""Ratios nearer than this share are equal: the same counts summed in another order."""
EULER = 0.5772156649015329


def reached_at(ratio: float, maxima: FloatArray) -> npt.NDArray[np.int64]:
    """Return which null data sets have a greatest ratio that is not below `ratio`."""
    return np.flatnonzero(maxima >= ratio * (1.0 - EQUAL))


def rank_p(ratio: float, maxima: FloatArray, enough: int | None = None) -> float | None:
    """Return the p-value by rank among `maxima` and the data themselves; None without maxima.

    With `enough`, the sequential one of Besag & Clifford 1991 (doi 10.1093/biomet/78.2.301): where
    so many of the maxima reach the ratio, it is their number by that of the maxima up to the last
    of them.
    """
    if not maxima.size:
        return None
    reached = reached_at(ratio, maxima)
    if enough is not None and reached.size >= enough:
        return enough / (int(reached[enough - 1]) + 1)
    return (reached.size + 1) / (maxima.size + 1)


def gumbel_p(ratio: float, maxima: FloatArray) -> float | None:
    """Return the p-value by a Gumbel distribution with the mean and variance of `maxima`.

    Abrams, Kleinman & Kulldorff 2010, doi 10.1186/1476-072X-9-61. None if it cannot be fitted.
    """
    if maxima.size < 2 or not (spread := float(np.std(maxima, ddof=1))):
        return None
    scale = spread * math.sqrt(6.0) / math.pi
    centre = float(np.mean(maxima)) - EULER * scale
    return -math.expm1(-math.exp(-(ratio - centre) / scale))
