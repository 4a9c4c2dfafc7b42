"""Plans and bounds of the p-median: fast interchange, and a Lagrangian dual.

Each place keeps its nearest sites in order, as many as matter, so that a step looks at some tens of
sites of each place instead of all. Prices of places never exceed what the last listed site costs,
so that the bound holds although the rest of the list is cut.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planning.siting.chance import ChanceArray, draw
from routing.engine.compiled import compiled

FloatArray = npt.NDArray[np.float64]
CountArray = npt.NDArray[np.int64]
SMALL = 1e-12


class Lists(NamedTuple):
    """The nearest sites of each place.

    site: (n, k) int32, -1 past the last; travel: (n, k), ascending; weight: (n,); most: (n,) what a
    place costs that nobody serves; whole: (n,) whether all sites that reach it are listed; kind:
    (m,) 1 a fixed site, 0 one for choice, -1 a forbidden one.
    """

    site: npt.NDArray[np.int32]
    travel: npt.NDArray[np.floating]
    weight: FloatArray
    most: FloatArray
    whole: npt.NDArray[np.bool_]
    kind: CountArray


class Served(NamedTuple):
    """By whom each place is served: site and cost of the nearest and of the second, (n,) each."""

    first: CountArray
    cost: FloatArray
    second: FloatArray


@compiled
def serve(p: Lists, is_open: npt.NDArray[np.bool_], served: Served) -> float:
    """Find by whom each place is served among listed sites; returns the cost, never below it.

    A place with no open site in its list is counted as served by nobody.
    """
    total = 0.0
    for i in range(p.weight.size):
        served.first[i] = -1
        served.cost[i] = p.most[i]
        served.second[i] = p.most[i]
        for k in range(p.site.shape[1]):
            j = p.site[i, k]
            if j < 0:
                break
            if is_open[j]:
                cost = p.weight[i] * p.travel[i, k]
                if served.first[i] < 0:
                    served.first[i] = j
                    served.cost[i] = cost
                else:
                    served.second[i] = cost
                    break
        total += served.cost[i]
    return total


@compiled
def _savings(
    p: Lists, is_open: npt.NDArray[np.bool_], served: Served, gain: FloatArray, extra: FloatArray
) -> None:
    """Put into `gain` (m,) what adding a site saves, and what closing one loses as less than 0.

    extra: (m, m), of open sites what adding another saves of that loss (M. Resende, R. Werneck
    2007).
    """
    for i in range(p.weight.size):
        r, cost, second = served.first[i], served.cost[i], served.second[i]
        if r >= 0:
            gain[r] -= second - cost
        for k in range(p.site.shape[1]):
            j = p.site[i, k]
            if j < 0:
                break
            new = p.weight[i] * p.travel[i, k]
            if new >= second:
                break
            if is_open[j]:
                continue
            gain[j] += max(cost - new, 0.0)
            if r >= 0:
                extra[r, j] += second - max(new, cost)


@compiled
def _best_swap(
    p: Lists, is_open: npt.NDArray[np.bool_], served: Served, extra: FloatArray
) -> tuple[int, int, float]:
    """Return the site to add, the one to close, and what that saves (R. A. Whitaker 1983)."""
    sites = p.kind.size
    gain = np.zeros(sites)
    for r in range(sites):
        if is_open[r]:
            extra[r, :] = 0.0
    _savings(p, is_open, served, gain, extra)
    add, close, most = -1, -1, -np.inf
    for r in range(sites):
        if not is_open[r] or p.kind[r] == 1:
            continue
        for j in range(sites):
            saved = gain[j] + gain[r] + extra[r, j]
            if saved > most and not is_open[j] and p.kind[j] >= 0:
                add, close, most = j, r, saved
    return add, close, most


@compiled
def interchange(
    p: Lists, is_open: npt.NDArray[np.bool_], served: Served, extra: FloatArray
) -> float:
    """Swap sites while the cost falls; returns it."""
    cost = serve(p, is_open, served)
    while True:
        add, close, saved = _best_swap(p, is_open, served, extra)
        if add < 0 or saved <= 1e-9 * cost:
            return cost
        is_open[add] = True
        is_open[close] = False
        new = serve(p, is_open, served)
        if new >= cost * (1.0 - SMALL):
            is_open[add] = False
            is_open[close] = True
            return serve(p, is_open, served)
        cost = new


@compiled
def shaken(
    p: Lists, is_open: npt.NDArray[np.bool_], served: Served, extra: FloatArray,
    chance: ChanceArray,
) -> float:  # fmt: skip
    """Swap a few sites by chance for others near by, then interchange; returns the cost."""
    for _ in range(1 + int(draw(chance) * 4.0)):
        i = int(draw(chance) * p.weight.size)
        close = served.first[i]
        add = p.site[i, int(draw(chance) * p.site.shape[1])]
        if close < 0 or add < 0 or is_open[add] or p.kind[add] < 0:
            continue
        if p.kind[close] == 1 or not is_open[close]:
            continue
        is_open[close] = False
        is_open[add] = True
    return interchange(p, is_open, served, extra)


@compiled
def _relax(
    p: Lists, price: FloatArray, worth: FloatArray, count: int, taken: npt.NDArray[np.bool_]
) -> float:
    """Return the bound by prices of places, and which sites it takes."""
    worth[:] = 0.0
    total = 0.0
    for i in range(price.size):
        mu = price[i]
        total += mu
        for k in range(p.site.shape[1]):
            j = p.site[i, k]
            if j < 0:
                break
            cost = p.weight[i] * p.travel[i, k] - mu
            if cost >= 0.0:
                break
            worth[j] += cost
    taken[:] = False
    left = count
    for j in range(worth.size):
        if p.kind[j] == 1:
            taken[j] = True
            total += worth[j]
            left -= 1
    for j in np.argsort(worth):
        if left == 0:
            break
        if p.kind[j] == 0:
            taken[j] = True
            total += worth[j]
            left -= 1
    return total


class Dual(NamedTuple):
    """Where the dual is: prices and best prices (n,), direction (n,), sites taken (m,).

    step: the share of the way to the best cost, and how many steps went by without a better bound.
    """

    price: FloatArray
    best_price: FloatArray
    direction: FloatArray
    taken: npt.NDArray[np.bool_]
    step: FloatArray


@compiled
def ascend(p: Lists, d: Dual, count: int, bounds: FloatArray, steps: int) -> None:
    """Raise the bound by a deflected subgradient (P. Camerini et al. 1975).

    bounds: (2,) the best bound, which is raised, and the best cost so far.
    """
    size = d.price.size
    worth = np.zeros(p.kind.size)
    slope = np.zeros(size)
    for _ in range(steps):
        bound = _relax(p, d.price, worth, count, d.taken)
        if bound > bounds[0] + 1e-7 * abs(bounds[0]):
            d.step[1] = 0.0
        else:
            d.step[1] += 1.0
        if bound > bounds[0]:
            bounds[0] = bound
            d.best_price[:] = d.price
        if d.step[1] >= 25.0:
            d.step[0] *= 0.7
            d.step[1] = 0.0
            d.price[:] = d.best_price
            d.direction[:] = 0.0
            continue
        norm = 0.0
        for i in range(size):
            mu = d.price[i]
            slope[i] = 1.0
            for k in range(p.site.shape[1]):
                j = p.site[i, k]
                if j < 0 or p.weight[i] * p.travel[i, k] >= mu:
                    break
                if d.taken[j]:
                    slope[i] -= 1.0
            d.direction[i] = 0.7 * slope[i] + 0.3 * d.direction[i]
            norm += d.direction[i] * d.direction[i] * p.weight[i]
        if norm <= 0.0:
            return
        # Steps by demand: a place of many moves its price by as much more.
        far = d.step[0] * max(bounds[1] - bound, 1e-9 * abs(bounds[1])) / norm
        last = p.site.shape[1] - 1
        for i in range(size):
            most = p.most[i] if p.whole[i] else p.weight[i] * p.travel[i, last]
            moved = d.price[i] + far * d.direction[i] * p.weight[i]
            d.price[i] = min(max(moved, 0.0), most)
