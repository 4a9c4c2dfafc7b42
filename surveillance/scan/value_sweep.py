"""The search over zones and periods by sums of what people's values add up to.

Marks of a person: one column a category (ordinal); 1, weight, weight x value, weight x value²
(normal, values less their mean); 1, happened, time (exponential).
"""

import math

import numpy as np

from routing.engine.compiled import compiled
from surveillance.scan.draws import STEP, first_state, mixed
from surveillance.scan.model import CountArray, FloatArray, PlaceArray
from surveillance.scan.sweep import Found, Sequences, Wanted

ORDINAL, NORMAL, EXPONENTIAL = 0, 1, 2
LEAST_LEFT = 1e-12
"""Share of the spread that is taken to be left where a zone explains all of it."""


@compiled
def _term(part: float, whole: float) -> float:
    return part * math.log(part / whole) if part > 0.0 else 0.0


@compiled
def ordinal_ratio(inside: FloatArray, total: FloatArray, high: bool) -> float:
    """Return the log likelihood ratio of category counts (m,) in a zone, of `total` in all.

    The ratio of each category's share inside to that outside must rise with the category (`high`)
    or fall. Categories that break the order are pooled with their neighbours, by violators (Jung et
    al. 2007, section 3): what is left is a ratio of counts in the pools.
    """
    size = inside.size
    pool_in = np.empty(size)
    pool_all = np.empty(size)
    pools = 0
    for step in range(size):
        k = step if high else size - 1 - step
        pool_in[pools] = inside[k]
        pool_all[pools] = total[k]
        pools += 1
        # share inside of pool i above that of the next one: pool them
        while pools > 1 and pool_in[pools - 2] * pool_all[pools - 1] >= (
            pool_in[pools - 1] * pool_all[pools - 2]
        ):
            pools -= 1
            pool_in[pools - 1] += pool_in[pools]
            pool_all[pools - 1] += pool_all[pools]
    if pools == 1:
        return 0.0
    here, everywhere = inside.sum(), total.sum()
    value = 0.0
    for k in range(pools):
        value += _term(pool_in[k], here)
        value += _term(pool_all[k] - pool_in[k], everywhere - here)
        value -= _term(pool_all[k], everywhere)
    return value


@compiled
def normal_ratio(inside: FloatArray, total: FloatArray) -> float:
    """Return that of sums (count, weight, weighted value, weighted square) in a zone.

    n/2 ln(spread round one mean / spread round a mean inside and one outside).
    """
    outside = total[1] - inside[1]
    if outside <= 0.0 or total[3] <= 0.0:
        return 0.0
    there = total[2] - inside[2]
    told = inside[2] * inside[2] / inside[1] + there * there / outside
    told -= total[2] * total[2] / total[1]
    return float(-0.5 * total[0] * math.log(max(1.0 - told / total[3], LEAST_LEFT)))


@compiled
def exponential_ratio(inside: FloatArray, total: FloatArray) -> float:
    """Return that of sums (count, happened, time) in a zone."""
    rest, time = total[1] - inside[1], total[2] - inside[2]
    if time <= 0.0:
        return 0.0
    return float(_term(inside[1], inside[2]) + _term(rest, time) - _term(total[1], total[2]))


@compiled
def value_ratio(inside: FloatArray, total: FloatArray, wanted: Wanted, kind: int) -> float:
    """Return the log likelihood ratio of a zone; 0 where it is of the side not looked for."""
    if kind == ORDINAL:
        value = 0.0
        if wanted.high:
            value = ordinal_ratio(inside, total, True)
        if wanted.low:
            value = max(value, ordinal_ratio(inside, total, False))
        return value
    if kind == NORMAL:
        over = inside[2] * total[1] - total[2] * inside[1]
    else:
        over = inside[1] * total[2] - total[1] * inside[2]
    if (over > 0.0 and not wanted.high) or (over < 0.0 and not wanted.low) or over == 0.0:
        return 0.0
    return normal_ratio(inside, total) if kind == NORMAL else exponential_ratio(inside, total)


@compiled
def best_of_values(  # noqa: C901 - one loop; compiled code takes no keywords
    zones: Sequences, sums: FloatArray, wanted: Wanted, kind: int, found: Found
) -> float:
    """Fill the best zone and period of each sequence; return the greatest ratio.

    `sums` (places, intervals, m): marks added up.
    """
    times, size = sums.shape[1], sums.shape[2]
    total = np.zeros(size)
    for place in range(sums.shape[0]):
        for t in range(times):
            total += sums[place, t]
    everybody = total.sum() if kind == ORDINAL else total[0]
    running = np.zeros((times + 1, size))
    held = np.zeros((times, size))
    inside = np.zeros(size)
    greatest = 0.0
    for k in range(zones.weight.size):
        held[:] = 0.0
        best = 0.0
        for j in range(zones.start[k], zones.start[k + 1]):
            for t in range(times):
                for m in range(size):
                    held[t, m] += sums[zones.order[j], t, m]
                    running[t + 1, m] = running[t, m] + held[t, m]
            if not zones.ends[j]:
                continue
            for until in range(times if wanted.to_now else 1, times + 1):
                for since in range(max(0, until - wanted.longest), until):
                    for m in range(size):
                        inside[m] = running[until, m] - running[since, m]
                    here = inside.sum() if kind == ORDINAL else inside[0]
                    if here < max(wanted.least_cases, 1) or here > everybody - 0.5:
                        continue
                    value = zones.weight[k] * value_ratio(inside, total, wanted, kind)
                    if value > best:
                        best = value
                        found.end[k], found.first[k], found.last[k] = j, since, until - 1
        found.ratio[k] = best
        greatest = max(greatest, best)
    return greatest


@compiled
def null_values(  # noqa: PLR0917 - compiled code takes no keywords
    zones: Sequences, cell: PlaceArray, marks: FloatArray, places: int, intervals: int,
    wanted: Wanted, kind: int, seed: int, replicates: CountArray,
) -> FloatArray:  # fmt: skip
    """Return the greatest ratio of each null data set: marks (k, m) shuffled among people."""
    people, size = marks.shape
    count = zones.weight.size
    found = Found(
        np.zeros(count), np.zeros(count, np.int64), np.zeros(count, np.int64),
        np.zeros(count, np.int64),
    )  # fmt: skip
    maxima = np.zeros(replicates.size)
    sums = np.zeros((places, intervals, size))
    whose = np.arange(people)
    for r in range(replicates.size):
        state = first_state(seed, replicates[r])
        for k in range(people):
            whose[k] = k
        sums[:] = 0.0
        for k in range(people - 1, -1, -1):
            state += STEP
            bits = mixed(state)
            at = np.int64(((bits >> np.uint64(32)) * np.uint64(k + 1)) >> np.uint64(32))
            whose[k], whose[at] = whose[at], whose[k]
            place, interval = cell[k] // intervals, cell[k] % intervals
            for m in range(size):
                sums[place, interval, m] += marks[whose[k], m]
        maxima[r] = best_of_values(zones, sums, wanted, kind, found)
    return maxima
