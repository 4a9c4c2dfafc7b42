"""Fair cover: what the worst-off district gains, and what all together lose by it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse

from planning.siting.answer import Answer, Ended, Limits, Sense, Watch
from planning.siting.covers import served_by, within
from planning.siting.errors import SitingInputError, SitingKeysError, named
from planning.siting.instance import Choice, Instance, room
from planning.siting.maximal import check_reach
from planning.siting.programme import Programme, solve

STEP = 1e-4
"""By how much the worst share has to rise from one plan of the front to the next."""


@dataclass(frozen=True, slots=True)
class FairPlan:
    """A plan and the share of demand within reach in the district that is worst off."""

    answer: Answer
    worst_share: float
    worst_district: str


def fairness_front(
    instance: Instance,
    choice: Choice,
    *,
    reach: float,
    district: Mapping[str, str],
    limits: Limits | None = None,
) -> tuple[FairPlan, ...]:
    """Return the plans of which none has both more demand within reach and a better worst district.

    From the MCLP on, each next plan has the most demand of those whose worst district is better
    than the one before (Y. Haimes 1971). It ends with the best worst district, or with the time: a
    plan that was not proven then is the last. district: the district of each place, by key. Raises
    `SitingKeysError`, `SitingInputError` and its kinds.
    """
    check_reach(reach)
    odd = sorted(set(district) ^ set(instance.demand))
    if odd:
        raise SitingKeysError(f"Districts and places do not match: {named(odd)}.")
    if choice.count is None:
        raise SitingInputError("Fair plans are of a number of sites: say how many.")
    among, near = room(instance, choice), within(instance, reach).astype(np.float64)
    names, of = np.unique([district[key] for key in instance.demand], return_inverse=True)
    places, sites = instance.shape
    total = np.bincount(of, weights=instance.weight)
    shares = scipy.sparse.csr_array(
        (instance.weight / total[of], (of, np.arange(places))), shape=(names.size, places)
    )
    blank = scipy.sparse.csr_array((names.size, sites))
    matrix = scipy.sparse.csr_array(scipy.sparse.vstack([
        scipy.sparse.hstack([-near, scipy.sparse.identity(places)]),
        scipy.sparse.csr_array(np.concatenate([among.price, np.zeros(places)])[None]),
        scipy.sparse.hstack([blank, shares]),
    ]))  # fmt: skip
    high = np.concatenate([np.zeros(places), [among.budget], np.full(names.size, np.inf)])
    watch = Watch(Sense.MOST, limits or Limits())
    plans: list[FairPlan] = []
    least = 0.0
    while True:
        low = np.concatenate([np.full(places + 1, -np.inf), np.full(names.size, least)])
        mine = Watch(Sense.MOST, replace(watch.limits, seconds=watch.left))
        found = solve(Programme(
            Sense.MOST, np.concatenate([np.zeros(sites), instance.weight]), matrix, low, high,
            np.concatenate([among.lower, np.zeros(places)]).astype(np.float64),
            np.concatenate([among.upper, np.ones(places)]).astype(np.float64),
            np.concatenate([np.ones(sites, dtype=bool), np.zeros(places, dtype=bool)]),
        ), mine)  # fmt: skip
        if found.x is None:
            return tuple(plans)
        units = np.rint(found.x[:sites])
        reached = near @ units > 0
        value = float(instance.weight @ reached)
        mine.saw(value=value, bound=found.bound)
        by_district = shares @ reached.astype(np.float64)
        chosen = np.flatnonzero(units)
        answer = Answer(
            "fair_mclp", Sense.MOST, tuple(instance.sites[at] for at in chosen), value,
            max(found.bound, value), mine.seconds, "HiGHS", mine.limits.seed, found.ended,
            served_by(instance, chosen, reach), tuple(mine.trace), instance.digest(),
        )  # fmt: skip
        worst = int(by_district.argmin())
        if by_district[worst] < least - STEP / 2:
            return tuple(plans)
        plans.append(FairPlan(answer, float(by_district[worst]), str(names[worst])))
        least = float(by_district[worst]) + STEP
        if found.ended not in {Ended.PROVEN, Ended.GAP} or least > 1.0:
            return tuple(plans)
