"""Line lists and daily aggregate reports in one table: each cell of one of them."""

from dataclasses import replace
from datetime import date

import numpy as np

from surveillance.counting.model import Counted
from surveillance.counting.reported import Reported


def with_reports(listed: Counted, reported: Reported, *, last: date) -> Counted:
    """Return the counts of line lists with what daily reports add.

    A series of the reports takes the place of the days of a listed one of which it knows something
    (those before its line lists begin), or is a series of its own, missing where it has no report.
    The columns end with `last`.
    """
    days = listed.counts.shape[1]
    row_of = {key: row for row, key in enumerate(listed.keys)}
    counts = listed.counts.copy()
    begin = days - 1 - (last - reported.starts_on).days
    keys, added = [], []
    for key, series in zip(reported.keys, reported.counts, strict=True):
        whole = np.full(days, np.nan)
        place = np.arange(series.size) + begin
        inside = (place >= 0) & (place < days)
        whole[place[inside]] = series[inside]
        row = row_of.get(key)
        if row is None:
            keys.append(key)
            added.append(whole)
        else:
            counts[row] = np.where(np.isnan(whole), counts[row], whole)
    if added:
        counts = np.vstack([counts, *added])
    return replace(listed, keys=(*listed.keys, *keys), counts=counts)
