"""Order defibrillators by whether they can be had now, then by walking time."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_OPEN_RANK = {True: 0, None: 1, False: 2}


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

    Within each group by `walking_time_s`, (n,) float64 seconds; those without a way (inf) are left
    out unless nothing else is there.
    """
    keys = [
        (not np.isfinite(walking_time_s[i]), _OPEN_RANK[state], float(walking_time_s[i]), i)
        for i, state in enumerate(open_states)
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    reachable = [i for i in order if np.isfinite(walking_time_s[i])]
    return (reachable or order)[:limit]
