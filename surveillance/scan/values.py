"""Scans of values that people have: where, and when, they are higher or lower than elsewhere.

Ordinal: I. Jung, M. Kulldorff & A. Klassen, A spatial scan statistic for ordinal data, Stat. Med.
26 (2007) 1594, doi 10.1002/sim.2607. Normal: M. Kulldorff, L. Huang & K. Konty, Int. J. Health
Geogr. 8:58 (2009), doi 10.1186/1476-072X-8-58; weighted: L. Huang et al., J. Am. Stat. Assoc. 104
(2009) 886, doi 10.1198/jasa.2009.ap07613. Exponential: L. Huang, M. Kulldorff & D. Gregorio,
Biometrics 63 (2007) 109, doi 10.1111/j.1541-0420.2006.00661.x.

Null data sets exchange the values among the people, whose places and times stay.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from surveillance.scan.drawing import Spread, greatest_ratios
from surveillance.scan.errors import ScanInputError
from surveillance.scan.model import FloatArray, PlaceArray, Rates, Settings, Span
from surveillance.scan.null import Replicates
from surveillance.scan.significance import gumbel_p, rank_p
from surveillance.scan.statistic import Candidate, apart, candidates
from surveillance.scan.study import sequences
from surveillance.scan.sweep import Found, Wanted
from surveillance.scan.value_sweep import EXPONENTIAL, NORMAL, ORDINAL, best_of_values, null_values
from surveillance.scan.zones import Zones


class Kind(StrEnum):
    """What the values are."""

    ORDINAL = "ordinal"
    """Categories 0, 1, 2 … in their order: stages, severities."""
    NORMAL = "normal"
    """Measures; with weights (one by variance) those of groups, such as rates of areas."""
    EXPONENTIAL = "exponential"
    """Times until something happens, or until nobody looked any more. High are the short ones."""


KINDS = {Kind.ORDINAL: ORDINAL, Kind.NORMAL: NORMAL, Kind.EXPONENTIAL: EXPONENTIAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values of k people: all arrays are (k,).

    `place`, `interval`: where and when, `places` and `intervals` of them. `value`: a category, a
    measure, a time. `weight`: of a measure, above 0 (None: all 1). `happened`: whether the time
    ended by what was waited for (None: all; False is censored).
    """

    kind: Kind
    places: int
    intervals: int
    place: npt.NDArray[np.int64]
    interval: npt.NDArray[np.int64]
    value: FloatArray
    weight: FloatArray | None = None
    happened: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class ValueCluster:
    """A zone and period of `people` people, `first` and `last` intervals both in it.

    `inside` and `outside`: shares of the categories; a mean; or what happened per unit of time.
    `p` and `gumbel_p` as of `model.Cluster`.
    """

    centre: int
    places: tuple[int, ...]
    first: int
    last: int
    people: int
    inside: tuple[float, ...]
    outside: tuple[float, ...]
    log_likelihood_ratio: float
    p: float | None
    gumbel_p: float | None


@dataclass(frozen=True, slots=True)
class ValueScan:
    """Clusters by strength, none sharing a place at a time, and the null maxima (replicates,)."""

    clusters: tuple[ValueCluster, ...]
    maxima: FloatArray
    people: int
    zones: int


@dataclass(frozen=True, slots=True)
class _Study:
    """Values made ready: `marks` (k, m) are added up over a zone, `cell` (k,) is place x time."""

    zones: Zones
    settings: Settings
    wanted: Wanted
    kind: int
    cell: PlaceArray
    marks: FloatArray
    places: int
    intervals: int

    def maxima(self, replicates: Replicates) -> FloatArray:
        """Return the greatest ratio of each null data set."""
        return np.asarray(
            null_values(
                sequences(self.zones), self.cell, self.marks, self.places, self.intervals,
                self.wanted, self.kind, self.settings.seed, replicates,
            )
        )  # fmt: skip

    def summed(self) -> FloatArray:
        """Return the marks (places, intervals, m) of each place and interval."""
        sums = np.zeros((self.places * self.intervals, self.marks.shape[1]))
        np.add.at(sums, self.cell, self.marks)
        return sums.reshape(self.places, self.intervals, -1)


def scan_values(
    zones: Zones, values: Values, settings: Settings, *, spread: Spread = map, parts: int = 1
) -> ValueScan:
    """Return where values are high, low or either (`settings.rates`), by `settings.span`.

    `settings.model` has no part in it; `least_cases` is how many people a zone must have. Raises
    `ScanInputError` where the data do not fit together.
    """
    study = _prepared(zones, values, settings)
    people = int(values.place.size)
    if not people:
        return ValueScan((), np.zeros(0), 0, zones.count())
    sums, count = study.summed(), zones.weight.size
    found = Found(np.zeros(count), *(np.full(count, -1, dtype=np.int64) for _ in range(3)))
    best_of_values(sequences(zones), sums, study.wanted, study.kind, found)
    maxima = greatest_ratios(
        study.maxima, replicates=settings.replicates, enough=settings.enough,
        strongest=float(found.ratio.max(initial=0.0)), spread=spread, parts=parts,
    )  # fmt: skip
    kept = apart(values.places, study.intervals, candidates(zones, found))
    told = tuple(_told(one, sums, maxima, study, values) for one in kept)
    return ValueScan(told, maxima, people, zones.count())


def _told(
    one: Candidate, sums: FloatArray, maxima: FloatArray, study: _Study, values: Values
) -> ValueCluster:
    inside = sums[one.places, one.first : one.last + 1].sum(axis=(0, 1))
    outside = sums.sum(axis=(0, 1)) - inside
    mean = 0.0 if study.kind != NORMAL else _mean(values)
    return ValueCluster(
        one.centre, tuple(one.places.tolist()), one.first, one.last, _people(inside, study.kind),
        _description(inside, study.kind, mean), _description(outside, study.kind, mean), one.ratio,
        rank_p(one.ratio, maxima, study.settings.enough), gumbel_p(one.ratio, maxima),
    )  # fmt: skip


def _people(marks: FloatArray, kind: int) -> int:
    return round(float(marks.sum() if kind == ORDINAL else marks[0]))


def _description(marks: FloatArray, kind: int, mean: float) -> tuple[float, ...]:
    if kind == ORDINAL:
        return tuple((marks / marks.sum()).tolist())
    if kind == NORMAL:
        return (float(mean + marks[2] / marks[1]),)
    return (float(marks[1] / marks[2]),)


def _mean(values: Values) -> float:
    return float(np.average(values.value, weights=values.weight))


def _prepared(zones: Zones, values: Values, settings: Settings) -> _Study:
    sizes = {values.place.shape, values.interval.shape, values.value.shape}
    for other in (values.weight, values.happened):
        if other is not None:
            sizes.add(other.shape)
    if len(sizes) > 1 or values.place.ndim != 1:
        raise ScanInputError("Each person needs a place, an interval and a value, and no more.")
    if not np.isfinite(values.value).all():
        raise ScanInputError("A value is missing or infinite: leave the person out.")
    for index, most in ((values.place, values.places), (values.interval, values.intervals)):
        if index.size and not (index.min() >= 0 and index.max() < most):
            raise ScanInputError("A person stands at a place or in an interval that is not there.")
    if zones.order.size and zones.order.max() >= values.places:
        raise ScanInputError("A zone holds a place that is not there.")
    if settings.longest is not None and settings.longest < 1:
        raise ScanInputError("The longest period must be at least one interval.")
    whole = settings.span is Span.WHOLE
    intervals = 1 if whole else values.intervals
    interval = np.zeros_like(values.interval) if whole else values.interval
    longest = 1 if whole else min(settings.longest or max(intervals // 2, 1), intervals)
    wanted = Wanted(
        settings.span is not Span.ANY, longest, settings.rates is not Rates.LOW,
        settings.rates is not Rates.HIGH, settings.least_cases,
    )  # fmt: skip
    cell = (values.place * intervals + interval).astype(np.int32)
    return _Study(
        zones, settings, wanted, KINDS[values.kind], cell, _marks(values), values.places, intervals
    )


def _marks(values: Values) -> FloatArray:
    """Return what of each person is added up (k, m)."""
    if values.kind is Kind.ORDINAL:
        category = values.value.astype(np.int64)
        if (category != values.value).any() or (category < 0).any():
            raise ScanInputError("Categories are whole numbers from 0 on, in their order.")
        marks = np.zeros((category.size, int(category.max(initial=0)) + 1))
        marks[np.arange(category.size), category] = 1.0
        return marks[:, marks.any(axis=0)]
    one = np.ones(values.value.size)
    if values.kind is Kind.NORMAL:
        weight = one if values.weight is None else values.weight
        if not np.isfinite(weight).all() or (weight <= 0).any():
            raise ScanInputError("A weight must be a number above 0: leave out who has none.")
        centred = values.value - (_mean(values) if one.size else 0.0)
        return np.column_stack((one, weight, weight * centred, weight * centred * centred))
    if (values.value <= 0).any():
        raise ScanInputError("Times until something happens must be above 0.")
    happened = one if values.happened is None else values.happened.astype(np.float64)
    return np.column_stack((one, happened, values.value))
