"""Which set of clusters to report: the one that parts high from low rates best, by Gini's index.

J. Han, L. Zhu, M. Kulldorff et al., Using Gini coefficient to determining optimal cluster reporting
sizes for spatial scan statistics, Int. J. Health Geogr. 15:27 (2016), doi
10.1186/s12942-016-0056-6. One large cluster may hold several small ones that differ more from what
is round them: each largest size gives a set of clusters, and the index says which to show.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from surveillance.scan.drawing import Spread
from surveillance.scan.model import Cluster, CountArray, FloatArray, Scan, Settings
from surveillance.scan.statistic import candidates, clusters, maxima_of, strongest
from surveillance.scan.study import prepared
from surveillance.scan.zones import Zones, cut, held_by

SHARES = (
    0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10, 0.12, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50
)  # fmt: skip
"""Largest sizes that are compared: SaTScan's."""


@dataclass(frozen=True, slots=True)
class Collection:
    """The significant clusters of at most `share` of the people, and their Gini index."""

    share: float
    index: float
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class SizedScan:
    """The scan of all sizes, and the significant clusters of each largest size."""

    scan: Scan
    collections: tuple[Collection, ...]

    def best(self) -> Collection | None:
        """Return the collection of the greatest index, of the smallest size if several have it.

        None if no cluster is significant.
        """
        found = max(self.collections, key=lambda one: one.index, default=None)
        return found if found is not None and found.clusters else None


def scan_by_size(
    zones: Zones,
    cases: CountArray,
    settings: Settings,
    *,
    weight: FloatArray,
    expected: FloatArray | None = None,
    people: CountArray | None = None,
    shares: Sequence[float] = SHARES,
    p: float = 0.05,
    spread: Spread = map,
    parts: int = 1,
) -> SizedScan:
    """Return the clusters of each largest size that are significant at `p`, and all as of `scan`.

    `weight` (places,) is what sizes are a share of, as the zones were made with. Significance is by
    the null data sets of all sizes, so that the choice of a size needs no further test.
    """
    study = prepared(zones, cases, settings, expected, people)
    if not study.totals.cases:
        return SizedScan(Scan((), np.zeros(0), 0, zones.count()), ())
    found = strongest(study)
    maxima = maxima_of(study, float(found.ratio.max(initial=0.0)), spread=spread, parts=parts)
    whole = Scan(
        clusters(study, candidates(zones, found), maxima), maxima, study.totals.cases,
        zones.count(),
    )  # fmt: skip
    held, collections = held_by(zones, weight), []
    for share in sorted(shares):
        part = cut(zones, held, share * float(weight.sum()))
        smaller = replace(study, zones=part)
        those = clusters(smaller, candidates(part, strongest(smaller)), maxima)
        significant = tuple(one for one in those if one.p is not None and one.p <= p)
        collections.append(Collection(share, gini_index(significant), significant))
    return SizedScan(whole, tuple(collections))


def gini_index(those: Sequence[Cluster]) -> float:
    """Return Gini's index of the cases by those expected, clusters and all the rest its units.

    Twice the area between the Lorenz curve and the diagonal: 0 without a cluster.
    """
    if not those:
        return 0.0
    cases = those[0].cases
    observed = np.array([*(one.observed for one in those), 0.0])
    due = np.array([*(one.expected for one in those), 0.0])
    observed[-1] = max(cases - observed.sum(), 0.0)
    due[-1] = max(cases - due.sum(), 0.0)
    ratio = np.divide(observed, due, out=np.full(due.size, np.inf), where=due > 0)
    rising = np.argsort(ratio, kind="stable")
    curve = np.concatenate(([0.0], np.cumsum(observed[rising]))) / cases
    steps = due[rising] / due.sum()
    return float(1.0 - (steps * (curve[1:] + curve[:-1])).sum())
