"""The scan: the strongest zones of the data, and how surely they are not by chance."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

import numpy as np

from surveillance.scan.drawing import Spread, greatest_ratios
from surveillance.scan.model import Cluster, CountArray, FloatArray, PlaceArray, Scan, Settings
from surveillance.scan.null import null_maxima
from surveillance.scan.significance import gumbel_p, rank_p
from surveillance.scan.study import Study, prepared, sequences
from surveillance.scan.sweep import Found, best_of_each
from surveillance.scan.zones import Zones


class Candidate(NamedTuple):
    """A centre's best zone: its places, first and last interval."""

    centre: int
    places: PlaceArray
    first: int
    last: int
    ratio: float


def scan(
    zones: Zones,
    cases: CountArray,
    settings: Settings,
    *,
    expected: FloatArray | None = None,
    people: CountArray | None = None,
    spread: Spread = map,
    parts: int = 1,
) -> Scan:
    """Return the clusters among `zones`: `cases` are (places, intervals).

    Poisson needs `expected` (places, intervals), any numbers in proportion; Bernoulli `people`
    (places, intervals), cases and controls; permutation neither, but its cases may be (places,
    intervals, groups): times are then exchanged within each group alone. The null data sets are
    searched in `parts` by `spread`, which may share them out (`Executor.map`): the numbers are the
    same. Raises `ScanInputError` where the data do not fit together.
    """
    study = prepared(zones, cases, settings, expected, people)
    if not study.totals.cases:
        return Scan((), np.zeros(0), 0, zones.count())
    found = strongest(study)
    maxima = maxima_of(study, float(found.ratio.max(initial=0.0)), spread=spread, parts=parts)
    kept = clusters(study, candidates(zones, found), maxima)
    return Scan(kept, maxima, study.totals.cases, zones.count())


def maxima_of(study: Study, ratio: float, *, spread: Spread, parts: int) -> FloatArray:
    """Return the greatest ratio of each null data set; of a sequential scan, as far as needed."""
    return greatest_ratios(
        partial(null_maxima, study), replicates=study.settings.replicates, strongest=ratio,
        enough=study.settings.enough, spread=spread, parts=parts,
    )  # fmt: skip


def strongest(study: Study) -> Found:
    """Return the best zone and period of each sequence of places."""
    count = study.zones.weight.size
    found = Found(np.zeros(count), *(np.full(count, -1, dtype=np.int64) for _ in range(3)))
    best_of_each(
        sequences(study.zones), study.counts, study.expected, study.wanted(), study.totals, found
    )
    return found


def candidates(zones: Zones, found: Found) -> Iterable[Candidate]:
    """Yield the best zone of each sequence, strongest first."""
    for k in np.argsort(-found.ratio, kind="stable"):
        if found.ratio[k] <= 0.0:
            break
        yield Candidate(
            int(zones.centre[k]), zones.members(int(k), int(found.end[k])),
            int(found.first[k]), int(found.last[k]), float(found.ratio[k]),
        )  # fmt: skip


def apart(places: int, intervals: int, those: Iterable[Candidate]) -> list[Candidate]:
    """Return the best of each centre, without those that touch a stronger one.

    As in SaTScan two clusters touch if they share a place at the same time.
    """
    taken = np.zeros((places, intervals), dtype=np.bool_)
    seen = set()
    kept = []
    for one in those:
        if one.centre in seen:
            continue
        seen.add(one.centre)
        if taken[one.places, one.first : one.last + 1].any():
            continue
        taken[one.places, one.first : one.last + 1] = True
        kept.append(one)
    return kept


def clusters(study: Study, those: Iterable[Candidate], maxima: FloatArray) -> tuple[Cluster, ...]:
    """Return what is told of the candidates that are apart from stronger ones."""
    kept = []
    for one in apart(len(study.counts), study.counts.shape[1], those):
        during = slice(one.first, one.last + 1)
        kept.append(
            Cluster(
                one.centre, tuple(one.places.tolist()), one.first, one.last,
                int(study.counts[one.places, during].sum()),
                float(study.expected[one.places, during].sum()), study.totals.cases, one.ratio,
                rank_p(one.ratio, maxima, study.settings.enough), gumbel_p(one.ratio, maxima),
            )
        )  # fmt: skip
    return tuple(kept)
