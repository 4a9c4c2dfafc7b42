"""Speeds learned from matched traces: by leg and hour of the week, shrunk to their class.

Credibility of Buehlmann and Straub (Glaubwuerdigkeit fuer Schadensaetze, 1970), the empirical Bayes
estimate that needs no distribution: a group seen over M metres counts M / (M + k), its class the
rest, where k is the variance within groups over the variance between them. Paces (seconds per
metre), not speeds, are averaged: their mean is what gives the mean time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from gis.week import HOURS_OF_WEEK, hours_of_week
from routing.learning.leg_cells import LegCells, freedom_of
from routing.learning.outliers import pulled_in
from routing.matching.model import MatchedTrace
from routing.roads.model import FloatArray, IdArray, IndexArray, Segments, freeze

_SHORTEST_M = 15.0
_PACE_LIMITS_S_PER_M = (3.6 / 180.0, 3.6 / 1.0)
_PRIOR_DRIVES = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class LegDrives:
    """s legs driven whole: leg (s,) int32, hour (s,) int16 of the week, metres and seconds (s,)
    float64 without the waits that the graph counts by itself, trip (s,) int32.
    """

    leg: IndexArray
    hour: NDArray[np.int16]
    metres: FloatArray
    seconds: FloatArray
    trip: IndexArray

    @classmethod
    def of(
        cls,
        traces: Iterable[MatchedTrace],
        segments: Segments,
        *,
        time_zone: str,
        min_confidence: float = 0.8,
    ) -> Self:
        """Collect what teaches something: whole legs, surely matched, not absurdly fast or slow.

        Times of the traces are seconds of the Unix epoch. Keep trips with siren and without it
        apart: each kind is learned from its own.
        """
        columns: list[tuple[NDArray[Any], ...]] = []
        for trip, trace in enumerate(traces):
            metres = segments.length_m[trace.leg // 2]
            took_s = trace.exit_s - trace.enter_s
            # The wait is what the map expects; less than it may have been waited.
            least_s = metres * _PACE_LIMITS_S_PER_M[0]
            seconds = np.maximum(took_s - trace.wait_s, np.minimum(took_s, least_s))
            pace = seconds / metres
            row = np.flatnonzero(
                trace.whole()
                & (trace.confidence >= min_confidence)
                & (metres >= _SHORTEST_M)
                & (pace >= _PACE_LIMITS_S_PER_M[0])
                & (pace <= _PACE_LIMITS_S_PER_M[1])
            )
            hour = hours_of_week(trace.enter_s[row], time_zone=time_zone)
            columns.append(
                (trace.leg[row], hour, metres[row], seconds[row], np.full(row.size, trip))
            )
        if not columns:
            columns = [tuple(np.empty(0) for _ in range(5))]
        leg, hour, metres, seconds, trip_of = (
            np.concatenate(c) for c in zip(*columns, strict=True)
        )
        return cls(
            leg.astype(np.int32), hour.astype(np.int16), metres, seconds, trip_of.astype(np.int32)
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Join what was collected piece by piece; trips of different pieces stay different."""
        first = np.cumsum([0, *(one.trip.max(initial=-1) + 1 for one in parts)])[:-1]
        return cls(
            leg=np.concatenate([one.leg for one in parts]),
            hour=np.concatenate([one.hour for one in parts]),
            metres=np.concatenate([one.metres for one in parts]),
            seconds=np.concatenate([one.seconds for one in parts]),
            trip=np.concatenate(
                [one.trip + start for one, start in zip(parts, first, strict=True)]
            ).astype(np.int32),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Credibility:
    """Means (g,) of groups shrunk to 1, their weights (g,) M / (M + k), variance within groups."""

    mean: FloatArray
    weight: FloatArray
    k: float
    within: float


@dataclass(frozen=True, slots=True, eq=False)
class LearnedSpeeds:
    """Speeds by (leg, hour), sorted by leg, then hour; only what was driven at least once.

    leg : (c,) int32; hour : (c,) int16 of the week, 0 = Monday 00:00; n : (c,) int32 drives
    speed_kmh : (c,) float64 whose time is the mean time; variance : (c,) float64 (km/h)^2 of the
    speed of one drive; weight : (c,) float64 share of the cell's own drives in its speed beyond
    what leg and class say
    class_speed_kmh : (classes, 168) float64 by code of `Segments.highway`, NaN = never driven
    leg_factor : (2 * n_segments,) float64 pace over that of the class, 1 where never driven
    """

    leg: IndexArray
    hour: NDArray[np.int16]
    n: IndexArray
    speed_kmh: FloatArray
    variance: FloatArray
    weight: FloatArray
    class_speed_kmh: FloatArray
    leg_factor: FloatArray
    highway_code: IndexArray

    def at(self, leg: ArrayLike, hour: ArrayLike) -> FloatArray:
        """Speed (k,) km/h of any legs in any hours; NaN for classes never driven."""
        legs, hours = np.atleast_1d(leg, hour)
        key = self.leg.astype(np.int64) * HOURS_OF_WEEK + self.hour
        wanted = legs.astype(np.int64) * HOURS_OF_WEEK + hours
        row = np.minimum(np.searchsorted(key, wanted), max(key.size - 1, 0))
        code = self.highway_code[legs // 2]
        general = self.class_speed_kmh[code, hours] / self.leg_factor[legs]
        if not key.size:
            return np.asarray(general)
        return np.asarray(np.where(key[row] == wanted, self.speed_kmh[row], general))


@dataclass(frozen=True, slots=True)
class Uplift:
    """How many times as fast trips with siren are, with its 95 % interval (NaN below two trips)."""

    ratio: float
    low: float
    high: float
    n_trips: int


def credibility(
    value: FloatArray,
    weight: FloatArray,
    group: IdArray,
    *,
    n_groups: int,
    count: FloatArray | None = None,
    count_square: FloatArray | None = None,
    square: FloatArray | None = None,
) -> Credibility:
    """Shrink the weighted means of groups to 1, by the variances found in the data.

    value, weight, group : (s,) relative paces around 1, metres, group of each 0..n_groups-1
    count, count_square, square : (s,) where a row is the mean of several: sums of their weights
    and of the squares of these, weighted sum of squares about the mean

    All of one age, drives say the same of both variances as when they were new; only the metres
    that a group is trusted by grow less.
    """
    metres = np.bincount(group, weight, minlength=n_groups)
    counted = np.bincount(group, count, minlength=n_groups)
    # What the metres of a mean would be if its drives' weights were squared.
    squared = weight if count is None or count_square is None else weight * count_square / count
    taken = np.bincount(group, squared, minlength=n_groups)
    seen = metres > 0
    mean, of_mean = np.ones(n_groups), np.zeros(n_groups)
    np.divide(np.bincount(group, weight * value, minlength=n_groups), metres, mean, where=seen)
    np.divide(taken, metres, of_mean, where=seen)
    freedom = float(freedom_of(counted.astype(np.float64), of_mean).sum())
    total = metres.sum()
    apart = float((weight * (value - mean[group]) ** 2).sum())
    apart += 0.0 if square is None else float(square.sum())
    within = apart / freedom if freedom > 0 else np.inf
    spread = total - (metres**2).sum() / total if total > 0 else 0.0
    between = 0.0
    if spread > 0 and np.isfinite(within):
        chance = (of_mean.sum() - taken.sum() / total) * within
        above = (metres * (mean - 1.0) ** 2).sum() - chance
        between = max(float(above / spread), 0.0)
    k = within / between if between > 0 else np.inf
    z = metres / (metres + k) if np.isfinite(k) else np.zeros(n_groups)
    return Credibility(mean=1.0 + z * (mean - 1.0), weight=z, k=k, within=within)


def cells_of(drives: LegDrives, segments: Segments, seen: LegCells | None = None) -> LegCells:
    """Sum up new drives by leg and hour, outliers pulled in (`routing.learning.outliers`).

    What was `seen` before says, with them, what is an outlier; it is not part of the answer.
    """
    pace = pulled_in(
        drives.seconds / drives.metres, drives.leg, drives.hour,
        highway=_classes(segments), seen=LegCells.none() if seen is None else seen,
    )  # fmt: skip
    return LegCells.of_drives(drives.leg, drives.hour, pace)


def learn_cells(cells: LegCells, segments: Segments) -> LearnedSpeeds:
    """Learn pace = class in that hour x factor of the leg x factor of the leg in that hour.

    Each factor is shrunk to 1 by `credibility`, within its class.
    """
    highway = _classes(segments)
    n_classes = int(highway.max(initial=0)) + 1
    class_pace = np.full((n_classes, HOURS_OF_WEEK), np.nan)
    leg_factor = np.ones(2 * len(segments))
    cell_pace, cell_variance, cell_weight = np.full((3, cells.leg.size), np.nan)
    code = highway[cells.leg // 2]
    length_m = segments.length_m[cells.leg // 2]
    for c in np.unique(code):
        row = np.flatnonzero(code == c)
        n, hour = cells.drives[row], cells.hour[row].astype(np.int64)
        n_square = cells.drives_square[row]
        metres = n * length_m[row]
        pace, square = cells.pace_s_per_m[row], cells.pace_square[row]
        mean = float((pace * metres).sum() / metres.sum())
        by_hour = credibility(
            pace / mean, metres, hour, n_groups=HOURS_OF_WEEK, count=n, count_square=n_square,
            square=length_m[row] * square / mean**2,
        )  # fmt: skip
        class_pace[c] = mean * by_hour.mean
        legs, leg = np.unique(cells.leg[row], return_inverse=True)
        general = class_pace[c, hour]
        by_leg = credibility(
            pace / general, metres, leg, n_groups=legs.size, count=n, count_square=n_square,
            square=length_m[row] * square / general**2,
        )  # fmt: skip
        leg_factor[legs] = by_leg.mean
        general = general * by_leg.mean[leg]
        by_cell = credibility(
            pace / general, metres, np.arange(row.size), n_groups=row.size, count=n,
            count_square=n_square, square=length_m[row] * square / general**2,
        )  # fmt: skip
        cell_pace[row] = general * by_cell.mean
        cell_weight[row] = by_cell.weight
        cell_variance[row] = _variance(cells.take(code == c), relative=pace / general)
    speed_kmh = 3.6 / cell_pace
    return LearnedSpeeds(
        leg=cells.leg,
        hour=cells.hour,
        n=freeze(np.maximum(np.rint(cells.drives), 1.0).astype(np.int32)),
        speed_kmh=freeze(speed_kmh),
        variance=freeze(cell_variance * speed_kmh**2),
        weight=freeze(cell_weight),
        class_speed_kmh=freeze(3.6 / class_pace),
        leg_factor=freeze(leg_factor),
        highway_code=freeze(highway),
    )


def _classes(segments: Segments) -> IndexArray:
    """Code (n,) of each segment's class; the last is for those without any."""
    codes = segments.highway.codes
    return np.where(codes < 0, len(segments.highway.table), codes).astype(np.int32)


def _variance(cells: LegCells, *, relative: FloatArray) -> FloatArray:
    """Relative variance of one drive in each cell; that of the class counts as 10 drives.

    It does not age: drives of one age say of it what they said when they were new.
    """
    square = cells.pace_square * (relative / cells.pace_s_per_m) ** 2
    freedom = float(cells.freedom.sum())
    common = float(square.sum()) / freedom if freedom > 0 else float(np.var(relative))
    new = cells.drives / cells.drives_square
    more = cells.freedom * new
    return np.asarray((square * new + _PRIOR_DRIVES * common) / (more + _PRIOR_DRIVES))


def siren_times(siren: LegDrives, ordinary: LearnedSpeeds) -> tuple[FloatArray, FloatArray]:
    """Seconds (t,) that each trip with siren was to take without it, and those it took.

    Legs of classes never driven without siren are left out, and trips of nothing else.
    """
    speed_kmh = ordinary.at(siren.leg, siren.hour)
    known = np.isfinite(speed_kmh)
    _, trip = np.unique(siren.trip[known], return_inverse=True)
    expected_s = np.bincount(trip, siren.metres[known] * 3.6 / speed_kmh[known])
    actual_s = np.bincount(trip, siren.seconds[known])
    return expected_s.astype(np.float64), actual_s.astype(np.float64)


def uplift_of(expected_s: FloatArray, actual_s: FloatArray) -> Uplift:
    """Compare the times (t,) that trips with siren took to those expected without it.

    Ratio of sums over trips, its interval by linearisation on the logarithm with Student's t over
    trips (Cochran, Sampling Techniques, 3rd ed., section 6.5): drives of one trip are not
    independent.
    """
    n = expected_s.size
    if n == 0:
        return Uplift(np.nan, np.nan, np.nan, 0)
    ratio = float(expected_s.sum() / actual_s.sum())
    if n == 1:
        return Uplift(ratio, np.nan, np.nan, 1)
    residual = expected_s - ratio * actual_s
    error = float(np.sqrt(n / (n - 1) * (residual**2).sum()) / actual_s.sum())
    factor = float(np.exp(special.stdtrit(n - 1, 0.975) * error / ratio))
    return Uplift(ratio, ratio / factor, ratio * factor, int(n))
