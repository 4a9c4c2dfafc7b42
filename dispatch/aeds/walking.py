"""Order defibrillators by whether they can be had now, then by walking time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.live.straight_line import STRAIGHT_LINE_SPEED_KMH
from routing.roads.model import Profile

WALK_SPEED_M_S = STRAIGHT_LINE_SPEED_KMH[Profile.WALK] / 3.6

_OPEN_RANK = {True: 0, None: 1, False: 2}

OPEN_FIRST_LIMIT_S = 900.0
"""An open device farther than this many seconds on foot goes no longer before one whose hours are
not known: a quarter of an hour each way helps nobody."""


@dataclass(frozen=True, slots=True)
class Walks:
    """The whole way on foot to n devices, off the road and on it; all arrays (n,).

    time_s : float64 seconds, inf = no way known
    off_road_m : float64 metres from both ends to their roads
    straight : bool, walked straight across, since the roads lie further away than the device
    """

    time_s: npt.NDArray[np.float64]
    off_road_m: npt.NDArray[np.float64]
    straight: npt.NDArray[np.bool_]

    def distance_m(self, index: int, *, road_m: float | None, straight_line_m: float) -> float:
        """Return the metres walked to device `index`; `road_m` None = its road is not known."""
        if road_m is None or self.straight[index]:
            return straight_line_m
        return max(road_m + float(self.off_road_m[index]), straight_line_m)


def whole_walks(
    road_time_s: npt.NDArray[np.float64],
    off_road_m: npt.NDArray[np.float64],
    straight_line_m: npt.NDArray[np.float64],
) -> Walks:
    """Add the way off the road at 4.8 km/h to road times; all (n,) float64, seconds and metres.

    Never quicker than straight across. Where the ways to the roads are together longer than the
    straight line, nobody would take the road: straight across it is.
    """
    straight = off_road_m > straight_line_m
    across_s = straight_line_m / WALK_SPEED_M_S
    by_road_s = np.maximum(road_time_s + off_road_m / WALK_SPEED_M_S, across_s)
    return Walks(np.where(straight, across_s, by_road_s), off_road_m, straight)


def open_now(open_by_hours: bool | None, *, access: str) -> bool | None:
    """Say whether anybody can have the device now; None means not known.

    Private access is never open to a passer-by; unknown access is not known even within hours.
    """
    if access == "private" or open_by_hours is False:
        return False
    return None if access == "unknown" else open_by_hours


def order_aeds(
    open_states: Sequence[bool | None], walking_time_s: npt.NDArray[np.float64], *, limit: int
) -> list[int]:
    """Return the indices of at most `limit` devices: open, then not known, then closed.

    A device known to be open but more than `OPEN_FIRST_LIMIT_S` away stands among those not known.
    Within each group by `walking_time_s`, (n,) float64 seconds; those without a way (inf) are left
    out unless nothing else is there.
    """
    keys = [
        (
            not np.isfinite(walking_time_s[i]),
            _rank(state, float(walking_time_s[i])),
            float(walking_time_s[i]),
            i,
        )
        for i, state in enumerate(open_states)
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    reachable = [i for i in order if np.isfinite(walking_time_s[i])]
    return (reachable or order)[:limit]


def _rank(state: bool | None, walking_time_s: float) -> int:
    if state is True and walking_time_s > OPEN_FIRST_LIMIT_S:
        return _OPEN_RANK[None]
    return _OPEN_RANK[state]
