"""Mean, median and ninetieth percentile of intervals by group, and what was left out and why.

A percentile is the nearest rank: the smallest recorded value that at least that share of the
records do not exceed. So "90 % within 8 min" is true exactly where the ninetieth percentile is at
most 8 min, and every percentile that is told is a time that somebody waited.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.kpis.model import (
    CLOCKED,
    INTERVALS,
    BoolArray,
    FloatArray,
    IntArray,
    Reason,
    Responses,
    out_of_order,
)

FEWEST = 10
"""With fewer records a ninetieth percentile is the largest of them, and nothing is judged."""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """An interval of every record.

    row : (m,) the responses it is taken of: each, or one a call
    value_s : (m,) float64, NaN where it is not used; reason : (m,) of `Reason`
    """

    row: IntArray
    value_s: FloatArray
    reason: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Statistics:
    """An interval in one group.

    counts : records by `Reason`, in its order; used is the first
    mean_s, median_s : None of no records; p90_s : None of fewer than `FEWEST`
    """

    counts: tuple[int, ...]
    mean_s: float | None
    median_s: float | None
    p90_s: float | None

    @property
    def used(self) -> int:
        """How many records it is reckoned from."""
        return self.counts[Reason.USED]


def clock_start(responses: Responses, clock_s: Mapping[str, float]) -> FloatArray:
    """Return when a standard's clock starts: (r,) seconds, NaN where the call has no such clock.

    The earliest of: the call coded, a unit told, so many seconds after the call (by category).
    """
    after = np.full(len(responses), np.nan)
    for category, seconds in clock_s.items():
        after[responses.category == category] = seconds
    latest = responses.stamp("called") + after
    first_told = _least_of_call(responses.call, responses.stamp("notified"))
    start = np.fmin(np.fmin(responses.stamp("coded"), first_told), latest)
    return np.where(np.isnan(latest), np.nan, start)


def take(
    responses: Responses,
    name: str,
    *,
    now_s: float,
    longest_s: float | None = None,
    clock_s: Mapping[str, float] | None = None,
    wrong: BoolArray | None = None,
) -> Taken:
    """Return an interval of `INTERVALS` of every response or call, and why some are left out.

    now_s : stamps after it are not believed; wrong : `out_of_order`, if that is known already
    clock_s : category → seconds after which a standard's clock runs, for `clocked_response`
    """
    interval = INTERVALS[name]
    longest = interval.longest_s if longest_s is None else longest_s
    if name == CLOCKED:
        start = clock_start(responses, clock_s or {})
    else:
        start = responses.stamp(interval.start)
    end = responses.stamp(interval.end)
    if wrong is None:
        wrong = out_of_order(responses)
    spans = end - start
    missing = np.isnan(spans)
    with np.errstate(invalid="ignore"):
        reason = np.select(
            [missing, (start > now_s) | (end > now_s), wrong | (spans < 0), spans > longest],
            [Reason.MISSING, Reason.FUTURE, Reason.OUT_OF_ORDER, Reason.OUT_OF_BOUNDS],
            default=Reason.USED,
        ).astype(np.int8)
    rows = np.arange(len(responses), dtype=np.int64)
    if interval.of_call:
        if interval.end == "on_scene":
            unfit = np.asarray(~responses.fitting & _any_of_call(responses.call, responses.fitting))
            reason = np.where(unfit & ~missing, np.int8(Reason.MISSING), reason)
        rows = _one_of_call(responses.call, reason, end)
    value = np.where(reason == Reason.USED, spans, np.nan)
    return Taken(rows, value[rows], reason[rows])


def statistics(taken: Taken, group: IntArray, *, groups: int) -> tuple[Statistics, ...]:
    """Return the statistics of an interval of each of `groups` groups.

    group : (m,) int64 group of each record, from 0; negative: of none
    """
    ours = group >= 0
    counts = np.zeros((groups, len(Reason)), dtype=np.int64)
    np.add.at(counts, (group[ours], taken.reason[ours].astype(np.int64)), 1)
    used = ours & (taken.reason == Reason.USED)
    keys, values = group[used], taken.value_s[used]
    order = np.lexsort((values, keys))
    values = values[order]
    n = counts[:, Reason.USED]
    first = np.cumsum(n) - n
    sums = np.bincount(keys, weights=taken.value_s[used], minlength=groups)
    median, p90 = (_ranked(values, first, n, permille) for permille in (500, 900))
    return tuple(
        Statistics(
            tuple(int(one) for one in counts[which]),
            float(sums[which] / n[which]) if n[which] else None,
            float(median[which]) if n[which] else None,
            float(p90[which]) if n[which] >= FEWEST else None,
        )
        for which in range(groups)
    )


def nearest_rank(sorted_s: FloatArray, permille: int) -> float:
    """Return the smallest of sorted values that at least so many of a thousand do not exceed."""
    return float(sorted_s[-(-permille * len(sorted_s) // 1000) - 1])


def _ranked(values: FloatArray, first: IntArray, n: IntArray, permille: int) -> FloatArray:
    if not len(values):
        return np.full(len(n), np.nan)
    place = first + -(-permille * n // 1000) - 1
    found: FloatArray = values[np.clip(place, 0, len(values) - 1)]
    return found


def _one_of_call(call: IntArray, reason: npt.NDArray[np.int8], end: FloatArray) -> IntArray:
    """Return one row a call: of the used ones the first to end, else the one that says most."""
    order = np.lexsort((end, reason, call))
    sorted_call = call[order]
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = sorted_call[1:] != sorted_call[:-1]
    return order[begins]


def _least_of_call(call: IntArray, values: FloatArray) -> FloatArray:
    _, place = np.unique(call, return_inverse=True)
    least = np.full(int(place.max()) + 1 if len(place) else 0, np.inf)
    np.fmin.at(least, place, values)
    found = least[place]
    return np.where(np.isinf(found), np.nan, found)


def _any_of_call(call: IntArray, flag: BoolArray) -> BoolArray:
    _, place = np.unique(call, return_inverse=True)
    found: BoolArray = np.bincount(place, weights=flag)[place] > 0
    return found
