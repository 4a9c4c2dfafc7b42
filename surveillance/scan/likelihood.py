"""Log likelihood ratios of a zone, and the least count that reaches a given one.

Kulldorff 1997, doi 10.1080/03610929708831995: of all cases a zone has `count` where `expected` were
due. For a given expectation the ratio grows with the count on either side of it, so that a zone of
a null data set is judged by comparing whole numbers.
"""

import math
from typing import NamedTuple

import numpy as np

from routing.engine.compiled import compiled
from surveillance.scan.model import CountArray, FloatArray

POISSON, BERNOULLI = 0, 1
PER_STEP = 4.0
"""Steps of an expected case in which limits are looked up."""
HALVINGS = 60


class Totals(NamedTuple):
    """What a ratio is measured by: all cases, all people (Bernoulli), and c ln c of each count."""

    cases: int
    people: float
    kind: int
    terms: FloatArray


class Limits(NamedTuple):
    """From which count on a zone is hit: high ones (`sign` 1), or low ones (-1).

    `bounds` (cases + 1,) is up to which expectation a count is high, or from which on it is low;
    `first` is the first count whose bound may matter in each step of the expectation. Fewer than
    `least_cases` cases are never high.
    """

    bounds: FloatArray
    first: CountArray
    sign: int
    least_cases: int


def totals(cases: int, people: float, kind: int) -> Totals:
    """Return the totals of a study; `people` count in the Bernoulli model alone."""
    terms = np.arange(cases + 1, dtype=np.float64)
    terms[1:] *= np.log(terms[1:])
    return Totals(cases, people, kind, terms)


@compiled
def log_ratio(count: int, expected: float, of: Totals) -> float:
    """Return the log likelihood ratio of `count` cases where `expected` were due.

    Bernoulli: of the zone's expected * people / cases people `count` are cases.
    """
    rest = of.cases - count
    if expected <= 0.0 or expected >= of.cases:
        return 0.0
    value = of.terms[count] + of.terms[rest]
    if of.kind == POISSON:
        value -= count * math.log(expected) + rest * math.log(of.cases - expected)
        return float(value)
    inside = expected * of.people / of.cases
    outside, healthy = of.people - inside, of.people - of.cases
    well, well_outside = inside - count, outside - rest
    value -= inside * math.log(inside) + outside * math.log(outside)
    value += of.people * math.log(of.people) - of.terms[of.cases] - healthy * math.log(healthy)
    if well > 0.0:
        value += well * math.log(well)
    if well_outside > 0.0:
        value += well_outside * math.log(well_outside)
    return float(value)


@compiled
def limits(least: float, sign: int, least_cases: int, of: Totals) -> Limits:
    """Return the counts from which on a ratio is at least `least`, found by halving."""
    bounds = np.zeros(of.cases + 1)
    per_person = of.cases / of.people if of.kind == BERNOULLI else 0.0
    for count in range(of.cases + 1):
        extreme, even = max(count * per_person, 1e-12), float(count)
        if sign < 0:
            extreme = of.cases - max((of.cases - count) * per_person, 1e-9 * of.cases)
        if sign * (even - extreme) <= 0.0 or log_ratio(count, extreme, of) < least:
            bounds[count] = 0.0 if sign > 0 else np.inf
            continue
        for _ in range(HALVINGS):
            middle = 0.5 * (extreme + even)
            if log_ratio(count, middle, of) >= least:
                extreme = middle
            else:
                even = middle
        bounds[count] = extreme
    for count in range(1, of.cases + 1):
        bounds[count] = max(bounds[count], bounds[count - 1])
    if sign < 0:  # of fewer cases none can be low where more of them are
        for count in range(of.cases - 1, -1, -1):
            bounds[count] = min(bounds[count], bounds[count + 1])
    first = np.zeros(int(of.cases * PER_STEP) + 2, np.int64)
    count = 0
    for step in range(first.size):
        while count < of.cases and bounds[count] < step / PER_STEP:
            count += 1
        first[step] = count
    return Limits(bounds, first, sign, least_cases)


@compiled
def limit(expected: float, by: Limits) -> int:
    """Return the least count that is high, or less the greatest that is low.

    So a zone is hit where sign * count is not below what is returned.
    """
    count = by.first[min(int(expected * PER_STEP), by.first.size - 1)]
    if by.sign > 0:
        while count < by.bounds.size and by.bounds[count] < expected:
            count += 1
        return int(max(count, by.least_cases))
    while count < by.bounds.size and by.bounds[count] <= expected:
        count += 1
    return int(1 - count)
