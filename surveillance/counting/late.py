"""How late reports are, what they will add, and which share of a day is known at a moment."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from surveillance.counting.model import CaseColumns
from surveillance.nowcast.estimate import (
    Nowcast,
    lawless,
    reporting_triangle,
    share_within,
)

ROWS_DAYS = 90
"""Days of onset whose delays are looked at."""
LONGEST_DAYS = 14
LEAST_CASES = 20
"""With fewer cases in these days there is no nowcast."""
LEAST_SHARE = 0.001
"""A day of which nothing can be known yet still has a share: a panel has none of zero."""
ROOM = 4.0
"""So many times the known cases, and 50 more, are considered at most."""


def nowcast_days(
    cases: CaseColumns, *, disease: str, as_of: datetime, last: date
) -> Nowcast | None:
    """Return how many cases the newest days of onset will have; None with too few cases.

    Arrays (t,) end with `last`. A report before its onset is left out.
    """
    kept = (
        cases.known_at(as_of)
        & (cases.disease == disease)
        & ~np.isnat(cases.onset) & ~np.isnat(cases.entry)
        & (cases.entry >= cases.onset)
    )  # fmt: skip
    begin = np.datetime64(last, "D") - (ROWS_DAYS - 1)
    onset = (cases.onset[kept] - begin).astype(np.int64)
    entry = (cases.entry[kept] - begin).astype(np.int64)
    if ((onset >= 0) & (onset < ROWS_DAYS)).sum() < LEAST_CASES:
        return None
    triangle = reporting_triangle(
        onset, entry, now=ROWS_DAYS - 1, longest=LONGEST_DAYS, first=0
    )  # fmt: skip
    most = int(ROOM * triangle.so_far.max()) + 50
    return lawless(triangle, most=most, window=ROWS_DAYS)


WHOLE_FROM = 0.95
"""A share from which a day counts as whole: the prior of the delays alone may take some of it."""
ONE_DAY = np.timedelta64(1, "D").astype("timedelta64[us]")


def known_shares(
    cases: CaseColumns, diseases: Iterable[str], *, as_of: datetime, last: date
) -> Mapping[str, NDArray[np.float64]]:
    """Return, for each disease, the share of the newest days' cases that is known at a moment.

    Arrays (LONGEST_DAYS,) end with `last`, the day that is judged; days before are whole. A delay
    is whole days from when a case would have to be known to count on its own day (as long after
    that day's end as `as_of` is after that of `last`) until it was. Cases of 90 days count, but of
    none before anything was known here: those of a first file of old cases tell no delay. A disease
    with fewer than `LEAST_CASES` has the delays of all together; without these all is whole.
    """
    moment = np.datetime64(as_of.replace(tzinfo=None), "us")
    end = np.datetime64(last, "D")
    kept = cases.known_at(as_of) & ~np.isnat(cases.day)
    whole = np.ones(LONGEST_DAYS)
    if not kept.any():
        return dict.fromkeys(diseases, whole)
    since_day = (end - cases.day[kept]).astype(np.int64)
    late = cases.counted_from[kept] - (moment - since_day * ONE_DAY)
    delay = np.maximum(np.ceil(late / ONE_DAY), 0).astype(np.int64)
    began = cases.counted_from[kept].min().astype("datetime64[D]")
    rows = int(min(ROWS_DAYS, (end - began).astype(np.int64) + 1))
    if rows <= LONGEST_DAYS:
        return dict.fromkeys(diseases, whole)
    day = rows - 1 - since_day
    usable = (day >= 0) & (day < rows)
    named = cases.disease[kept]
    pooled = _shares(day[usable], delay[usable], rows=rows)
    found = {}
    for disease in diseases:
        own = usable & (named == disease)
        its = _shares(day[own], delay[own], rows=rows)
        found[disease] = its if its is not None else whole if pooled is None else pooled
    return found


def _shares(
    day: NDArray[np.int64], delay: NDArray[np.int64], *, rows: int
) -> NDArray[np.float64] | None:
    if day.size < LEAST_CASES:
        return None
    triangle = reporting_triangle(
        day, day + delay, now=rows - 1, longest=LONGEST_DAYS, first=0
    )  # fmt: skip
    share = share_within(triangle)[LONGEST_DAYS - 1 :: -1]
    return np.asarray(np.where(share >= WHOLE_FROM, 1.0, np.maximum(share, LEAST_SHARE)))
