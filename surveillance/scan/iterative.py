"""Clusters one after another, each as if those before it were not there.

Z. Zhang, R. Assunção & M. Kulldorff, Spatial scan statistics adjusted for multiple clusters, J.
Probab. Stat. 2010:642379, doi 10.1155/2010/642379. A strong cluster lowers what is expected to be
found elsewhere; without its places and period the next one is judged by itself.
"""

from dataclasses import replace

import numpy as np

from surveillance.scan.drawing import Spread
from surveillance.scan.errors import ScanInputError
from surveillance.scan.model import Cluster, CountArray, FloatArray, Model, Settings, Span
from surveillance.scan.statistic import scan
from surveillance.scan.zones import Zones


def scan_again(
    zones: Zones,
    cases: CountArray,
    settings: Settings,
    *,
    expected: FloatArray | None = None,
    people: CountArray | None = None,
    p: float = 0.05,
    most: int = 10,
    spread: Spread = map,
    parts: int = 1,
) -> tuple[Cluster, ...]:
    """Return the strongest cluster, then the strongest without it, as long as `p` is kept.

    At most `most`, each with the cases that were left when it was found. Arguments as of `scan`.
    Raises `ScanInputError` for the permutation model: without some of the cases its margins would
    be those of other days.
    """
    if settings.model is Model.PERMUTATION:
        raise ScanInputError("The permutation scan cannot go on without its strongest cluster.")
    left, due, persons = cases.copy(), expected, people
    found: list[Cluster] = []
    while len(found) < most and _goes_on(left, persons):
        rules = replace(settings, seed=settings.seed + len(found))
        strongest = scan(
            zones, left, rules, expected=due, people=persons, spread=spread, parts=parts
        ).clusters[:1]
        if not strongest or (strongest[0].p or 0.0) > p:
            break
        found += strongest
        left = _without(left, strongest[0], settings.span)
        due = None if due is None else _without(due, strongest[0], settings.span)
        persons = None if persons is None else _without(persons, strongest[0], settings.span)
    return tuple(found)


def _goes_on(cases: CountArray, people: CountArray | None) -> bool:
    return bool(cases.sum() > 0 and (people is None or people.sum() > cases.sum()))


def _without(part: np.ndarray, cluster: Cluster, span: Span) -> np.ndarray:
    left = part.copy()
    first, last = (0, part.shape[1]) if span is Span.WHOLE else (cluster.first, cluster.last + 1)
    left[np.array(cluster.places), first:last] = 0
    return left
