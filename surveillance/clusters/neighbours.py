"""Areas that stand out together with their neighbours: local Moran and Getis and Ord's Gi*.

L. Anselin, Geogr. Anal. 27 (1995) 93; J. K. Ord & A. Getis, the same 286. Both ask how high the
values of an area's neighbours are together: p is the rank of their sum among sums of as many other
areas, drawn by chance while the area itself stays (conditional permutation).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control

from gis.words import Words
from routing.engine.compiled import compiled
from surveillance.clusters.errors import ValuesUnusableError
from surveillance.scan.draws import STEP, first_state, mixed
from surveillance.smooth.areas import Areas

FloatArray = npt.NDArray[np.float64]

PERMUTATIONS = 999
SAME = 1e-9
"""Sums that differ by less than this share of the greatest value are equal."""
LEAST_AREAS = 4


class Pattern(IntEnum):
    """How an area stands to its neighbours."""

    NONE = 0
    HIGH_AMONG_HIGH = 1
    LOW_AMONG_HIGH = 2
    LOW_AMONG_LOW = 3
    HIGH_AMONG_LOW = 4


PATTERN_WORDS = {
    Pattern.NONE: Words(en="nothing unusual", zh="无显著聚集"),
    Pattern.HIGH_AMONG_HIGH: Words(en="high among high", zh="高-高聚集"),
    Pattern.LOW_AMONG_HIGH: Words(en="low among high", zh="低-高异常"),
    Pattern.LOW_AMONG_LOW: Words(en="low among low", zh="低-低聚集"),
    Pattern.HIGH_AMONG_LOW: Words(en="high among low", zh="高-低异常"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhoods:
    """What of each of n areas a local statistic says; NaN and NONE of islands.

    statistic : (n,) local Moran, or Gi* in standard deviations
    p : (n,) two-sided, by rank among the permutations: at least 2 / (permutations + 1)
    rate : (n,) false discovery rate at which the area would be told (Benjamini & Hochberg)
    pattern : (n,) int8 `Pattern` of the area, told or not
    """

    statistic: FloatArray
    p: FloatArray
    rate: FloatArray
    pattern: npt.NDArray[np.int8]

    def told(self, rate: float = 0.05) -> npt.NDArray[np.int8]:
        """Return the patterns (n,) of areas of which a share of `rate` may be false, else NONE."""
        return np.where(self.rate <= rate, self.pattern, np.int8(Pattern.NONE)).astype(np.int8)


def local_moran(
    areas: Areas, values: FloatArray | None = None, *, permutations: int = PERMUTATIONS,
    seed: int = 1,
) -> Neighbourhoods:  # fmt: skip
    """Return how each area goes together with its neighbours, by their values (n,), else rates.

    An area without a neighbour is not looked at. Raises `ValuesUnusableError` where values are
    missing, or fewer than four areas have neighbours. `permutations` bound the least p: of many
    areas few can be told at a small rate unless there are more.
    """
    given, inside, near = _prepared(areas, values)
    apart = given - given.mean()
    beside = (near @ apart) / near.sum(axis=1)
    spread = float((apart**2).mean())
    statistic = apart * beside / spread if spread else np.zeros_like(apart)
    pattern = np.where(
        beside > 0,
        np.where(apart > 0, Pattern.HIGH_AMONG_HIGH, Pattern.LOW_AMONG_HIGH),
        np.where(apart > 0, Pattern.HIGH_AMONG_LOW, Pattern.LOW_AMONG_LOW),
    )
    p = _ranks(given, near, permutations, seed)
    return _whole(areas.cases.size, inside, statistic, pattern, p)


def hot_spots(
    areas: Areas, values: FloatArray | None = None, *, permutations: int = PERMUTATIONS,
    seed: int = 1,
) -> Neighbourhoods:  # fmt: skip
    """Return where values are high or low together (Gi*, the area itself among its neighbours).

    Patterns are HIGH_AMONG_HIGH or LOW_AMONG_LOW. Else as `local_moran`; raises the same.
    """
    given, inside, near = _prepared(areas, values)
    apart, members = given - given.mean(), near.sum(axis=1) + 1.0
    spread = float((apart**2).mean())
    wide = spread * members * (given.size - members) / (given.size - 1)
    sums = near @ apart + apart
    statistic = np.divide(sums, np.sqrt(wide), out=np.zeros_like(sums), where=wide > 0)
    pattern = np.where(statistic > 0, Pattern.HIGH_AMONG_HIGH, Pattern.LOW_AMONG_LOW)
    p = _ranks(given, near, permutations, seed)
    return _whole(areas.cases.size, inside, statistic, pattern, p)


def _prepared(
    areas: Areas, values: FloatArray | None
) -> tuple[FloatArray, npt.NDArray[np.int64], "csr_array[np.float64]"]:
    """Return values and adjacency of the areas that have neighbours, and which they are."""
    given = areas.cases / areas.expected if values is None else values
    if given.shape != areas.cases.shape or not np.isfinite(given).all():
        raise ValuesUnusableError("each area needs one; leave out those without")
    inside = np.flatnonzero(~areas.islands())
    if inside.size < LEAST_AREAS:
        raise ValuesUnusableError("fewer than four areas border on another")
    near = csr_array(areas.adjacency()[inside][:, inside])
    return np.ascontiguousarray(given[inside], dtype=np.float64), inside, near


def _ranks(
    given: FloatArray, near: "csr_array[np.float64]", permutations: int, seed: int
) -> FloatArray:
    """Return p (n,), two-sided; ties with permutations count on both sides."""
    room = SAME * float(np.abs(given).max())
    start, to = near.indptr.astype(np.int64), near.indices.astype(np.int64)
    above, below = sums_of_others(given, start, to, permutations, seed, room)
    return np.minimum(2 * (np.minimum(above, below) + 1) / (permutations + 1), 1.0)


def _whole(
    size: int, inside: npt.NDArray[np.int64], statistic: FloatArray,
    pattern: npt.NDArray[np.int_], p: FloatArray,
) -> Neighbourhoods:  # fmt: skip
    """Return the answers of all areas, islands without one."""
    whole = Neighbourhoods(
        statistic=np.full(size, np.nan), p=np.full(size, np.nan), rate=np.full(size, np.nan),
        pattern=np.full(size, Pattern.NONE, np.int8),
    )  # fmt: skip
    whole.statistic[inside], whole.p[inside] = statistic, p
    whole.rate[inside] = false_discovery_control(p)
    whole.pattern[inside] = pattern
    return whole


@compiled
def sums_of_others(  # noqa: PLR0917 - compiled code takes no keywords
    given: FloatArray, start: npt.NDArray[np.int64], to: npt.NDArray[np.int64],
    permutations: int, seed: int, room: float,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:  # fmt: skip
    """Return in how many permutations the neighbours' sum is not below, and not above, theirs.

    Neighbours of area i are `to[start[i]:start[i + 1]]`; each permutation draws as many others,
    none twice and never i.
    """
    size = given.size
    above, below = np.zeros(size, np.int64), np.zeros(size, np.int64)
    order = np.empty(size, np.int64)
    for i in range(size):
        many = start[i + 1] - start[i]
        own = 0.0
        for k in range(start[i], start[i + 1]):
            own += given[to[k]]
        for k in range(size):
            order[k] = k
        order[i], order[size - 1] = size - 1, i
        state = first_state(seed, i)
        for _ in range(permutations):
            drawn = 0.0
            for k in range(many):
                state += STEP
                left = np.uint64(size - 1 - k)
                at = k + np.int64(((mixed(state) >> np.uint64(32)) * left) >> np.uint64(32))
                order[k], order[at] = order[at], order[k]
                drawn += given[order[k]]
            above[i] += drawn >= own - room
            below[i] += drawn <= own + room
    return above, below
