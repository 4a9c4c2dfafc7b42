"""Seats of a call centre by hour, for a standard of how soon calls are answered.

Each hour is taken as settled by itself (Erlang C, first come first served, nobody hangs up), which
holds while calls last minutes: what waits at the end of an hour is not carried into the next.
Callers who give up make the queue shorter than reckoned, calls that come together longer.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.errors import InvalidInputError
from gis.kernels.queueing import servers_for_wait, wait_share_above

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class SeatsInputError(InvalidInputError):
    """Calls by hour, the time a call takes or the standard of answering cannot be reckoned with."""

    code = "seats_input"


@dataclass(frozen=True, slots=True)
class AnswerStandard:
    """At least `share` of calls are answered within `within_s` seconds, these included."""

    share: float
    within_s: float

    def __post_init__(self) -> None:
        """Refuse a share that no number of seats, or none at all, would meet."""
        if not (0.0 < self.share < 1.0 and np.isfinite(self.within_s) and self.within_s >= 0.0):
            raise SeatsInputError(
                f"A standard of {self.share:g} of the calls within {self.within_s:g} s cannot be "
                "planned for: the share must lie between 0 and 1, the seconds be 0 or more."
            )


CHINA_2020 = AnswerStandard(0.95, 10.0)
"""95 % of calls answered in 10 s, as the guidance of 2020 on pre-hospital care asks."""


@dataclass(frozen=True, slots=True, eq=False)
class Seats:
    """Of n hours: `needed` seats that must be staffed, and the share `answered` in time by them."""

    needed: IntArray
    answered: FloatArray


def seats_by_hour(
    calls_per_hour: npt.ArrayLike,
    *,
    mean_handling_s: float,
    standard: AnswerStandard = CHINA_2020,
    least: int = 1,
) -> Seats:
    """Return the fewest seats of each of (n,) hours that meet the standard, `least` at least.

    mean_handling_s: talking and what must be written before the next call.

    Raises
    ------
    SeatsInputError
        A number of calls is negative or no number, or a call takes no time.
    """
    loads = _loads(calls_per_hour, mean_handling_s)
    needed = np.array(
        [
            max(
                least,
                servers_for_wait(
                    load, mean_service_s=mean_handling_s, wait_s=standard.within_s,
                    most=1.0 - standard.share,
                )
                if load > 0.0
                else 0,
            )
            for load in loads.tolist()
        ],
        dtype=np.int64,
    )  # fmt: skip
    answered = answered_in_time(
        calls_per_hour, needed, mean_handling_s=mean_handling_s, within_s=standard.within_s
    )
    return Seats(needed, answered)


def answered_in_time(
    calls_per_hour: npt.ArrayLike,
    seats: npt.ArrayLike,
    *,
    mean_handling_s: float,
    within_s: float,
) -> FloatArray:
    """Return the share of calls answered in time of (n,) hours with (n,) seats.

    0 where the seats cannot keep up: the queue grows through the whole hour; 1 without calls.

    Raises
    ------
    SeatsInputError
        As `seats_by_hour`.
    """
    loads = _loads(calls_per_hour, mean_handling_s)
    staffed = np.asarray(seats, dtype=np.int64)

    def share(load: float, count: int) -> float:
        if load == 0.0:
            return 1.0
        if count <= load:
            return 0.0
        late = wait_share_above(count, load, mean_service_s=mean_handling_s, wait_s=within_s)
        return 1.0 - float(late)

    return np.array(
        [share(*one) for one in zip(loads.tolist(), staffed.tolist(), strict=True)],
        dtype=np.float64,
    )


def _loads(calls_per_hour: npt.ArrayLike, mean_handling_s: float) -> FloatArray:
    calls = np.asarray(calls_per_hour, dtype=np.float64)
    wrong = int(np.count_nonzero(~(np.isfinite(calls) & (calls >= 0.0))))
    if wrong:
        raise SeatsInputError(f"{wrong} hours have a negative number of calls, or none is known.")
    if not (np.isfinite(mean_handling_s) and mean_handling_s > 0.0):
        raise SeatsInputError(f"A call must take more than 0 s, not {mean_handling_s:g}.")
    return np.asarray(calls * (mean_handling_s / 3600.0), dtype=np.float64)
