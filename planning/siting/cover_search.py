"""The best plans of covering models: greedy, swaps, iterated local search.

What a place gains by the k-th unit within reach is a table, non-increasing: (0, 1, 1, …) for MCLP,
1 - q^k for MEXCLP. A state holds for each site what one more unit would add (`gain`) and what one
less would take (`loss`), brought up to date at each step through the places it reaches.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planning.siting.chance import ChanceArray, draw
from planning.siting.covers import Cover
from planning.siting.instance import Room
from routing.engine.compiled import compiled

FloatArray = npt.NDArray[np.float64]
CountArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.int32]
SMALL = 1e-9
ROUNDING = 1e-12
"""Of the value: so much is no gain, else swaps of what is worth next to nothing never end."""
MOST_SWAPS_A_SITE = 200
SPENT, VALUE = 0, 1


class Problem(NamedTuple):
    """A cover and what may be chosen: arrays as in `Cover` and `Room`; table: worth by count."""

    row_start: IndexArray
    row_site: IndexArray
    site_start: IndexArray
    site_row: IndexArray
    weight: FloatArray
    table: FloatArray
    price: FloatArray
    budget: float
    lower: CountArray
    upper: CountArray


class State(NamedTuple):
    """A plan as it is changed: `units` (m,), `reached` (g,), `gain`, `loss` (m,).

    near: (m,) sites whose swap may pay again; total: what is spent, and the value.
    """

    units: CountArray
    reached: CountArray
    gain: FloatArray
    loss: FloatArray
    near: npt.NDArray[np.bool_]
    total: FloatArray


@compiled
def _shift(p: Problem, s: State, j: int, step: int) -> None:
    """Put one more unit at site j (`step` 1) or take one away (-1)."""
    if step > 0:
        s.total[VALUE] += s.gain[j]
    else:
        s.total[VALUE] -= s.loss[j]
    s.total[SPENT] += step * p.price[j]
    s.units[j] += step
    table = p.table
    for at in range(p.site_start[j], p.site_start[j + 1]):
        i = p.site_row[at]
        before = s.reached[i]
        now = before + step
        s.reached[i] = now
        w = p.weight[i]
        more = w * ((table[now + 1] - table[now]) - (table[before + 1] - table[before]))
        old = table[before] - table[before - 1] if before > 0 else 0.0
        new = table[now] - table[now - 1] if now > 0 else 0.0
        less = w * (new - old)
        if more == 0.0 and less == 0.0:
            continue
        for to in range(p.row_start[i], p.row_start[i + 1]):
            k = p.row_site[to]
            s.gain[k] += more
            s.loss[k] += less


@compiled
def _mark(p: Problem, s: State, j: int) -> None:
    """Mark the sites that share a place with site j: a swap of one of them may pay again."""
    for at in range(p.site_start[j], p.site_start[j + 1]):
        i = p.site_row[at]
        for to in range(p.row_start[i], p.row_start[i + 1]):
            s.near[p.row_site[to]] = True


@compiled
def _refresh(p: Problem, s: State) -> None:
    """Reckon the state of its units anew."""
    s.gain[:] = 0.0
    s.loss[:] = 0.0
    s.near[:] = True
    s.total[SPENT] = (p.price * s.units).sum()
    s.total[VALUE] = 0.0
    for i in range(p.weight.size):
        count = 0
        for to in range(p.row_start[i], p.row_start[i + 1]):
            count += s.units[p.row_site[to]]
        s.reached[i] = count
        w = p.weight[i]
        s.total[VALUE] += w * p.table[count]
        more = w * (p.table[count + 1] - p.table[count])
        less = w * (p.table[count] - p.table[count - 1]) if count > 0 else 0.0
        for to in range(p.row_start[i], p.row_start[i + 1]):
            s.gain[p.row_site[to]] += more
            s.loss[p.row_site[to]] += less


@compiled
def _best_to_add(p: Problem, s: State, without: int, by_price: bool) -> int:
    """Return the affordable site that adds most, by its price or not; -1 if none."""
    best, most = -1, -1.0
    left = p.budget - s.total[SPENT] + SMALL
    for k in range(s.gain.size):
        if k == without or s.units[k] >= p.upper[k] or p.price[k] > left:
            continue
        worth = s.gain[k]
        if by_price and p.price[k] > 0.0:
            worth /= p.price[k]
        if worth > most:
            best, most = k, worth
    return best


@compiled
def _fill(p: Problem, s: State, by_price: bool) -> None:
    """Add what adds most while it is affordable."""
    while True:
        k = _best_to_add(p, s, -1, by_price)
        if k < 0:
            return
        _shift(p, s, k, 1)


@compiled
def _swap(p: Problem, s: State, o: int, cheapest: float, added: CountArray) -> int:
    """Take a unit of site o away and add what pays instead, into `added`; returns how many."""
    before, lost, count = s.total[VALUE], s.loss[o], 0
    _shift(p, s, o, -1)
    while count < added.size:
        k = _best_to_add(p, s, o if count == 0 else -1, False)
        if k < 0 or s.gain[k] <= 0.0:
            break
        left = p.budget - s.total[SPENT] - p.price[k]
        if count == 0 and s.gain[k] <= lost * (1.0 + SMALL) and left < cheapest:
            break
        _shift(p, s, k, 1)
        added[count] = k
        count += 1
    if s.total[VALUE] > before + SMALL * max(lost, SMALL) + ROUNDING * abs(before):
        return count
    for at in range(count):
        _shift(p, s, added[at], -1)
    _shift(p, s, o, 1)
    s.total[VALUE] = before
    return 0


@compiled
def _descend(p: Problem, s: State) -> None:
    """Swap one unit for the best it pays for until no swap is better.

    Looked at are units that are marked near, and those that are worth less than some site.
    """
    sites = s.gain.size
    added = np.empty(sites, dtype=np.int64)
    most, cheapest = s.gain.max(), p.price.min()
    quiet, o, swaps = 0, -1, 0
    while quiet < sites and swaps < MOST_SWAPS_A_SITE * sites:
        o = o + 1 if o + 1 < sites else 0
        quiet += 1
        if s.units[o] <= p.lower[o] or not (s.near[o] or s.loss[o] < most):
            continue
        s.near[o] = False
        count = _swap(p, s, o, cheapest, added)
        if count:
            quiet = 0
            swaps += 1
            _mark(p, s, o)
            for at in range(count):
                _mark(p, s, added[at])
            most = s.gain.max()


@compiled
def _neighbour(p: Problem, j: int, chance: ChanceArray) -> int:
    """Return a site that shares a place with site j, through a place by chance; -1 if none."""
    degree = p.site_start[j + 1] - p.site_start[j]
    if degree == 0:
        return -1
    i = p.site_row[p.site_start[j] + int(draw(chance) * degree)]
    length = p.row_start[i + 1] - p.row_start[i]
    return int(p.row_site[p.row_start[i] + int(draw(chance) * length)])


@compiled
def _shake(p: Problem, s: State, size: int, chance: ChanceArray) -> None:
    """Take `size` units away, near one another or anywhere, and add others with some chance."""
    local = draw(chance) < 0.6
    start, taken = -1, 0
    for _ in range(40 * size):
        o = _neighbour(p, start, chance) if local and start >= 0 else -1
        if o < 0:
            o = int(draw(chance) * s.gain.size)
        if s.units[o] > p.lower[o]:
            start = o if start < 0 else start
            _mark(p, s, o)
            _shift(p, s, o, -1)
            taken += 1
        if taken == size:
            break
        if start >= 0 and draw(chance) < 0.1:
            start = o
    while True:
        best, most = -1, -1.0
        for k in range(s.gain.size):
            if s.units[k] >= p.upper[k] or p.price[k] > p.budget - s.total[SPENT] + SMALL:
                continue
            worth = s.gain[k] * (0.6 + 0.8 * draw(chance))
            if worth > most:
                best, most = k, worth
        if best < 0:
            return
        _shift(p, s, best, 1)
        _mark(p, s, best)


@compiled
def _improve(p: Problem, s: State, by_price: bool) -> None:
    """Fill the plan up greedily and swap."""
    _refresh(p, s)
    _fill(p, s, by_price)
    _descend(p, s)
    _refresh(p, s)


@compiled
def _return(p: Problem, s: State, units: CountArray) -> None:
    """Go back to `units` by the differences: cheaper than reckoning anew."""
    for k in range(units.size):
        while s.units[k] > units[k]:
            _shift(p, s, k, -1)
        while s.units[k] < units[k]:
            _shift(p, s, k, 1)


@compiled
def _iterate(
    p: Problem, s: State, best_units: CountArray, rounds: int, chance: ChanceArray
) -> None:
    """Do `rounds` of shaking and descending from the state; `best_units` takes what is better.

    A plan that is worse by up to two thousandths is gone on from, with some chance.
    """
    here_units = s.units.copy()
    s.units[:] = best_units
    _refresh(p, s)
    best = s.total[VALUE]
    s.units[:] = here_units
    _refresh(p, s)
    here = s.total[VALUE]
    for _ in range(rounds):
        most = min(8.0, 1.0 + 0.25 * here_units.sum())
        _shake(p, s, 1 + int(draw(chance) * most), chance)
        _descend(p, s)
        if s.total[VALUE] < here * (1.0 - 0.002 * draw(chance)):
            _return(p, s, here_units)
            s.total[VALUE] = here
            continue
        here = s.total[VALUE]
        here_units[:] = s.units
        if here > best * (1.0 + SMALL):
            best = here
            best_units[:] = s.units


class CoverSearch:
    """A search that can be asked to go on: the best `units` (m,) so far and their `value`.

    table: what 0, 1, 2, … units within reach are worth as a share of a place's demand,
    non-decreasing and concave; it is continued by its last value.
    """

    def __init__(self, cover: Cover, among: Room, table: FloatArray, *, seed: int) -> None:
        full = np.full(max(int(among.upper.sum()) + 3, table.size), table[-1])
        full[: table.size] = table
        self._problem = Problem(
            cover.row_start, cover.row_site, cover.site_start, cover.site_row, cover.weight, full,
            among.price, among.budget, among.lower, among.upper,
        )  # fmt: skip
        groups, sites = cover.shape
        self._state = State(
            among.lower.copy(), np.zeros(groups, dtype=np.int64), np.zeros(sites), np.zeros(sites),
            np.ones(sites, dtype=np.bool_), np.zeros(2),
        )  # fmt: skip
        mixed = (seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64
        self._chance = np.array([mixed or 1], dtype=np.uint64)
        self.units, self.value = among.lower.copy(), -np.inf
        for by_price in (False,) if among.by_count else (False, True):
            self._state.units[:] = among.lower
            _improve(self._problem, self._state, by_price)
            self._keep()
        self._state.units[:] = self.units
        self._fails = 0

    def more(self, rounds: int) -> bool:
        """Do more rounds; tells whether the value is better than before."""
        before, here = self.value, self._state.units.copy()
        _iterate(self._problem, self._state, self.units, rounds, self._chance)
        here[:] = self._state.units
        self.value = self._value_of(self.units)
        self._fails = 0 if self.value > before else self._fails + 1
        # Long without luck: from the best again.
        self._state.units[:] = self.units if self._fails >= 5 else here
        self._fails %= 5
        return self.value > before

    def start_from(self, likely: FloatArray) -> bool:
        """Go on from the plan of the `likely` sites (m,), greatest first; tells if it is better.

        Those of a relaxation, of which only a part is open, or those of another plan.
        """
        problem = self._problem
        units, spent = problem.lower.copy(), float(problem.price @ problem.lower)
        for at in np.argsort(-likely, kind="stable"):
            if likely[at] <= SMALL:
                break
            wanted = max(1, int(np.ceil(likely[at] - 0.5 + SMALL)))
            more = min(wanted, int(problem.upper[at])) - int(units[at])
            if more > 0 and spent + more * problem.price[at] <= problem.budget + SMALL:
                units[at] += more
                spent += more * problem.price[at]
        self._state.units[:] = units
        _improve(problem, self._state, False)
        return self._keep()

    def _keep(self) -> bool:
        value = float(self._state.total[VALUE])
        better = value > self.value
        if better:
            self.units[:], self.value = self._state.units, value
        return better

    def _value_of(self, units: CountArray) -> float:
        self._state.units[:] = units
        _refresh(self._problem, self._state)
        return float(self._state.total[VALUE])
