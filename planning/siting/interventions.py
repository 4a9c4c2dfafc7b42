"""Build, enlarge or upgrade: what of many offers one budget is best spent on.

Sites have capacity and a level of care; demand needs a level. A programme for HiGHS, begun with
what the relaxation takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Answer, Limits, Sense, Watch
from planning.siting.covers import Cover, joined, within
from planning.siting.double import MOST_PAIRS
from planning.siting.errors import BudgetTooSmallError, SitingInputError, SitingKeysError, named
from planning.siting.instance import Choice, Instance
from planning.siting.maximal import check_reach, mclp
from planning.siting.programme import Programme, relaxed, solve

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
ONE_LEVEL = {"any": 1.0}


class Kind(StrEnum):
    """What is done to a site."""

    BUILD = "build"
    ENLARGE = "enlarge"
    UPGRADE = "upgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A site that is there: how much demand it serves at most, and up to which level."""

    capacity: float = np.inf
    level: str = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that can be done for `cost`, all of it or not at all.

    capacity : of a new site, or by how much one grows; level : of a new site, or that it rises to
    """

    key: str
    site: str
    kind: Kind
    cost: float
    capacity: float = 0.0
    level: str | None = None


@dataclass(frozen=True, slots=True)
class InterventionPlan:
    """What is done, and what comes of it.

    answer : its value is the demand served; sites are those that stand in the end
    chosen : keys of offers; cost : of all of them; load, capacity : by site; served : by level
    share : (n,) of each place's demand that is served
    """

    answer: Answer
    chosen: tuple[str, ...]
    cost: float
    load: Mapping[str, float]
    capacity: Mapping[str, float]
    served: Mapping[str, float]
    share: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Deeds:
    """Offers and what stands, by position of sites and rank of levels.

    where, rises : (q,) site and rank an offer leads to, -1 for none; gain : (q,) capacity it adds
    builds : (q,); stood : (m,) rank of what stands, -1 where nothing does; room : (m,) its capacity
    """

    where: IndexArray
    rises: IndexArray
    gain: FloatArray
    builds: BoolArray
    cost: FloatArray
    stood: IndexArray
    room: FloatArray

    @property
    def highest(self) -> IndexArray:
        """Return (m,) the highest rank a site may come to."""
        found = self.stood.copy()
        np.maximum.at(found, self.where, self.rises)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """What may be served from where: group, level, site and demand of (r,) pairs, by level."""

    group: IndexArray
    level: IndexArray
    site: IndexArray
    amount: FloatArray


def best_interventions(
    instance: Instance,
    offers: Sequence[Offer],
    *,
    budget: float,
    reach: float,
    stands: Mapping[str, Standing],
    levels: Mapping[str, float] = ONE_LEVEL,
    limits: Limits | None = None,
) -> InterventionPlan:
    """Choose what the budget is spent on so that most demand is served within `reach`.

    stands: sites that are there by key; levels: levels of care from the lowest on, with the share
    of demand that needs each; a site serves its own level and those below. A site serves no more
    than its capacity; the demand of a place may be parted. At most one building a site. Raises
    `SitingKeysError`, `BudgetTooSmallError` where the cheapest offer costs more,
    `SitingInputError`.
    """
    check_reach(reach)
    _check(instance, offers, stands, levels)
    _check_budget(offers, budget, stands)
    watch = Watch(Sense.MOST, limits or Limits())
    deeds = _deeds(instance, offers, stands, list(levels))
    cover = joined(within(instance, reach), instance.weight)
    pairs = _pairs(cover, deeds, np.array(list(levels.values())))
    programme = _programme(deeds, pairs, cover.shape[0], budget)
    start = _start(programme, deeds, budget)
    watch.saw(value=float(programme.cost @ start))
    found = solve(programme, watch, start=start)
    x = start
    if found.x is not None and programme.cost @ found.x >= programme.cost @ start:
        x = found.x
    taken = np.flatnonzero(np.rint(x[: len(offers)])).tolist()
    amount = pairs.amount * np.clip(x[len(offers) :], 0.0, 1.0)
    value = float(amount.sum())
    watch.saw(value=value, bound=found.bound)
    chosen = [offers[one] for one in taken]
    there = set(stands) | {one.site for one in chosen if one.kind is Kind.BUILD}
    load = np.bincount(pairs.site, weights=amount, minlength=len(instance.sites))
    served = np.bincount(pairs.level, weights=amount, minlength=len(levels))
    answer = Answer(
        "interventions", Sense.MOST, tuple(key for key in instance.sites if key in there), value,
        max(watch.bound, value), watch.seconds, "HiGHS", watch.limits.seed, found.ended,
        _servers(cover, pairs, amount), tuple(watch.trace), instance.digest(),
    )  # fmt: skip
    return InterventionPlan(
        answer,
        tuple(one.key for one in chosen),
        float(sum(one.cost for one in chosen)),
        {key: float(load[at]) for at, key in enumerate(instance.sites) if key in there},
        _capacities(answer.sites, chosen, stands),
        dict(zip(levels, served.tolist(), strict=True)),
        _shares(cover, pairs, amount),
    )


def served_today(
    instance: Instance,
    *,
    reach: float,
    stands: Mapping[str, Standing],
    levels: Mapping[str, float] = ONE_LEVEL,
) -> tuple[float, FloatArray]:
    """Return the demand that what stands serves within `reach`, and of each place the share (n,).

    Raises `SitingKeysError`, `SitingInputError` as `best_interventions`.
    """
    check_reach(reach)
    _check(instance, (), stands, levels)
    deeds = _deeds(instance, (), stands, list(levels))
    cover = joined(within(instance, reach), instance.weight)
    pairs = _pairs(cover, deeds, np.array(list(levels.values())))
    if not pairs.amount.size:
        return 0.0, np.zeros(len(instance.demand))
    found = relaxed(_programme(deeds, pairs, cover.shape[0], 0.0))
    amount = pairs.amount * (0.0 if found is None else np.clip(found[1], 0.0, 1.0))
    return float(amount.sum()), _shares(cover, pairs, amount)


@dataclass(frozen=True, slots=True)
class NextSite:
    """What so many more sites serve and cost, and what the last of them adds.

    gain : demand more than with one site fewer; at least and at most by the bounds of both plans
    cost_of_gain : cost of one site by unit of `gain`; None where nothing is gained
    """

    more: int
    answer: Answer
    cost: float
    gain: float
    gain_at_least: float
    gain_at_most: float
    cost_of_gain: float | None


def next_sites(
    instance: Instance,
    stands: Sequence[str],
    *,
    most: int,
    reach: float,
    cost_each: float,
    forbidden: Sequence[str] = (),
    limits: Limits | None = None,
) -> tuple[NextSite, ...]:
    """Return what the next site buys, and the one after it, up to `most` more.

    Each plan is chosen anew for its number of sites, so that the sites of two plans may differ; the
    first, of none more, is what stands. Raises as `mclp`.
    """
    if most < 1 or not (np.isfinite(cost_each) and cost_each >= 0.0):
        raise SitingInputError("Ask for one more site or more, at a cost of 0 or more.")
    if not stands:
        raise SitingInputError("No site stands yet, so there is nothing to compare the next with.")
    plans = [
        mclp(
            instance, Choice(count=len(stands) + more, fixed=stands, forbidden=forbidden),
            reach=reach, limits=limits, exact=True,
        )
        for more in range(most + 1)
    ]  # fmt: skip
    found = [NextSite(0, plans[0], 0.0, 0.0, 0.0, 0.0, None)]
    for more, (before, after) in enumerate(pairwise(plans), start=1):
        gain = after.value - before.value
        found.append(
            NextSite(
                more, after, more * cost_each, gain, max(0.0, after.value - before.bound),
                after.bound - before.value, cost_each / gain if gain > 0.0 else None,
            )
        )  # fmt: skip
    return tuple(found)


def _check(
    instance: Instance,
    offers: Sequence[Offer],
    stands: Mapping[str, Standing],
    levels: Mapping[str, float],
) -> None:
    known = set(instance.sites)
    strange = sorted({one.site for one in offers} - known | set(stands) - known)
    if strange:
        raise SitingKeysError(f"These sites have no travel: {named(strange)}.")
    names = [one.key for one in offers]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise SitingKeysError(f"Each offer is named once; named more often: {named(twice)}.")
    shares = np.array(list(levels.values()))
    if not levels or not ((shares >= 0.0).all() and abs(float(shares.sum()) - 1.0) < 1e-9):
        raise SitingInputError("Shares of demand by level are 0 or more and add up to 1.")
    used = {one.level for one in stands.values()} | {one.level for one in offers if one.level}
    odd = sorted(used - set(levels))
    if odd:
        raise SitingKeysError(f"There is no level {named(odd)}; there are {named(list(levels))}.")
    bad = [one.key for one in offers if not _numbers(one.cost, one.capacity)]
    bad += [key for key, one in stands.items() if not _numbers(0.0, one.capacity)]
    if bad:
        raise SitingInputError(
            f"Costs are numbers of zero or more, capacities too or infinite: see {named(bad)}."
        )
    built = {one.site for one in offers if one.kind is Kind.BUILD}
    again = sorted(built & set(stands))
    if again:
        raise SitingKeysError(f"These sites stand already, they are not built: {named(again)}.")
    nowhere = sorted({one.site for one in offers} - built - set(stands))
    if nowhere:
        raise SitingKeysError(
            f"Nothing stands at {named(nowhere)} that could be enlarged or upgraded, and nothing "
            "is offered to be built there."
        )
    lacking = [one.key for one in offers if one.kind is not Kind.ENLARGE and one.level is None]
    if len(levels) > 1 and lacking:
        raise SitingInputError(f"Say which level these lead to: {named(lacking)}.")


def _numbers(cost: float, capacity: float) -> bool:
    return bool(np.isfinite(cost) and cost >= 0.0 and capacity >= 0.0)


def _check_budget(
    offers: Sequence[Offer], budget: float, stands: Mapping[str, Standing]
) -> None:  # fmt: skip
    if not (np.isfinite(budget) and budget >= 0.0):
        raise BudgetTooSmallError("The budget is a number of zero or more.")
    first = [one for one in offers if one.kind is Kind.BUILD or one.site in stands]
    if not first:
        raise SitingInputError("Nothing is offered that money could be spent on.")
    cheapest = min(first, key=lambda one: one.cost)
    if cheapest.cost > budget:
        raise BudgetTooSmallError(
            f"The budget of {budget:g} pays for nothing: the cheapest offer, {cheapest.key}, costs "
            f"{cheapest.cost:g}."
        )


def _deeds(
    instance: Instance,
    offers: Sequence[Offer],
    stands: Mapping[str, Standing],
    levels: Sequence[str],
) -> _Deeds:
    at = {key: row for row, key in enumerate(instance.sites)}
    total = float(instance.weight.sum())
    room, stood = np.zeros(len(at)), np.full(len(at), -1, dtype=np.int64)
    for key, one in stands.items():
        # More than all demand is as good as no limit, and finite.
        room[at[key]] = min(one.capacity, total)
        stood[at[key]] = levels.index(one.level)
    # Where there is but one level, a new site has it without saying so.
    rises = [-1 if one.kind is Kind.ENLARGE else levels.index(one.level or levels[0])
             for one in offers]  # fmt: skip
    gain = [0.0 if one.kind is Kind.UPGRADE else min(one.capacity, total) for one in offers]
    return _Deeds(
        np.array([at[one.site] for one in offers], dtype=np.int64),
        np.array(rises, dtype=np.int64),
        np.array(gain, dtype=np.float64),
        np.array([one.kind is Kind.BUILD for one in offers], np.bool_),
        np.array([one.cost for one in offers], dtype=np.float64),
        stood,
        room,
    )


def _pairs(cover: Cover, deeds: _Deeds, share: FloatArray) -> _Pairs:
    group = np.repeat(np.arange(cover.shape[0]), np.diff(cover.row_start))
    site = cover.row_site.astype(np.int64)
    able = [np.flatnonzero(deeds.highest[site] >= level) for level in range(share.size)]
    count = sum(one.size for one in able)
    if count > MOST_PAIRS:
        raise SitingInputError(
            f"{count} pairs of place, level and site are too many; leave sites out, to at most "
            f"{MOST_PAIRS} pairs."
        )
    level = np.repeat(np.arange(share.size), [one.size for one in able])
    row = np.concatenate(able)
    return _Pairs(group[row], level, site[row], cover.weight[group[row]] * share[level])


def _programme(deeds: _Deeds, pairs: _Pairs, groups: int, budget: float) -> Programme:
    """Return the programme: offers taken (q,), then the share of each pair that is served (r,)."""
    count, size, sites = deeds.where.size, pairs.site.size, deeds.room.size
    levels = int(pairs.level.max(initial=0)) + 1
    array, at = scipy.sparse.csr_array, np.arange(size)
    once = array(
        (np.ones(size), (pairs.level * groups + pairs.group, at)), shape=(levels * groups, size)
    )
    load = array((pairs.amount, (pairs.site, at)), shape=(sites, size))
    grows = array((deeds.gain, (deeds.where, np.arange(count))), shape=(sites, count))
    opens, closed = _opening(deeds, pairs)
    used = array((np.ones(closed.size), (np.arange(closed.size), closed)), (closed.size, size))
    first, only = _order(deeds)
    rows = [
        (array((once.shape[0], count)), once, np.ones(once.shape[0])),
        (-grows, load, deeds.room),
        (-opens, used, np.zeros(closed.size)),
        (first, array((first.shape[0], size)), np.zeros(first.shape[0])),
        (only, array((only.shape[0], size)), np.ones(only.shape[0])),
        (array(deeds.cost[None]), array((1, size)), np.array([budget])),
    ]
    high = np.concatenate([most for _, _, most in rows])
    whole = np.concatenate([np.ones(count, dtype=bool), np.zeros(size, dtype=bool)])
    return Programme(
        Sense.MOST, np.concatenate([np.zeros(count), pairs.amount]),
        array(scipy.sparse.vstack([scipy.sparse.hstack(pair[:2]) for pair in rows])),
        np.full(high.size, -np.inf), high, np.zeros(count + size), np.ones(count + size), whole,
    )  # fmt: skip


def _opening(deeds: _Deeds, pairs: _Pairs) -> tuple[scipy.sparse.csr_array, IndexArray]:
    """Return which offers open which pairs, (c, q), and the c pairs that need one."""
    count, sites = deeds.where.size, deeds.stood.size
    closed = np.flatnonzero(deeds.stood[pairs.site] < pairs.level)
    parts = []
    for level in range(int(pairs.level.max(initial=0)) + 1):
        fit = np.flatnonzero(deeds.rises >= level)
        by_site = scipy.sparse.csr_array(
            (np.ones(fit.size), (deeds.where[fit], fit)), shape=(sites, count)
        )
        parts.append(by_site[pairs.site[closed[pairs.level[closed] == level]]])
    return scipy.sparse.csr_array(scipy.sparse.vstack(parts)), closed


def _order(deeds: _Deeds) -> tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]:
    """Return rows that hold for offers: nothing grows before it is built; each is built once."""
    count, sites = deeds.where.size, deeds.stood.size
    build = np.flatnonzero(deeds.builds)
    by_site = scipy.sparse.csr_array(
        (np.ones(build.size), (deeds.where[build], build)), shape=(sites, count)
    )
    later = np.flatnonzero(~deeds.builds & (deeds.stood[deeds.where] < 0))
    itself = scipy.sparse.csr_array(
        (np.ones(later.size), (np.arange(later.size), later)), shape=(later.size, count)
    )
    twice = np.flatnonzero(np.diff(by_site.indptr) > 1)
    return scipy.sparse.csr_array(itself - by_site[deeds.where[later]]), by_site[twice]


def _start(programme: Programme, deeds: _Deeds, budget: float) -> FloatArray:
    """Return a plan to begin with: what the relaxation takes most of, as far as the money goes."""
    count = deeds.where.size
    loose = relaxed(programme)
    wish = np.zeros(count) if loose is None else loose[1][:count]
    taken, left = np.zeros(count), budget
    built = set(np.flatnonzero(deeds.stood >= 0).tolist())
    # Buildings first of two that are wished for alike: others may stand on them.
    for one in np.lexsort((~deeds.builds, -wish)).tolist():
        site, builds = int(deeds.where[one]), bool(deeds.builds[one])
        if wish[one] <= 1e-6 or deeds.cost[one] > left or builds == (site in built):
            continue
        taken[one] = 1.0
        left -= deeds.cost[one]
        built.add(site)
    lower, upper = programme.lower.copy(), programme.upper.copy()
    lower[:count] = upper[:count] = taken
    fixed = relaxed(replace(programme, lower=lower, upper=upper))
    return np.zeros(programme.cost.size) if fixed is None else fixed[1]


def _servers(cover: Cover, pairs: _Pairs, amount: FloatArray) -> IndexArray:
    """Return of each place the site that serves most of it, -1 where none does."""
    groups, sites = cover.shape
    parts = scipy.sparse.csr_array((amount, (pairs.group, pairs.site)), shape=(groups, sites))
    most = np.full(groups + 1, -1, dtype=np.int64)
    order = np.argsort(parts.data, kind="stable")
    row = np.repeat(np.arange(groups), np.diff(parts.indptr))
    # The last to be written stays: the largest part.
    order = order[parts.data[order] > 0.0]
    most[row[order]] = parts.indices[order]
    return most[np.where(cover.group < 0, groups, cover.group)]


def _shares(cover: Cover, pairs: _Pairs, amount: FloatArray) -> FloatArray:
    """Return of each place the share of its demand that is served, (n,)."""
    groups = cover.shape[0]
    served = np.bincount(pairs.group, weights=amount, minlength=groups)
    share = np.append(np.divide(
        served, cover.weight, out=np.zeros(groups), where=cover.weight > 0.0
    ), 0.0)  # fmt: skip
    shares: FloatArray = np.clip(share[np.where(cover.group < 0, groups, cover.group)], 0.0, 1.0)
    return shares


def _capacities(
    sites: Sequence[str], chosen: Sequence[Offer], stands: Mapping[str, Standing]
) -> dict[str, float]:
    found = {key: stands[key].capacity if key in stands else 0.0 for key in sites}
    for one in chosen:
        if one.kind is not Kind.UPGRADE:
            found[one.site] += one.capacity
    return found
