"""LSCP, backup and p-center: everybody is reached, by as few sites or from as near as can be."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Answer, Ended, Limits, Sense, Watch
from planning.siting.cover_bound import CoverBound
from planning.siting.cover_search import CoverSearch
from planning.siting.covers import joined, served_by, within
from planning.siting.errors import CoverInfeasibleError, SitingInputError, TooManySitesError
from planning.siting.instance import Choice, Instance, Room, room
from planning.siting.maximal import check_reach
from planning.siting.programme import Programme, solve
from planning.siting.set_cover import fewest

IndexArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
ONCE = np.array([0.0, 1.0])
QUICK_ROUNDS = 60
QUICK_STEPS = 400


def lscp(
    instance: Instance,
    choice: Choice | None = None,
    *,
    reach: float,
    limits: Limits | None = None,
) -> Answer:
    """Choose the fewest sites that have everybody within `reach`, at it too.

    C. Toregas et al., The location of emergency service facilities, Operations Research 19 (1971)
    1363-1373. Of `choice` only the fixed and the forbidden count. Raises `CoverInfeasibleError`
    with the places that nobody reaches, `SitingInputError` and its kinds.
    """
    watch, among = Watch(Sense.LEAST, limits or Limits()), _any_number(instance, choice)
    near = _all_reached(instance, among, reach)
    found = fewest(near, among.lower > 0, among.upper > 0, watch)
    watch.saw(value=float(found.sites.size), bound=float(found.bound))
    return _answer("lscp", instance, found.sites, value=float(found.sites.size), watch=watch,
                   ended=watch.ended() or found.ended, reach=reach)  # fmt: skip


def lscp_backup(
    instance: Instance,
    choice: Choice | None = None,
    *,
    reach: float,
    limits: Limits | None = None,
) -> Answer:
    """Choose, of the smallest sets of sites that reach everybody, that with most reached twice.

    K. Hogan, C. ReVelle, Concepts and applications of backup coverage, Management Science 32 (1986)
    1434-1444. The value is the demand that two sites or more reach. Raises as `lscp`, and
    `SitingInputError` where the smallest number could not be proven in time.
    """
    limits = limits or Limits()
    among = _any_number(instance, choice)
    near = _all_reached(instance, among, reach)
    watch = Watch(Sense.MOST, limits)
    exactly = Watch(Sense.LEAST, replace(limits, gap=0.0))
    least = fewest(near, among.lower > 0, among.upper > 0, exactly, tell=False)
    if least.ended is not Ended.PROVEN:
        raise SitingInputError(
            f"How few sites reach everybody is between {least.bound} and {least.sites.size}; "
            "backup needs the exact number. Give it more time."
        )
    cover = joined(near, instance.weight)
    groups, sites = cover.shape
    reaches = cover.matrix()
    programme = Programme(
        Sense.MOST, np.concatenate([np.zeros(sites), cover.weight]),
        scipy.sparse.csr_array(scipy.sparse.vstack([
            scipy.sparse.hstack([reaches, -scipy.sparse.identity(groups)]),
            scipy.sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(groups)])[None]),
        ])),
        np.concatenate([np.ones(groups), [-np.inf]]),
        np.concatenate([np.full(groups, np.inf), [float(least.sites.size)]]),
        np.concatenate([among.lower, np.zeros(groups)]).astype(np.float64),
        np.concatenate([among.upper, np.ones(groups)]).astype(np.float64),
        np.concatenate([np.ones(sites, dtype=bool), np.zeros(groups, dtype=bool)]),
    )  # fmt: skip
    units = np.zeros(sites)
    units[least.sites] = 1.0
    start = np.concatenate([units, (reaches @ units >= 2).astype(np.float64)])
    found = solve(programme, watch, start=start)
    if found.x is not None:
        units = np.rint(found.x[:sites])
    chosen = np.flatnonzero(units)
    value = float(cover.weight @ (reaches @ units >= 2))
    watch.saw(value=value, bound=found.bound)
    return _answer("lscp_backup", instance, chosen, value=value, watch=watch,
                   ended=watch.ended() or found.ended, reach=reach)  # fmt: skip


def p_center(instance: Instance, choice: Choice, *, limits: Limits | None = None) -> Answer:
    """Choose the sites from which the farthest place is nearest; demand does not matter.

    S. L. Hakimi 1964, with places and sites as given. The answer is one of the travel values: they
    are searched by whether so many sites cover everybody within one (E. Minieka 1970), which local
    search and relaxation mostly settle and HiGHS otherwise. Raises `CoverInfeasibleError`,
    `SitingInputError` and its kinds.
    """
    watch, among = Watch(Sense.LEAST, limits or Limits()), room(instance, choice)
    if choice.count is None:
        raise SitingInputError("The p-center model counts sites: say how many stand in the end.")
    allowed = np.flatnonzero(among.upper)
    nearest = _least_travel(instance, allowed)
    beyond = np.flatnonzero(~np.isfinite(nearest))
    if beyond.size:
        raise CoverInfeasibleError(
            [instance.demand[at] for at in beyond], "No site can be reached at all from"
        )
    steps = _distances(instance, allowed, float(nearest.max()))
    centers = _Centers(instance, among, choice.count, watch)
    low, high = -1, steps.size
    low, high = centers.narrow(steps, low, high, quick=True)
    low, high = centers.narrow(steps, low, high, quick=False)
    if centers.best is None:
        if high == steps.size and low == steps.size - 1:
            raise TooManySitesError(
                f"No {choice.count} sites reach every place at all. Choose more, or add sites."
            )
        raise SitingInputError(
            f"Within the time given no {choice.count} sites were found that reach every place. "
            "Give it more time, or choose more sites."
        )
    value = _farthest(instance, centers.best)
    watch.saw(value=value, bound=float(steps[min(low + 1, steps.size - 1)]))
    ended = watch.ended() or Ended.TIME
    return _answer(
        "p_center", instance, centers.best, value=value, watch=watch, ended=ended, reach=np.inf
    )


class _Centers:
    """Whether so many sites cover everybody within a travel value: settled fast, or by HiGHS."""

    def __init__(self, instance: Instance, among: Room, count: int, watch: Watch) -> None:
        self.instance, self.among, self.count, self.watch = instance, among, count, watch
        self.best: IndexArray | None = None

    def narrow(self, steps: FloatArray, low: int, high: int, *, quick: bool) -> tuple[int, int]:
        """Return (low, high): too near for sure, and far enough for sure, as positions in steps."""
        unsure: set[int] = set()
        while high - low > 1 and self.watch.ended() in {None, Ended.GAP}:
            at = self._next(low, high, unsure)
            if at is None:
                break
            settled = self._covers(float(steps[at]), quick=quick)
            if settled is None:
                if not quick:
                    break
                unsure.add(at)
            elif settled:
                high = int(np.searchsorted(steps, self.watch.value))
            else:
                low = at
                self.watch.saw(bound=float(steps[min(low + 1, steps.size - 1)]))
        return low, high

    @staticmethod
    def _next(low: int, high: int, unsure: set[int]) -> int | None:
        """Return the middle of the widest part that no unsure position splits."""
        marks = sorted([low, high, *(at for at in unsure if low < at < high)])
        widths = [(b - a, a) for a, b in pairwise(marks)]
        # Only below the first and above the last unsure one can a quick answer still narrow.
        ends = [widths[0], widths[-1]]
        width, start = max(ends)
        return start + width // 2 if width > 1 else None

    def _covers(self, travel: float, *, quick: bool) -> bool | None:
        near = within(self.instance, travel)
        sites = self._quickly(near) if quick else self._surely(near)
        if isinstance(sites, np.ndarray):
            value = _farthest(self.instance, sites)
            units = np.bincount(sites, minlength=self.instance.shape[1])
            if self.watch.saw(value=value, units=units):
                self.best = sites
            return True
        return sites

    def _quickly(self, near: scipy.sparse.csr_array) -> IndexArray | bool | None:
        one = np.ones(self.instance.shape[0])
        usable = near[:, np.flatnonzero(self.among.upper)]
        if (np.diff(usable.indptr) == 0).any():
            return False
        cover = joined(near, one)
        search = CoverSearch(cover, self.among, ONCE, seed=self.watch.limits.seed)
        bound = CoverBound(cover, self.among, ONCE)
        for _ in range(QUICK_ROUNDS // 20):
            if search.value >= one.size:
                return np.flatnonzero(search.units)
            if bound.bound < one.size - 1e-6 * one.size:
                return False
            bound.more(QUICK_STEPS // 3)
            search.more(20)
        return None

    def _surely(self, near: scipy.sparse.csr_array) -> IndexArray | bool | None:
        found = fewest(
            near, self.among.lower > 0, self.among.upper > 0, self.watch, enough=self.count,
            tell=False,
        )  # fmt: skip
        if found.sites.size <= self.count:
            return self._filled(found.sites)
        return False if found.bound > self.count else None

    def _filled(self, sites: IndexArray) -> IndexArray:
        """Return as many sites as are to stand: more never make it worse."""
        spare = np.setdiff1d(np.flatnonzero(self.among.upper), sites)
        return np.sort(np.concatenate([sites, spare[: self.count - sites.size]]))


def _any_number(instance: Instance, choice: Choice | None) -> Room:
    given = choice or Choice()
    most = len(instance.sites) - len(set(given.forbidden))
    if most < 1:
        raise TooManySitesError("Every site is forbidden: nothing can be chosen.")
    return room(instance, Choice(count=most, fixed=given.fixed, forbidden=given.forbidden))


def _all_reached(instance: Instance, among: Room, reach: float) -> scipy.sparse.csr_array:
    check_reach(reach)
    near = within(instance, reach)
    usable = near[:, np.flatnonzero(among.upper)]
    unreached = np.flatnonzero(np.diff(usable.indptr) == 0)
    if unreached.size:
        raise CoverInfeasibleError(
            [instance.demand[at] for at in unreached],
            f"{unreached.size} of {instance.shape[0]} places are beyond {reach:g} of every site",
        )
    return near


def _least_travel(instance: Instance, sites: IndexArray) -> FloatArray:
    if not isinstance(instance.travel, scipy.sparse.csr_array):
        return np.asarray(instance.travel[:, sites].min(axis=1), dtype=np.float64)
    part = instance.travel[:, sites].tocsr()
    least = np.full(instance.shape[0], np.inf)
    np.minimum.at(least, np.repeat(np.arange(least.size), np.diff(part.indptr)), part.data)
    return least


def _farthest(instance: Instance, sites: IndexArray) -> float:
    return float(_least_travel(instance, sites).max())


def _distances(instance: Instance, sites: IndexArray, least: float) -> FloatArray:
    """Return the travel values that an answer can have, ascending."""
    part = instance.travel[:, sites]
    values = np.unique(part.data if isinstance(part, scipy.sparse.csr_array) else part)
    values = values[np.isfinite(values)].astype(np.float64)
    return np.asarray(values[values >= least])


def _answer(
    model: str, instance: Instance, chosen: IndexArray, *, value: float, watch: Watch,
    ended: Ended, reach: float,
) -> Answer:  # fmt: skip
    return Answer(
        model, watch.sense, tuple(instance.sites[at] for at in chosen), value, watch.bound,
        watch.seconds, "dominance, HiGHS", watch.limits.seed, ended,
        served_by(instance, np.asarray(chosen, dtype=np.int64), reach), tuple(watch.trace),
        instance.digest(),
    )  # fmt: skip
