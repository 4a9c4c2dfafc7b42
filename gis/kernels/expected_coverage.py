"""Expected coverage: the demand that some unit within reach is free to serve.

MEXCLP: M. S. Daskin, A maximum expected covering location model, Transportation Science 17 (1983)
48-70: each unit is busy with probability q by itself, so n units within reach cover with 1 - q^n,
and the k-th adds (1 - q) q^(k-1). With a busy share for each unit the product of those within
reach takes the place of q^n. Independence flatters where units help one another out: pass the busy
shares of `gis.kernels.hypercube` there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Which of n places each of m units reaches in time: `place[start[u] : start[u + 1]]`.

    start : (m + 1,) int64; place : int32 rows of places, each once a unit
    """

    start: npt.NDArray[np.int64]
    place: npt.NDArray[np.int32]
    n_places: int

    @classmethod
    def of(cls, reached: Sequence[npt.NDArray[np.int32]], n_places: int) -> "Sets":
        """Join the places of each unit."""
        start = np.zeros(len(reached) + 1, np.int64)
        np.cumsum([one.size for one in reached], out=start[1:])
        place = np.concatenate(reached) if reached else np.zeros(0, np.int32)
        return cls(start, place.astype(np.int32, copy=False), n_places)

    @property
    def unit(self) -> npt.NDArray[np.int64]:
        """Return the unit of each entry of `place`."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def counted(self, weight: npt.ArrayLike = 1.0) -> FloatArray:
        """Return the sum of the units' weights by place: (n,); without weights, how many."""
        each = np.broadcast_to(np.asarray(weight, np.float64), (len(self.start) - 1,))
        spread = np.repeat(each, np.diff(self.start))
        found = np.bincount(self.place, weights=spread, minlength=self.n_places)
        return np.asarray(found, np.float64)

    def summed(self, value: FloatArray) -> FloatArray:
        """Return the sum of (n,) values over the places of each unit: (m,)."""
        found = np.bincount(self.unit, weights=value[self.place], minlength=len(self.start) - 1)
        return np.asarray(found, np.float64)


def nobody_free_of(sets: Sets, busy: npt.ArrayLike) -> FloatArray:
    """Return `nobody_free` of sets: (n,), the chance that no unit that reaches a place is free."""
    return _Product.of(sets, np.asarray(busy, np.float64)).whole()


def cover_lost_of(demand: npt.ArrayLike, sets: Sets, busy: npt.ArrayLike) -> FloatArray:
    """Return `cover_lost` of sets: (m,), in time that goes by the entries of the sets.

    Of each place the product over all units is made once, and each unit's share taken out again;
    shares of zero are counted apart, since they cannot be.
    """
    weights, shares = np.asarray(demand, np.float64), np.asarray(busy, np.float64)
    product = _Product.of(sets, shares)
    whole, alone = weights * product.whole(), weights * product.alone()
    positive = shares > 0.0
    others = np.where(positive, shares, 1.0)
    return np.asarray(
        np.where(
            positive, (1.0 - shares) / others * sets.summed(whole), sets.summed(alone)
        ),
        np.float64,
    )  # fmt: skip


def cover_gained_of(
    demand: npt.ArrayLike, bases: Sets, nobody: FloatArray, *, busy: float
) -> FloatArray:
    """Return what one more unit at each base adds: DMEXCLP's marginal, (m,).

    Sum over the places i that a base reaches of d_i (1 - q) times the chance `nobody` (n,) that
    none of the units there is free: d_i (1 - q) q^k_i where k_i like units reach i. Source: C. J.
    Jagtenberg, S. Bhulai, R. D. van der Mei, An efficient heuristic for real-time ambulance
    redeployment, Operations Research for Health Care 4 (2015) 27-35.
    """
    return (1.0 - busy) * bases.summed(np.asarray(demand, np.float64) * nobody)


@dataclass(frozen=True, slots=True, eq=False)
class _Product:
    """By place: how many of its units are never busy, and the logarithm of the others' product."""

    certain: FloatArray
    log: FloatArray

    @classmethod
    def of(cls, sets: Sets, shares: FloatArray) -> "_Product":
        never = shares <= 0.0
        if shares.size and not never.any() and (shares == shares[0]).all():
            # MEXCLP: one share for all, so that counting will do.
            counts = np.bincount(sets.place, minlength=sets.n_places)
            return cls(np.zeros(sets.n_places), counts * np.log(shares[0]))
        logs = np.log(np.where(never, 1.0, shares))
        return cls(sets.counted(never.astype(np.float64)), sets.counted(logs))

    def whole(self) -> FloatArray:
        return np.where(self.certain == 0.0, np.exp(self.log), 0.0)

    def alone(self) -> FloatArray:
        """Return the product of the others where just one unit is never busy, else 0."""
        return np.where(self.certain == 1.0, np.exp(self.log), 0.0)
