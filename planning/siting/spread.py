"""p-dispersion, and plans that are nearly as good as the best."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Answer, Ended, Limits, Sense, Watch
from planning.siting.covering import cover_programme, most_covered
from planning.siting.covers import joined, served_by, within
from planning.siting.errors import SitingInputError, SitingKeysError
from planning.siting.instance import Choice, Instance, room
from planning.siting.maximal import check_reach
from planning.siting.programme import Programme, solve

FloatArray = npt.NDArray[np.float64]
ONCE = np.array([0.0, 1.0])


def p_dispersion(instance: Instance, choice: Choice, *, limits: Limits | None = None) -> Answer:
    """Choose the sites whose nearest pair is farthest apart; demand does not matter.

    M. J. Kuby, Geographical Analysis 19 (1987) 315-329. The places of the instance are its sites,
    in the same order, and travel is between them; where both ways differ the shorter counts. The
    travel values are searched by whether so many sites lie that far apart, which HiGHS settles.
    Raises `SitingKeysError`, `SitingInputError` and its kinds.
    """
    if instance.demand != instance.sites:
        raise SitingKeysError("Dispersion needs travel between sites: places and sites alike.")
    if choice.count is None or choice.count < 2:
        raise SitingInputError("Dispersion chooses two sites or more: say how many.")
    watch, among = Watch(Sense.MOST, limits or Limits()), room(instance, choice)
    travel = instance.dense().astype(np.float64)
    apart = np.minimum(travel, travel.T)
    one, other = np.triu_indices(len(instance.sites), 1)
    pairs = apart[one, other]
    steps = np.unique(pairs)
    low, high = 0, steps.size
    chosen = _any_plan(among.lower, among.upper, choice.count)
    ended: Ended | None = None
    while high - low > 1 and ended is None:
        middle = (low + high) // 2
        near = pairs < steps[middle]
        programme = _apart(one[near], other[near], among.lower, among.upper)
        enough = float(choice.count)
        found = solve(programme, watch, enough=enough, hopeless=enough - 1e-6, tell=False)
        if found.x is not None and np.rint(found.x).sum() >= choice.count:
            chosen = _of(np.flatnonzero(found.x > 0.5), among.lower, choice.count)
            low = middle
        elif not found.feasible or found.bound < enough - 1e-6:
            high = middle
        else:
            ended = watch.ended() or Ended.TIME
            break
        watch.saw(value=_closest(apart, chosen), bound=float(steps[high - 1]))
        ended = watch.ended()
    value = _closest(apart, chosen)
    watch.saw(value=value, bound=float(steps[high - 1]))
    return Answer(
        "p_dispersion", Sense.MOST, tuple(instance.sites[at] for at in chosen), value,
        max(watch.bound, value), watch.seconds, "search, HiGHS", watch.limits.seed,
        Ended.PROVEN if watch.gap == 0.0 else ended or Ended.TIME,
        served_by(instance, chosen, np.inf), tuple(watch.trace), instance.digest(),
    )  # fmt: skip


def near_optimal(
    instance: Instance,
    choice: Choice,
    *,
    reach: float,
    plans: int,
    limits: Limits | None = None,
) -> tuple[Answer, ...]:
    """Return the best MCLP plans of so many sites, best first, each with its own bound.

    The bound of a plan is what no plan other than those before it can beat: each before is cut off,
    and HiGHS solves the rest. Fewer come back where there are no more, or time is up. Raises as
    `mclp`, and `SitingInputError` for a budget.
    """
    check_reach(reach)
    if choice.count is None:
        raise SitingInputError("Nearly best plans are of a number of sites: say how many.")
    if plans < 1:
        raise SitingInputError("One plan or more can be asked for.")
    return tuple(_best_first(instance, choice, reach=reach, plans=plans, limits=limits or Limits()))


def _best_first(
    instance: Instance, choice: Choice, *, reach: float, plans: int, limits: Limits
) -> Iterator[Answer]:
    among = room(instance, choice)
    cover = joined(within(instance, reach), instance.weight)
    watch = Watch(Sense.MOST, limits)
    first = most_covered(cover, among, ONCE, watch, exact=True).units
    programme = cover_programme(cover, among, ONCE)
    sites = len(instance.sites)
    # Exactly so many: a plan with an idle site would otherwise come as another plan.
    programme.low[-1] = among.budget
    reaches = cover.matrix()
    filled = _filled(first, among.lower, among.upper, int(among.budget))
    start: FloatArray | None = np.concatenate([filled, reaches @ filled > 0]).astype(np.float64)
    for _ in range(plans):
        mine = Watch(Sense.MOST, replace(limits, seconds=watch.left))
        found = solve(programme, mine, start=start, tell=False)
        if found.x is None:
            return
        units = np.rint(found.x[:sites]).astype(np.int64)
        chosen = np.flatnonzero(units)
        value = float(cover.weight @ (reaches @ units > 0))
        mine.saw(value=value, bound=found.bound)
        yield Answer(
            "mclp", Sense.MOST, tuple(instance.sites[at] for at in chosen), value,
            max(found.bound, value), mine.seconds, "local search, HiGHS", limits.seed, found.ended,
            served_by(instance, chosen, reach), tuple(mine.trace), instance.digest(),
        )  # fmt: skip
        if found.ended not in {Ended.PROVEN, Ended.GAP}:
            return
        cut = np.concatenate([units, np.zeros(programme.cost.size - sites)]).astype(np.float64)
        programme = replace(
            programme, low=np.append(programme.low, -np.inf),
            high=np.append(programme.high, units.sum() - 1.0),
            matrix=scipy.sparse.csr_array(
                scipy.sparse.vstack([programme.matrix, scipy.sparse.csr_array(cut[None])])
            ),
        )  # fmt: skip
        start = None


def _filled(
    units: npt.NDArray[np.int64], lower: npt.NDArray[np.int64], upper: npt.NDArray[np.int64],
    count: int,
) -> npt.NDArray[np.int64]:  # fmt: skip
    full = np.maximum(units, lower)
    spare = np.flatnonzero((upper > 0) & (full == 0))
    full[spare[: count - int(full.sum())]] = 1
    return full


def _any_plan(
    lower: npt.NDArray[np.int64], upper: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    return np.flatnonzero(_filled(np.zeros_like(lower), lower, upper, count))


def _of(
    sites: npt.NDArray[np.int64], lower: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Return `count` of the sites, the fixed ones first: fewer are no nearer to one another."""
    order = np.argsort(-lower[sites], kind="stable")
    return np.sort(sites[order[:count]])


def _closest(apart: FloatArray, chosen: npt.NDArray[np.int64]) -> float:
    part = apart[np.ix_(chosen, chosen)]
    return float(part[np.triu_indices(chosen.size, 1)].min())


def _apart(
    one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], lower: npt.NDArray[np.int64],
    upper: npt.NDArray[np.int64],
) -> Programme:  # fmt: skip
    """Return the programme of most sites of which no pair is among those given."""
    rows = np.repeat(np.arange(one.size), 2)
    columns = np.column_stack([one, other]).ravel()
    matrix = scipy.sparse.csr_array(
        (np.ones(columns.size), (rows, columns)), shape=(one.size, lower.size)
    )
    return Programme(
        Sense.MOST, np.ones(lower.size), matrix, np.full(one.size, -np.inf), np.ones(one.size),
        lower.astype(np.float64), upper.astype(np.float64), np.ones(lower.size, dtype=bool),
    )  # fmt: skip
