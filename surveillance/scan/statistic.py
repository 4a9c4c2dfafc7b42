"""The scan: the strongest zones of the data, and how surely they are not by chance."""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from surveillance.scan.model import Cluster, CountArray, FloatArray, Scan, Settings
from surveillance.scan.null import Replicates, null_maxima
from surveillance.scan.significance import gumbel_p, rank_p
from surveillance.scan.study import Study, prepared, sequences
from surveillance.scan.sweep import Found, best_of_each
from surveillance.scan.zones import Zones

Spread = Callable[[Callable[[Replicates], FloatArray], Iterable[Replicates]], Iterable[FloatArray]]
"""As `map`: gives each part to the function, and the answers back in their order."""


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
    shares = np.array_split(np.arange(settings.replicates), parts)
    maxima = np.concatenate([*spread(partial(null_maxima, study), shares)])
    return Scan(clusters(study, found, maxima), maxima, study.totals.cases, zones.count())


def strongest(study: Study) -> Found:
    """Return the best zone and period of each sequence of places."""
    count = study.zones.weight.size
    found = Found(np.zeros(count), *(np.full(count, -1, dtype=np.int64) for _ in range(3)))
    best_of_each(
        sequences(study.zones), study.counts, study.expected, study.wanted(), study.totals, found
    )
    return found


def clusters(study: Study, found: Found, maxima: FloatArray) -> tuple[Cluster, ...]:
    """Return the best of each centre by strength, without those that touch a stronger one.

    As in SaTScan two clusters touch if they share a place at the same time.
    """
    taken = np.zeros(study.counts.shape, dtype=np.bool_)
    seen = set()
    kept = []
    for k in np.argsort(-found.ratio, kind="stable"):
        if found.ratio[k] <= 0.0:
            break
        if (centre := int(study.zones.centre[k])) in seen:
            continue
        seen.add(centre)
        places = study.zones.members(int(k), int(found.end[k]))
        since, until = int(found.first[k]), int(found.last[k]) + 1
        if taken[places, since:until].any():
            continue
        taken[places, since:until] = True
        kept.append(
            Cluster(
                centre, tuple(places.tolist()), since, until - 1,
                int(study.counts[places, since:until].sum()),
                float(study.expected[places, since:until].sum()), study.totals.cases,
                float(found.ratio[k]), rank_p(found.ratio[k], maxima),
                gumbel_p(found.ratio[k], maxima),
            )
        )  # fmt: skip
    return tuple(kept)
