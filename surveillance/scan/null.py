"""How strong zones get by chance: null data sets drawn, and the greatest ratio of each."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from surveillance.scan import draws, sweep
from surveillance.scan.likelihood import limits
from surveillance.scan.model import CountArray, FloatArray, Model, PlaceArray, SlotArray, Span
from surveillance.scan.study import Study, sequences
from surveillance.scan.zones import Zones

Replicates = npt.NDArray[np.int64]
BLOCK_BYTES = 192 * 2**20
"""Counts of null data sets that are held at once."""
SOME = 4
"""Centres by which the first limit is chosen, and …"""
MORE = 6
"""… how many times as many choose the next."""
FIRST_LIMIT = 2.0
REPEATED = 0.1
"""Share of null data sets that may have to be searched again."""
MANY = 200
"""From how many null data sets on a few of them are searched first."""
WIDTH = 32
"""Null data sets are looked at in multiples of this: what a processor compares at once."""
MOST_IN_16_BITS = 32_000


def null_maxima(study: Study, replicates: Replicates) -> FloatArray:
    """Return the greatest ratio of each of `replicates`, exactly; 0 where no zone is unusual."""
    maxima = np.zeros(replicates.size)
    for part in _blocks(study, replicates.size):
        for sign in study.signs():
            _raise_maxima(study, sign, replicates[part], maxima[part])
    return maxima


def _blocks(study: Study, replicates: int) -> Iterator[slice]:
    cells = study.counts.shape[0] * study.drawn_intervals()
    size = BLOCK_BYTES // (cells * _count_type(study).itemsize) // WIDTH * WIDTH
    size = max(size, WIDTH)
    for first in range(0, replicates, size):
        yield slice(first, first + size)


def _count_type(study: Study) -> np.dtype[np.signedinteger]:
    return np.dtype(np.int16 if study.totals.cases <= MOST_IN_16_BITS else np.int32)


def _raise_maxima(study: Study, sign: int, replicates: Replicates, best: FloatArray) -> None:
    """Raise `best` to the greatest ratio of each replicate.

    Only ratios above a limit are sought, so that nearly all of the work is comparing whole
    numbers. Of many null data sets a few are searched first, and say what most of the others
    will exceed.
    """
    counts = drawn(study, _padded(replicates), sign)
    if best.size < MANY:
        _raise_by_steps(study, sign, counts, best)
        return
    _raise_by_steps(study, sign, np.ascontiguousarray(counts[:, :, :WIDTH]), best[:WIDTH])
    least = float(np.quantile(best[:WIDTH], REPEATED))
    _raise(study, study.zones, sign, counts, least, best)
    again = np.flatnonzero(best < least)
    if again.size:
        lower = best[again]
        _raise_by_steps(study, sign, np.ascontiguousarray(counts[:, :, _padded(again)]), lower)
        best[again] = lower


def _raise_by_steps(study: Study, sign: int, counts: sweep.Small, best: FloatArray) -> None:
    """Raise `best` by looks at few centres, at more, at all: what is found is the next limit."""
    count = study.zones.weight.size
    some, least = SOME, FIRST_LIMIT
    while some < count:
        part = every_nth(study.zones, count // some)
        _raise(study, part, sign, counts, least, best)
        least = float(best.min())
        some *= MORE
    _raise(study, study.zones, sign, counts, least, best)
    if best.min() < least:  # so few centres that there was no step: all below the first limit
        _raise(study, study.zones, sign, counts, 0.0, best)


def _padded(columns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the columns and the last again, in a multiple of `WIDTH`."""
    return np.pad(columns, (0, -columns.size % WIDTH), mode="edge")


def every_nth(zones: Zones, step: int) -> Zones:
    """Return every `step`-th sequence."""
    return chosen(zones, np.arange(0, zones.weight.size, step))


def chosen(zones: Zones, kept: npt.NDArray[np.int64]) -> Zones:
    """Return the sequences `kept`."""
    sizes = np.diff(zones.start)[kept]
    start = np.concatenate(([0], np.cumsum(sizes)))
    slots = np.arange(start[-1]) + np.repeat(zones.start[kept] - start[:-1], sizes)
    return Zones(
        zones.order[slots], start, zones.ends[slots], zones.centre[kept], zones.weight[kept]
    )


def _raise(  # noqa: PLR0917 - one call for each limit
    study: Study, zones: Zones, sign: int, counts: sweep.Small, least: float, best: FloatArray
) -> None:
    """Raise `best` where a ratio of the null data sets `counts` is not below `least`."""
    found = np.zeros(counts.shape[2])
    weights, of_weight = np.unique(zones.weight, return_inverse=True)
    for k, weight in enumerate(weights):
        part = sequences(
            zones if weights.size == 1 else chosen(zones, np.flatnonzero(of_weight == k))
        )
        by = limits(least / weight, sign, study.settings.least_cases, study.totals)
        if study.settings.span is Span.ANY:
            sweep.maxima_of_any(
                part, counts, study.expected, study.longest, by, study.totals, found
            )
        else:
            recent = np.cumsum(study.expected[:, ::-1][:, : study.longest], axis=1)
            sweep.maxima_to_now(
                part, counts, np.ascontiguousarray(recent), by, study.totals, found
            )  # fmt: skip
    best[:] = np.maximum(best, found[: best.size])


def drawn(study: Study, replicates: Replicates, sign: int) -> sweep.Small:
    """Return null counts (places, intervals, replicates), negative if `sign` is.

    Of periods that end now: sums over the last 1, 2 … intervals.
    """
    places, intervals = study.counts.shape
    kept = study.drawn_intervals()
    counts = np.zeros((places * kept, replicates.size), dtype=_count_type(study))
    cases, seed = study.totals.cases, study.settings.seed
    if study.settings.model is Model.PERMUTATION:
        place, time, begins = _cases_one_by_one(study.grouped)
        draws.draw_exchanged(
            place, time, begins, intervals - kept, kept, seed, replicates, counts, sign
        )
    elif study.settings.model is Model.BERNOULLI:
        there = study.people[:, intervals - kept :].ravel()
        there = np.append(there, study.people.sum() - there.sum())
        cell = np.repeat(np.arange(there.size, dtype=np.int32), there)
        draws.draw_from_people(cell, cases, seed, replicates, counts, sign)
    else:
        due = study.expected[:, intervals - kept :].ravel()
        due = np.append(due, study.expected[:, : intervals - kept].sum())
        share, other = np.zeros(due.size, dtype=np.int64), np.zeros(due.size, dtype=np.int32)
        draws.alias_table(due, share, other)
        draws.draw_weighted(cases, share, other, seed, replicates, counts, sign)
    by_interval = counts.reshape(places, kept, replicates.size)
    if study.settings.span is Span.ANY:
        return by_interval
    return np.cumsum(by_interval[:, ::-1], axis=1, dtype=by_interval.dtype)


def _cases_one_by_one(grouped: CountArray) -> tuple[PlaceArray, PlaceArray, SlotArray]:
    """Return place and time of each case, groups after one another, and where each begins."""
    group, place, time = np.nonzero(grouped.transpose(2, 0, 1))
    many = grouped[place, time, group]
    sizes = np.bincount(group, weights=many, minlength=grouped.shape[2]).astype(np.int64)
    return (
        np.repeat(place, many).astype(np.int32),
        np.repeat(time, many).astype(np.int32),
        np.concatenate(([0], np.cumsum(sizes))),
    )
