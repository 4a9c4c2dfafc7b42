"""Null data sets: cases by chance, each replicate from random numbers of its own.

A replicate's numbers follow from the seed and its place in the row of replicates alone, so that
any split over processes gives the same ones. Counts lie with the replicates innermost.
"""

import numpy as np

from routing.engine.compiled import compiled
from surveillance.scan.model import CountArray, FloatArray, PlaceArray

STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_LOW = np.uint64(0xFFFFFFFF)


@compiled
def mixed(state: np.uint64) -> np.uint64:
    """Return 64 random bits of a state that grows by `STEP` (splitmix64, Steele et al. 2014)."""
    value = (state ^ (state >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))


@compiled
def first_state(seed: int, replicate: int) -> np.uint64:
    """Return the state that a replicate begins with."""
    return mixed(mixed(np.uint64(seed) + STEP) + np.uint64(replicate) * _FIRST)


@compiled
def alias_table(weights: FloatArray, share: CountArray, other: PlaceArray) -> None:
    """Fill Walker's table: cell k is kept in `share[k]` of 2³² draws, else `other[k]` is taken."""
    size = weights.size
    scaled = weights * (size / weights.sum())
    small = np.empty(size, np.int64)
    large = np.empty(size, np.int64)
    smalls = larges = 0
    for k in range(size):
        other[k] = k
        if scaled[k] < 1.0:
            small[smalls] = k
            smalls += 1
        else:
            large[larges] = k
            larges += 1
    while smalls > 0 and larges > 0:
        smalls -= 1
        less, more = small[smalls], large[larges - 1]
        share[less] = np.int64(scaled[less] * 4294967296.0)
        other[less] = more
        scaled[more] -= 1.0 - scaled[less]
        if scaled[more] < 1.0:
            larges -= 1
            small[smalls] = more
            smalls += 1
    for k in range(larges):
        share[large[k]] = np.int64(4294967296)
    for k in range(smalls):
        share[small[k]] = np.int64(4294967296)


@compiled
def draw_weighted(  # noqa: PLR0917 - compiled code takes no keywords
    total: int,
    share: CountArray,
    other: PlaceArray,
    seed: int,
    replicates: CountArray,
    counts: CountArray,
    sign: int,
) -> None:
    """Add `total` cases by weight to `counts` (cells, replicates); others are elsewhere."""
    size = np.uint64(share.size)
    for r in range(replicates.size):
        state = first_state(seed, replicates[r])
        for _ in range(total):
            state += STEP
            bits = mixed(state)
            cell = np.int64(((bits >> np.uint64(32)) * size) >> np.uint64(32))
            if np.int64(bits & _LOW) >= share[cell]:
                cell = np.int64(other[cell])
            if cell < counts.shape[0]:
                counts[cell, r] += sign


@compiled
def draw_exchanged(  # noqa: PLR0917 - compiled code takes no keywords
    place: PlaceArray,
    time: PlaceArray,
    begins: CountArray,
    first: int,
    times: int,
    seed: int,
    replicates: CountArray,
    counts: CountArray,
    sign: int,
) -> None:
    """Give each case another's `time` of its group, and count those from interval `first` on.

    Cases of group g are those from `begins[g]` to before `begins[g + 1]`.
    `counts` is (places * times, replicates); cases are shuffled by Fisher and Yates.
    """
    shuffled = np.empty_like(time)
    for r in range(replicates.size):
        state = first_state(seed, replicates[r])
        shuffled[:] = time
        for g in range(begins.size - 1):
            for k in range(begins[g + 1] - 1, begins[g] - 1, -1):
                state += STEP
                bits = mixed(state)
                left = np.uint64(k - begins[g] + 1)
                at = begins[g] + np.int64(((bits >> np.uint64(32)) * left) >> np.uint64(32))
                shuffled[k], shuffled[at] = shuffled[at], shuffled[k]
                when = shuffled[k] - first
                if when >= 0:
                    counts[place[k] * times + when, r] += sign


@compiled
def draw_from_people(  # noqa: PLR0917 - compiled code takes no keywords
    cell: PlaceArray, total: int, seed: int, replicates: CountArray, counts: CountArray, sign: int
) -> None:
    """Choose `total` cases of the people (`cell`, one entry a person), none twice."""
    drawn = cell.copy()
    for r in range(replicates.size):
        state = first_state(seed, replicates[r])
        drawn[:] = cell
        for k in range(total):
            state += STEP
            bits = mixed(state)
            left = np.uint64(drawn.size - k)
            at = k + np.int64(((bits >> np.uint64(32)) * left) >> np.uint64(32))
            drawn[k], drawn[at] = drawn[at], drawn[k]
            if drawn[k] < counts.shape[0]:
                counts[drawn[k], r] += sign
