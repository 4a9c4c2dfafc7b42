"""One scan made ready: its data checked, and what was due worked out by its model."""

from dataclasses import dataclass

import numpy as np

from surveillance.scan.errors import ScanInputError
from surveillance.scan.expected import by_margins
from surveillance.scan.likelihood import BERNOULLI, POISSON, Totals, totals
from surveillance.scan.model import CountArray, FloatArray, Model, Rates, Settings, Span
from surveillance.scan.sweep import Sequences, Wanted
from surveillance.scan.zones import Zones


@dataclass(frozen=True, slots=True)
class Study:
    """What the data and every null data set are drawn from and looked at with.

    `counts`, `expected` and `people` are (places, intervals), `grouped` the cases (places,
    intervals, groups). In a purely spatial scan there is one interval.
    """

    zones: Zones
    settings: Settings
    counts: CountArray
    expected: FloatArray
    people: CountArray
    grouped: CountArray
    totals: Totals
    longest: int

    def signs(self) -> tuple[int, ...]:
        """Return 1 for high zones, -1 for low ones."""
        return {Rates.HIGH: (1,), Rates.LOW: (-1,), Rates.BOTH: (1, -1)}[self.settings.rates]

    def wanted(self) -> Wanted:
        """Return which zones and periods count."""
        rates = self.settings.rates
        return Wanted(
            self.settings.span is not Span.ANY, self.longest, rates is not Rates.LOW,
            rates is not Rates.HIGH, self.settings.least_cases,
        )  # fmt: skip

    def drawn_intervals(self) -> int:
        """Return of how many of the last intervals null cases are needed."""
        return self.counts.shape[1] if self.settings.span is Span.ANY else self.longest


def sequences(zones: Zones) -> Sequences:
    """Return zones as compiled code reads them."""
    return Sequences(zones.order, zones.start, zones.ends, zones.weight)


def prepared(
    zones: Zones, cases: CountArray, settings: Settings, expected: FloatArray | None,
    people: CountArray | None,
) -> Study:  # fmt: skip
    """Return the study. Raises `ScanInputError` where the data do not fit together."""
    grouped = cases if cases.ndim == 3 else cases[..., np.newaxis]
    if grouped.ndim != 3 or not np.issubdtype(cases.dtype, np.integer) or (cases < 0).any():
        raise ScanInputError("Cases must be whole numbers from 0 on, places x intervals.")
    if grouped.shape[2] > 1 and settings.model is not Model.PERMUTATION:
        raise ScanInputError("Only the permutation scan takes groups: add the groups up.")
    counts = grouped.sum(axis=2, dtype=np.int64)
    if zones.order.size and zones.order.max() >= counts.shape[0]:
        raise ScanInputError("A zone holds a place that has no row of cases.")
    longest = _longest(settings, counts.shape[1])
    kind, persons = POISSON, np.zeros_like(counts)
    if settings.model is Model.PERMUTATION:
        due = by_margins(grouped)
    elif settings.model is Model.BERNOULLI:
        kind, persons = BERNOULLI, _persons(counts, people)
        due = persons * (counts.sum() / persons.sum())
    else:
        due = _due(counts, expected)
    if settings.span is Span.WHOLE:
        counts, due, persons = (
            part.sum(axis=1, keepdims=True) for part in (counts, due, persons)
        )  # fmt: skip
    return Study(
        zones, settings, np.ascontiguousarray(counts), np.ascontiguousarray(due, dtype=np.float64),
        persons, grouped, totals(int(counts.sum()), float(persons.sum()), kind), longest,
    )  # fmt: skip


def _longest(settings: Settings, intervals: int) -> int:
    if settings.span is Span.WHOLE:
        if settings.model is Model.PERMUTATION:
            raise ScanInputError("The permutation scan compares periods: give it a span of time.")
        return 1
    if settings.longest is not None and settings.longest < 1:
        raise ScanInputError("The longest period must be at least one interval.")
    return min(settings.longest or max(intervals // 2, 1), intervals)


def _persons(counts: CountArray, people: CountArray | None) -> CountArray:
    if people is None or people.shape != counts.shape or (people < counts).any():
        raise ScanInputError("The Bernoulli scan needs people, never fewer than the cases.")
    if people.sum() <= counts.sum():
        raise ScanInputError("The Bernoulli scan needs controls: every person is a case.")
    return people.astype(np.int64)


def _due(counts: CountArray, expected: FloatArray | None) -> FloatArray:
    if expected is None or expected.shape != counts.shape:
        raise ScanInputError("The Poisson scan needs expected cases, one for each of the cases.")
    if not np.isfinite(expected).all() or (expected < 0).any() or expected.sum() <= 0:
        raise ScanInputError("Expected cases must be numbers from 0 on, and not all of them 0.")
    if ((expected <= 0) & (counts > 0)).any():
        raise ScanInputError("There are cases where none can be: the population there is 0.")
    return np.asarray(expected * (counts.sum() / expected.sum()))
