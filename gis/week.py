"""The hour of the week, 0 = Monday 00:00 local time to 167: what is learned of it is read of it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

HOURS_OF_WEEK = 168


def hour_of_week(at: datetime, *, time_zone: str) -> int:
    """Return the hour of the week around the middle of the UTC hour of `at`.

    It changes with the hour of UTC everywhere; where local time is half an hour off, so are the
    hours.
    """
    middle = at.astimezone(UTC).replace(minute=30, second=0, microsecond=0)
    local = middle.astimezone(ZoneInfo(time_zone))
    return local.weekday() * 24 + local.hour


def hours_of_week(at_s: ArrayLike, *, time_zone: str) -> NDArray[np.int16]:
    """Return `hour_of_week` (k,) of moments (k,) in seconds of the Unix epoch."""
    utc_hour = np.floor(np.asarray(at_s, dtype=np.float64) / 3_600.0).astype(np.int64)
    known, place = np.unique(utc_hour, return_inverse=True)
    hours = [
        hour_of_week(datetime.fromtimestamp(int(one) * 3_600, UTC), time_zone=time_zone)
        for one in known
    ]
    return np.asarray(hours, dtype=np.int16)[place]
