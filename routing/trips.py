"""A unit's reports of a day, cut into trips: with lights or without; standing is left out."""

from collections.abc import Iterator

import numpy as np

from routing.errors import InvalidTraceError
from routing.match_model import Trace
from routing.match_path import thin
from routing.plane import LocalPlane
from routing.repository_traces import LIGHTS, PLAIN, STANDING, Positions, Stamps

FEWEST_REPORTS = 5
LONGEST_LIGHTS_S = 3 * 3600.0
"""After this a drive to a scene has ended, whatever was forgotten to be stamped."""
STOP_S = 180.0
STOP_M = 30.0
"""So long within so little is a stop of the unit's own, not traffic (which is 0.6 km/h then)."""


def trips(
    day: Positions, stamps: Stamps, *, unit_id: int, plane: LocalPlane
) -> Iterator[tuple[bool, Trace | None]]:
    """Yield (with lights?, trace) of each trip; None for one that no trace can be made of.

    A unit drives with lights from leaving for a scene (plan with lights) to the next stamp. From
    being notified to leaving, on scene and at the hospital it stands, as it does where it stays
    for `STOP_S` within `STOP_M`.
    """
    if not day.at_s.size:
        return
    first, last = np.searchsorted(stamps.unit_id, [unit_id, unit_id + 1])
    at_s, drives = stamps.at_s[first:last], stamps.drives[first:last]
    stamp = np.searchsorted(at_s, day.at_s, side="right") - 1
    known = stamp >= 0
    does = np.full(day.at_s.size, PLAIN)
    does[known] = drives[stamp[known]]
    over = np.zeros(day.at_s.size, dtype=np.bool_)
    over[known] = day.at_s[known] - at_s[stamp[known]] > LONGEST_LIGHTS_S
    does[(does == LIGHTS) & over] = PLAIN

    stays = thin(plane.to_xy(day.lonlat), np.full(day.at_s.size, STOP_M))
    _, begin, of = np.unique(stays, return_index=True, return_inverse=True)
    end = np.append(begin[1:], day.at_s.size) - 1
    does[(day.at_s[end] - day.at_s[begin] >= STOP_S)[of]] = STANDING

    drive = np.where(does == STANDING, STANDING, stamp)
    change = np.flatnonzero((np.diff(does) != 0) | ((np.diff(drive) != 0) & (does[1:] == LIGHTS)))
    for rows in np.split(np.arange(day.at_s.size), change + 1):
        if does[rows[0]] == STANDING or rows.size < FEWEST_REPORTS:
            continue
        try:
            trace = Trace.of(
                day.lonlat[rows],
                day.at_s[rows],
                heading_deg=day.heading_deg[rows],
                accuracy_m=day.accuracy_m[rows],
            )
        except InvalidTraceError:
            trace = None
        yield bool(does[rows[0]] == LIGHTS), trace
