"""Chance inside compiled searches: a seed means the same on every machine."""

import numpy as np
import numpy.typing as npt

from routing.engine.compiled import compiled

ChanceArray = npt.NDArray[np.uint64]
"""One number, the state."""


@compiled
def draw(chance: ChanceArray) -> float:
    """Return a number in [0, 1): xorshift64*."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0
