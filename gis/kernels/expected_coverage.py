"""Expected coverage: the demand that some unit within reach is free to serve.

MEXCLP: M. S. Daskin, A maximum expected covering location model, Transportation Science 17 (1983)
48-70: each unit is busy with probability q by itself, so n units within reach cover with 1 - q^n,
and the k-th adds (1 - q) q^(k-1). With a busy share for each unit the product of those within
reach takes the place of q^n. Independence flatters where units help one another out: pass the busy
shares of `gis.kernels.hypercube` there.
"""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def marginal_cover(busy_share: float, count: npt.ArrayLike) -> FloatArray:
    """Return what the `count`-th unit within reach (1, 2, …) adds to the share covered."""
    nth = np.asarray(count, dtype=np.float64)
    return np.asarray((1.0 - busy_share) * busy_share ** (nth - 1.0), dtype=np.float64)


def covered_share(units_within: npt.ArrayLike, busy_share: float) -> FloatArray:
    """Return the share of calls served within the standard where n like units reach: 1 - q^n."""
    counts = np.asarray(units_within, dtype=np.float64)
    return np.asarray(1.0 - np.power(busy_share, counts), dtype=np.float64)


def expected_cover(demand: npt.ArrayLike, units_within: npt.ArrayLike, busy_share: float) -> float:
    """Return Daskin's objective: the demand expected to be covered.

    demand: (n,) weights; units_within: (n,) how many units reach each in time.
    """
    return float(np.asarray(demand, dtype=np.float64) @ covered_share(units_within, busy_share))


def nobody_free(covers: npt.ArrayLike, busy: npt.ArrayLike) -> FloatArray:
    """Return for each place the probability that no unit that reaches it is free: (n_places,).

    covers: (n_places, n_units) bool, whether a unit reaches the place in time; busy: (n_units,)
    share of time each is busy.
    """
    reach = np.asarray(covers, dtype=bool)
    shares = np.asarray(busy, dtype=np.float64)
    return np.asarray(np.where(reach, shares, 1.0).prod(axis=1), dtype=np.float64)


def cover_lost(demand: npt.ArrayLike, covers: npt.ArrayLike, busy: npt.ArrayLike) -> FloatArray:
    """Return the expected covered demand that is lost when a unit leaves: (n_units,).

    Takes demand (n_places,), `covers` and `busy` as `nobody_free`. What sending a unit costs the
    others: demand that it reaches, when it is free and none of the others is.
    """
    weights = np.asarray(demand, dtype=np.float64)
    reach = np.asarray(covers, dtype=bool)
    shares = np.asarray(busy, dtype=np.float64)
    factors = np.where(reach, shares, 1.0)
    # Products of all others from both sides: dividing by a share of zero would lose the place.
    ones = np.ones((len(weights), 1))
    left = np.cumprod(np.concatenate([ones, factors[:, :-1]], axis=1), axis=1)
    right = np.cumprod(np.concatenate([ones, factors[:, :0:-1]], axis=1), axis=1)[:, ::-1]
    lost = weights[:, None] * reach * (1.0 - shares) * left * right
    return np.asarray(lost.sum(axis=0), dtype=np.float64)
