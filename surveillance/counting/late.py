"""How late reports are, and what they will add: by day of onset, as known at a moment."""

from datetime import date, datetime

import numpy as np

from surveillance.counting.model import CaseColumns
from surveillance.nowcast.estimate import Nowcast, lawless, reporting_triangle

ROWS_DAYS = 90
"""Days of onset whose delays are looked at."""
LONGEST_DAYS = 14
LEAST_CASES = 20
"""With fewer cases in these days there is no nowcast."""
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
