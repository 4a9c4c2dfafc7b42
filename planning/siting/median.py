"""p-median: as little travel as possible from all demand to the nearest of so many sites."""

from dataclasses import replace
from math import ceil

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Answer, Ended, Limits, Sense, Watch
from planning.siting.covers import served_by
from planning.siting.errors import CoverInfeasibleError, SitingInputError
from planning.siting.instance import Choice, Instance, Room, room
from planning.siting.median_search import Dual, Lists, Served, ascend, interchange, serve, shaken

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
TURN_STEPS = 100
LEAST_STEP = 0.002
"""Of the way to the best cost: a dual that goes on by less has come to rest."""
ROUNDS = 300
"""Of shaking, where none are asked for."""
LISTED_FIT = 6
"""Sites listed for each place: so many times what falls to a site that is chosen."""
BLOCK = 2048


def p_median(instance: Instance, choice: Choice, *, limits: Limits | None = None) -> Answer:
    """Choose the sites with the least demand × travel to the nearest, summed over all places.

    S. L. Hakimi 1964. The bound is Lagrangian (G. Cornuejols, M. Fisher, G. Nemhauser 1977), the
    plan is from interchange begun where the dual stands, then from shaking. Raises
    `CoverInfeasibleError` where some place stays without a site, `SitingInputError` and its kinds.
    """
    if choice.count is None:
        raise SitingInputError("The p-median model counts sites: say how many stand in the end.")
    limits = limits or Limits()
    among = room(instance, choice)
    lists = listed(instance, among, choice.count)
    watch = Watch(Sense.LEAST, limits)
    search, serves, ended = _planned(instance, lists, choice.count, watch)
    before_s = 0.0
    if (serves < 0).any():
        # Where demand differs by orders, leaving out a little of it may seem cheaper than serving
        # all. Once more, so that nobody is left out for less than all together cost.
        before_s = watch.seconds
        watch = Watch(Sense.LEAST, replace(limits, seconds=watch.left))
        dear = lists._replace(most=np.maximum(lists.most, _dearest(lists)))
        search, serves, ended = _planned(instance, dear, choice.count, watch)
    alone = np.flatnonzero(serves < 0)
    if alone.size:
        raise CoverInfeasibleError(
            [instance.demand[at] for at in alone],
            f"No {choice.count} sites were found that everybody can get to; none is reached from",
        )
    value = _cost(instance, serves)
    watch.saw(value=value)
    sites = tuple(instance.sites[at] for at in np.flatnonzero(search.is_open))
    return Answer(
        "p_median", Sense.LEAST, sites, value, min(watch.bound, value), before_s + watch.seconds,
        "Lagrangian, interchange", limits.seed, Ended.PROVEN if watch.gap == 0.0 else ended, serves,
        tuple(watch.trace), instance.digest(),
    )  # fmt: skip


def _planned(
    instance: Instance, lists: Lists, count: int, watch: Watch
) -> tuple["MedianSearch", npt.NDArray[np.int64], Ended]:
    """Return the search at its end, who serves each place (-1: nobody), and why it ended."""
    search = MedianSearch(lists, count, seed=watch.limits.seed)
    ended = _search(search, watch, whole=_whole(instance))
    return search, served_by(instance, np.flatnonzero(search.is_open), np.inf), ended


def _search(search: "MedianSearch", watch: Watch, *, whole: bool) -> Ended:
    """Raise the bound and look for plans where it stands, in turn; then shake."""
    rounds = ROUNDS if watch.limits.rounds is None else watch.limits.rounds
    watch.saw(value=search.cost, units=search.is_open)
    while True:
        ended = watch.ended()
        if ended is not None:
            return ended
        if search.step > LEAST_STEP:
            search.ascend(TURN_STEPS)
            search.from_dual()
            watch.saw(bound=ceil(search.bound - 1e-6) if whole else search.bound)
        elif rounds <= 0:
            return Ended.DONE
        else:
            search.shake()
            rounds -= 1
        watch.saw(value=search.cost, units=search.is_open)


class MedianSearch:
    """A search that can be asked to go on: the best plan, `is_open` (m,), its `cost`, a `bound`."""

    def __init__(self, lists: Lists, count: int, *, seed: int) -> None:
        self._lists, self._count = lists, count
        places, sites = lists.weight.size, lists.kind.size
        self._served = Served(np.zeros(places, dtype=np.int64), np.zeros(places), np.zeros(places))
        self._extra = np.zeros((sites, sites))
        mixed = (seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64
        self._chance = np.array([mixed or 1], dtype=np.uint64)
        self.is_open = self._first()
        self.cost = float(interchange(lists, self.is_open, self._served, self._extra))
        cost, second = self._served.cost, self._served.second
        listed = lists.weight * np.where(lists.site[:, -1] >= 0, lists.travel[:, -1], np.inf)
        most = np.where(lists.whole, lists.most, listed)
        price = np.minimum(np.where(second < lists.most, (cost + second) / 2, cost), most)
        self._dual = Dual(
            price, price.copy(), np.zeros(places), np.zeros(sites, dtype=np.bool_),
            np.array([1.0, 0.0]),
        )  # fmt: skip
        self._bounds = np.array([-np.inf, self.cost])
        self._here, self._tried = self.is_open.copy(), set[bytes]()

    @property
    def bound(self) -> float:
        """What no plan can beat."""
        return float(self._bounds[0])

    @property
    def step(self) -> float:
        """Which share of the way to the best cost the dual goes at a step."""
        return float(self._dual.step[0])

    def ascend(self, steps: int) -> None:
        """Raise the bound by more steps."""
        ascend(self._lists, self._dual, self._count, self._bounds, steps)

    def from_dual(self) -> None:
        """Interchange from the sites that the dual takes."""
        start = self._dual.taken.copy()
        if start.tobytes() in self._tried:
            return
        self._tried.add(start.tobytes())
        self._keep(start, float(interchange(self._lists, start, self._served, self._extra)))

    def shake(self) -> None:
        """Change the plan by chance near by, interchange, and keep the better."""
        tried = self._here.copy()
        before = float(serve(self._lists, tried, self._served))
        cost = float(shaken(self._lists, tried, self._served, self._extra, self._chance))
        if cost <= before * 1.0005:
            self._here = tried
        if not self._keep(tried, cost) and cost > self.cost * 1.002:
            self._here = self.is_open.copy()

    def _keep(self, is_open: BoolArray, cost: float) -> bool:
        better = cost < self.cost
        if better:
            self.is_open, self.cost = is_open.copy(), cost
            self._bounds[1] = cost
            self._here = is_open.copy()
        return better

    def _first(self) -> BoolArray:
        """Return the fixed sites and, by turns, the one nearest to where most is still to gain."""
        lists = self._lists
        is_open: BoolArray = np.equal(lists.kind, 1)
        places = np.arange(lists.weight.size)
        cost = np.full(lists.weight.size, np.inf)
        depth = min(lists.site.shape[1], 40)
        site, travel = lists.site[:, :depth], lists.travel[:, :depth]
        self_cost = np.where(site >= 0, lists.weight[:, None] * travel, np.inf)
        serve(lists, is_open, self._served)
        cost = np.minimum(self._served.cost, lists.most)
        for _ in range(self._count - int(is_open.sum())):
            saved = np.maximum(cost[:, None] - self_cost, 0.0)
            gain = np.bincount(
                np.where(site >= 0, site, 0).ravel(), weights=saved.ravel(),
                minlength=lists.kind.size,
            )  # fmt: skip
            gain[is_open | (lists.kind < 0)] = -1.0
            best = int(gain.argmax())
            is_open[best] = True
            at = places[(site == best).any(axis=1)]
            position = (site[at] == best).argmax(axis=1)
            cost[at] = np.minimum(cost[at], self_cost[at, position])
        return is_open


def listed(instance: Instance, among: Room, count: int) -> Lists:
    """Return the nearest sites of each place, as many as a plan of `count` sites needs.

    Raises `CoverInfeasibleError` with the places that no allowed site reaches.
    """
    places = len(instance.demand)
    allowed = np.flatnonzero(among.upper)
    width = min(allowed.size, max(40, ceil(LISTED_FIT * allowed.size / count)))
    kind = np.where(among.upper == 0, -1, among.lower).astype(np.int64)
    travel = instance.travel
    site = np.full((places, width), -1, dtype=np.int32)
    kept = travel.dtype if travel.dtype == np.float32 else np.dtype(np.float64)
    far = np.full((places, width), np.inf, dtype=kept)
    reached = np.zeros(places, dtype=np.int64)
    for start in range(0, places, BLOCK):
        block = slice(start, min(start + BLOCK, places))
        part = _rows(instance, block)[:, allowed]
        if width < allowed.size:
            near = np.argpartition(part, width - 1, axis=1)[:, :width]
        else:
            near = np.broadcast_to(np.arange(width), part.shape)
        values = np.take_along_axis(part, near, axis=1)
        order = np.lexsort((near, values), axis=1)
        values = np.take_along_axis(values, order, axis=1)
        near = np.take_along_axis(near, order, axis=1)
        site[block] = np.where(np.isfinite(values), allowed[near], -1)
        far[block] = values
        reached[block] = np.isfinite(part).sum(axis=1)
    alone = np.flatnonzero(reached == 0)
    if alone.size:
        raise CoverInfeasibleError(
            [instance.demand[at] for at in alone], "No site can be reached at all from"
        )
    finite = float(far[np.isfinite(far)].max())
    most = instance.weight * (10.0 * max(finite, 1e-6) * max(1, places) ** 0.5)
    whole = reached <= width
    return Lists(site, far, instance.weight, most, whole, kind)


def _dearest(lists: Lists) -> float:
    """Return more than any plan costs that serves everybody from sites listed."""
    far = np.where(np.isfinite(lists.travel), lists.travel, 0.0).max(axis=1)
    return float(lists.weight @ far.astype(np.float64)) * 2.0 + 1.0


def _rows(instance: Instance, block: slice) -> npt.NDArray[np.floating]:
    if not isinstance(instance.travel, scipy.sparse.csr_array):
        return instance.travel[block]
    part = instance.travel[block]
    full = np.full(part.shape, np.inf)
    full[np.repeat(np.arange(part.shape[0]), np.diff(part.indptr)), part.indices] = part.data
    return full


def _cost(instance: Instance, serves: npt.NDArray[np.int64]) -> float:
    travel = np.asarray(instance.travel[np.arange(serves.size), serves], dtype=np.float64)
    return float(instance.weight @ travel.ravel())


def _whole(instance: Instance) -> bool:
    """Whether every plan costs a whole number, so that a bound may be rounded up."""
    travel = instance.travel
    values = travel.data if isinstance(travel, scipy.sparse.csr_array) else travel
    finite = values[np.isfinite(values)]
    weight = instance.weight
    return bool((finite == np.rint(finite)).all() and (weight == np.rint(weight)).all())
