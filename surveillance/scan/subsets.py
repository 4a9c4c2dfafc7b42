"""Fast subset scan: of the places near a centre any that are too many together, in any shape.

D. B. Neill, Fast subset scan for spatial pattern detection, J. R. Stat. Soc. B 74 (2012) 337, doi
10.1111/j.1467-9868.2011.01014.x. Kulldorff's ratios have linear-time subset scanning: the best of
all subsets of some places is among the first 1, 2 … of them by cases to expected ones, so as many
sums as there are places do for all 2ⁿ subsets.
"""

from functools import partial

import numpy as np

from routing.engine.compiled import compiled
from surveillance.scan.drawing import Spread, greatest_ratios
from surveillance.scan.errors import ScanInputError
from surveillance.scan.likelihood import Totals, log_ratio
from surveillance.scan.model import CountArray, FloatArray, Scan, Settings, Span
from surveillance.scan.null import Replicates, drawn
from surveillance.scan.statistic import Candidate, clusters
from surveillance.scan.study import Study, prepared, sequences
from surveillance.scan.sweep import Sequences, Small
from surveillance.scan.zones import Zones

AT_ONCE = 64
"""Null data sets that are drawn at a time."""


def scan_subsets(
    zones: Zones,
    cases: CountArray,
    settings: Settings,
    *,
    expected: FloatArray | None = None,
    people: CountArray | None = None,
    spread: Spread = map,
    parts: int = 1,
) -> Scan:
    """Return the strongest subsets of the whole sequences of `zones`: neighbourhoods of places.

    Models and data as of `statistic.scan`. A subset need not hang together, and only periods that
    are whole or end now are looked at. Raises `ScanInputError` for others, and where data do not
    fit together.
    """
    if settings.span is Span.ANY:
        raise ScanInputError(
            "The subset scan looks at the whole of the study or at periods to now."
        )
    study = prepared(zones, cases, settings, expected, people)
    if not study.totals.cases:
        return Scan((), np.zeros(0), 0, zones.count())
    recent = np.cumsum(study.counts[:, ::-1][:, : study.longest], axis=1)
    best, period, sign = _strongest(study, recent)
    maxima = greatest_ratios(
        partial(_null_maxima, study), replicates=settings.replicates, enough=settings.enough,
        strongest=float(best.max(initial=0.0)), spread=spread, parts=parts,
    )  # fmt: skip
    those = (
        _candidate(study, recent, int(k), int(period[k]), int(sign[k]), float(best[k]))
        for k in np.argsort(-best, kind="stable") if best[k] > 0.0
    )  # fmt: skip
    return Scan(clusters(study, those, maxima), maxima, study.totals.cases, zones.count())


def _due(study: Study) -> FloatArray:
    """Return expected cases (places, periods) over the last 1, 2 … intervals."""
    return np.ascontiguousarray(
        np.cumsum(study.expected[:, ::-1][:, : study.longest], axis=1), dtype=np.float64
    )


def _strongest(study: Study, counts: CountArray) -> tuple[FloatArray, CountArray, CountArray]:
    """Return of each neighbourhood the greatest ratio, its period and its side."""
    count = study.zones.weight.size
    best, period, sign = np.zeros(count), np.zeros(count, np.int64), np.zeros(count, np.int64)
    for side in study.signs():
        found, when = np.zeros(count), np.zeros(count, np.int64)
        best_subsets(
            sequences(study.zones), np.ascontiguousarray(counts), _due(study), side,
            study.settings.least_cases, study.totals, found, when,
        )  # fmt: skip
        better = found > best
        best[better], period[better], sign[better] = found[better], when[better], side
    return best, period, sign


def _candidate(  # noqa: PLR0917 - one call
    study: Study, counts: CountArray, k: int, period: int, sign: int, ratio: float
) -> Candidate:
    """Return the subset of a neighbourhood that has the ratio."""
    places = study.zones.order[study.zones.start[k] : study.zones.start[k + 1]]
    due = _due(study)[places, period]
    places, due = places[due > 0], due[due > 0]
    count = counts[places, period]
    order = np.argsort(-sign * count / due, kind="stable")
    sums, dues = np.cumsum(count[order]), np.cumsum(due[order])
    values = np.array([
        study.zones.weight[k] * log_ratio(int(c), float(d), study.totals)
        if sign * (c - d) > 0 and (sign < 0 or c >= study.settings.least_cases) else 0.0
        for c, d in zip(sums, dues, strict=True)
    ])  # fmt: skip
    last = study.counts.shape[1] - 1
    chosen = np.sort(places[order[: int(np.argmax(values)) + 1]])
    return Candidate(int(study.zones.centre[k]), chosen, last - period, last, ratio)


def _null_maxima(study: Study, replicates: Replicates) -> FloatArray:
    maxima = np.zeros(replicates.size)
    count = study.zones.weight.size
    found, when = np.zeros(count), np.zeros(count, np.int64)
    for first in range(0, replicates.size, AT_ONCE):
        part = replicates[first : first + AT_ONCE]
        counts: Small = drawn(study, part, 1)
        for r in range(part.size):
            one = np.ascontiguousarray(counts[:, :, r], dtype=np.int64)
            for side in study.signs():
                best_subsets(
                    sequences(study.zones), one, _due(study), side, study.settings.least_cases,
                    study.totals, found, when,
                )  # fmt: skip
                maxima[first + r] = max(maxima[first + r], float(found.max(initial=0.0)))
    return maxima


@compiled
def best_subsets(  # noqa: PLR0917 - compiled code takes no keywords
    zones: Sequences, counts: CountArray, due: FloatArray, sign: int, least_cases: int,
    of: Totals, best: FloatArray, period: CountArray,
) -> None:  # fmt: skip
    """Fill the greatest ratio of each neighbourhood and the period that has it.

    `counts` and `due` (places, periods). `sign` 1: more than due, -1: fewer.
    """
    most = 0
    for k in range(zones.weight.size):
        most = max(most, zones.start[k + 1] - zones.start[k])
    rate = np.empty((due.shape[0], due.shape[1]))
    for place in range(due.shape[0]):
        for w in range(due.shape[1]):
            rate[place, w] = (
                -sign * counts[place, w] / due[place, w] if due[place, w] > 0.0 else np.inf
            )
    key = np.empty(most)
    for k in range(zones.weight.size):
        best[k] = 0.0
        first = zones.start[k]
        size = zones.start[k + 1] - first
        for w in range(due.shape[1]):
            for j in range(size):
                key[j] = rate[zones.order[first + j], w]
            count, expected = 0, 0.0
            for j in np.argsort(key[:size]):
                place = zones.order[first + j]
                if due[place, w] <= 0.0:
                    break
                count += counts[place, w]
                expected += due[place, w]
                if sign * (count - expected) <= 0.0 or (sign > 0 and count < least_cases):
                    continue
                value = zones.weight[k] * log_ratio(count, expected, of)
                if value > best[k]:
                    best[k] = value
                    period[k] = w
