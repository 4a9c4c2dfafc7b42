"""Cover over scenarios, by hours, in phases, and how often a site is chosen when figures shift."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, takewhile

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gis.spreading import Spread
from planning.siting.answer import Answer, Ended, Limits, Sense, Watch, relative_gap
from planning.siting.covering import covered, most_covered
from planning.siting.covers import joined, served_by, within
from planning.siting.errors import SitingInputError, SitingKeysError, named
from planning.siting.instance import Choice, Instance, room
from planning.siting.maximal import check_reach, mclp

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ONCE = np.array([0.0, 1.0])
QUICK = Limits(rounds=100)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A state of the world and how likely it is: roads at night, a flood, a feast."""

    probability: float
    instance: Instance


def mclp_of_scenarios(
    scenarios: Sequence[Scenario],
    choice: Choice,
    *,
    reach: float,
    limits: Limits | None = None,
    exact: bool = False,
) -> Answer:
    """Choose the sites that have most demand within `reach` on average over the scenarios.

    All have the same sites; their probabilities add up to 1. The answer's `serves` is that of the
    first. Raises `SitingKeysError`, `SitingInputError` and its kinds.
    """
    check_reach(reach)
    if not scenarios:
        raise SitingInputError("There is no scenario.")
    chances = np.array([one.probability for one in scenarios])
    if not (np.isfinite(chances).all() and (chances > 0).all() and abs(chances.sum() - 1) < 1e-9):
        raise SitingInputError("Probabilities of scenarios are above 0 and add up to 1.")
    first = scenarios[0].instance
    for one in scenarios[1:]:
        if one.instance.sites != first.sites:
            other = sorted(set(one.instance.sites) ^ set(first.sites)) or ["their order"]
            raise SitingKeysError(f"Scenarios differ in their sites: {named(other)}.")
    near = scipy.sparse.vstack([within(one.instance, reach) for one in scenarios], format="csr")
    weight = np.concatenate([one.probability * one.instance.weight for one in scenarios])
    return _stacked(
        "mclp_scenarios", first, choice, near=near, weight=weight, reach=reach,
        limits=limits, exact=exact,
    )  # fmt: skip


def mclp_by_hours(
    instance: Instance,
    choice: Choice,
    *,
    reach: float,
    share: npt.ArrayLike,
    is_open: Mapping[str, npt.ArrayLike],
    limits: Limits | None = None,
    exact: bool = False,
) -> Answer:
    """Choose the sites that have most demand within `reach` while they are open: AEDs and doors.

    C. L. F. Sun et al., Overcoming spatial and temporal barriers to public access defibrillators,
    Journal of the American College of Cardiology 68 (2016) 836-845. share: (h,) which part of the
    demand falls in each period, adding up to 1; is_open: for each site (h,) whether it is open
    then. Raises `SitingKeysError`, `SitingInputError` and its kinds.
    """
    check_reach(reach)
    parts = np.asarray(share, dtype=np.float64)
    if parts.ndim != 1 or not ((parts >= 0).all() and abs(parts.sum() - 1) < 1e-9):
        raise SitingInputError("Shares of periods are 0 or more and add up to 1.")
    odd = sorted(set(is_open) ^ set(instance.sites))
    if odd:
        raise SitingKeysError(f"Opening hours and sites do not match: {named(odd)}.")
    doors = np.array([np.asarray(is_open[key], dtype=bool) for key in instance.sites])
    if doors.shape != (len(instance.sites), parts.size):
        raise SitingInputError(f"Opening hours name each of the {parts.size} periods.")
    near = within(instance, reach).tocsc()
    slots = [near.multiply(doors[:, at][None].astype(np.int8)).tocsr() for at in range(parts.size)]
    for slot in slots:
        slot.eliminate_zeros()
    weight = np.concatenate([part * instance.weight for part in parts])
    return _stacked(
        "mclp_hours", instance, choice, near=scipy.sparse.vstack(slots, format="csr"),
        weight=weight, reach=reach, limits=limits, exact=exact,
    )  # fmt: skip


def phases(
    instance: Instance,
    counts: Sequence[int],
    choice: Choice,
    *,
    reach: float,
    limits: Limits | None = None,
    exact: bool = False,
) -> tuple[Answer, ...]:
    """Return a plan for each of `counts`, ascending, each with all sites of the one before.

    Each is the MCLP that goes on from the sites that stand by then; its bound is that of so many
    sites chosen freely, so that its gap also says what building in this order costs. Raises as
    `mclp`.
    """
    if list(counts) != sorted(set(counts)) or not counts:
        raise SitingInputError("Numbers of sites by phase rise from one to the next.")
    plans: list[Answer] = []
    stands: Sequence[str] = choice.fixed
    for count in counts:
        free = mclp(instance, replace(choice, count=count), reach=reach, limits=limits, exact=exact)
        bound = replace(choice, count=count, fixed=stands)
        plan = mclp(instance, bound, reach=reach, limits=limits, exact=exact)
        plans.append(replace(plan, model="mclp_phase", bound=max(free.bound, plan.value)))
        stands = plan.sites
    return tuple(plans)


def how_often_chosen(
    instance: Instance,
    choice: Choice,
    *,
    reach: float,
    repeats: int = 200,
    travel_share: float = 0.15,
    seed: int = 1,
    spread: Spread[range, tuple[int, Counter[str]]] = map,
    parts: int = 1,
    stop: Callable[[], bool] = lambda: False,
) -> dict[str, float]:
    """Return for each site in which share of bootstraps the MCLP chooses it.

    Each time demand is drawn anew (Poisson with its size as mean) and all travel of a site is
    longer or shorter by up to `travel_share`, by the same factor for the site. Shares are rounded
    to what so many repeats bear: to 0.01 from 200, else to 0.05. Raises as `mclp`.

    spread : a `map` that takes the repeats in so many `parts`, over a cluster for instance: each
        repeat draws from a seed of its own, so that the shares are the same
    stop : asked before each part; what is done until then counts, and nothing is an empty answer
    """
    if repeats < 1 or not 0.0 <= travel_share < 1.0:
        raise SitingInputError("Bootstraps are one or more; the share of travel is below 1.")
    bounds = np.linspace(0, repeats, min(max(parts, 1), repeats) + 1).astype(int).tolist()
    work = partial(
        _bootstrapped, instance=instance, choice=choice, reach=reach,
        travel_share=travel_share, seed=seed,
    )  # fmt: skip
    done, times = 0, Counter[str]()
    todo = takewhile(lambda _: not stop(), (range(*one) for one in pairwise(bounds)))
    for repeated, counted in spread(work, todo):
        done += repeated
        times += counted
    if not done:
        return {}
    step = 0.01 if done >= 200 else 0.05
    return {
        key: round(round(times[key] / done / step) * step, 2) for key in instance.sites
    }  # fmt: skip


def _bootstrapped(
    repeats: range, *, instance: Instance, choice: Choice, reach: float, travel_share: float,
    seed: int,
) -> tuple[int, Counter[str]]:  # fmt: skip
    """Return how many repeats were made, and how often each site is chosen in them."""
    times = Counter[str]()
    for number in repeats:
        chance = np.random.default_rng([seed, number])
        factor = chance.uniform(1.0 - travel_share, 1.0 + travel_share, len(instance.sites))
        weight = chance.poisson(instance.weight).astype(np.float64)
        drawn = replace(instance, weight=weight, travel=_scaled(instance, factor))
        times.update(mclp(drawn, choice, reach=reach, limits=replace(QUICK, seed=seed)).sites)
    return len(repeats), times


def best_of_seeds(
    solve: Callable[[int], Answer], seeds: Sequence[int], *, spread: Spread[int, Answer] = map
) -> Answer:
    """Return the best answer of a model over several seeds, with the tightest of their bounds.

    solve : gives an answer of the same model and instance for a seed; spread : as of
        `how_often_chosen`. Of equal ones the first seed's stays. The seconds are those of all.
        Raises `SitingInputError` without seeds.
    """
    if not seeds:
        raise SitingInputError("One seed or more is needed.")
    answers = list(spread(solve, seeds))
    most = answers[0].sense is Sense.MOST
    best = (max if most else min)(answers, key=lambda one: one.value)
    bound = (min if most else max)(one.bound for one in answers)
    seconds = sum(one.seconds for one in answers)
    proven = relative_gap(best.value, bound) == 0.0
    return replace(
        best, bound=bound, seconds=seconds, ended=Ended.PROVEN if proven else best.ended
    )  # fmt: skip


def _scaled(
    instance: Instance, factor: FloatArray
) -> npt.NDArray[np.floating] | scipy.sparse.csr_array:
    travel = instance.travel
    if isinstance(travel, scipy.sparse.csr_array):
        scaled = travel.copy()
        scaled.data = travel.data * factor[travel.indices]
        return scaled
    return np.asarray(travel * factor.astype(travel.dtype))


def _stacked(
    model: str,
    instance: Instance,
    choice: Choice,
    *,
    near: scipy.sparse.csr_array,
    weight: FloatArray,
    reach: float,
    limits: Limits | None,
    exact: bool,
) -> Answer:
    among = room(instance, choice)
    watch = Watch(Sense.MOST, Limits() if limits is None else limits)
    cover = joined(scipy.sparse.csr_array(near), weight)
    plan = most_covered(cover, among, ONCE, watch, exact=exact)
    value = covered(cover, plan.units, ONCE)
    chosen = np.flatnonzero(plan.units)
    return Answer(
        model, Sense.MOST, tuple(instance.sites[at] for at in chosen), value,
        max(watch.bound, value), watch.seconds, plan.solver, watch.limits.seed, plan.ended,
        served_by(instance, chosen, reach), tuple(watch.trace), instance.digest(),
    )  # fmt: skip
