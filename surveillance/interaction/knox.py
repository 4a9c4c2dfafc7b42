"""Knox's test: more pairs of cases near in both place and time than chance would bring together.

Knox 1964, doi 10.2307/2985220. The null hypothesis is that times have nothing to do with places:
so the times are exchanged among the cases. (To shuffle the pairs instead, as is also done, takes
pairs that share a case for independent, and makes p too small.)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from routing.engine.compiled import compiled
from surveillance.interaction.errors import CasePairsError
from surveillance.scan.draws import STEP, first_state, mixed

FloatArray = npt.NDArray[np.float64]
PairArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Knox:
    """Pairs near in place, in time, in both, and what was due of these.

    `null` (replicates,) are the pairs near in both of each exchange of times; `p` is the share of
    them, and the data themselves, with at least as many: None without replicates.
    """

    near_in_place: int
    near_in_time: int
    near_in_both: int
    expected: float
    null: PairArray
    p: float | None


def knox(
    xy_m: FloatArray,
    at: FloatArray,
    *,
    within_m: float,
    within: float,
    replicates: int = 999,
    seed: int = 1,
) -> Knox:
    """Return Knox's statistic: `xy_m` (cases, 2) on a plane, `at` (cases,) in any unit of time.

    Pairs count that are at most `within_m` and `within` apart. Raises `CasePairsError` for fewer
    than two cases, values that are no numbers, or negative limits.
    """
    if xy_m.shape != (at.size, 2) or at.size < 2:
        raise CasePairsError("Pairs need at least two cases, each with a place and a time.")
    if not np.isfinite(xy_m).all() or not np.isfinite(at).all():
        raise CasePairsError("A place or a time is missing: leave these cases out, and say so.")
    if not within_m >= 0 or not within >= 0:
        raise CasePairsError("How near cases must be is a distance and a time of 0 or more.")
    pairs = KDTree(xy_m).query_pairs(within_m, output_type="ndarray").astype(np.int64)
    ordered = np.sort(at)
    later = np.searchsorted(ordered, ordered + within, side="right") - np.arange(at.size) - 1
    near_in_time = int(later.sum())
    both = int((np.abs(at[pairs[:, 0]] - at[pairs[:, 1]]) <= within).sum())
    null = np.zeros(replicates, dtype=np.int64)
    exchanged(pairs, at.astype(np.float64), within, seed, null)
    p = (int((null >= both).sum()) + 1) / (replicates + 1) if replicates else None
    all_pairs = at.size * (at.size - 1) / 2
    return Knox(len(pairs), near_in_time, both, len(pairs) * near_in_time / all_pairs, null, p)


@compiled
def exchanged(pairs: PairArray, at: FloatArray, within: float, seed: int, null: PairArray) -> None:
    """Fill `null` with the pairs near in time after each exchange of all times."""
    times = np.empty_like(at)
    for r in range(null.size):
        state = first_state(seed, r)
        times[:] = at
        for k in range(times.size - 1, 0, -1):
            state += STEP
            other = int(((mixed(state) >> np.uint64(32)) * np.uint64(k + 1)) >> np.uint64(32))
            times[k], times[other] = times[other], times[k]
        count = 0
        for k in range(pairs.shape[0]):
            if abs(times[pairs[k, 0]] - times[pairs[k, 1]]) <= within:
                count += 1
        null[r] = count
