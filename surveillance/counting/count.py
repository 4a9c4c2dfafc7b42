"""Counting: cases by disease, area, age and day, with all totals, as known at a moment."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from surveillance.counting.model import AreaCodes, CaseColumns, Counted
from surveillance.series.keys import AGE_GROUPS, ALL_AGES, WHOLE_CITY, SeriesKey

Days = NDArray[np.datetime64]


def count_days(
    cases: CaseColumns,
    *,
    diseases: Sequence[str],
    areas: AreaCodes,
    as_of: datetime,
    first: date,
    until: date,
    reported_from: date | None,
    reported_until: date | None,
) -> Counted:
    """Count cases of `diseases` by area, age group and day, from `first` up to before `until`.

    Each series is there with each total: disease × (areas, whole city) × (age groups, all ages).
    A case whose area or age is not known counts in the totals. Days before `reported_from`, or from
    `reported_until` on, have no report (None: none has any) and are NaN unless there is a case.
    """
    groups = (*AGE_GROUPS, ALL_AGES)
    places = (*areas.codes, WHOLE_CITY)
    known = cases.known_at(as_of) & np.isin(cases.disease, list(diseases))
    dated = known & ~np.isnat(cases.day)
    days = (until - first).days
    offset = (cases.day - np.datetime64(first, "D")).astype(np.int64)
    kept = dated & (offset >= 0) & (offset < days)
    disease = _numbers(cases.disease[kept], {code: i for i, code in enumerate(diseases)})
    index = {code: i for i, code in enumerate(areas.codes)}
    place = _numbers(cases.area[kept], {code: index[its] for code, its in areas.of_code.items()})
    shape = (len(diseases), len(places), len(groups), days)
    counts = np.zeros(shape)
    # Unknown places and ages go to the last column, which then becomes the total.
    np.add.at(counts, (disease, place, age_group(cases.age[kept]), offset[kept]), 1.0)
    counts[:, :, -1] = counts.sum(axis=2)
    counts[:, -1] = counts.sum(axis=1)
    reported = _reported(days, first=first, since=reported_from, until=reported_until)
    return Counted(
        keys=tuple(SeriesKey(d, a, g) for d in diseases for a in places for g in groups),
        counts=np.where(reported | (counts > 0), counts, np.nan).reshape(-1, days),
        unplaced=int((place == -1).sum()),
        undated=int((known & np.isnat(cases.day)).sum()),
    )


def age_group(age: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the index (k,) of the group of each age in years, -1 where it is not known."""
    bounds = np.array([lower for lower, _ in AGE_GROUPS.values()], dtype=np.float64)
    group = np.searchsorted(bounds, age, side="right") - 1
    return np.where(np.isnan(age), -1, group)


def _numbers(codes: NDArray[np.object_], number: dict[str, int]) -> NDArray[np.int64]:
    """Return the number (k,) of each code, -1 where it has none."""
    return np.fromiter((number.get(code, -1) for code in codes), np.int64, codes.size)


def _reported(
    days: int, *, first: date, since: date | None, until: date | None
) -> NDArray[np.bool_]:
    """Return on which of the days (t,) reports can have come."""
    if since is None or until is None:
        return np.zeros(days, bool)
    number = np.arange(days)
    return np.asarray((number >= (since - first).days) & (number < (until - first).days))


def rolling(counts: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    """Return the cases (n, t) of the `days` days that end with each; NaN with a missing one."""
    padded = np.hstack([np.full((counts.shape[0], days - 1), np.nan), counts])
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, days, axis=1).sum(axis=2))
