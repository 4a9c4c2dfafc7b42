"""Rates of counted events per person, with what a small count leaves open."""

from scipy.special import gammaincinv

from gis.documents import Interval

PER = 100_000


def rate_per_1e5(count: int, persons: float, *, confidence: float = 0.95) -> Interval:
    """Return `count` per 100,000 `persons` with its exact Poisson interval.

    The bounds are those within which the expected count lies, taken as Poisson: no normal
    approximation, which would reach below zero for small counts. Source: F. Garwood, Fiducial
    limits for the Poisson distribution, Biometrika 28 (1936) 437-442.

    Raises
    ------
    ValueError
        `count` is negative or `persons` is not positive.
    """
    if count < 0 or not persons > 0:
        message = f"no rate of {count} in {persons}"
        raise ValueError(message)
    tail = (1 - confidence) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    high = float(gammaincinv(count + 1, 1 - tail))
    scale = PER / persons
    return Interval(count * scale, low * scale, high * scale)
