"""The rational agent access model: people go where way and crowd together cost them least.

J. Saxon & D. Snow, A Rational Agent Model for the Spatial Accessibility of Primary Health Care,
Annals AAG 110 (2020) 205: an opportunity costs its travel time over tau plus its people for each
unit of supply over rho. Where nobody gains by going elsewhere is the least of a convex function;
it is found by letting one place after the other part its people in the best way, given the others,
until what anybody could still gain is small. The value is a cost: less is better.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.model import Amounts, FloatArray, IndexArray, TravelTimes, aligned
from routing.engine.compiled import compiled

MOST_ROUNDS = 2_000


class _Pairs(NamedTuple):
    """Pairs of n places and m opportunities, those of a place one after the other.

    starts : (n + 1,) first pair of each place; to : (pairs,) opportunity; way : (pairs,) cost of
    the way; room : (m,) people that cost as much as a way of tau
    """

    starts: IndexArray
    to: IndexArray
    way: FloatArray
    room: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RationalAccess:
    """Costs of n places, and how many people each of m opportunities gets.

    cost : (n,) 1 = the mean crowd, or a way of tau minutes; inf where no opportunity is in reach
    people : (m,); regret : what people could still gain over what they pay, all together
    """

    demand: pd.Index
    cost: FloatArray
    people: FloatArray
    regret: float


def rational(
    times: TravelTimes,
    supply: Amounts,
    *,
    population: Amounts,
    tau_min: float = 60.0,
    most_regret: float = 1e-4,
) -> RationalAccess:
    """Return the cost of each place when nobody gains more than `most_regret` by changing.

    rho is the people over the supply of the whole area.

    Raises
    ------
    AccessibilityInputError
        No supply or no people at all, or tau is not above 0.
    """
    people = aligned(population, times.demand, "people by place of demand")
    amounts = aligned(supply, times.supply, "supplies")
    if not (people.sum() > 0.0 and amounts.sum() > 0.0):
        raise AccessibilityInputError("Without any people, or any supply, there is no crowd.")
    if not (np.isfinite(tau_min) and tau_min > 0.0):
        raise AccessibilityInputError(f"tau must be above 0 minutes, not {tau_min:g}.")
    pairs = _pairs(times, amounts * (people.sum() / amounts.sum()), tau_min)
    gone, load = np.zeros(len(pairs.way)), np.zeros(len(amounts))
    regret = np.inf
    for _ in range(MOST_ROUNDS):
        _part_in_turn(pairs, people, gone, load)
        regret = _regret(pairs, gone, load)
        if regret <= most_regret:
            break
    return RationalAccess(times.demand, _costs(pairs, gone, load), load, regret)


def _pairs(times: TravelTimes, room: FloatArray, tau_min: float) -> _Pairs:
    """Return the pairs whose opportunity has room for anybody."""
    minutes = times.minutes
    to = np.asarray(minutes.indices, dtype=np.int64)
    way = np.asarray(minutes.data, dtype=np.float64) / tau_min
    starts = np.asarray(minutes.indptr, dtype=np.int64)
    useful = room[to] > 0.0
    if not useful.all():
        before = np.concatenate([[0], np.cumsum(useful)])
        starts, to, way = before[starts], to[useful], way[useful]
    return _Pairs(starts, to, way, room)


@compiled
def _part_in_turn(pairs: _Pairs, people: FloatArray, gone: FloatArray, load: FloatArray) -> None:
    """Part each place's people anew, given all others: `gone` (pairs,), `load` (m,) change."""
    starts, to = pairs.starts, pairs.to
    for place in range(people.size):
        first, last = starts[place], starts[place + 1]
        if people[place] <= 0.0 or first == last:
            continue
        for k in range(first, last):
            load[to[k]] = max(load[to[k]] - gone[k], 0.0)
        level = _level(pairs, place, people[place], load)
        total, cheapest = 0.0, first
        for k in range(first, last):
            room = pairs.room[to[k]]
            gone[k] = max(room * (level - pairs.way[k]) - load[to[k]], 0.0)
            total += gone[k]
            if _cost(pairs, k, load) < _cost(pairs, cheapest, load):
                cheapest = k
        if total == 0.0:
            # So few people that their level is, in 53 bits, the cost of the cheapest.
            gone[cheapest] = total = people[place]
        for k in range(first, last):
            gone[k] *= people[place] / total
            load[to[k]] += gone[k]


@compiled
def _cost(pairs: _Pairs, k: int, load: FloatArray) -> float:
    """Return what the pair `k` costs: way and crowd."""
    to = pairs.to[k]
    return float(pairs.way[k] + load[to] / pairs.room[to])


@compiled
def _level(pairs: _Pairs, place: int, people: float, load: FloatArray) -> float:
    """Return the cost at which all people of a place have gone somewhere, given the others.

    Opportunities that cost more than the level even without them are left out, again and again,
    which lowers it until none is left out.
    """
    level, kept = np.inf, -1.0
    while True:
        rooms, spent = 0.0, people
        for k in range(pairs.starts[place], pairs.starts[place + 1]):
            to = pairs.to[k]
            if _cost(pairs, k, load) < level:
                rooms += pairs.room[to]
                spent += pairs.room[to] * pairs.way[k] + load[to]
        if rooms in (0.0, kept):
            return level
        level, kept = spent / rooms, rooms


@compiled
def _regret(pairs: _Pairs, gone: FloatArray, load: FloatArray) -> float:
    """Return what all could save by going where it costs least now, over what they pay."""
    saved, paid = 0.0, 0.0
    for place in range(pairs.starts.size - 1):
        least, here, went = _of_place(pairs, place, gone, load)
        paid += here
        saved += here - went * least if went > 0.0 else 0.0
    return saved / paid if paid > 0.0 else 0.0


@compiled
def _costs(pairs: _Pairs, gone: FloatArray, load: FloatArray) -> FloatArray:
    """Return the mean cost of each place's people, the least one where nobody lives."""
    cost = np.empty(pairs.starts.size - 1)
    for place in range(cost.size):
        least, here, went = _of_place(pairs, place, gone, load)
        cost[place] = here / went if went > 0.0 else least
    return cost


@compiled
def _of_place(
    pairs: _Pairs, place: int, gone: FloatArray, load: FloatArray
) -> tuple[float, float, float]:
    """Return the least cost of a place, what its people pay together, and how many go."""
    least, paid, went = np.inf, 0.0, 0.0
    for k in range(pairs.starts[place], pairs.starts[place + 1]):
        cost = _cost(pairs, k, load)
        least = min(least, cost)
        paid += gone[k] * cost
        went += gone[k]
    return least, paid, went
