"""How good predicted travel times were: errors, coverage and bias, with intervals that hold.

Intervals are exact for any distribution of errors: order statistics for quantiles (David and
Nagaraja, Order Statistics, 3rd ed., section 7.1) and Clopper and Pearson (Biometrika 26, 1934) for
shares. Where there are too few trips for an end of an interval it is infinite, not guessed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from dispatch.errors import EtaRecordsInvalidError
from routing.roads.model import BoolArray, FloatArray

BANDS_M = (0.0, 2_000.0, 5_000.0, 10_000.0, np.inf)
CONFIDENCE = 0.95
FEW_TRIPS = 30
_NO_BAND = len(BANDS_M)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its 95 % interval; NaN and infinite where the trips do not say."""

    value: float
    low: float
    high: float


UNKNOWN = Estimate(np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class Calibration:
    """n trips of one kind; errors are actual minus predicted, above 0 = late.

    median_error_s, p90_error_s : typical and bad case of actual - predicted
    p50_miss_s, p90_miss_s : quantiles of |actual - predicted|
    coverage : share within their predicted interval of the n_interval trips that had one, else NaN
    late : share of trips that took longer than predicted
    hour, band_m : local hour of the day, or metres from and up to, of the group; None of the others
    """

    name_zh: str
    name_en: str
    n: int
    median_error_s: Estimate
    p90_error_s: Estimate
    p50_miss_s: Estimate
    p90_miss_s: Estimate
    late: Estimate
    coverage: Estimate
    n_interval: int
    hour: int | None = None
    band_m: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """All trips; by hour of the day and by distance band, only those with trips."""

    overall: Calibration
    by_hour: tuple[Calibration, ...]
    by_distance: tuple[Calibration, ...]


def calibration_report(
    predicted_s: ArrayLike,
    actual_s: ArrayLike,
    *,
    hour: ArrayLike,
    distance_m: ArrayLike,
    interval_s: ArrayLike | None = None,
) -> CalibrationReport:
    """Compare predicted to actual times of n trips.

    Parameters
    ----------
    predicted_s, actual_s : (n,) seconds
    hour : (n,) local hour of the day 0..23 of departure
    distance_m : (n,) metres of the way, NaN where unknown
    interval_s : (n, 2) predicted interval of the actual time, NaN for trips that had none

    Raises
    ------
    EtaRecordsInvalidError
        If columns differ in length or a value is missing, infinite or below 0.
    """
    predicted, actual = _column(predicted_s), _column(actual_s)
    hours, given_m = _column(hour), np.asarray(distance_m, dtype=np.float64).reshape(-1)
    unknown = np.isnan(given_m)
    metres = _column(np.where(unknown, 0.0, given_m))
    if not predicted.size == actual.size == hours.size == metres.size or (hours >= 24).any():
        raise EtaRecordsInvalidError
    error_s = actual - predicted
    interval = _intervals(interval_s, n=actual.size)
    told = np.isfinite(interval[:, 0])
    inside = (interval[:, 0] <= actual) & (actual <= interval[:, 1])

    def of(rows: BoolArray, name_zh: str, name_en: str, **group: Any) -> Calibration:
        return _calibration(
            error_s[rows], inside[rows & told], name_zh=name_zh, name_en=name_en, **group
        )

    whole = hours.astype(np.int64)
    band = np.searchsorted(BANDS_M, metres, side="right") - 1
    band[unknown] = _NO_BAND
    return CalibrationReport(
        overall=of(np.ones(actual.size, dtype=np.bool_), "全部", "All"),
        by_hour=tuple(
            of(whole == h, f"{h:02d}:00–{h:02d}:59", f"{h:02d}:00–{h:02d}:59", hour=h)
            for h in np.unique(whole).tolist()
        ),
        by_distance=tuple(
            of(
                band == b, *_band_names(b),
                band_m=None if b == _NO_BAND else (BANDS_M[b], BANDS_M[b + 1]),
            )
            for b in np.unique(band).tolist()
        ),
    )  # fmt: skip


def quantile_interval(values: FloatArray, q: float) -> Estimate:
    """Sample quantile `q` and its exact interval by order statistics, infinite where n is small."""
    n = values.size
    if n == 0:
        return Estimate(np.nan, -np.inf, np.inf)
    ordered = np.concatenate(([-np.inf], np.sort(values), [np.inf]))
    tail = (1.0 - CONFIDENCE) / 2.0
    # The number of values below the true quantile is binomial: P(X_(i) > quantile) = P(B < i).
    below = special.bdtr(np.arange(n + 1.0), n, q)
    low = int(np.searchsorted(below, tail))
    high = int(np.searchsorted(below, 1.0 - tail)) + 1
    return Estimate(
        float(np.quantile(values, q, method="median_unbiased")),
        float(ordered[low]),
        float(ordered[min(high, n + 1)]),
    )


def share_interval(successes: int, n: int) -> Estimate:
    """Share and its Clopper-Pearson interval."""
    if n == 0:
        return Estimate(np.nan, 0.0, 1.0)
    tail = (1.0 - CONFIDENCE) / 2.0
    low = special.betaincinv(successes, n - successes + 1, tail) if successes else 0.0
    high = special.betaincinv(successes + 1, n - successes, 1.0 - tail) if successes < n else 1.0
    return Estimate(successes / n, float(low), float(high))


def _column(values: ArrayLike) -> FloatArray:
    column = np.asarray(values, dtype=np.float64).reshape(-1)
    if not (np.isfinite(column) & (column >= 0)).all():
        raise EtaRecordsInvalidError
    return column


def _intervals(interval_s: ArrayLike | None, *, n: int) -> FloatArray:
    """Return (n, 2) seconds, NaN where no interval was told.

    Raises
    ------
    EtaRecordsInvalidError
        They are not n pairs, or hold half a pair, an infinite end or one below 0.
    """
    if interval_s is None:
        return np.full((n, 2), np.nan)
    interval = np.asarray(interval_s, dtype=np.float64).reshape(-1, 2)
    none = np.isnan(interval).all(axis=1)
    _column(interval[~none])
    if interval.shape[0] != n:
        raise EtaRecordsInvalidError
    return interval


def _calibration(
    error_s: FloatArray, inside: BoolArray, *, name_zh: str, name_en: str,
    hour: int | None = None, band_m: tuple[float, float] | None = None,
) -> Calibration:  # fmt: skip
    n, n_interval = error_s.size, inside.size
    miss_s = np.abs(error_s)
    return Calibration(
        name_zh=name_zh,
        name_en=name_en,
        n=n,
        median_error_s=quantile_interval(error_s, 0.5),
        p90_error_s=quantile_interval(error_s, 0.9),
        p50_miss_s=quantile_interval(miss_s, 0.5),
        p90_miss_s=quantile_interval(miss_s, 0.9),
        late=share_interval(int((error_s > 0).sum()), n),
        coverage=share_interval(int(inside.sum()), n_interval) if n_interval else UNKNOWN,
        n_interval=n_interval,
        hour=hour,
        band_m=band_m,
    )


def _band_names(band: int) -> tuple[str, str]:
    if band == _NO_BAND:
        return "距离不明", "distance unknown"
    low, high = BANDS_M[band] / 1_000.0, BANDS_M[band + 1] / 1_000.0
    if np.isinf(high):
        return f"{low:.0f}公里以上", f"{low:.0f} km and more"
    return f"{low:.0f}–{high:.0f}公里", f"{low:.0f}–{high:.0f} km"
