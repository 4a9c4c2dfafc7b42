"""Mosquito indices of an inspection (WHO): of houses, of containers, and containers by houses."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def house_index(houses_positive: ArrayLike, houses: ArrayLike) -> Floats:
    """Return the percentage of inspected houses with larvae or pupae; NaN where none was."""
    return _per_hundred(houses_positive, houses)


def container_index(containers_positive: ArrayLike, containers: ArrayLike) -> Floats:
    """Return the percentage of containers with water that hold larvae or pupae."""
    return _per_hundred(containers_positive, containers)


def breteau_index(containers_positive: ArrayLike, houses: ArrayLike) -> Floats:
    """Return the containers with larvae or pupae per 100 inspected houses."""
    return _per_hundred(containers_positive, houses)


def _per_hundred(part: ArrayLike, whole: ArrayLike) -> Floats:
    above, below = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    index = np.divide(100 * above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return np.asarray(index)
