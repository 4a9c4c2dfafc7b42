"""What is simulated: diseases with a season, outbreaks on top of them, and the cases that come."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

NO_OUTBREAK = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonalDisease:
    """A disease as its usual cases come.

    rate_per_1e5: cases a year per 100,000 residents. peak_day: day of the year (1-365) of the
    northern hemisphere on which most fall ill; swing: log of the peak's rate over the mean's, 0 =
    no season. spread: variance over mean of a day's cases in an area, at least 1. ages: share of
    the cases in each of `AGE_BOUNDS`. delay_days: mean days from onset to report.
    """

    code: str
    rate_per_1e5: float
    peak_day: int
    swing: float
    spread: float
    ages: tuple[float, float, float, float, float]
    delay_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectedOutbreak:
    """An outbreak that was put in: its truth, for whoever judges detectors.

    area: index of the area in which all its cases live; starts_on: from which day on they fall ill,
    with a lognormal density of median `median_days`.
    """

    disease: str
    area: int
    starts_on: date
    cases: int
    median_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCases:
    """Cases as columns (k,), by onset; marked simulated wherever they go.

    disease: index into `diseases`. area: index of an area. onset, reported: datetime64[D]. age:
    completed years. female: bool. outbreak: index into `outbreaks`, or `NO_OUTBREAK`.
    """

    diseases: tuple[str, ...]
    outbreaks: tuple[InjectedOutbreak, ...]
    disease: NDArray[np.int64]
    area: NDArray[np.int64]
    onset: NDArray[np.datetime64]
    reported: NDArray[np.datetime64]
    age: NDArray[np.int64]
    female: NDArray[np.bool_]
    outbreak: NDArray[np.int64]
