"""A day's clusters: each disease scanned by every method that the city's data allow.

Prospective scans (M. Kulldorff, J. R. Stat. Soc. A 164:61, 2001, doi 10.1111/1467-985X.00186):
only periods that last until the day. The permutation model (Kulldorff et al. 2005, doi
10.1371/journal.pmed.0020059) compares places with their own past, and needs no residents. The
Poisson model compares residents; what is expected follows the whole city's course from day to day
(SaTScan's nonparametric adjustment in time), or each season would be one cluster.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from surveillance.cluster_runs.model import (
    ClusterRules,
    CountArray,
    FloatArray,
    FoundCluster,
    Geography,
    Method,
    Opinion,
    Shape,
)
from surveillance.scan.drawing import Spread
from surveillance.scan.model import Cluster, Model, Scan, Settings, Span
from surveillance.scan.statistic import scan
from surveillance.scan.zones import zones_by_distance


def clusters_of_day(
    diseases: Mapping[str, CountArray],
    where: Geography,
    rules: ClusterRules,
    *,
    spread: Spread = map,
    parts: int = 1,
    begin: Callable[[str], None] = lambda _: None,
) -> list[FoundCluster]:
    """Return the clusters of all diseases, those that are due most seldom first.

    `diseases` has cases (n, t) of each disease by place and day; the last day is the one that is
    judged. `begin` is told of each disease before it is scanned; `spread` and `parts` as of
    `surveillance.scan.statistic.scan`: they do not change the numbers.
    """
    found: list[FoundCluster] = []
    for disease, cases in diseases.items():
        if cases.sum() < rules.least_of_disease or len(where.codes) < 2:
            continue
        begin(disease)
        found += clusters_of_disease(disease, cases, where, rules, spread=spread, parts=parts)
    return sorted(found, key=_clearest_first)


def clusters_of_disease(
    disease: str,
    cases: CountArray,
    where: Geography,
    rules: ClusterRules,
    *,
    spread: Spread = map,
    parts: int = 1,
) -> list[FoundCluster]:
    """Return the clusters of one disease, none sharing a place with a clearer one.

    What several methods find in some of the same places is one cluster, as told by the method for
    which it is due most seldom; the others' opinions stand beside it.
    """
    found: list[FoundCluster] = []
    for method in methods(where):
        counts, expected, people = _compared(method.model, cases, where)
        if counts.sum() < rules.least_of_disease:
            continue
        zones = zones_by_distance(_far(method.shape, where), people, rules.largest_share)
        made = scan(zones, counts, _settings(method.model, rules), expected=expected,
                    spread=spread, parts=parts)  # fmt: skip
        due = _expected(counts, expected)
        found += [
            _found(disease, method, one, where, cases=counts, due=due, replicates=made.maxima.size)
            for one in _kept(made, rules)
        ]  # fmt: skip
    return _apart(found)


def methods(where: Geography) -> list[Method]:
    """Return the methods that the data allow: by residents and by road only where known."""
    models = [Model.PERMUTATION] + ([] if where.residents is None else [Model.POISSON])
    shapes = ([Shape.CIRCLE] if where.circles else []) + (
        [] if where.times_s is None else [Shape.ROAD]
    )
    return [Method(model=model, shape=shape) for model in models for shape in shapes]


def recurrence_days(p: float, gumbel_p: float | None, replicates: int) -> float:
    """Return in how many days a cluster as strong is due once by chance, with a scan each day.

    By rank; where no replicate reached it, by the Gumbel distribution if that says more.
    """
    if gumbel_p is not None and p * (replicates + 1) < 1.5:
        p = min(p, gumbel_p)
    return 1.0 / max(p, 1e-12)


def _settings(model: Model, rules: ClusterRules) -> Settings:
    return Settings(
        model, Span.CURRENT, longest=rules.longest_days, replicates=rules.replicates,
        seed=rules.seed, least_cases=rules.least_cases,
    )  # fmt: skip


def _compared(
    model: Model, cases: CountArray, where: Geography
) -> tuple[CountArray, FloatArray | None, FloatArray]:
    """Return cases, what was expected of them, and the people by which zones are cut off."""
    if model is Model.PERMUTATION or where.residents is None:
        return cases, None, cases.sum(axis=1).astype(np.float64)
    # Where nobody is known to live nobody can be expected to fall ill: left out.
    counts = np.where(where.residents[:, np.newaxis] > 0, cases, 0)
    share = where.residents / where.residents.sum()
    return counts, share[:, np.newaxis] * counts.sum(axis=0), where.residents


def _expected(cases: CountArray, expected: FloatArray | None) -> FloatArray:
    """Return expected cases (n, t), as many in all as there are."""
    if expected is not None:
        return expected
    return np.outer(cases.sum(axis=1), cases.sum(axis=0)) / max(int(cases.sum()), 1)


def _far(shape: Shape, where: Geography) -> FloatArray:
    if shape is Shape.CIRCLE or where.times_s is None:
        return where.far_m
    return where.times_s


def _kept(made: Scan, rules: ClusterRules) -> Iterable[Cluster]:
    return (one for one in made.clusters if one.p is not None and one.p <= rules.largest_p)


def _found(
    disease: str, method: Method, one: Cluster, where: Geography, *, cases: CountArray,
    due: FloatArray, replicates: int,
) -> FoundCluster:  # fmt: skip
    places = np.array(one.places)
    during = slice(one.first, one.last + 1)
    farthest = float(_far(method.shape, where)[one.centre, places].max())
    p = one.p if one.p is not None else 1.0
    return FoundCluster(
        disease=disease,
        method=method,
        centre=one.centre,
        places=one.places,
        radius_m=farthest if method.shape is Shape.CIRCLE else None,
        radius_s=farthest if method.shape is Shape.ROAD else None,
        first=one.first,
        last=one.last,
        observed=one.observed,
        expected=one.expected,
        relative_risk=one.relative_risk(),
        log_likelihood_ratio=one.log_likelihood_ratio,
        p=p,
        gumbel_p=one.gumbel_p,
        recurrence_days=recurrence_days(p, one.gumbel_p, replicates),
        place_observed=tuple(cases[places, during].sum(axis=1).tolist()),
        place_expected=tuple(due[places, during].sum(axis=1).tolist()),
        by_day=tuple(cases[places].sum(axis=0).tolist()),
    )


def _apart(found: Sequence[FoundCluster]) -> list[FoundCluster]:
    """Return the clearest of those that share places, with the opinions of the others."""
    kept: list[FoundCluster] = []
    for one in sorted(found, key=_clearest_first):
        held = set(one.places)
        beside = next((n for n, other in enumerate(kept) if held & set(other.places)), None)
        if beside is None:
            kept.append(one)
        else:
            kept[beside] = replace(kept[beside], also=(*kept[beside].also, _opinion(one)))
    return kept


def _opinion(one: FoundCluster) -> Opinion:
    return Opinion(
        method=one.method, places=len(one.places), observed=one.observed, expected=one.expected,
        relative_risk=one.relative_risk, p=one.p, recurrence_days=one.recurrence_days,
    )  # fmt: skip


def _clearest_first(one: FoundCluster) -> tuple[float, float, str]:
    return (-one.recurrence_days, -one.log_likelihood_ratio, one.disease)
