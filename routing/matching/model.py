"""Traces of vehicles, and what matching makes of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.matching.errors import InvalidTraceError
from routing.roads.model import BoolArray, FloatArray, IndexArray, freeze

MATCHED, STILL, NO_ROAD, OUTLIER = 0, 1, 2, 3
"""What became of an observation: on a leg; a repetition of the one before; too far from every road;
not to be reached from its neighbours."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """n observations of one vehicle.

    lonlat : (n, 2) float64; at_s : (n,) float64 seconds of any epoch, rising
    heading_deg : (n,) clockwise from north, NaN = unknown or standing still
    accuracy_m : (n,) radius of 68 % as receivers report it, NaN = unknown
    """

    lonlat: FloatArray
    at_s: FloatArray
    heading_deg: FloatArray
    accuracy_m: FloatArray

    @classmethod
    def of(
        cls,
        lonlat: ArrayLike,
        at_s: ArrayLike,
        *,
        heading_deg: ArrayLike | None = None,
        accuracy_m: ArrayLike | None = None,
    ) -> "Trace":
        """Check and keep the columns; what is left out is unknown.

        Raises
        ------
        InvalidTraceError
            If columns differ in length, times do not rise or an accuracy is negative.
        """
        at = np.array(at_s, dtype=np.float64).reshape(-1)
        unknown = np.full(at.size, np.nan)
        trace = cls(
            lonlat=freeze(np.array(lonlat, dtype=np.float64).reshape(-1, 2)),
            at_s=freeze(at),
            heading_deg=freeze(unknown if heading_deg is None else np.array(heading_deg, float)),
            accuracy_m=freeze(unknown if accuracy_m is None else np.array(accuracy_m, float)),
        )
        sizes = {trace.lonlat.shape[0], at.size, trace.heading_deg.size, trace.accuracy_m.size}
        if len(sizes) > 1:
            raise InvalidTraceError(
                "Every observation of a trace needs a place, a time, and, if given at all, a "
                "heading and an accuracy."
            )
        if not np.isfinite(at).all() or (np.diff(at) <= 0).any():
            raise InvalidTraceError("The times of a trace must rise; sort it, drop repetitions.")
        if (trace.accuracy_m < 0).any():
            raise InvalidTraceError("The accuracy of an observation is a radius in metres.")
        return trace


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """What is thought of the receiver and of the driver.

    sigma_m : standard deviation of an observation across the road if its accuracy is unknown
    radius_m : roads this far away are considered, or 4 sigma
    beta_m, beta_share : scale of |way - straight line|, and its growth per metre of straight line:
    the farther apart the observations, the more a way may bend
    max_gap_s : a longer silence starts another part; max_skipped : so do more outliers in a row
    """

    sigma_m: float = 8.0
    radius_m: float = 50.0
    beta_m: float = 6.0
    beta_share: float = 0.1
    max_gap_s: float = 300.0
    max_skipped: int = 3
    max_speed_m_s: float = 55.0


DEFAULT_SETTINGS = MatchSettings()


@dataclass(frozen=True, slots=True, eq=False)
class MatchedTrace:
    """The legs that a vehicle drove, in order, and what became of each observation.

    leg : (p,) int32, `2 * segment + direction`; part : (p,) int32 unbroken part of the trace
    from_share, to_share : (p,) float64 stretch driven, in the direction of travel: below 1 in all
    only at the ends of a part and where the vehicle turned round
    enter_s, exit_s : (p,) float64, in the trace's epoch; between two observations the time is
    shared out as on the empty road. The wait at the node behind a leg counts as its own.
    wait_s : (p,) float64 what the graph expects of that wait
    confidence : (p,) float64 mean probability of the observations on the leg, or the less of those
    before and behind it
    status : (n,) int8 `MATCHED`, `STILL`, `NO_ROAD` or `OUTLIER`
    visit : (n,) int32 row of `leg` on which each observation lies, -1 = none
    share : (n,) float64 of that leg behind it; distance_m : (n,) from it; NaN = none
    """

    leg: IndexArray
    part: IndexArray
    from_share: FloatArray
    to_share: FloatArray
    enter_s: FloatArray
    exit_s: FloatArray
    wait_s: FloatArray
    confidence: FloatArray
    status: NDArray[np.int8]
    visit: IndexArray
    share: FloatArray
    distance_m: FloatArray

    def whole(self) -> BoolArray:
        """Whether each leg was driven from end to end, (p,) bool."""
        return np.asarray((self.from_share == 0.0) & (self.to_share == 1.0))
