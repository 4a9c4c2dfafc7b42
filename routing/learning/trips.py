"""A unit's reports, cut into trips: with lights or without; standing is left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.learning.stops import STOP_S, standing
from routing.learning.trip_model import LIGHTS, PLAIN, STANDING, Positions, Stamps
from routing.matching.model import Trace
from routing.roads.model import IdArray
from routing.roads.plane import LocalPlane

FEWEST_REPORTS = 5
LONGEST_STAMP_S = 3 * 3600.0
"""After this what a stamp says has ended, whatever was forgotten to be stamped."""
LONGEST_CARRIED_S = 3 * 3600.0
"""A trip under way for longer is cut."""
LONGEST_SILENCE_S = 300.0
"""A unit that was silent for so long is not under way: matching starts anew then, too."""


@dataclass(frozen=True, slots=True)
class Trip:
    """Rows first to last of a unit's reports; `siren` if it drove with lights."""

    siren: bool
    first: int
    last: int

    def trace(self, reports: Positions) -> Trace:
        """Return what can be matched.

        Raises
        ------
        InvalidTraceError
            The reports contradict themselves.
        """
        rows = slice(self.first, self.last + 1)
        return Trace.of(
            reports.lonlat[rows],
            reports.at_s[rows],
            heading_deg=reports.heading_deg[rows],
            accuracy_m=reports.accuracy_m[rows],
        )


def trips(
    reports: Positions, stamps: Stamps, *, unit_id: int, plane: LocalPlane
) -> tuple[list[Trip], int]:
    """Cut a unit's reports; return its trips, and from which row on a trip may be under way.

    A unit drives with lights from leaving for a scene (plan with lights) to the next stamp. From
    being notified to leaving, on scene and at the hospital it stands, as it does where it stays
    (`routing.learning.stops`). Trips of few reports are left out. The last trip goes on to the last
    report: whoever knows of later ones reads it again from that row, with what came after; n =
    nothing.
    """
    n = reports.at_s.size
    if not n:
        return [], 0
    does, drive = _stamped(reports, stamps, unit_id)
    xy = plane.to_xy(reports.lonlat)
    does[standing(reports.at_s, xy, reports.accuracy_m)] = STANDING
    drive = np.where(does == STANDING, -1, drive)
    change = np.flatnonzero((np.diff(does) != 0) | ((np.diff(drive) != 0) & (does[1:] == LIGHTS)))
    first, last = np.append(0, change + 1), np.append(change, n - 1)
    found = [
        Trip(bool(does[begin] == LIGHTS), int(begin), int(end))
        for begin, end in zip(first, last, strict=True)
        if does[begin] != STANDING and end - begin + 1 >= FEWEST_REPORTS
    ]
    under_way = int(first[-1])
    if does[-1] == STANDING:
        # What follows may belong to the same stop.
        recent = np.searchsorted(reports.at_s, reports.at_s[-1] - STOP_S)
        under_way = max(under_way, int(recent))
    elif reports.at_s[-1] - reports.at_s[under_way] > LONGEST_CARRIED_S:
        under_way = n
    return found, under_way


def _stamped(reports: Positions, stamps: Stamps, unit_id: int) -> tuple[NDArray[np.int16], IdArray]:
    """How the unit drives at each report by its last stamp, (n,), and which that is (-1 = none)."""
    begin, end = np.searchsorted(stamps.unit_id, [unit_id, unit_id + 1])
    at_s, drives = stamps.at_s[begin:end], stamps.drives[begin:end]
    stamp = np.searchsorted(at_s, reports.at_s, side="right") - 1
    does = np.full(reports.at_s.size, PLAIN, dtype=np.int16)
    known = np.flatnonzero(stamp >= 0)
    known = known[reports.at_s[known] - at_s[stamp[known]] <= LONGEST_STAMP_S]
    does[known] = drives[stamp[known]]
    return does, stamp
