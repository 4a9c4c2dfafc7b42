"""What vehicles report, and what their crews stamp, as arrays to learn from."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from routing.roads.model import BoolArray, FloatArray, IdArray

LIGHTS, PLAIN, STANDING = 1, 0, -1
"""How a unit drives after a stamp: to a scene with lights, otherwise, or not at all."""

EARLIEST_S, LATEST_S = 6 * 3600.0, 60.0
"""So long before it is received a report may have been made (a device without network keeps them),
and so long after (its clock is fast). Others have a clock that cannot be believed."""


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Reports of one unit in rising order of device time; all (n,), NaN = unknown.

    at_s : float64 seconds of the Unix epoch; lonlat : (n, 2) float64 WGS-84
    """

    at_s: FloatArray
    lonlat: FloatArray
    heading_deg: FloatArray
    accuracy_m: FloatArray

    @classmethod
    def none(cls) -> Self:
        """Return no reports."""
        return cls(np.empty(0), np.empty((0, 2)), np.empty(0), np.empty(0))

    def take(self, rows: IdArray | BoolArray) -> Self:
        """Return some of the reports, by row or (n,) bool."""
        return type(self)(
            self.at_s[rows], self.lonlat[rows], self.heading_deg[rows], self.accuracy_m[rows]
        )

    def with_more(self, later: Self) -> Self:
        """Return both in order; of two of one moment the one of `self`."""
        at_s = np.concatenate((self.at_s, later.at_s))
        # `unique` sorts stably and gives the first of equals.
        _, rows = np.unique(at_s, return_index=True)
        return type(self)(
            at_s[rows],
            np.concatenate((self.lonlat, later.lonlat))[rows],
            np.concatenate((self.heading_deg, later.heading_deg))[rows],
            np.concatenate((self.accuracy_m, later.accuracy_m))[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """Reports of one unit in the order they were received; all (n,).

    reports : with their device times as sent; received_s : float64 of the Unix epoch
    new : bool, False for what was received before the period: it tells what is sent twice
    """

    reports: Positions
    received_s: FloatArray
    new: BoolArray

    def believed(self) -> tuple[Positions, int]:
        """Return the new reports, each once, whose device time can be; and how many cannot."""
        late_s = self.received_s - self.reports.at_s
        untimely = (late_s > EARLIEST_S) | (late_s < -LATEST_S)
        rows = np.flatnonzero(~untimely)
        _, first = np.unique(self.reports.at_s[rows], return_index=True)
        rows = rows[first]
        return self.reports.take(rows[self.new[rows]]), int((untimely & self.new).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Stamps:
    """Status stamps in order of unit and time; all (k,).

    unit_id : int64; at_s : float64; drives : int16 `LIGHTS`, `PLAIN` or `STANDING` from then on
    """

    unit_id: IdArray
    at_s: FloatArray
    drives: NDArray[np.int16]
