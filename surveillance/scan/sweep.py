"""The searches over all zones and periods: of the data once, of the null data sets side by side.

Counts and expectations are (places, intervals). Null data sets lie innermost, so that a zone is
compared with its limit in all of them by the same instruction; ratios are worked out on hits only.
For low zones the counts are negative: the comparison is the same.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.engine.compiled import compiled
from surveillance.scan.likelihood import BERNOULLI, Limits, Totals, limit, log_ratio
from surveillance.scan.model import CountArray, FloatArray, PlaceArray, SlotArray

Small = npt.NDArray[np.signedinteger]
GROWTH = 0.7
"""How much zones looked at together may grow, in standard deviations of their longest period."""
SPARING = 0.7
"""How wide blocks of intervals are, in standard deviations of their longest period."""
MOST_INTERVALS = 8


class Sequences(NamedTuple):
    """`zones.Zones`, as compiled code reads them."""

    order: PlaceArray
    start: SlotArray
    ends: npt.NDArray[np.bool_]
    weight: FloatArray


class Wanted(NamedTuple):
    """Which periods and zones count: as the settings of a scan say."""

    to_now: bool
    longest: int
    high: bool
    low: bool
    least_cases: int


class Found(NamedTuple):
    """Of each sequence the best ratio, the slot where the zone ends, first and last interval."""

    ratio: FloatArray
    end: SlotArray
    first: SlotArray
    last: SlotArray


@compiled
def best_of_each(  # noqa: C901, PLR0917 - one loop; compiled code takes no keywords
    zones: Sequences, counts: CountArray, expected: FloatArray, wanted: Wanted, of: Totals,
    found: Found,
) -> None:  # fmt: skip
    """Fill the best zone and period of each sequence.

    A ratio is at most chi², and chi² needs no logarithm: so most zones are passed over.
    """
    times = counts.shape[1]
    factor = float(of.cases)
    if of.kind == BERNOULLI:
        factor *= of.people / (of.people - of.cases)
    sums, dues = np.zeros(times + 1, np.int64), np.zeros(times + 1)
    count_of, due_of = np.zeros(times, np.int64), np.zeros(times)
    for k in range(zones.weight.size):
        count_of[:] = 0
        due_of[:] = 0.0
        best = 0.0
        for j in range(zones.start[k], zones.start[k + 1]):
            for t in range(times):
                count_of[t] += counts[zones.order[j], t]
                due_of[t] += expected[zones.order[j], t]
                sums[t + 1] = sums[t] + count_of[t]
                dues[t + 1] = dues[t] + due_of[t]
            if not zones.ends[j]:
                continue
            for until in range(times if wanted.to_now else 1, times + 1):
                for since in range(max(0, until - wanted.longest), until):
                    count, due = sums[until] - sums[since], dues[until] - dues[since]
                    over = count - due
                    if over * over * factor <= best * due * (of.cases - due):
                        continue
                    if over > 0.0:
                        if not wanted.high or count < wanted.least_cases:
                            continue
                    elif not wanted.low:
                        continue
                    value = zones.weight[k] * log_ratio(count, due, of)
                    if value > best:
                        best = value
                        found.end[k], found.first[k], found.last[k] = j, since, until - 1
        found.ratio[k] = best


@compiled
def _add(more: Small, inside: Small) -> None:
    for r in range(inside.size):
        inside[r] += more[r]


@compiled
def _reached(low: Small, high: Small, least: Small) -> bool:
    """Say whether any replicate's high - low is not below the limit, `least[0]`."""
    bar = least[0]
    hit = False
    for r in range(high.size):
        hit |= high[r] - low[r] >= bar
    return hit


@compiled
def _raise(  # noqa: PLR0917 - compiled code takes no keywords
    low: Small, high: Small, least: Small, weight: float, due: float, sign: int, of: Totals,
    best: FloatArray,
) -> None:  # fmt: skip
    """Raise the best ratio of each replicate that reaches the limit."""
    for r in range(high.size):
        if high[r] - low[r] >= least[0]:
            count = sign * (int(high[r]) - int(low[r]))
            best[r] = max(best[r], weight * log_ratio(count, due, of))


@compiled
def maxima_to_now(  # noqa: PLR0917 - compiled code takes no keywords
    zones: Sequences, counts: Small, expected: FloatArray, by: Limits, of: Totals,
    best: FloatArray,
) -> None:  # fmt: skip
    """Raise `best` (replicates,) to the greatest ratio of periods that end now, where hit.

    `counts` (places, periods, replicates) and `expected` (places, periods) are sums over the last
    1, 2 … intervals.
    """
    periods, replicates = counts.shape[1], counts.shape[2]
    held = np.zeros((periods, replicates), counts.dtype)
    nothing = np.zeros(replicates, counts.dtype)
    least = np.zeros(1, counts.dtype)
    due = np.zeros(periods)
    for k in range(zones.weight.size):
        held[:] = 0
        due[:] = 0.0
        for j in range(zones.start[k], zones.start[k + 1]):
            place = zones.order[j]
            for w in range(periods):
                due[w] += expected[place, w]
                more, inside = counts[place, w], held[w]
                if not zones.ends[j]:
                    _add(more, inside)
                    continue
                least[0] = limit(due[w], by)
                bar = least[0]
                hit = False
                for r in range(replicates):
                    inside[r] += more[r]
                    hit |= inside[r] >= bar
                if hit:
                    _raise(nothing, inside, least, zones.weight[k], due[w], by.sign, of, best)


@compiled
def _running(of_interval: FloatArray, sums: FloatArray) -> None:
    for t in range(of_interval.size):
        sums[t + 1] = sums[t] + of_interval[t]


@compiled
def _running_counts(of_interval: Small, sums: Small) -> None:
    for t in range(of_interval.shape[0]):
        before, after, more = sums[t], sums[t + 1], of_interval[t]
        for r in range(more.size):
            after[r] = before[r] + more[r]


@compiled
def _periods_hit(  # noqa: PLR0917 - compiled code takes no keywords
    sums: Small, dues: FloatArray, longest: int, block: int, by: Limits, hits: CountArray,
    least: Small,
) -> int:  # fmt: skip
    """Fill `hits` with the periods that may be hit in some replicate; return how many.

    `sums` are the most cases that any of the zones may have and `dues` the least that were due
    (high ones), or the other way round (low). The same is asked of blocks of periods first.
    """
    times, found = dues.size - 1, 0
    for earliest in range(0, times, block):
        latest = min(earliest + block, times) - 1
        for soonest in range(earliest, min(times, latest + longest), block):
            until = min(soonest + block, times)
            if block > 1 and soonest > latest:
                if by.sign > 0:
                    least[0] = limit(dues[soonest + 1] - dues[latest], by)
                    low, high = sums[earliest], sums[until]
                else:
                    least[0] = limit(dues[until] - dues[earliest], by)
                    low, high = sums[latest], sums[soonest + 1]
                if not _reached(low, high, least):
                    continue
            for since in range(earliest, latest + 1):
                for to in range(max(since, soonest) + 1, min(until, since + longest) + 1):
                    least[0] = limit(dues[to] - dues[since], by)
                    if _reached(sums[since], sums[to], least):
                        hits[found, 0], hits[found, 1] = since, to
                        found += 1
    return found


@compiled
def maxima_of_any(  # noqa: C901, PLR0912, PLR0917 - compiled code takes no keywords
    zones: Sequences, counts: Small, expected: FloatArray, longest: int, by: Limits, of: Totals,
    best: FloatArray,
) -> None:  # fmt: skip
    """Raise `best` (replicates,) to the greatest ratio of any period, where hit.

    `counts` (places, intervals, replicates). Zones that grow by little are looked at together, and
    periods by blocks of first and of last intervals: if the most cases that one of them can have
    are too few for the least expectation among them, none is high (for low ones the other way
    round). Both are as wide as is likely to spare single looks.
    """
    times, replicates = counts.shape[1], counts.shape[2]
    held, smallest = np.zeros((2, times, replicates), counts.dtype)
    sums = np.zeros((times + 1, replicates), counts.dtype)
    due_of, smallest_due_of = np.zeros(times), np.zeros(times)
    dues = np.zeros(times + 1)
    least = np.zeros(1, counts.dtype)
    hits = np.zeros((times * longest, 2), np.int64)
    of_place = expected.sum(axis=1)
    for k in range(zones.weight.size):
        held[:] = 0
        due_of[:] = 0.0
        whole = 0.0
        after = zones.start[k]
        while after < zones.start[k + 1]:
            first, room = after, 0.0
            while after < zones.start[k + 1]:
                place = zones.order[after]
                room -= of_place[place]
                if after > first and room < 0.0:
                    break
                whole += of_place[place]
                due_of += expected[place]
                for t in range(times):
                    _add(counts[place, t], held[t])
                if after == first:
                    smallest[:] = held
                    smallest_due_of[:] = due_of
                    room = GROWTH * math.sqrt(whole * times / longest)
                after += 1
            _running_counts(held if by.sign > 0 else smallest, sums)
            _running(smallest_due_of if by.sign > 0 else due_of, dues)
            block = int(SPARING * math.sqrt(longest * times / max(whole, 1.0)))
            block = max(1, min(MOST_INTERVALS, block))
            found = _periods_hit(sums, dues, longest, block, by, hits, least)
            if not found:
                continue
            for j in range(first, after):
                if j > first:
                    smallest_due_of += expected[zones.order[j]]
                    for t in range(times):
                        _add(counts[zones.order[j], t], smallest[t])
                if not zones.ends[j]:
                    continue
                _running_counts(smallest, sums)
                _running(smallest_due_of, dues)
                for hit in hits[:found]:
                    low, high, due = sums[hit[0]], sums[hit[1]], dues[hit[1]] - dues[hit[0]]
                    least[0] = limit(due, by)
                    if _reached(low, high, least):
                        _raise(low, high, least, zones.weight[k], due, by.sign, of, best)
