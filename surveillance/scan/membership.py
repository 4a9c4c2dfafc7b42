"""How surely each place belongs to a cluster: its share of data sets like the one at hand.

F. L. P. Oliveira, L. H. Duczmal, A. L. F. Cançado & R. Tavares, Nonparametric intensity bounds for
the delineation of spatial clusters, Int. J. Health Geogr. 10:1 (2011), doi 10.1186/1476-072X-10-1.
The edge of a cluster is a matter of chance; cases drawn again from those found say of how much.
"""

from dataclasses import replace

import numpy as np

from surveillance.scan.drawing import Spread
from surveillance.scan.errors import ScanInputError
from surveillance.scan.model import CountArray, FloatArray, Model, Settings, Span
from surveillance.scan.statistic import candidates, maxima_of, strongest
from surveillance.scan.study import prepared
from surveillance.scan.zones import Zones

BOOTSTRAPS = 1000


def membership(
    zones: Zones,
    cases: CountArray,
    settings: Settings,
    *,
    expected: FloatArray,
    bootstraps: int = BOOTSTRAPS,
    p: float = 0.05,
    spread: Spread = map,
    parts: int = 1,
) -> FloatArray:
    """Return of each place (places,) the share of drawn data sets whose strongest cluster holds it.

    Each has as many cases, drawn in proportion to those of the places; its strongest cluster counts
    if it is significant at `p` by the null data sets of the scan. Poisson, whole of the study.
    Raises `ScanInputError` for another model or span, and as `statistic.scan`.
    """
    if settings.model is not Model.POISSON or settings.span is not Span.WHOLE:
        raise ScanInputError("Places are told by redrawn cases in purely spatial Poisson scans.")
    study = prepared(zones, cases, settings, expected, None)
    count = len(study.counts)
    if not study.totals.cases or not settings.replicates:
        return np.zeros(count)
    maxima = np.sort(maxima_of(study, np.inf, spread=spread, parts=parts))[::-1]
    bar = maxima[min(int(p * (maxima.size + 1)), maxima.size) - 1] if p > 0 else np.inf
    chance = np.random.default_rng(settings.seed)
    shares = study.counts[:, 0] / study.totals.cases
    held = np.zeros(count)
    for _ in range(bootstraps):
        drawn = chance.multinomial(study.totals.cases, shares)[:, np.newaxis]
        found = strongest(replace(study, counts=drawn))
        best = next(iter(candidates(zones, found)), None)
        if best is not None and best.ratio >= bar:
            held[best.places] += 1
    return held / bootstraps
