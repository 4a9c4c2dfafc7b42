"""Fair cover: what the worst-off district or tenth of the people gains, and what all lose by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Answer, Ended, Limits, Sense, Watch
from planning.siting.covers import served_by, within
from planning.siting.double import MOST_PAIRS
from planning.siting.errors import (
    CoverInfeasibleError,
    SitingInputError,
    SitingKeysError,
    named,
)
from planning.siting.instance import Choice, Instance, Room, room
from planning.siting.maximal import check_reach
from planning.siting.programme import Programme, solve

BOTTOM_DECILE = 0.1
STEP = 1e-4
"""By how much the worst share has to rise from one plan of the front to the next."""


@dataclass(frozen=True, slots=True)
class FairPlan:
    """A plan and the share of demand within reach in the district that is worst off.

    tail : of a front by the farthest part of the demand, the mean travel of that
    """

    answer: Answer
    worst_share: float
    worst_district: str
    tail: float | None = None


@dataclass(frozen=True, slots=True)
class TailPlan:
    """A plan and the mean travel of the part of the demand that is farthest from its sites.

    tail : in the unit of travel; a place on the border of the part counts with what is needed of it
    """

    answer: Answer
    tail: float


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


def worst_off(
    instance: Instance, served: npt.NDArray[np.bool_], district: Mapping[str, str]
) -> tuple[float, str]:
    """Return the share of demand that is `served` (n,) in the worst-off district, and its name."""
    names, of = np.unique([district[key] for key in instance.demand], return_inverse=True)
    total = np.bincount(of, weights=instance.weight)
    shares = np.bincount(of, weights=instance.weight * served) / total
    worst = int(shares.argmin())
    return float(shares[worst]), str(names[worst])


def tail_travel(
    weight: npt.ArrayLike, nearest: npt.ArrayLike, *, share: float = BOTTOM_DECILE
) -> float:
    """Return the mean travel of the `share` of demand that is farthest from its nearest site.

    weight, nearest : (n,). It is the conditional value at risk of travel (R. T. Rockafellar,
    S. Uryasev, Journal of Risk 2 (2000) 21-41).
    """
    demand, travel = np.asarray(weight, np.float64), np.asarray(nearest, np.float64)
    order = np.argsort(-travel, kind="stable")
    part = share * demand.sum()
    before = np.cumsum(demand[order]) - demand[order]
    counted = np.clip(part - before, 0.0, demand[order])
    return float(counted[counted > 0.0] @ travel[order][counted > 0.0] / part)


def tail_front(
    instance: Instance,
    choice: Choice,
    *,
    reach: float,
    share: float = BOTTOM_DECILE,
    step: float,
    limits: Limits | None = None,
) -> tuple[TailPlan, ...]:
    """Return the plans of which none has both more demand within reach and a nearer worst tenth.

    From the MCLP on, each next plan has the most demand within reach of those whose farthest
    `share` of the demand is nearer by `step` at least, in the unit of travel, than that of the one
    before. It ends with the nearest there is, or with the time, as `fairness_front`. Raises
    `CoverInfeasibleError` where a place is reached from no site, `SitingInputError` and its kinds.
    """
    check_reach(reach)
    if choice.count is None:
        raise SitingInputError("Fair plans are of a number of sites: say how many.")
    if not (0.0 < share <= 1.0 and np.isfinite(step) and step > 0.0):
        raise SitingInputError("The worst part is above 0 and at most 1, the step above 0.")
    among = room(instance, choice)
    tail = _tail_programme(instance, among, reach=reach, share=share)
    watch = Watch(Sense.MOST, limits or Limits())
    plans: list[TailPlan] = []
    most = np.inf
    while True:
        mine = Watch(Sense.MOST, replace(watch.limits, seconds=watch.left))
        high = tail.high.copy()
        high[-1] = most
        found = solve(replace(tail, high=high), mine)
        if found.x is None:
            return _undominated(plans)
        chosen = np.flatnonzero(np.rint(found.x[: among.price.size]))
        travel = instance.dense()[:, chosen]
        value = float(instance.weight @ (travel <= travel.dtype.type(reach)).any(axis=1))
        mine.saw(value=value, bound=found.bound)
        answer = Answer(
            "tail_mclp", Sense.MOST, tuple(instance.sites[at] for at in chosen), value,
            max(found.bound, value), mine.seconds, "HiGHS", mine.limits.seed, found.ended,
            served_by(instance, chosen, reach), tuple(mine.trace), instance.digest(),
        )  # fmt: skip
        far = tail_travel(instance.weight, travel.min(axis=1), share=share)
        plans.append(TailPlan(answer, far))
        most = far - step
        if found.ended is not Ended.PROVEN or most < 0.0:
            return _undominated(plans)


def _undominated(plans: Sequence[TailPlan]) -> tuple[TailPlan, ...]:
    """Return the plans but those with as much demand as the next, whose tail is nearer."""
    return tuple(
        one for one, after in zip_longest(plans, plans[1:])
        if after is None or after.answer.value < one.answer.value
    )  # fmt: skip


def _tail_programme(instance: Instance, among: Room, *, reach: float, share: float) -> Programme:
    """Return the MCLP with the travel of the farthest share in its last row.

    Variables: sites (m,), places within reach (n,), the share of a place served from a site (r,),
    what its travel is beyond a level (n,), and that level.
    """
    travel = instance.dense().astype(np.float64)
    places, sites = instance.shape
    usable = np.isfinite(travel) & (among.upper > 0)
    alone = np.flatnonzero(~usable.any(axis=1))
    if alone.size:
        raise CoverInfeasibleError(
            [instance.demand[at] for at in alone], "No site can be reached at all from"
        )
    row, column = np.nonzero(usable)
    if row.size > MOST_PAIRS:
        raise SitingInputError(
            f"{row.size} pairs of place and site are too many for a fair tail; leave out pairs "
            f"that are far apart, to at most {MOST_PAIRS}."
        )
    array, pairs = scipy.sparse.csr_array, np.arange(row.size)
    one, near = scipy.sparse.identity(places), within(instance, reach).astype(np.float64)
    shape = (places, row.size)
    served = array((np.ones(row.size), (row, pairs)), shape=shape)
    ways = array((travel[row, column], (row, pairs)), shape=shape)
    opens = array((np.ones(row.size), (pairs, column)), shape=(row.size, sites))
    empty, level = np.zeros, np.ones((places, 1))
    total = share * float(instance.weight.sum())
    blocks: list[list[Any]] = [
        [-near, one, array(shape), array((places, places)), array((places, 1))],
        [array((places, sites)), array((places, places)), served, array((places, places)),
         array((places, 1))],
        [-opens, array((row.size, places)), scipy.sparse.identity(row.size),
         array((row.size, places)), array((row.size, 1))],
        [array((places, sites)), array((places, places)), ways, -one, array(-level)],
        [array(among.price[None]), *(array((1, width)) for width in (places, row.size, places, 1))],
        [array((1, sites)), array((1, places)), array((1, row.size)),
         array(instance.weight[None] / total), array(np.ones((1, 1)))],
    ]  # fmt: skip
    low = np.concatenate([
        np.full(places, -np.inf), np.ones(places), np.full(row.size + places + 2, -np.inf)
    ])  # fmt: skip
    high = np.concatenate([
        empty(places), np.ones(places), empty(row.size + places), [among.budget, np.inf]
    ])  # fmt: skip
    farthest = float(travel[usable].max())
    free = places + row.size + places + 1
    return Programme(
        Sense.MOST, np.concatenate([empty(sites), instance.weight, empty(row.size + places + 1)]),
        array(scipy.sparse.vstack([scipy.sparse.hstack(parts) for parts in blocks])), low, high,
        np.concatenate([among.lower, empty(free)]).astype(np.float64),
        np.concatenate([
            among.upper, np.ones(places + row.size), np.full(places + 1, farthest)
        ]).astype(np.float64),
        np.concatenate([np.ones(sites, dtype=bool), np.zeros(free, dtype=bool)]),
    )  # fmt: skip
