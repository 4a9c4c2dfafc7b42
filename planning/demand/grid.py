"""Calls over cells and hours of the week: where people are, times how often each of them calls."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.demand.errors import DemandInputError
from planning.demand.week import WEEK_H

FloatArray = npt.NDArray[np.float64]

NIGHT_HOURS = frozenset({22, 23, 0, 1, 2, 3, 4, 5, 6})
"""Hours of the day at which people are taken to be where they sleep."""


@dataclass(frozen=True, slots=True, eq=False)
class DemandGrid:
    """Expected calls an hour: `night` and `day` (n,) shares of the cells, `rate` (168,) of all."""

    night: FloatArray
    day: FloatArray
    rate: FloatArray

    def calls_per_hour(self, hour_of_week: int) -> FloatArray:
        """Return (n,) expected calls of each cell at an hour of the week (Monday 0:00 = 0)."""
        share = self.night if hour_of_week % 24 in NIGHT_HOURS else self.day
        return np.asarray(share * self.rate[hour_of_week % WEEK_H], dtype=np.float64)


def demand_grid(
    people: Mapping[str, Mapping[str, npt.ArrayLike]],
    calls_per_1e5: Mapping[str, float],
    rate: npt.ArrayLike,
) -> DemandGrid:
    """Return the grid of people by age band, by night and by day.

    people : `night` and `day` → age band → (n,) people; calls_per_1e5 : how often an age band
    calls against another, in any common unit; rate : (168,) calls an hour of the whole city, to
    which the cells are scaled

    Raises
    ------
    DemandInputError
        An age band has people and no rate of calls or the other way round, lengths differ,
        something is negative or no number, or nobody is there to call.
    """
    hours = np.asarray(rate, dtype=np.float64)
    if hours.shape != (WEEK_H,) or not (np.isfinite(hours) & (hours >= 0.0)).all():
        raise DemandInputError("The rate needs 168 hours of the week, each 0 or more.")
    if set(people) != {"night", "day"}:
        raise DemandInputError("People are needed by night and by day; give one for both if alike.")
    shares = {}
    for time, bands in people.items():
        if set(bands) != set(calls_per_1e5):
            odd = sorted(set(bands) ^ set(calls_per_1e5))
            raise DemandInputError(
                f"Age bands of people ({time}) and of calls differ: {', '.join(odd)}. Both are "
                "matched by name."
            )
        weight = sum(
            np.asarray(one, dtype=np.float64) * calls_per_1e5[band] for band, one in bands.items()
        )
        weights = np.asarray(weight, dtype=np.float64)
        if weights.ndim != 1 or not (np.isfinite(weights) & (weights >= 0.0)).all():
            raise DemandInputError(f"People by {time} are negative, no number, or of other cells.")
        if not weights.sum() > 0.0:
            raise DemandInputError(f"Nobody is there by {time} who could call.")
        shares[time] = weights / weights.sum()
    if len(shares["night"]) != len(shares["day"]):
        raise DemandInputError("People by night and by day are of different cells.")
    return DemandGrid(shares["night"], shares["day"], hours)
