"""How many cases were due in each place and interval when nothing is unusual."""

import numpy as np

from surveillance.scan.errors import ScanInputError
from surveillance.scan.model import CountArray, FloatArray


def person_time(dates: FloatArray, people: FloatArray, bounds: FloatArray) -> FloatArray:
    """Return person-days (places, intervals, groups) of populations counted on some days.

    `dates` (counts,) are days on any scale, rising; `people` (places, counts, groups); `bounds`
    (intervals + 1,) are the days on which intervals begin, and the day after the last. Between
    counts the population goes in a straight line, before the first and after the last it stands
    still (as SaTScan reckons).
    """
    if dates.size != people.shape[1] or (np.diff(dates) <= 0).any():
        raise ScanInputError("populations need one date each, in rising order")
    if bounds.size < 2 or (np.diff(bounds) <= 0).any():
        raise ScanInputError("intervals must follow one another, each of at least a day")
    corners = np.union1d(bounds, dates[(dates > bounds[0]) & (dates < bounds[-1])])
    at = np.clip(np.searchsorted(dates, corners, side="right") - 1, 0, dates.size - 1)
    after = np.minimum(at + 1, dates.size - 1)
    width = np.where(after > at, dates[after] - dates[at], 1.0)
    share = np.clip((corners - dates[at]) / width, 0.0, 1.0)[np.newaxis, :, np.newaxis]
    there = people[:, at, :] * (1.0 - share) + people[:, after, :] * share
    days = np.diff(corners)[np.newaxis, :, np.newaxis]
    pieces = (there[:, :-1] + there[:, 1:]) / 2.0 * days
    first = np.searchsorted(corners, bounds[:-1])
    return np.asarray(np.add.reduceat(pieces, first, axis=1))


def indirectly_standardised(cases: CountArray, at_risk: FloatArray) -> FloatArray:
    """Return expected cases (places, intervals): the study's own rates of each group, everywhere.

    `cases` and `at_risk` are (places, intervals, groups). The sum is that of all cases. Raises
    `ScanInputError` if a group has cases and nobody at risk.
    """
    of_group = cases.sum(axis=(0, 1)).astype(np.float64)
    people = at_risk.sum(axis=(0, 1))
    if ((people <= 0) & (of_group > 0)).any():
        raise ScanInputError("a group has cases but no population: mend the one or the other")
    rates = np.divide(of_group, people, out=np.zeros_like(of_group), where=people > 0)
    return np.asarray(at_risk @ rates)


def by_margins(cases: CountArray) -> FloatArray:
    """Return expected cases (places, intervals) if place and time do not depend on each other.

    `cases` (places, intervals, groups). Kulldorff et al. 2005, doi 10.1371/journal.pmed.0020059:
    in each group cases of the place times cases of the interval by all cases.
    """
    of_place, of_time = cases.sum(axis=1), cases.sum(axis=0)
    total = np.maximum(cases.sum(axis=(0, 1)), 1)
    return np.asarray((of_place / total) @ of_time.T)
