"""Forecasts of call volume with intervals, shown only where they beat the seasonal naive one.

The model: logarithms of daily counts by least squares on a straight trend, the day of the week and,
with two years of history, two waves of the year, moved by what the last weeks were off; a day's
calls are parted into hours as the last twelve weeks parted them. Intervals are quantiles of the
errors that the same model made from earlier origins (split conformal, over the square root of the
mean). The seasonal naive one says what the same hour or day of the last week counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from planning.demand.errors import DemandInputError

FloatArray = npt.NDArray[np.float64]

WEEK_DAYS, YEAR_DAYS = 7, 365.25
TRAINED_DAYS = 3 * 366
"""Older history says little of the present level and trend."""
RECENT_DAYS, HALF_LIFE_DAYS = 56, 14.0
SHARED_DAYS = 84
INNER_ORIGINS = 8
LEAST_WEEKS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Counts of calls of one zone.

    calls : (n,) counts, NaN where nobody counted; per_day : 1, or 24 for hours from 0:00 on
    first_day : days since 1970-01-01 of the first count
    """

    calls: FloatArray
    per_day: int
    first_day: int

    def __post_init__(self) -> None:
        """Refuse what is no count, parts of a day, and a history that is too short."""
        counts = self.calls
        if self.per_day not in {1, 24} or len(counts) % self.per_day:
            raise DemandInputError("A series counts days, or whole days of 24 hours from 0:00 on.")
        if np.isinf(counts).any() or (counts < 0.0).any():
            raise DemandInputError("Counts of calls must be 0 or more; leave out unknown ones.")
        if len(counts) < LEAST_WEEKS * WEEK_DAYS * self.per_day:
            raise DemandInputError(
                f"A forecast needs {LEAST_WEEKS} weeks of counts; there are "
                f"{len(counts) // (WEEK_DAYS * self.per_day)}."
            )

    def until(self, days: int) -> "Series":
        """Return the first so many days."""
        return Series(self.calls[: days * self.per_day], self.per_day, self.first_day)

    @property
    def days(self) -> int:
        """Return how many days are counted."""
        return len(self.calls) // self.per_day


Mean = Callable[[Series, int], FloatArray]
"""Returns the expected counts of so many days after the series."""


def seasonal_naive(series: Series, days: int) -> FloatArray:
    """Return the counts of the last week again and again; where unknown those of weeks before."""
    week = WEEK_DAYS * series.per_day
    last = series.calls[-week:].copy()
    for back in range(2, len(series.calls) // week + 1):
        lacking = np.isnan(last)
        if not lacking.any():
            break
        before = series.calls[-back * week : len(series.calls) - (back - 1) * week]
        last[lacking] = before[lacking]
    return np.resize(last, days * series.per_day)


def regressed(series: Series, days: int) -> FloatArray:
    """Return what the model expects of the next days."""
    daily = _by_day(series)
    first = max(0, len(daily) - TRAINED_DAYS)
    day = np.arange(first, len(daily) + days) + series.first_day
    matrix = _terms(day, yearly=len(daily) - first >= 2 * YEAR_DAYS)
    counts = daily[first:]
    known = ~np.isnan(counts)
    trained = matrix[: len(counts)][known]
    weight, *_ = np.linalg.lstsq(trained, np.log(counts[known] + 0.5), rcond=None)
    fitted = np.exp(matrix @ weight)
    past, ahead = fitted[: len(counts)], fitted[len(counts) :]
    age = len(counts) - 1.0 - np.arange(len(counts))
    near = np.where(known & (age < RECENT_DAYS), 0.5 ** (age / HALF_LIFE_DAYS), 0.0)
    recent = float(near @ past)
    level = float(near @ np.where(known, counts, 0.0)) / recent if recent > 0.0 else 1.0
    expected = ahead * level
    if series.per_day == 1:
        return np.asarray(expected, dtype=np.float64)
    shares = _hour_shares(series)
    weekday = (day[len(counts) :] - series.first_day) % WEEK_DAYS
    return np.asarray((expected[:, np.newaxis] * shares[weekday]).ravel(), dtype=np.float64)


MODELS: Mapping[str, Mean] = MappingProxyType(
    {"seasonal_naive": seasonal_naive, "regressed": regressed}
)


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Expected counts of the next days or hours, (m,), and the interval that held `level` so far.

    model : name in `MODELS`
    """

    model: str
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    level: float


def forecast(series: Series, model: str, *, days: int, level: float = 0.9) -> Forecast:
    """Return a forecast of the days after the series by one model."""
    mean_of = MODELS[model]
    mean = mean_of(series, days)
    off = []
    for back in range(1, INNER_ORIGINS + 1):
        origin = series.days - back * days
        if origin < LEAST_WEEKS * WEEK_DAYS:
            break
        held = series.calls[origin * series.per_day : (origin + days) * series.per_day]
        before = mean_of(series.until(origin), days)
        off.append((held - before) / np.sqrt(before + 1.0))
    if not off:
        raise DemandInputError(
            f"To say how sure a forecast of {days} days is takes {LEAST_WEEKS} weeks and {days} "
            "days of counts. Forecast fewer days."
        )
    errors = np.concatenate(off)
    tail = (1.0 - level) / 2.0
    low, high = np.nanquantile(errors, [tail, 1.0 - tail])
    scale = np.sqrt(mean + 1.0)
    return Forecast(
        model, mean, np.maximum(mean + low * scale, 0.0), np.maximum(mean + high * scale, 0.0),
        level,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """How one model did from all origins.

    mae : mean absolute error; held : share of counts within the interval; width : its mean width;
    interval_score : width plus 2 / (1 - level) times what lies outside (Gneiting & Raftery 2007)
    """

    mae: float
    held: float
    width: float
    interval_score: float


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What is shown: the better model's forecast, with how every model did."""

    shown: Forecast
    scores: Mapping[str, Score]
    origins: int

    @property
    def beats_naive(self) -> bool:
        """Return whether a model is shown that was better than last week's counts."""
        return self.shown.model != "seasonal_naive"


def backtest(
    series: Series, *, days: int, origins: int = 13, level: float = 0.9
) -> Mapping[str, Score]:
    """Return how each model did from rolling origins `days` apart, the newest last.

    At each origin a model knows what had been counted until then, nothing later.

    Raises
    ------
    DemandInputError
        The history is too short for one origin.
    """
    scores = {}
    for model in MODELS:
        sums, counted = np.zeros(4), 0
        for back in range(1, origins + 1):
            origin = series.days - back * days
            if origin < LEAST_WEEKS * WEEK_DAYS + days:
                break
            held = series.calls[origin * series.per_day : (origin + days) * series.per_day]
            known = ~np.isnan(held)
            found = forecast(series.until(origin), model, days=days, level=level)
            sums += _scored(found, held, known)
            counted += int(known.sum())
        if not counted:
            raise DemandInputError(
                f"To test a forecast of {days} days takes {LEAST_WEEKS} weeks and {2 * days} days "
                "of counts. Forecast fewer days."
            )
        scores[model] = Score(*(sums / counted).tolist())
    return MappingProxyType(scores)


def choose(series: Series, *, days: int, origins: int = 13, level: float = 0.9) -> Chosen:
    """Return the forecast that was better by error and by interval score, else the naive one."""
    scores = backtest(series, days=days, origins=origins, level=level)
    naive = scores["seasonal_naive"]
    better = [
        name
        for name, score in scores.items()
        if score.mae < naive.mae and score.interval_score < naive.interval_score
    ]
    best = min(better, key=lambda name: scores[name].mae, default="seasonal_naive")
    return Chosen(forecast(series, best, days=days, level=level), scores, origins)


def _scored(found: Forecast, held: FloatArray, known: npt.NDArray[np.bool_]) -> FloatArray:
    count, mean = held[known], found.mean[known]
    low, high = found.low[known], found.high[known]
    outside = np.maximum(low - count, 0.0) + np.maximum(count - high, 0.0)
    width = high - low
    return np.array([
        np.abs(count - mean).sum(), float((outside == 0.0).sum()), width.sum(),
        (width + 2.0 / (1.0 - found.level) * outside).sum(),
    ])  # fmt: skip


def _terms(day: npt.NDArray[np.int64], *, yearly: bool) -> FloatArray:
    columns = [(day - day[0]) / YEAR_DAYS]
    columns += [(day % WEEK_DAYS == one) * 1.0 for one in range(WEEK_DAYS)]
    if yearly:
        for wave in (1, 2):
            angle = 2.0 * np.pi * wave * day / YEAR_DAYS
            columns += [np.sin(angle), np.cos(angle)]
    return np.stack(columns, axis=1)


def _by_day(series: Series) -> FloatArray:
    """Return counts by day; a day of which some hours are unknown is unknown."""
    return np.asarray(series.calls.reshape(-1, series.per_day).sum(axis=1), dtype=np.float64)


def _hour_shares(series: Series) -> FloatArray:
    """Return (7, 24) shares of a day's calls, rows from the weekday of the first day on."""
    table = series.calls.reshape(-1, series.per_day)
    weekday = np.arange(len(table)) % WEEK_DAYS
    recent = np.arange(len(table)) >= len(table) - SHARED_DAYS
    found = np.zeros((WEEK_DAYS, series.per_day))
    everyday = np.nansum(table[recent], axis=0) + 1e-9
    for day in range(WEEK_DAYS):
        # A day's own shares, leaning on those of all days by one day's worth of calls.
        own = np.nansum(table[recent & (weekday == day)], axis=0)
        found[day] = own + everyday / recent.sum()
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)
